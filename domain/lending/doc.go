// Package lending holds what a finance company sees of a deal and what it says
// to it: applications, decisions, documents, funding. A customer's consent opens
// each group of fields, and every look at them is written down.
package lending
