//go:build failpoint

// Package failpoint kills the program at a named moment: see the variant without
// the build tag.
package failpoint

import (
	"os"
	"syscall"
)

// Hit ends the process with SIGKILL when KLAAS_FAILPOINT is name.
func Hit(name string) {
	if os.Getenv("KLAAS_FAILPOINT") != name {
		return
	}
	if err := syscall.Kill(os.Getpid(), syscall.SIGKILL); err != nil {
		panic("failpoint: cannot kill the process: " + err.Error())
	}
	select {} // SIGKILL is on its way; nothing after this moment may run
}
