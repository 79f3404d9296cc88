package openfinance

import (
	"slices"
	"unsafe"
)

// pile gathers the items of a list whose length is not yet known. It grows by
// chunks that stay where they are: a slice that grows leaves copies behind, which
// in a long document take more memory than what was read.
type pile[T any] struct {
	chunks [][]T
	last   int // the chunk that is being filled; those after it are left from before a reset
	n      int // items in all chunks
}

// maxChunk is the size from which chunks no longer double.
const maxChunk = 1 << 20

// add puts a zero item onto the pile. The pointer stays good until reset.
func (p *pile[T]) add() *T {
	if len(p.chunks) == 0 {
		p.chunks = append(p.chunks, make([]T, 0, 4))
	}
	if c := p.chunks[p.last]; len(c) == cap(c) {
		p.last++
		if p.last == len(p.chunks) {
			p.chunks = append(p.chunks, make([]T, 0, p.more()))
		}
	}
	c := &p.chunks[p.last]
	var zero T
	*c = append(*c, zero)
	p.n++
	return &(*c)[len(*c)-1]
}

// more is the length of a further chunk: as many items again, within bounds.
func (p *pile[T]) more() int {
	var zero T
	return min(p.n, max(4, maxChunk/int(unsafe.Sizeof(zero))))
}

// drop takes back the item added last.
func (p *pile[T]) drop() {
	c := p.chunks[p.last]
	p.chunks[p.last] = c[:len(c)-1]
	if len(c) == 1 && p.last > 0 {
		p.last--
	}
	p.n--
}

// copyTo appends the items to list.
func (p *pile[T]) copyTo(list *[]T) {
	if p.n == 0 {
		return
	}
	*list = slices.Grow(*list, p.n)
	for _, c := range p.chunks[:p.last+1] {
		*list = append(*list, c...)
	}
}

// moveTo is copyTo for a pile that is not used again: few items are not copied.
func (p *pile[T]) moveTo(list *[]T) {
	if *list == nil && p.n > 0 && p.last == 0 {
		*list = p.chunks[0]
		return
	}
	p.copyTo(list)
}

// reset empties the pile and keeps its room.
func (p *pile[T]) reset() {
	for i := range p.chunks {
		p.chunks[i] = p.chunks[i][:0]
	}
	p.last, p.n = 0, 0
}

// empty is reset that leaves nothing of the items behind. It reports whether the
// pile is small enough to be kept.
func (p *pile[T]) empty() bool {
	var zero T
	size := 0
	for i, c := range p.chunks {
		clear(c[:cap(c)])
		p.chunks[i] = c[:0]
		size += cap(c) * int(unsafe.Sizeof(zero))
	}
	p.last, p.n = 0, 0
	return size <= maxRoom
}
