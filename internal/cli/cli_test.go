package cli_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/cli"
	"github.com/openklaas/klaas/internal/demo"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"klaas": func() {
			os.Exit(cli.Run(context.Background(), os.Args[1:], cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
		},
	})
}

// TestScripts runs the command line as a user does. Each script has the demo
// person in person.json, with the months until 2026-01-31.
func TestScripts(t *testing.T) {
	last, _ := calendar.ParseDay("2026-01-31")
	person := demo.Person(last).Userdata
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			home := filepath.Join(e.WorkDir, "home")
			e.Setenv("HOME", home)
			e.Setenv("XDG_CONFIG_HOME", filepath.Join(home, "config"))
			return os.WriteFile(filepath.Join(e.WorkDir, "person.json"), person, 0o600)
		},
	})
}
