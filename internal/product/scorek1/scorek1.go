// Package scorek1 gives one score of a person's credit from the accounts: an expert
// scorecard (package scorecard), not fitted on outcomes, with the reasons behind it
// and how much there was to judge by. A person with too short a record has no score.
package scorek1

import (
	_ "embed" // the field table

	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/money"
	"github.com/openklaas/klaas/internal/product/analytic"
	"github.com/openklaas/klaas/internal/product/spec"
	"github.com/openklaas/klaas/internal/scorecard"
)

//go:embed fields.tsv
var fields string

const bodyKey = "scoreK1"

// Product returns the descriptor.
func Product() *spec.Product {
	return &spec.Product{
		Order:    295,
		Name:     "score_k1",
		Kinds:    []spec.Kind{spec.PF},
		BodyKey:  bodyKey,
		Versions: analytic.Versions(),
		Title:    spec.Text{PT: "Score K1", EN: "Score K1"},
		Purpose: spec.Text{
			PT: "Um score de crédito da pessoa pelos dados das contas, com os motivos; scorecard de especialistas, não ajustado a inadimplência",
			EN: "One credit score of a person from account data, with its reasons; an expert scorecard, not fitted on outcomes",
		},
		Analytic:    true,
		Sections:    analytic.Sections(false),
		Permissions: analytic.Permissions(),
		Fields:      spec.MustFields(fields),
		Sentinels:   map[string]int64{bodyKey + ".scoreDetail.scoreK1": NotComputed},
		Code:        code,
		Write:       write,
	}
}

// The codes of a report without a score.
const (
	codeFewDays    = 5101
	codeNoChecking = 5102
)

const notEnoughHistory = "NOT_ENOUGH_HISTORY"

// leastDays is the fewest covered days that give a score.
const leastDays = 60

// NotComputed stands in the place of a score that was not computed.
const NotComputed = -1

func code(in *spec.Input) (int, string) {
	switch {
	case !in.Facts.HasChecking(false):
		return codeNoChecking, notEnoughHistory
	case in.Facts.Flows(false).Coverage.Days < leastDays:
		return codeFewDays, notEnoughHistory
	}
	return 0, ""
}

// Score returns the score of a person and the version of the model, for reports that
// tell no more of it; [NotComputed] where the record is too short.
func Score(in *spec.Input) (score int, version string) {
	card := scorecard.For(in.Settings.Scorecard)
	if code, _ := code(in); code != 0 {
		return NotComputed, card.Version
	}
	v := inputs(in.Facts)
	return card.Score(v.values()).Score, card.Version
}

// body writes one report.
type body struct {
	*analytic.Writer
	facts *fact.Facts
	card  *scorecard.Card
}

func write(e *encode.Writer, in *spec.Input) {
	b := body{analytic.New(e, in, bodyKey), in.Facts, scorecard.For(in.Settings.Scorecard)}
	e.OpenObject()
	b.Info()
	b.Object("scoreDetail", func() {
		if code, _ := code(in); code != 0 {
			b.notComputed()
		} else {
			b.computed()
		}
	})
	e.CloseObject()
}

func (b *body) notComputed() {
	b.Stated("scoreK1", NotComputed*money.Scale)
	b.Field("version", b.card.Version)
	if b.Input.Version != spec.V2 {
		return
	}
	b.Field("status", notEnoughHistory)
	b.Field("band", "")
	b.Null("confidence")
	for _, key := range [...]string{"positiveReasons", "negativeReasons"} {
		b.List(key, 0, nil)
	}
}

func (b *body) computed() {
	in := inputs(b.facts)
	s := b.card.Score(in.values())
	b.Days("scoreK1", s.Score, in.behind(b.facts))
	if !in.reliable() {
		b.Unreliable("scoreK1")
	}
	b.Field("version", b.card.Version)
	if b.Input.Version != spec.V2 {
		return
	}
	b.Field("status", "OK")
	b.Field("band", s.Band())
	b.confidence(&s)
	positive, negative := s.Reasons()
	b.reasons("positiveReasons", &in, &s, positive, func(v *scorecard.Variable) scorecard.Text { return v.Positive })
	b.reasons("negativeReasons", &in, &s, negative, func(v *scorecard.Variable) scorecard.Text { return v.Negative })
}

func (b *body) confidence(s *scorecard.Score) {
	u := b.facts.Sufficiency(false)
	value := scorecard.Confidence(u.Coverage.Days, u.Unclassified.OfAmount-u.Unclassified.Amount, u.Unclassified.OfAmount, s.Inputs)
	b.Ratio("confidence", fact.Ratio{Known: true, Value: value}, everything(b.facts))
}

func (b *body) reasons(key string, in *variables, s *scorecard.Score, list []int, text func(*scorecard.Variable) scorecard.Text) {
	all := scorecard.Variables()
	b.List(key, len(list), func(i int) {
		at := list[i]
		v, input := &all[at], &in[at]
		b.Field("code", v.Code)
		b.Days("points", s.Points[at], orAccounts(b.facts, input.behind))
		rows := " (" + b.card.Version + "): " + b.card.Rows(at)
		b.Formula(words{EN: "points by " + v.EN + rows, PT: "pontos por " + v.PT + rows})
		b.value(v, input)
		if !input.reliable {
			b.Unreliable("points")
			b.Unreliable("value")
		}
		b.Field("textPt", text(v).PT)
		b.Field("textEn", text(v).EN)
	})
}

// value writes what a variable is.
func (b *body) value(v *scorecard.Variable, in *input) {
	const key = "value"
	behind := in.behind
	if in.monthly {
		behind = b.facts.WithMonths(false, behind)
	}
	switch {
	case v.IsText():
		b.Field(key, in.value.Text)
		return
	case in.whole:
		b.Days(key, int(in.value.Number/money.Scale), behind)
	default:
		b.Ratio(key, fact.Ratio{Known: true, Value: in.value.Number}, behind)
	}
	b.Formula(words{EN: v.EN, PT: v.PT})
}

// words are a formula in words.
type words spec.Text

// Formula returns them.
func (w words) Formula() spec.Text { return spec.Text(w) }
