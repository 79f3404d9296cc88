package flow_test

import (
	"bytes"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/openklaas/klaas"
	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/flow"
	"github.com/openklaas/klaas/internal/sandbox"
	"github.com/openklaas/klaas/internal/setting"
	"github.com/openklaas/klaas/internal/store"
)

// A stored report is explained by making it again, with the settings of then; not
// when it was made by other code, and not to another application.
func TestExplainFigure(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		other := false
		settings := setting.Settings{HistoryDays: 100, Products: []setting.ProductChoice{
			{Name: "pf_cash_flow", Versions: []string{"V1", "V2"}}, {Name: "pf_balance"}, {Name: "pj_cash_flow"},
		}}
		w.settings(settings)
		w.start(flow.Config{Analyze: func(userdata []byte, o klaas.Options) (*klaas.Analysis, error) {
			made, err := klaas.Analyze(userdata, o)
			if other && err == nil {
				for i := range made.Reports {
					made.Reports[i].Body = bytes.Replace(made.Reports[i].Body, []byte(`"OK"`), []byte(`"ok"`), 1)
				}
			}
			return made, err
		}})
		userdata := sandbox.Generate("salaried", 7, 1, calendar.SaoPaulo(time.Now())-1).Userdata
		const pointer = "/cashFlow/summary/last90Days/cashInflow"

		id := w.submit(userdata)
		w.ok(w.flow.Wait(t.Context(), id))
		settings.HistoryDays = 20 // too late
		w.settings(settings)
		app := w.app.Application.ID
		explained := 0
		for _, r := range w.reports(id) {
			why, err := w.flow.Explain(t.Context(), app, r.ID, pointer)
			switch r.Product {
			case "pf_cash_flow":
				w.ok(err)
				if explained++; why.ProductReportID != r.ID || len(why.Items) < 3 || why.Window == nil || why.Items[len(why.Items)-1].Movement.Day < why.Window.From {
					t.Errorf("%s: %+v", r.Version, why)
				}
			default:
				if !errors.Is(err, klaas.ErrNotAnalytic) {
					t.Errorf("%s: %v", r.Product, err)
				}
			}
			if _, err := w.flow.Explain(t.Context(), "another", r.ID, pointer); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("another application's: %v", err)
			}
		}
		if explained != 2 {
			t.Errorf("%d reports of cash flow, want 2", explained)
		}

		other = true
		id = w.submit(userdata)
		w.ok(w.flow.Wait(t.Context(), id))
		if _, err := w.flow.Explain(t.Context(), app, w.reports(id)[0].ID, "/accounts"); !errors.Is(err, klaas.ErrNotAnalytic) {
			t.Errorf("a product without figures: %v", err)
		}
		for _, r := range w.reports(id) {
			if _, err := w.flow.Explain(t.Context(), app, r.ID, pointer); r.Product == "pf_cash_flow" && !errors.Is(err, flow.ErrChanged) {
				t.Errorf("%s of other code: %v", r.Version, err)
			}
		}
	})
}

// Many calls for evidence at once do not keep an analysis waiting behind all of them.
func TestAnAnalysisDoesNotWaitForManyExplanations(t *testing.T) {
	w := newWorld(t, "")
	w.settings(setting.Settings{Products: []setting.ProductChoice{{Name: "pf_cash_flow"}}})
	const calls = 40
	var (
		analyses, explained atomic.Int32
		held, release       = make(chan struct{}), make(chan struct{})
		before              = make(chan int32, 1)
		done                sync.WaitGroup
	)
	w.start(flow.Config{Memory: 1, Analyze: func(userdata []byte, o klaas.Options) (*klaas.Analysis, error) {
		switch analyses.Add(1) {
		case 2:
			close(held)
			<-release
		case 3:
			before <- explained.Load()
		}
		return klaas.Analyze(userdata, o)
	}})
	userdata := sandbox.Generate("salaried", 7, 1, calendar.SaoPaulo(time.Now())-1).Userdata
	id := w.submit(userdata)
	w.ok(w.flow.Wait(t.Context(), id))
	report := w.reports(id)[0].ID

	w.submit(userdata)
	<-held // all of the memory
	for range calls {
		done.Go(func() {
			if _, err := w.flow.Explain(t.Context(), w.app.Application.ID, report, "/cashFlow"); err != nil {
				t.Error(err)
			}
			explained.Add(1)
		})
	}
	time.Sleep(300 * time.Millisecond) // The calls wait for memory;
	last := w.submit(userdata)
	time.Sleep(time.Second) // so does the analysis now.
	close(release)
	if n := <-before; n > calls/2 {
		t.Errorf("%d of %d calls were answered before the analysis began", n, calls)
	}
	done.Wait()
	w.ok(w.flow.Wait(t.Context(), last))
}
