package classify

import (
	"strings"

	"github.com/openklaas/klaas/internal/classify/model"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/taxonomy"
)

// How sure the model must be, in permille. The thresholds were chosen on
// cross-validation; docs/model.md tells what each gains and costs.
const (
	sureOfNothing  = 500 // nothing else is known of the line
	sureOfShop     = 550 // only the rail, and money over it goes to shops
	sureOfCompany  = 650 // a transfer to a company
	sureOfTransfer = 800 // a transfer to nobody knows whom: it may be a person
	sureOfTrade    = 700 // a word decided that many trades have in common
)

// weakTrade is the confidence below which a word of a trade is doubted.
const weakTrade = 700

// AsksModel reports whether so little is known of an entry that the model is
// asked. Training judges the model by such entries.
func (r *Run) AsksModel(in *Entry) bool {
	r.s.query.Reset(model.Context{})
	r.Decide(in)
	return r.s.query.HasName()
}

// guess asks the model for a line of which nothing is known but the rail, when
// byRail, or a weak word of a trade.
func (c *Classifier) guess(v *verdict, e *entry, s *scratch, byRail bool) {
	if v.only != 0 && v.only&(1<<ledger.TierModel) == 0 {
		return
	}
	least := sureness(v, e, byRail)
	if least == 0 {
		return
	}
	c.query(v, e, s)
	if !s.query.HasName() {
		return
	}
	a := c.model.Answer(&s.query)
	if a.Code == 0 || a.Confidence < least || !e.mayBe(a.Code) {
		return
	}
	code := c.forCompany(e, a.Code)
	if v.Code != 0 && (isRail(a.Code) || code == v.Code) {
		return
	}
	other := v.Code
	if other == 0 && a.RunnerUp != betting {
		other = c.forCompany(e, a.RunnerUp)
	}
	if other == code {
		other = 0
	}
	v.Decision = ledger.Decision{
		Code: code, RunnerUp: other, Tier: ledger.TierModel, Confidence: a.Confidence,
		Rule: c.model.Rule(), Matched: c.model.Word(&s.query, a.Code), Brand: v.Brand,
	}
}

// sureness returns how sure the model must be of this line; 0 when it is not asked.
func sureness(v *verdict, e *entry, byRail bool) uint16 {
	switch {
	case e.isCPF(), e.isOwn():
		return 0 // a person's name is never taken for a shop
	case v.Code == 0:
		return sureOfNothing
	case !byRail:
		if v.Tier == ledger.TierMerchant && v.Confidence < weakTrade {
			return sureOfTrade
		}
		return 0
	case e.Credit:
		return 0
	}
	switch v.Code {
	case acquirer, debitCard, boleto:
		return sureOfShop
	case taxonomy.PixTransfer + 2, taxonomy.TedTransfer + 2:
		return sureOfCompany
	case taxonomy.PixTransfer, taxonomy.TedTransfer:
		return sureOfTransfer
	}
	return 0
}

// query gives the model the line without the words of the rail.
func (c *Classifier) query(v *verdict, e *entry, s *scratch) {
	s.query.Reset(model.Context{Credit: e.Credit, Source: modelSource(e.Source), Type: e.Type, Amount: e.Amount})
	text, at := beforeDocument(e.Text), 0
	if v.only == 0 || v.only&(1<<ledger.TierVocabulary) != 0 {
		for _, h := range s.hits {
			switch c.phrases.rows[h.row].kind {
			case railPhrase, acquirerPhrase, blockPhrase:
				if from := s.words[h.from].from; from > at {
					s.query.Add(text[min(at, len(text)):min(from, len(text))])
				}
				at = max(at, s.words[h.to-1].to)
			}
		}
	}
	s.query.Add(text[min(at, len(text)):])
}

// beforeDocument returns a text up to the counterparty's document, behind which
// only bank, branch and account follow.
func beforeDocument(text string) string {
	for i := range len(text) {
		switch {
		case text[i] != '-':
		case hasShape(text[:i], cnpjShape):
			return text[:i-len(cnpjShape)]
		case hasShape(text[:i], maskedShape):
			return strings.TrimRight(text[:i-len(maskedShape)], "•*")
		}
	}
	return text
}

// How texts show documents, before the dash; see [hasShape].
const (
	cnpjShape   = "AA.AAA.AAA/AAAA"
	maskedShape = ".000.000" // of a CPF
)

func modelSource(s Source) model.Source {
	switch s {
	case Checking:
		return model.Checking
	case Savings:
		return model.Savings
	}
	return model.Card
}

// mayBe reports whether the model's word is enough for a category: figures on
// betting have one definition, and money that came back over a card is no earning.
func (e *entry) mayBe(code taxonomy.Code) bool {
	return code != betting && !(e.cameBack() && earned(code))
}

// isRail reports whether a category only says how money went.
func isRail(code taxonomy.Code) bool {
	return code.Top() == 2 || code == debitCard || code == acquirer
}
