package analytic

import "github.com/openklaas/klaas/internal/product/spec"

// Formula tells how the figure that was written last is computed, where the row of
// the field table is of many figures, such as the labels of a list.
func (w *Writer) Formula(of interface{ Formula() spec.Text }) {
	if notes := w.Input.Notes; notes != nil && len(notes.Figures) > 0 {
		notes.Figures[len(notes.Figures)-1].Formula = of.Formula
	}
}
