package server

import "github.com/openklaas/klaas"

// Version returns the program's version: see [klaas.Version].
func Version() string { return klaas.Version() }
