// Package e2e drives the whole binary as its users do: over real HTTP and
// WebSocket, on each pair of engines.
package e2e
