package klaas

import (
	"runtime/debug"
	"sync"
)

const modulePath = "github.com/openklaas/klaas"

// Version returns the version of klaas: the tag it was built from, or the commit,
// or "devel".
func Version() string { return version() }

var version = sync.OnceValue(func() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	for _, dependency := range info.Deps { // of a program that uses klaas as a library
		if dependency.Path == modulePath {
			return dependency.Version
		}
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return "devel-" + s.Value[:12]
		}
	}
	return "devel"
})
