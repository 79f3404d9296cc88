package sandbox

import (
	"hash/fnv"
	"math/rand/v2"
)

// dice draw everything that is left to chance. Each person has dice of their own.
type dice struct{ *rand.Rand }

// newDice returns the dice of one person.
func newDice(persona string, seed uint64, n int) dice {
	h := fnv.New64a()
	_, _ = h.Write([]byte(persona))                                                  // Never fails.
	return dice{rand.New(rand.NewPCG(seed, h.Sum64()+uint64(n)*0x9e3779b97f4a7c15))} //nolint:gosec // The same person every time is the point.
}

// chance reports true with probability p.
func (d dice) chance(p float64) bool { return p > 0 && d.Float64() < p }

// between returns a number from lo to hi, both possible.
func (d dice) between(lo, hi int) int {
	if hi <= lo {
		return lo
	}
	return lo + d.IntN(hi-lo+1)
}

// cents returns an amount within a range of whole reais, skewed to its lower
// end as prices are.
func (d dice) cents(r Range) int64 {
	lo, hi := int64(r.Low*100+0.5), int64(r.High*100+0.5)
	if hi <= lo {
		return lo
	}
	u := d.IntN(1000) * (400 + d.IntN(601))
	return lo + (hi-lo)*int64(u)/1_000_000
}

// vary returns cents, up to a share more or less.
func (d dice) vary(cents int64, share float64) int64 {
	if share == 0 {
		return cents
	}
	return max(1, cents+cents*int64(share*1000)*int64(d.IntN(2001)-1000)/1_000_000)
}

func pick[T any](d dice, list []T) T { return list[d.IntN(len(list))] }

const letters = "abcdefghijklmnopqrstuvwxyz0123456789"

// code returns n letters and digits.
func (d dice) code(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = letters[d.IntN(len(letters))]
	}
	return string(b)
}

// digits returns n digits.
func (d dice) digits(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('0' + d.IntN(10))
	}
	return string(b)
}
