package report_test

import (
	"testing"

	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/report"
)

func TestPointersIntoAReport(t *testing.T) {
	p := &spec.Product{BodyKey: "body", Write: func(w *encode.Writer, _ *spec.Input) {
		w.Raw([]byte(`{"a/b":1,"m~n":{"~1":2},"":3,"list":[{"n":4},[],{}],"empty":[],"text":"[5]"}`))
	}}
	figures := report.FiguresOf(p, &spec.Input{})
	for range 2 { // The second time what is inside was read before.
		for pointer, want := range map[string]string{
			"/body/a~1b": "1", "/body/m~0n/~01": "2", "/body/": "3", "/body/list/0/n": "4", "/body/list/1": "[]", "/body/list/2": "{}",
			"/body/empty": "[]", "/body/text": `"[5]"`,
		} {
			if got, ok := figures.At(pointer); !ok || string(got) != want {
				t.Errorf("%s leads to %s, %v", pointer, got, ok)
			}
		}
		for _, pointer := range []string{
			"body", "/", "//", "/other", "/body/a/b", "/body/m~n/~1/", "/body/list/00", "/body/list/-0", "/body/list/-1", "/body/list/+1", "/body/list/3",
			"/body/list/-", "/body/list/n", "/body/list/99999999999999999999", "/body/list/1/0", "/body/empty/0", "/body/text/0", "/body/list/0/n/0",
		} {
			if got, ok := figures.At(pointer); ok {
				t.Errorf("%s leads to %s", pointer, got)
			}
		}
	}
}
