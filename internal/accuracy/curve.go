package accuracy

import (
	"fmt"
	"io"
	"strings"
)

// WriteCurve draws how right the answers are when only the surest are given: the
// share answered to the right, the share of these that is right upwards, as SVG.
func WriteCurve(w io.Writer, title string, points []Point) error {
	const (
		width, height             = 640, 400
		left, right, top, bottom  = 56, 16, 40, 48
		plotWidth, plotHeight     = width - left - right, height - top - bottom
		lowest                    = 0.5 // of the upward axis
		grid, ink, line, sureLine = "#d7dbe0", "#30363d", "#0b6bcb", "#2e7d32"
	)
	x := func(share float64) float64 { return left + share*plotWidth }
	y := func(share float64) float64 {
		return top + (1-max(share, lowest))/(1-lowest)*plotHeight
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" font-family="system-ui, sans-serif" font-size="12" fill="%s">`+"\n", width, height, ink)
	fmt.Fprintf(&b, "<title>%s</title>\n<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n", escape(title))
	fmt.Fprintf(&b, `<text x="%d" y="22" font-size="14" font-weight="600">%s</text>`+"\n", left, escape(title))
	for i := range 6 {
		share := float64(i) / 5
		fmt.Fprintf(&b, `<line x1="%.1f" y1="%d" x2="%.1f" y2="%d" stroke="%s"/><text x="%.1f" y="%d" text-anchor="middle">%d %%</text>`+"\n",
			x(share), top, x(share), height-bottom, grid, x(share), height-bottom+18, 20*i)
		share = lowest + float64(i)/10
		fmt.Fprintf(&b, `<line x1="%d" y1="%.1f" x2="%d" y2="%.1f" stroke="%s"/><text x="%d" y="%.1f" text-anchor="end">%d %%</text>`+"\n",
			left, y(share), width-right, y(share), grid, left-8, y(share)+4, 50+10*i)
	}
	fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="middle">answered (surest first)</text>`+"\n", left+plotWidth/2, height-10)
	fmt.Fprintf(&b, `<text transform="translate(14 %d) rotate(-90)" text-anchor="middle">right, of the answers</text>`+"\n", top+plotHeight/2)
	if len(points) > 0 {
		var path strings.Builder
		sure := -1
		for i, p := range points {
			fmt.Fprintf(&path, "%.1f,%.1f ", x(p.Answered.Value()), y(p.Right.Value()))
			if p.Confidence >= TopBand {
				sure = i
			}
		}
		fmt.Fprintf(&b, `<polyline points="%s" fill="none" stroke="%s" stroke-width="2" stroke-linejoin="round"/>`+"\n", strings.TrimSpace(path.String()), line)
		if sure >= 0 {
			p := points[sure]
			fmt.Fprintf(&b, `<circle cx="%.1f" cy="%.1f" r="4" fill="%s"/><text x="%.1f" y="%.1f" text-anchor="end">confidence ≥ 0.9: %.1f %% of %.1f %%</text>`+"\n",
				x(p.Answered.Value()), y(p.Right.Value()), sureLine, x(p.Answered.Value())-8, y(p.Right.Value())+16, 100*p.Right.Value(), 100*p.Answered.Value())
		}
	}
	b.WriteString("</svg>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace
