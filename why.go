package klaas

import (
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/openklaas/klaas/internal/calendar"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/report"
	"github.com/openklaas/klaas/taxonomy"
)

// Why tells what a figure of a report rests on.
type Why struct {
	ProductReportID string          `json:"productReportId"`
	ProductName     string          `json:"productName"`
	ProductVersion  string          `json:"productVersion"`
	ReferenceDay    string          `json:"referenceDay" doc:"The reporting day, YYYY-MM-DD"`
	Pointer         string          `json:"pointer" doc:"As asked"`
	Value           json.RawMessage `json:"value" doc:"What the report has there"`
	Follows         Follows         `json:"follows" enum:"sum,count,formula,unknown,nothing,figures" doc:"sum: the amounts of the items add up to the value; count: it is the number of items; formula: it follows from the items by the formula; unknown: the value is null; nothing: it is of the registration data, or a number that stands for unknown, such as -999999; figures: the pointer leads to several figures, which are listed"`
	Under           string          `json:"under,omitempty" doc:"The pointer of the list around the value, where the list as a whole is one figure"`
	Label           string          `json:"label,omitempty" doc:"The name beside a value that has a code, such as a label's"`
	Formula         WhyFormula      `json:"formula"`
	Window          *WhyWindow      `json:"window,omitempty" doc:"The days of the movements that the figure looks at; absent where it looks at the whole record"`
	Items           []WhyItem       `json:"items" doc:"Accounts, cards, bills, contracts and holdings first, then movements, newest first; all of them"`
	Figures         []WhyFigure     `json:"figures,omitempty" doc:"The figures below the pointer"`

	Report []byte `json:"-"` // the whole report that the figure stands in
}

// Follows says how a value follows from its items.
type Follows string

// The ways.
const (
	FollowsSum     Follows = "sum"
	FollowsCount   Follows = "count"
	FollowsFormula Follows = "formula"
	FollowsUnknown Follows = "unknown"
	FollowsNothing Follows = "nothing"
	FollowsFigures Follows = "figures"
)

// WhyFormula is a formula in words.
type WhyFormula struct {
	EN string `json:"en"`
	PT string `json:"pt,omitempty"`
}

// WhyWindow is a range of days, both ends included.
type WhyWindow struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// WhyItem is one thing behind a figure.
type WhyItem struct {
	ID          string     `json:"id" doc:"As in the report's evidence: a transactionId, or account:, card:, bill:, contract: or holding: with its id"`
	Kind        string     `json:"kind" enum:"movement,account,card,bill,contract,holding"`
	Institution string     `json:"institution" doc:"Brand of the institution that holds it"`
	Adds        string     `json:"adds,omitempty" doc:"What it adds to a sum: signed, two decimals"`
	Category    []string   `json:"category,omitempty" doc:"Of a movement: the three levels, in Portuguese"`
	Movement    *Explained `json:"movement,omitempty" doc:"The movement, and why it has its category and role"`
}

// WhyFigure is a figure in a list of several.
type WhyFigure struct {
	Pointer string          `json:"pointer"`
	Value   json.RawMessage `json:"value"`
	Follows Follows         `json:"follows" enum:"sum,count,formula,nothing"`
}

// Which names one report of an analysis.
type Which struct {
	Product string // such as pf_income
	Version string // such as V2
	Part    int    // from 1; 0 is 1
}

// ErrNoFigure says that a pointer leads to nothing that is computed.
var ErrNoFigure = errors.New("the pointer leads to no figure of this report")

// ErrNotAnalytic says that a report repeats what was sent and computes nothing.
var ErrNotAnalytic = errors.New("reports of this product repeat the document: only analytic products have figures")

// ExplainFigure tells what a figure of a report rests on. pointer is a JSON pointer into
// the report, such as /income/monthlyIncome. Where it leads to several figures,
// they are listed; "" leads to all of the report.
//
// It fails as [Analyze] does, with [ErrNotAnalytic], or with [ErrNoFigure].
func ExplainFigure(userdata []byte, o Options, which Which, pointer string) (*Why, error) {
	o.Products, o.Versions = []string{which.Product}, []string{which.Version}
	o = o.withDefaults(userdata)
	book, _, err := understand(userdata, &o)
	if err != nil {
		return nil, err
	}
	orders, _, err := choose(book.Document, book, &o)
	if err != nil {
		return nil, err
	}
	if len(orders) != 1 || orders[0].code != 0 {
		return nil, ErrNoFigure
	}
	order := orders[0]
	if !order.product.Analytic {
		return nil, ErrNotAnalytic
	}
	m, err := newMaker(book, &o)
	if err != nil {
		return nil, err
	}
	inputs := m.inputs(order)
	part := max(which.Part, 1)
	if part > len(inputs) {
		return nil, ErrNoFigure
	}
	in := inputs[part-1]
	made := m.report(order, in)
	in.Seal = func(taxID string) string { return taxID }
	e := explainer{book: book, in: &in, product: order.product, figures: report.FiguresOf(order.product, &in)}
	w := &Why{
		ProductReportID: made.ID, ProductName: made.Product, ProductVersion: made.Version,
		ReferenceDay: book.Day.String(), Pointer: pointer, Items: []WhyItem{}, Report: made.Body,
	}
	if err := e.explain(w); err != nil {
		return nil, err
	}
	return w, nil
}

// explainer tells of the figures of one report.
type explainer struct {
	book    *ledger.Ledger
	in      *spec.Input
	product *spec.Product
	figures *report.Figures
	paths   []string
}

