package postgres_test

import (
	"testing"

	"github.com/openklaas/klaas/internal/store"
	"github.com/openklaas/klaas/internal/store/postgres"
	"github.com/openklaas/klaas/internal/store/postgres/pgtest"
	"github.com/openklaas/klaas/internal/store/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) func() store.Store {
		url := pgtest.URL(t)
		return func() store.Store {
			s, err := postgres.Open(t.Context(), url, postgres.Options{})
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
	})
}
