package accuracy

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/categorise"
	"github.com/openklaas/klaas/internal/classify"
	"github.com/openklaas/klaas/internal/money"
)

// Labelled is a statement line whose label is known.
type Labelled struct {
	Line   categorise.Line
	Label  string
	Accept []string // labels that count as right; empty: Label alone
	Group  string   // where the line comes from
	Part   string   // of a file that is divided: which part the line is in
}

// ReadLabelled reads labelled lines: CSV whose header names description and
// label, and may name amount (negative: debit), date, source or account_kind
// (checking, savings, creditcard), bank, type, mcc, counterparty, label_accept
// (labels that count as right, | between them; * leaves the line out) and part.
// The column by names the groups; without it they have no name. It fails with
// the line and column that cannot be read.
func ReadLabelled(r io.Reader, labels *Labels, by string) ([]Labelled, error) {
	in := csv.NewReader(r)
	header, err := in.Read()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("line 1: the file is empty: the first line must name the columns")
	}
	if err != nil {
		return nil, err
	}
	header[0] = strings.TrimPrefix(header[0], "\ufeff")
	for _, needed := range []string{"description", "label"} {
		if !slices.Contains(header, needed) {
			return nil, fmt.Errorf("line 1: there is no column %s", needed)
		}
	}
	if by != "" && !slices.Contains(header, by) {
		return nil, fmt.Errorf("line 1: there is no column %s", by)
	}
	var lines []Labelled
	for {
		record, err := in.Read()
		if errors.Is(err, io.EOF) {
			return lines, nil
		}
		if err != nil {
			return nil, err
		}
		at, _ := in.FieldPos(0)
		get := func(column string) string {
			if i := slices.Index(header, column); i >= 0 {
				return strings.TrimSpace(record[i])
			}
			return ""
		}
		if get("label_accept") == "*" {
			continue
		}
		l := Labelled{Label: get("label"), Part: get("part")}
		if by != "" {
			l.Group = get(by)
		}
		if accept := get("label_accept"); accept != "" {
			l.Accept = strings.Split(accept, "|")
		}
		for _, label := range append(l.Accept, l.Label) {
			if !labels.Has(label) {
				return nil, fmt.Errorf("line %d: label: %q is neither in the mapping of labels nor a category", at, label)
			}
		}
		if l.Line, err = line(get); err != nil {
			return nil, fmt.Errorf("line %d: %w", at, err)
		}
		lines = append(lines, l)
	}
}

var sources = map[string]classify.Source{
	"": classify.Checking, "unknown": classify.Checking, "checking": classify.Checking, "savings": classify.Savings,
	"creditcard": classify.Card, "credit_card": classify.Card, "card": classify.Card,
}

func line(get func(string) string) (categorise.Line, error) {
	l := categorise.Line{Description: get("description"), Type: get("type")}
	if id, ok := categorise.TaxID(get("counterparty")); ok {
		l.Partie = id
	}
	kind := get("source")
	if kind == "" {
		kind = get("account_kind")
	}
	var ok bool
	if l.Source, ok = sources[kind]; !ok {
		return l, errors.New("source: use checking, savings or creditcard")
	}
	if s := get("amount"); s != "" {
		amount, err := money.Parse(s)
		if err != nil {
			return l, fmt.Errorf("amount: %w", err)
		}
		l.Amount, l.Direction = amount, categorise.Signed(amount)
	}
	if s := get("date"); s != "" {
		if l.Date, ok = calendar.ParseDay(s); !ok {
			return l, errors.New("date: use YYYY-MM-DD")
		}
	}
	if s := get("mcc"); s != "" {
		n, err := strconv.ParseUint(s, 10, 16)
		if err != nil || n > 9999 {
			return l, errors.New("mcc: use a number of four digits")
		}
		l.MCC = int32(n)
	}
	l.Institution, _ = categorise.Institution(get("bank"))
	return l, nil
}

// Categories decides every line and scores the decisions.
func Categories(c *categorise.Categoriser, labels *Labels, lines []Labelled) (*Score, []Case) {
	run := c.Start()
	cases := make([]Case, len(lines))
	for i := range lines {
		l := &lines[i]
		r := run.One(&l.Line)
		cases[i] = Case{
			Group: l.Group, Label: l.Label, Accept: l.Accept, Credit: r.Direction == categorise.Credit,
			Code: r.Decision.Code, Tier: r.Decision.Tier, Confidence: r.Decision.Confidence,
		}
	}
	return ScoreCases(labels, cases), cases
}
