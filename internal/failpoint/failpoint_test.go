//go:build failpoint

package failpoint_test

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"github.com/openklaas/klaas/internal/failpoint"
)

// TestHit runs itself as a child that passes one moment.
func TestHit(t *testing.T) {
	if os.Getenv("FAILPOINT_CHILD") != "" {
		failpoint.Hit("stopping")
		return
	}
	for _, step := range []struct {
		name      string
		env       []string
		wantKills bool
	}{
		{"no name", nil, false},
		{"another moment", []string{"KLAAS_FAILPOINT=accept-committed"}, false},
		{"this moment", []string{"KLAAS_FAILPOINT=stopping"}, true},
	} {
		child := exec.Command(os.Args[0], "-test.run=^TestHit$")
		child.Env = append(append(os.Environ(), "FAILPOINT_CHILD=1"), step.env...)
		err := child.Run()
		var exit *exec.ExitError
		killed := errors.As(err, &exit) && exit.Sys().(syscall.WaitStatus).Signal() == syscall.SIGKILL
		if killed != step.wantKills {
			t.Errorf("%s: killed is %v (%v), want %v", step.name, killed, err, step.wantKills)
		}
	}
}
