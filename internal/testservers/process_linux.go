package testservers

import "syscall"

// endWithParent has the kernel end the child when this process dies.
func endWithParent(attributes *syscall.SysProcAttr) { attributes.Pdeathsig = syscall.SIGQUIT }
