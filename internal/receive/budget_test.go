package receive

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBudget(100 * costPerByte)
		first, err := b.Hold(t.Context(), 60)
		if err != nil {
			t.Fatal(err)
		}
		if err := first.Grow(100); err != nil {
			t.Errorf("growing into free memory: %v", err)
		}
		if err := first.Grow(50); err != nil {
			t.Errorf("growing to less: %v", err)
		}

		// One waits; a second one would make more wait than fit.
		got := make(chan error)
		go func() {
			hold, err := b.Hold(t.Context(), 80)
			if err == nil {
				hold.Release()
			}
			got <- err
		}()
		synctest.Wait()
		if _, err := b.Hold(t.Context(), 30); !errors.Is(err, ErrBusy) {
			t.Errorf("with 80 of 100 waiting, 30 more: %v", err)
		}
		first.Release()
		first.Release() // harmless
		if err := <-got; err != nil {
			t.Errorf("after the release: %v", err)
		}

		// All of it is free again, and one document over the budget gets all.
		whole, err := b.Hold(t.Context(), 1000)
		if err != nil {
			t.Fatal(err)
		}
		if err := whole.Grow(5000); err != nil {
			t.Errorf("growing beyond the budget with the whole of it: %v", err)
		}
		start := time.Now()
		if _, err := b.Hold(t.Context(), 1); !errors.Is(err, ErrBusy) || time.Since(start) != maxWait {
			t.Errorf("waiting gave %v after %v", err, time.Since(start))
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := b.Hold(gone, 1); !errors.Is(err, context.Canceled) {
			t.Errorf("a caller that went away: %v", err)
		}
		whole.Release()

		// Two that share the memory cannot both grow, and neither waits for the other.
		left, _ := b.Hold(t.Context(), 40)
		right, _ := b.Hold(t.Context(), 40)
		if err := left.Grow(61); !errors.Is(err, ErrBusy) {
			t.Errorf("growing into the other's memory: %v", err)
		}
		right.Release()
		if err := left.Grow(61); err != nil {
			t.Errorf("growing after the release: %v", err)
		}
		left.Release()
	})
}
