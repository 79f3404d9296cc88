package statement

import (
	"sync"

	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/taxonomy"
)

// TwoLevels adds category and subcategory.
func TwoLevels() Keys { return Keys{68, twoLevels} }

// ThreeLevels adds the three category levels, the frequencies, the settlement
// type and, in V1.1, the merchant's brand to an account entry.
func ThreeLevels() Keys { return Keys{174, threeLevelsOfEntry} }

// ThreeLevelsOfCard is [ThreeLevels] for a card line, which has no settlement type.
func ThreeLevelsOfCard() Keys { return Keys{140, threeLevelsOfLine} }

func twoLevels(in *spec.Input) appendKeys {
	names := categoryNames()
	labels := in.Facts.Labels(in.Settings.CompanyTree)
	return func(w *encode.Writer, movement int32) {
		w.Members(names[labels[movement].Code].two)
	}
}

func threeLevelsOfEntry(in *spec.Input) appendKeys {
	labels := in.Facts.Labels(in.Settings.CompanyTree)
	common := threeLevels(in)
	brand := brands(in)
	return func(w *encode.Writer, movement int32) {
		common(w, movement)
		w.Field("settlementType", labels[movement].Settlement)
		brand(w, movement)
	}
}

func threeLevelsOfLine(in *spec.Input) appendKeys {
	common := threeLevels(in)
	brand := brands(in)
	return func(w *encode.Writer, movement int32) {
		common(w, movement)
		brand(w, movement)
	}
}

func threeLevels(in *spec.Input) appendKeys {
	names := categoryNames()
	labels := in.Facts.Labels(in.Settings.CompanyTree)
	frequencies := in.Facts.Frequencies(fact.FrequencyScope{
		ByInstitution: in.Institution >= 0,
		CompanyTree:   in.Settings.CompanyTree,
	})
	return func(w *encode.Writer, movement int32) {
		w.Members(names[labels[movement].Code].three)
		frequency := frequencies.Of(movement)
		w.Int("fAll", int64(frequency.Entries))
		w.Int("fAllMonth", int64(frequency.Months))
		w.Int("fAllCmonth", int64(frequency.CalendarMonths))
	}
}

// brands adds the brand where the version has it and the merchant is known.
func brands(in *spec.Input) appendKeys {
	if in.Version == spec.V1 {
		return none(in)
	}
	movements := in.Facts.Ledger.Movements
	return func(w *encode.Writer, movement int32) {
		w.FieldIf("brand", movements[movement].Decision.Brand)
	}
}

// encodedNames are the names of a category as members of an entry.
type encodedNames struct{ two, three []byte }

// categoryNames encodes the names of the whole tree once for the life of the program.
var categoryNames = sync.OnceValue(func() map[taxonomy.Code]encodedNames {
	names := make(map[taxonomy.Code]encodedNames)
	for _, c := range taxonomy.All() {
		var w encode.Writer
		w.Field("category", c.Level1.PT)
		w.Field("subcategory", c.Level2.PT)
		two := w.Len()
		w.Field("thirdCategory", c.Level3.PT)
		names[c.Code] = encodedNames{w.Bytes()[:two:two], w.Bytes()}
	}
	return names
})
