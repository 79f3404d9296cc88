package receive

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"
)

// ErrBusy says that more bytes are under way and waiting than fit in memory.
// Trying again later helps.
var ErrBusy = errors.New("too many documents are under way")

// costPerByte is the memory that accepting takes for each expanded byte of a
// document: the body, what the reader keeps of it, and the sealed copy.
const costPerByte = 4

// maxWait is how long a document waits for memory.
const maxWait = 10 * time.Second

// Budget bounds the memory of the documents that are being accepted. As many
// bytes as may be under way may also wait; more are refused at once.
type Budget struct {
	size    int64
	free    *semaphore.Weighted
	waiting atomic.Int64
}

// NewBudget returns a budget of so many bytes of memory, at least 1.
func NewBudget(memory int64) *Budget {
	memory = max(memory, 1)
	return &Budget{size: memory, free: semaphore.NewWeighted(memory)}
}

// Hold is memory that a document takes. It is not safe for concurrent use.
type Hold struct {
	budget *Budget
	cost   int64
}

// Hold reserves memory for a document of so many expanded bytes. It waits while
// others hold it, 10 seconds at most. A document that alone is over the budget
// gets the whole of it. ErrBusy when there is no room, the context's error when
// that ended.
func (b *Budget) Hold(ctx context.Context, bytes int64) (*Hold, error) {
	cost := b.cost(bytes)
	if !b.free.TryAcquire(cost) {
		defer b.waiting.Add(-cost)
		if b.waiting.Add(cost) > b.size {
			return nil, ErrBusy
		}
		limited, cancel := context.WithTimeout(ctx, maxWait)
		defer cancel()
		if b.free.Acquire(limited, cost) != nil {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			return nil, ErrBusy
		}
	}
	return &Hold{budget: b, cost: cost}, nil
}

// Grow raises the reservation to so many expanded bytes. It does not wait: two
// documents that each hold a part and wait for the other's would wait for ever.
func (h *Hold) Grow(bytes int64) error {
	cost := h.budget.cost(bytes)
	if cost <= h.cost {
		return nil
	}
	if !h.budget.free.TryAcquire(cost - h.cost) {
		return ErrBusy
	}
	h.cost = cost
	return nil
}

// Release gives the memory back. It may be called more than once.
func (h *Hold) Release() {
	h.budget.free.Release(h.cost)
	h.cost = 0
}

func (b *Budget) cost(bytes int64) int64 {
	if bytes > b.size/costPerByte {
		return b.size
	}
	return max(bytes*costPerByte, 1)
}
