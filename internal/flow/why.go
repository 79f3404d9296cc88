package flow

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/openklaas/klaas"
	"github.com/openklaas/klaas/internal/store"
)

// Errors of [Flow.Explain] beside those of the store and of klaas.ExplainFigure.
var (
	ErrErased  = errors.New("flow: the document was erased")
	ErrChanged = errors.New("flow: the report was made by another version of the program")
)

// Explain tells what a figure of a stored report of an application rests on. The
// report is made again from its document, with the settings that it was made with:
// when that gives other bytes than those stored, what is behind the stored number
// is not known and the error is [ErrChanged].
//
// No more of these calls are at work at once than analyses may be. The others wait
// before they read a document, not for its memory: there an analysis would stand
// behind all of them.
func (f *Flow) Explain(ctx context.Context, applicationID, reportID, pointer string) (*klaas.Why, error) {
	if err := f.asking.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	defer f.asking.Release(1)
	var (
		r store.Report
		s store.Submission
	)
	err := f.Store.View(ctx, func(tx store.Tx) (err error) {
		if r, err = tx.Report(ctx, applicationID, reportID); err != nil {
			return err
		}
		s, err = tx.SubmissionForWork(ctx, r.SubmissionID)
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(s.WrappedKey) == 0 || len(s.Userdata) == 0 || len(r.Body) == 0 {
		return nil, ErrErased
	}
	if r.Code >= codeInternal {
		return nil, klaas.ErrNoFigure
	}
	key, err := f.Keys.DataKey(s.ID, s.WrappedKey)
	if err != nil {
		return nil, fmt.Errorf("data key: %w", err)
	}
	options, err := f.options(ctx, &s)
	if err != nil {
		return nil, err
	}
	weight := min(int64(s.Size)*memoryFactor, f.Memory)
	if err := f.memory.Acquire(ctx, weight); err != nil {
		return nil, err
	}
	defer f.memory.Release(weight)
	userdata, err := key.Open("userdata", s.Userdata)
	if err != nil {
		return nil, fmt.Errorf("document: %w", err)
	}
	stored, err := key.Open("report:"+r.ID, r.Body)
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	why, err := klaas.ExplainFigure(userdata, options, klaas.Which{Product: r.Product, Version: r.Version, Part: r.Part}, pointer)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(why.Report, stored) {
		return nil, ErrChanged
	}
	return why, nil
}
