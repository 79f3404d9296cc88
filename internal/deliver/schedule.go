package deliver

import (
	"time"

	"github.com/openklaas/klaas/internal/store"
)

// The times of delivery.
const (
	// Horizon is how long after its first attempt a delivery is tried.
	Horizon = 96 * time.Hour
	// ProbeEvery is how often a failing endpoint is called at least.
	ProbeEvery = 5 * time.Minute
	// outage is how long an endpoint must have failed for its return to make
	// the whole backlog due. What failed for less is due again within 30 s
	// anyhow, and one report that a healthy receiver refuses must not be sent
	// again with every other success.
	outage = 30 * time.Second
)

// delays[n] is the least time between the attempts n+1 and n+2; the last one repeats.
var delays = [...]time.Duration{
	250 * time.Millisecond, time.Second, 5 * time.Second, 30 * time.Second,
	2 * time.Minute, 10 * time.Minute, 30 * time.Minute,
	time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour,
}

// Next returns when to try again after a failed attempt at the time at, the
// attempts-th of a delivery first tried at first. ok is false when the delivery
// is given up.
//
// The delays grow from 0.25 s to 12 h. jitter, in [0, 1), lengthens one by up to
// a tenth, so that what failed together does not return together; it never
// shortens. retryAfter is the receiver's wish; it too only lengthens. The end
// of the [Horizon] bounds both: there is one attempt there, and after it, or
// after any later one, the delivery is given up.
func Next(first, at time.Time, attempts int, retryAfter time.Duration, jitter float64) (next time.Time, ok bool) {
	end := first.Add(Horizon)
	if !at.Before(end) {
		return time.Time{}, false
	}
	delay := delays[min(max(attempts, 1), len(delays))-1]
	delay += time.Duration(jitter * float64(delay) / 10)
	next = at.Add(max(delay, retryAfter))
	if next.After(end) {
		next = end
	}
	return next, true
}

// Health returns an endpoint as it is after an attempt at the time at, and
// whether its whole backlog is due now because it is back from an outage.
// parallel is the most calls at once; quiet is until when the receiver asked to
// be left alone, zero if it did not.
//
// A failure leaves one call at a time; each success allows one more. While an
// endpoint fails, LastProbeAt is the last attempt, or, when that lies in the
// future, the moment before which nothing may be sent.
func Health(e store.Endpoint, result Result, quiet time.Time, parallel int) (after store.Endpoint, back bool) {
	after = e
	switch {
	case result.Gone():
		after.Gone = true
		return after, false
	case result.Delivered():
		back = !e.FailingSince.IsZero() && result.At.Sub(e.FailingSince) >= outage
		after.FailingSince, after.LastProbeAt = time.Time{}, time.Time{}
		after.Parallel = min(Parallel(e, parallel)+1, parallel)
		return after, back
	}
	after.Parallel = 1
	if e.FailingSince.IsZero() {
		after.FailingSince = result.At
	}
	for _, t := range []time.Time{result.At, quiet} {
		if t.After(after.LastProbeAt) {
			after.LastProbeAt = t
		}
	}
	return after, false
}

// Parallel returns how many calls of an endpoint may run at once: parallel when
// it never failed.
func Parallel(e store.Endpoint, most int) int {
	if e.Parallel <= 0 || e.Parallel > most {
		return most
	}
	return e.Parallel
}

// NextCall returns when an endpoint is to be called next, given when its
// earliest pending delivery is due: then, but at least every [ProbeEvery] while
// it fails, and not before the receiver's wish.
func NextCall(e store.Endpoint, due time.Time) time.Time {
	if e.FailingSince.IsZero() {
		return due
	}
	if probe := e.LastProbeAt.Add(ProbeEvery); probe.Before(due) {
		due = probe
	}
	if due.Before(e.LastProbeAt) {
		return e.LastProbeAt
	}
	return due
}
