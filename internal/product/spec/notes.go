package spec

import "github.com/openklaas/klaas/internal/fact"

// Notes are what an analytic product tells about its figures beside the body:
// what each rests on, and which are not what they seem. A pointer is a JSON
// pointer into the report (RFC 6901).
type Notes struct {
	Figures    []NotedFigure // in the order of the body
	NotAsOf    []string      // null, because the reporting day is older than the data
	Unreliable []string      // of balances older than a broken check point
}

// NotedFigure is a figure with its evidence.
type NotedFigure struct {
	Pointer string
	Kind    FigureKind
	Behind  fact.Evidence // nil for a figure of 0
	Formula func() Text   // in words; nil: as the field table says
}

// FigureKind says how a figure follows from its evidence.
type FigureKind uint8

// The kinds.
const (
	Computed FigureKind = iota // by a formula over the items
	Added                      // the amounts of the items add up to it
	Counted                    // it is the number of items
	Stated                     // it is of the registration data, or stands for no figure: nothing with an id is behind it
)
