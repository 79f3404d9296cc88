package deliver_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/openklaas/klaas/internal/deliver"
	"github.com/openklaas/klaas/internal/store"
)

var start = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// schedule is the schedule as it is promised to partners, in its own words.
var schedule = []string{"250ms", "1s", "5s", "30s", "2m", "10m", "30m", "1h", "3h", "6h", "12h", "12h", "12h", "12h", "12h", "12h", "12h"}

func TestNextFollowsTheSchedule(t *testing.T) {
	at := start
	for i, text := range schedule {
		want, err := time.ParseDuration(text)
		if err != nil {
			t.Fatal(err)
		}
		next, ok := deliver.Next(start, at, i+1, 0, 0)
		if !ok || next.Sub(at) != want {
			t.Errorf("after attempt %d: %v, %v; want %v", i+1, next.Sub(at), ok, want)
		}
		at = next
	}
	// 94.7 h after the first attempt: the next regular one would be past the end.
	if next, ok := deliver.Next(start, at, len(schedule)+1, 0, 0); !ok || next.Sub(start) != 96*time.Hour {
		t.Errorf("the last attempt is %v after the first, %v; want 96h", next.Sub(start), ok)
	}
	if _, ok := deliver.Next(start, start.Add(96*time.Hour), 19, 0, 0); ok {
		t.Error("after an attempt at 96 h the delivery is not given up")
	}
}

func TestNextProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at, attempts := start, 0
		for {
			attempts++
			at = at.Add(time.Duration(rapid.Int64Range(0, int64(10*time.Second)).Draw(t, "the call took")))
			wish := time.Duration(rapid.Int64Range(0, int64(200*time.Hour)).Draw(t, "retry after"))
			if rapid.Bool().Draw(t, "no wish") {
				wish = 0
			}
			jitter := rapid.Float64Range(0, 0.999999).Draw(t, "jitter")
			next, ok := deliver.Next(start, at, attempts, wish, jitter)
			if !ok {
				break
			}
			least, err := time.ParseDuration(schedule[min(attempts, len(schedule))-1])
			if err != nil {
				t.Fatal(err)
			}
			end := start.Add(deliver.Horizon)
			if next.Before(at.Add(max(least, wish))) && !next.Equal(end) {
				t.Fatalf("attempt %d is %v after the one before, want at least %v", attempts+1, next.Sub(at), max(least, wish))
			}
			if wish == 0 && next.After(at.Add(least+least/10)) {
				t.Fatalf("attempt %d is %v after the one before: more than a tenth over %v", attempts+1, next.Sub(at), least)
			}
			if next.After(end) {
				t.Fatalf("attempt %d is %v after the first", attempts+1, next.Sub(start))
			}
			at = next
		}
		if at.Sub(start) < 95*time.Hour {
			t.Fatalf("given up after an attempt at %v, before 95 h", at.Sub(start))
		}
	})
}

func TestHealth(t *testing.T) {
	const most = 4
	ok := func(at time.Time) deliver.Result { return deliver.Result{At: at, Status: 204} }
	bad := func(at time.Time) deliver.Result { return deliver.Result{At: at, Status: 500} }

	var e store.Endpoint
	if n := deliver.Parallel(e, most); n != most {
		t.Fatalf("a new endpoint gets %d calls at once, want %d", n, most)
	}
	e, back := deliver.Health(e, bad(start), time.Time{}, most)
	if back || !e.FailingSince.Equal(start) || !e.LastProbeAt.Equal(start) || deliver.Parallel(e, most) != 1 {
		t.Fatalf("after a failure: %+v, back %v", e, back)
	}
	e, _ = deliver.Health(e, bad(start.Add(time.Hour)), time.Time{}, most)
	if !e.FailingSince.Equal(start) || !e.LastProbeAt.Equal(start.Add(time.Hour)) {
		t.Fatalf("after another failure: %+v", e)
	}
	for want := 2; want <= most+1; want++ {
		e, back = deliver.Health(e, ok(start.Add(2*time.Hour)), time.Time{}, most)
		if n := deliver.Parallel(e, most); n != min(want, most) || !e.FailingSince.IsZero() || back != (want == 2) {
			t.Fatalf("after %d successes: %d calls at once, back %v, %+v", want-1, n, back, e)
		}
	}

	t.Run("a report that a healthy receiver refuses does not come back with each success", func(t *testing.T) {
		e, _ := deliver.Health(store.Endpoint{}, bad(start), time.Time{}, most)
		if _, back := deliver.Health(e, ok(start.Add(20*time.Second)), time.Time{}, most); back {
			t.Error("the backlog is made due after a failure of 20 s")
		}
	})
	t.Run("410", func(t *testing.T) {
		e, _ := deliver.Health(store.Endpoint{}, deliver.Result{At: start, Status: 410}, time.Time{}, most)
		if !e.Gone {
			t.Error("the endpoint is not gone")
		}
	})
	t.Run("a wish for quiet outlasts calls that were already under way", func(t *testing.T) {
		e, _ := deliver.Health(store.Endpoint{}, bad(start), start.Add(time.Hour), most)
		e, _ = deliver.Health(e, bad(start.Add(time.Second)), time.Time{}, most)
		if next := deliver.NextCall(e, start.Add(2*time.Second)); !next.Equal(start.Add(time.Hour)) {
			t.Errorf("the next call is %v after the first, want 1h", next.Sub(start))
		}
	})
}

func TestNextCall(t *testing.T) {
	failing := store.Endpoint{FailingSince: start, LastProbeAt: start.Add(time.Minute)}
	for _, test := range []struct {
		name     string
		endpoint store.Endpoint
		due      time.Duration
		want     time.Duration
	}{
		{"healthy: when due", store.Endpoint{}, 12 * time.Hour, 12 * time.Hour},
		{"failing: when due, if that is sooner", failing, 2 * time.Minute, 2 * time.Minute},
		{"failing: five minutes after the last call", failing, 12 * time.Hour, 6 * time.Minute},
	} {
		if got := deliver.NextCall(test.endpoint, start.Add(test.due)).Sub(start); got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}
