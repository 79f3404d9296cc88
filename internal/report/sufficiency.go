package report

import (
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/product/spec"
)

// writeSufficiency writes dataSufficiency: how much the data of the person or
// company can tell this product. A report of one institution lists the accounts
// and cards there; the other figures are of the person.
func writeSufficiency(w *encode.Writer, p *spec.Product, in *spec.Input) {
	l := in.Facts.Ledger
	s := in.Facts.Sufficiency(in.Company())
	sections := p.Sections(in.Kind)
	missing := absent(l, sections.Required)
	required := len(missing)
	missing = append(missing, absent(l, sections.Further)...)

	w.Key("dataSufficiency")
	w.OpenObject()
	w.Field("referenceDay", l.Day.String())
	w.Field("level", s.Level(required))
	w.Key("accounts")
	w.OpenArray()
	for i := range s.Holders {
		if h := &s.Holders[i]; in.Institution < 0 || in.Institution == institutionOf(l, h) {
			writeHolder(w, l, h)
		}
	}
	w.CloseArray()
	w.Int("monthsCovered", int64(s.Coverage.Months))
	w.Int("transactionCount", int64(s.Coverage.Entries))
	writeShare(w, "unclassifiedCountShare", uint64(s.Unclassified.Entries), uint64(s.Unclassified.OfEntries))
	writeShare(w, "unclassifiedAmountShare", uint64(s.Unclassified.Amount), uint64(s.Unclassified.OfAmount))
	w.Bool("staleBalance", s.Stale)
	w.Key("missingSections")
	writeTexts(w, missing)
	w.Key("leftOutRecords")
	w.OpenObject()
	for _, section := range leftOutSections(l) {
		w.Int(section, int64(l.Document.Sections[section].LeftOut))
	}
	w.CloseObject()
	// Statement products have every figure on any day, and none that rests on
	// the series of balances.
	var notAsOf, unreliable []string
	if notes := in.Notes; notes != nil {
		notAsOf, unreliable = notes.NotAsOf, notes.Unreliable
	}
	w.Key("notAsOf")
	writeTexts(w, notAsOf)
	w.Key("unreliableFigures")
	writeTexts(w, unreliable)
	w.CloseObject()
}

// absent returns the sections that the document does not have.
func absent(l *ledger.Ledger, sections []string) []string {
	var missing []string
	for _, section := range sections {
		if !l.Document.Has(section) {
			missing = append(missing, section)
		}
	}
	return missing
}

func leftOutSections(l *ledger.Ledger) []string {
	var sections []string
	for name, section := range l.Document.Sections {
		if section.LeftOut > 0 {
			sections = append(sections, name)
		}
	}
	slices.Sort(sections)
	return sections
}

func institutionOf(l *ledger.Ledger, h *fact.HolderSufficiency) int {
	if h.Card >= 0 {
		return int(l.Cards[h.Card].Institution)
	}
	return int(l.Accounts[h.Account].Institution)
}

func writeHolder(w *encode.Writer, l *ledger.Ledger, h *fact.HolderSufficiency) {
	var id, kind, brand string
	if h.Card >= 0 {
		c := l.Cards[h.Card].Source
		id, kind, brand = c.CreditCardAccountID, "CREDIT_CARD", c.BrandName
	} else {
		a := &l.Accounts[h.Account]
		kind = [...]string{ledger.Checking: "CHECKING", ledger.Prepaid: "PREPAID", ledger.Savings: "SAVINGS"}[a.Kind]
		id, brand = a.Source.AccountID, a.Source.BrandName
	}
	w.OpenObject()
	w.Field("accountId", id)
	w.Field("kind", kind)
	w.Field("brandName", brand)
	w.Field("firstTransactionDate", h.Coverage.First.String())
	w.Field("lastTransactionDate", h.Coverage.Last.String())
	w.Int("daysCovered", int64(h.Coverage.Days))
	w.Int("monthsCovered", int64(h.Coverage.Months))
	w.Int("transactionCount", int64(h.Coverage.Entries))
	w.Field("balanceDate", h.BalanceDay.String())
	w.Bool("staleBalance", h.Stale)
	if h.ReliableFrom != calendar.None {
		w.Field("balanceReliableFrom", h.ReliableFrom.String())
	}
	w.CloseObject()
}

// writeShare writes part ÷ whole with four decimals, rounded half up; null where
// whole is 0.
func writeShare(w *encode.Writer, key string, part, whole uint64) {
	if whole == 0 {
		w.Null(key)
		return
	}
	const unit = 10_000
	high, low := bits.Mul64(part, unit)
	low, carry := bits.Add64(low, whole/2, 0)
	ratio, _ := bits.Div64(high+carry, low, whole) // part is at most whole, so the ratio fits
	w.Key(key)
	if ratio == unit {
		w.Raw([]byte("1"))
		return
	}
	digits := strconv.FormatUint(unit+ratio, 10)[1:] // four of them
	w.Raw([]byte(strings.TrimRight(strings.TrimRight("0."+digits, "0"), ".")))
}

func writeTexts(w *encode.Writer, list []string) {
	w.OpenArray()
	for _, s := range list {
		w.String(s)
	}
	w.CloseArray()
}

// sufficiency is the schema of dataSufficiency.
func sufficiency() *node {
	number := func(key, meaning string) *node {
		return &node{key: key, kind: "number", required: true, meaning: meaning}
	}
	boolean := func(key, meaning string) *node {
		return &node{key: key, kind: "boolean", required: true, meaning: meaning}
	}
	texts := func(key, meaning string) *node {
		return &node{key: key, kind: "array", required: true, item: text("", ""), meaning: meaning}
	}
	holder := object("", "",
		text("accountId", ""),
		&node{key: "kind", kind: "string", required: true, enum: []string{"CHECKING", "PREPAID", "SAVINGS", "CREDIT_CARD"}},
		text("brandName", ""),
		text("firstTransactionDate", ""), text("lastTransactionDate", ""),
		number("daysCovered", "at most 360"), number("monthsCovered", "full months"), number("transactionCount", ""),
		text("balanceDate", `"" when unknown`), boolean("staleBalance", ""),
		&node{key: "balanceReliableFrom", kind: "string", meaning: "left out when no check point is broken"},
	)
	block := object("dataSufficiency", "how much the data can tell; by the setting extensions",
		text("referenceDay", "the reporting day"),
		&node{key: "level", kind: "string", required: true, enum: []string{fact.Insufficient, fact.Limited, fact.Full}},
		&node{key: "accounts", kind: "array", required: true, item: holder, meaning: "accounts, then cards"},
		number("monthsCovered", "full months"), number("transactionCount", "effective checking entries"),
		&node{key: "unclassifiedCountShare", kind: "number", required: true, canNull: true},
		&node{key: "unclassifiedAmountShare", kind: "number", required: true, canNull: true},
		boolean("staleBalance", "of any checking account"),
		texts("missingSections", "required and further sections that are absent"),
		&node{key: "leftOutRecords", kind: "object", required: true, open: true, meaning: "unreadable records by section"},
		texts("notAsOf", "figures that are null because the day is older than the data"),
		texts("unreliableFigures", "figures that use balances older than a broken check point"),
	)
	block.required = false
	return block
}
