//go:build !linux

package testservers

import "syscall"

// endWithParent does nothing: only Linux can end a child with its parent.
func endWithParent(*syscall.SysProcAttr) {}
