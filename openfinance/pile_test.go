package openfinance

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestPileIsAList holds a pile against a slice: items are added, every second at
// most is taken back as the reader does, and the pile is used again.
func TestPileIsAList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var p pile[int]
		for range rapid.IntRange(1, 4).Draw(t, "uses") {
			var want []int
			for i := range rapid.IntRange(0, 300).Draw(t, "added") {
				item := p.add()
				if *item != 0 {
					t.Fatalf("item %d is not zero", i)
				}
				*item = i + 1
				if rapid.IntRange(0, 3).Draw(t, "taken back") == 0 {
					p.drop()
					continue
				}
				want = append(want, i+1)
			}
			got := []int{-1}
			p.copyTo(&got)
			if !slices.Equal(got[1:], want) || p.n != len(want) {
				t.Fatalf("got %v, want %v", got[1:], want)
			}
			p.reset()
		}
		var once pile[int]
		*once.add() = 7
		var list []int
		once.moveTo(&list)
		if !slices.Equal(list, []int{7}) {
			t.Fatalf("got %v", list)
		}
	})
}

// TestLongPilesHaveBoundedChunks makes sure that a long list is not doubled.
func TestLongPilesHaveBoundedChunks(t *testing.T) {
	var p pile[Transaction]
	for range 50_000 {
		p.add()
	}
	room := 0
	for _, c := range p.chunks {
		room += cap(c)
	}
	if room-p.n > maxChunk/240 {
		t.Errorf("%d items have room for %d", p.n, room)
	}
}

// A pile that goes to the next document holds nothing of the last, whatever was
// dropped or reset before; one that grew large is not kept.
func TestEmptyPiles(t *testing.T) {
	var p pile[string]
	for range 100 {
		*p.add() = "personal"
	}
	p.drop()
	p.reset()
	*p.add() = "more"
	if !p.empty() {
		t.Error("a small pile is not kept")
	}
	for _, c := range p.chunks {
		for _, s := range c[:cap(c)] {
			if s != "" {
				t.Fatalf("the pile still holds %q", s)
			}
		}
	}
	var list []string
	*p.add() = "next"
	p.copyTo(&list)
	if len(list) != 1 || list[0] != "next" {
		t.Errorf("the next document has %q", list)
	}
	var large pile[[1 << 10]byte]
	for range maxRoom>>10 + 1 {
		large.add()
	}
	if large.empty() {
		t.Error("a large pile is kept")
	}
}
