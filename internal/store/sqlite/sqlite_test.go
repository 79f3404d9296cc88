package sqlite_test

import (
	"testing"

	"github.com/openklaas/klaas/internal/store"
	"github.com/openklaas/klaas/internal/store/sqlite"
	"github.com/openklaas/klaas/internal/store/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) func() store.Store {
		dir := t.TempDir()
		return func() store.Store {
			s, err := sqlite.Open(t.Context(), dir, sqlite.Options{Exclusive: true})
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
	})
}