func (e *explainer) explain(w *Why) error {
	value, ok := e.figures.At(w.Pointer)
	if !ok {
		return ErrNoFigure
	}
	w.Value = value
	figure := e.figures.Noted(w.Pointer)
	field := report.FieldAt(e.product, e.in, w.Pointer)
	if field != nil {
		w.Formula.EN = field.Meaning
	}
	if figure != nil && figure.Formula != nil {
		formula := figure.Formula()
		w.Formula = WhyFormula{formula.EN, formula.PT}
	}
	w.Window = e.window(w.Pointer)
	switch {
	case figure != nil:
		w.Follows = follows(figure.Kind)
		if figure.Pointer != w.Pointer {
			w.Under, w.Follows = figure.Pointer, FollowsFormula
		}
		e.items(w, figure)
	case string(value) == "null" && field != nil && field.Null:
		w.Follows = FollowsUnknown
	case value[0] == '{' || value[0] == '[':
		w.Follows = FollowsFigures
		e.list(w)
		if w.Figures == nil {
			return ErrNoFigure
		}
	default:
		return ErrNoFigure
	}
	return nil
}

func follows(kind spec.FigureKind) Follows {
	switch kind {
	case spec.Added:
		return FollowsSum
	case spec.Counted:
		return FollowsCount
	case spec.Stated:
		return FollowsNothing
	}
	return FollowsFormula
}

// list lists the figures below a pointer.
func (e *explainer) list(w *Why) {
	for i := range e.figures.Notes.Figures {
		f := &e.figures.Notes.Figures[i]
		if !strings.HasPrefix(f.Pointer, w.Pointer+"/") {
			continue
		}
		value, _ := e.figures.At(f.Pointer)
		w.Figures = append(w.Figures, WhyFigure{f.Pointer, value, follows(f.Kind)})
	}
}

var itemKinds = [...]string{
	fact.MovementItem: "movement", fact.AccountItem: "account", fact.CardItem: "card",
	fact.BillItem: "bill", fact.ContractItem: "contract", fact.HoldingItem: "holding",
}

func (e *explainer) items(w *Why, figure *spec.NotedFigure) {
	if figure.Behind == nil {
		return
	}
	labels := e.in.Facts.Labels(e.in.Settings.CompanyTree)
	for item := range figure.Behind {
		i := WhyItem{ID: item.ID(e.in.Facts), Kind: itemKinds[item.Kind], Institution: e.book.Institutions[e.institution(&item)].BrandName}
		if w.Follows == FollowsSum {
			i.Adds = item.Amount.String()
		}
		if item.Kind == fact.MovementItem {
			if e.paths == nil {
				e.paths = entryPaths(e.book)
			}
			told := explain(&e.book.Movements[item.Index], e.paths, int(item.Index))
			i.Movement = &told
			c, _ := taxonomy.Lookup(labels[item.Index].Code)
			i.Category = []string{c.Level1.PT, c.Level2.PT, c.Level3.PT}
		}
		w.Items = append(w.Items, i)
	}
}

// institution returns the institution that holds an item.
func (e *explainer) institution(item *fact.Item) int32 {
	l := e.book
	switch item.Kind {
	case fact.AccountItem:
		return l.Accounts[item.Index].Institution
	case fact.CardItem, fact.BillItem:
		return l.Cards[item.Index].Institution
	case fact.ContractItem:
		return l.Contracts[item.Index].Institution
	case fact.HoldingItem:
		return l.Holdings[item.Index].Institution
	}
	m := &l.Movements[item.Index]
	if m.Source.IsCard() {
		return l.Cards[m.Holder].Institution
	}
	return l.Accounts[m.Holder].Institution
}

var (
	daysInName   = regexp.MustCompile(`[lL]ast[_ ]?(\d+)[_ ]?[dD]ays`)
	monthsInName = regexp.MustCompile(`Last(\d+)Months`)
	rowOfMonths  = regexp.MustCompile(`^.*/months/\d+`)
)

// window returns the days that a figure looks at, as its name says, the names around
// it, or the month or label that it stands beside.
func (e *explainer) window(pointer string) *WhyWindow {
	flows := e.in.Facts.Flows(e.in.Company())
	if strings.HasSuffix(pointer, "Balance") {
		return nil // of a day, not of movements in a window
	}
	names := []string{pointer}
	parent := pointer[:max(0, strings.LastIndexByte(pointer, '/'))]
	if found := rowOfMonths.FindString(pointer); found != "" {
		return monthWindow(e.text(found+"/month"), e.book.Day)
	}
	if name := e.text(parent + "/labelName"); name != "" {
		names = append(names, name)
	}
	for _, name := range slices.Backward(names) {
		if found := daysInName.FindAllStringSubmatch(name, -1); found != nil {
			n, err := strconv.Atoi(found[len(found)-1][1])
			if err == nil && n > 0 && n <= 360 {
				return windowOf(flows.LastDays(n))
			}
		}
		if found := monthsInName.FindAllStringSubmatch(name, -1); found != nil {
			n, err := strconv.Atoi(found[len(found)-1][1])
			if days := flows.NewestMonths(n); err == nil && !days.IsEmpty() {
				return windowOf(days)
			}
		}
	}
	return nil
}

// text returns the text at a pointer, "" where there is none.
func (e *explainer) text(pointer string) string {
	value, ok := e.figures.At(pointer)
	var text string
	if !ok || json.Unmarshal(value, &text) != nil {
		return ""
	}
	return text
}

func windowOf(r fact.Range) *WhyWindow { return &WhyWindow{r.First.String(), r.Last.String()} }

// monthWindow returns the days of a month YYYY-MM up to the reporting day.
func monthWindow(month string, day calendar.Day) *WhyWindow {
	first, ok := calendar.ParseDay(month + "-01")
	if !ok {
		return nil
	}
	return windowOf(fact.Range{First: first, Last: min(first.AddMonths(1)-1, day)})
}
