package classify

import (
	"github.com/openklaas/klaas/internal/classify/model"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/text"
	"github.com/openklaas/klaas/taxonomy"
)

// scratch holds what one movement needs, so that the next allocates nothing.
type scratch struct {
	words []word
	hits  []hit
	best  [kinds]hit // the most precise hit of each kind; row -1 for none
	query model.Query
}

// verdict collects answers: the first is the decision, the next other one the
// runner-up.
type verdict struct {
	ledger.Decision
	only Tiers // the tiers that may answer; 0 for all
}

// offer takes an answer and reports whether there is no use for another.
func (v *verdict) offer(code taxonomy.Code, tier ledger.Tier, confidence uint16, rule, matched, brand string) bool {
	switch {
	case code == 0:
	case v.only != 0 && v.only&(1<<tier) == 0:
	case v.Code == 0:
		v.Decision = ledger.Decision{Code: code, Tier: tier, Confidence: confidence, Rule: rule, Matched: matched, Brand: brand}
	case v.Code != code:
		v.RunnerUp = code
		return true
	}
	return false
}

// decide runs the waterfall for one movement.
func (c *Classifier) decide(e *entry, s *scratch, o *Options) ledger.Decision {
	e.person = e.PartieKind
	e.rule = c.types.rule(e)
	e.readDocument()
	s.words = splitWords(e.Text, s.words[:0])
	s.hits = c.phrases.scan(e.Text, s.words, e, s.hits[:0])
	c.pick(e, s)

	v := verdict{only: o.Only}
	if !c.purpose(&v, e, s) {
		byRail := v.Code == 0
		c.rail(&v, e, s)
		c.guess(&v, e, s, byRail)
	}
	o.Rules.overrule(&v, e)
	if v.Code == 0 {
		v.Code = taxonomy.Other
	}
	if v.Brand == "" {
		v.Brand = c.brand(e, s)
	}
	if !o.Raw {
		c.calibration.apply(&v.Decision)
	}
	return v.Decision
}

// pick finds the most precise hit of each kind.
func (c *Classifier) pick(e *entry, s *scratch) {
	for k := range s.best {
		s.best[k].row = -1
	}
	for _, h := range s.hits {
		p := &c.phrases.rows[h.row]
		if p.kind == betPhrase && !c.confirmBet(e, s, h) {
			continue
		}
		if p.guarded && !c.namesShop(e, s, h) {
			continue
		}
		if p.kind == brandPhrase && h.cut && c.behindShop(e, s, h) {
			continue
		}
		if p.kind == purposePhrase && e.cameBack() && earned(p.of(e).code) {
			continue
		}
		if (p.kind == brandPhrase || p.weak || h.cut) && c.behindPerson(e, s, h) {
			continue
		}
		if p.kind == companyWord && c.inBank(s, h) {
			continue
		}
		if p.kind == acquirerPhrase && !followedByStar(e.Text, s.words[h.to-1].to) {
			continue
		}
		b := &s.best[p.kind]
		if b.row < 0 || p.precision > c.phrases.rows[b.row].precision {
			*b = h
		}
	}
	if c.isOtherShop(e, s) {
		s.best[brandPhrase].row = -1
	}
}

// behindShop reports whether a cut brand stands behind the name of a shop, where
// towns stand: DENTAL SORRISO SUZANO is no SUZANOCARD. One word before it may be a
// bank's.
func (c *Classifier) behindShop(e *entry, s *scratch, h hit) bool {
	if h.from > 1 && !c.namesShop(e, s, h) {
		return true
	}
	for _, o := range s.hits {
		if o.from < h.from && c.phrases.rows[o.row].kind == tradePhrase {
			return true
		}
	}
	return false
}

// shortBrand is the length up to which a brand of one word is also the first word
// of other shops' names.
const shortBrand = 5

// isOtherShop reports whether a short brand only begins the name of a shop of
// another trade: BIG LAR MOVEIS is no BIG.
func (c *Classifier) isOtherShop(e *entry, s *scratch) bool {
	brand, trade := s.best[brandPhrase], s.best[tradePhrase]
	if brand.row < 0 || trade.row < 0 || trade.from < brand.to {
		return false
	}
	b, t := &c.phrases.rows[brand.row], &c.phrases.rows[trade.row]
	return len(b.words) <= shortBrand && !t.weak && t.of(e).confidence >= weakTrade && b.of(e).code.Group() != t.of(e).code.Group()
}

// inBank reports whether a company's word belongs to the name of a bank, which says
// nothing of the counterparty.
func (c *Classifier) inBank(s *scratch, h hit) bool {
	for _, o := range s.hits {
		if o.from > h.from {
			return false
		}
		if h.to <= o.to && c.phrases.rows[o.row].kind == blockPhrase {
			return true
		}
	}
	return false
}

// confirmBet tells .BET.BR from two words BET and BR.
func (c *Classifier) confirmBet(e *entry, s *scratch, h hit) bool {
	if c.phrases.rows[h.row].words != "BET BR" {
		return true
	}
	from, to := s.words[h.from].from, s.words[h.to-1].to
	return from > 0 && e.Text[from-1] == '.' && e.Text[from:to] == "BET.BR"
}

// followedByStar reports whether the next character that is no blank is a star.
func followedByStar(text string, at int) bool {
	if at < len(text) && text[at] == ' ' {
		at++
	}
	return at < len(text) && text[at] == '*'
}

// namesShop reports whether a hit that is also an ordinary word or a name
// stands where the shop's name begins: at the start of the text, behind words
// of the rail, an acquirer's prefix or numbers. Of a transfer, where people's
// names stand, it must be the whole name.
func (c *Classifier) namesShop(e *entry, s *scratch, h hit) bool {
	at := int32(0)
	for _, o := range s.hits {
		for at < o.from && c.passable(e, s, at) {
			at++
		}
		if o.from > at || at >= h.from {
			break
		}
		switch c.phrases.rows[o.row].kind {
		case railPhrase, acquirerPhrase:
			at = o.to
		}
	}
	for at < h.from && c.passable(e, s, at) {
		at++
	}
	if at != h.from {
		return false
	}
	if c.phrases.rows[h.row].kind == railPhrase || !c.transfers(e, s) {
		return true
	}
	for i := h.to; int(i) < len(s.words); i++ {
		if !c.passable(e, s, i) && !c.isCompanyWord(s, i) {
			return false
		}
	}
	return true
}

// behindPerson reports whether a transfer names a person before the hit: then
// the hit is a family name (FLORES, CASSOL), or the beginning of a word that only
// looks like one that was cut (PINTO, no PINTOR), unless the counterparty is known
// to be a company. A cut name may begin with the person's (MARIA BRASIL).
func (c *Classifier) behindPerson(e *entry, s *scratch, h hit) bool {
	if e.isCNPJ() || !c.transfers(e, s) {
		return false
	}
	for _, o := range s.hits {
		if o.from > h.from || o.from == h.from && !h.cut {
			return false
		}
		if c.phrases.rows[o.row].kind == personWord {
			return true
		}
	}
	return false
}

// passable reports whether a word is no part of a name: a number or a particle.
func (c *Classifier) passable(e *entry, s *scratch, i int32) bool {
	w := e.Text[s.words[i].from:s.words[i].to]
	switch w {
	case "DE", "DO", "DA", "PARA", "P", "A", "EM", "NO", "NA", "COM", "BR", "BRA":
		return true
	}
	return isNumber(w)
}

// isCompanyWord reports whether the word at i was found as one of company names.
func (c *Classifier) isCompanyWord(s *scratch, i int32) bool {
	for _, h := range s.hits {
		if h.from <= i && i < h.to && c.phrases.rows[h.row].kind == companyWord {
			return true
		}
	}
	return false
}

// transfers reports whether the movement is a transfer by its type or its text.
func (c *Classifier) transfers(e *entry, s *scratch) bool {
	if e.Source == Card {
		return false
	}
	if isTransfer(e.Type) {
		return true
	}
	for _, h := range s.hits {
		if p := &c.phrases.rows[h.row]; p.kind == railPhrase {
			return uint32(p.of(e).code)/10_000 == 2 && p.of(e).code.Group() < 206
		}
	}
	return false
}

// purpose is the first round: what the money was for.
func (c *Classifier) purpose(v *verdict, e *entry, s *scratch) bool {
	known, hasRoot := c.root(e)
	switch {
	case hasRoot && known.betting:
		return v.offer(betting, ledger.TierStructure, 990, known.rule, "", "")
	case e.Source == Card && (e.MCC == 7995 || e.MCC == 7801 || e.MCC == 7802):
		return v.offer(betting, ledger.TierStructure, 980, "structure/betting-mcc", "", "")
	case c.text(v, e, s, betPhrase, 0):
		return true
	}
	if code := roleCode(e); code != 0 && v.offer(c.forCompany(e, code), ledger.TierLedger, 950, "ledger/"+roleNames[e.Role], "", "") {
		return true
	}
	if c.structure(v, e, s, known, hasRoot) {
		return true
	}
	if c.text(v, e, s, purposePhrase, 0) {
		return true
	}
	if c.own(v, e, !isTransfer(e.Type)) {
		return true
	}
	if e.isCPF() {
		return false
	}
	if hasRoot && known.merchant {
		if x := e.fromMerchant(known.of(e)); x.code != 0 && v.offer(c.codeOf(e, x), ledger.TierMerchant, 960, known.rule, "", known.brand) {
			return true
		}
	}
	return c.merchant(v, e, s)
}

// structure asks the fields that Open Finance defines, all but the rail.
func (c *Classifier) structure(v *verdict, e *entry, s *scratch, known root, hasRoot bool) bool {
	if c.own(v, e, isTransfer(e.Type) && !c.invests(e, s)) {
		return true
	}
	if e.isOwner() && isTransfer(e.Type) {
		code := taxonomy.Code(90102)
		if e.Credit {
			code = 90101
		}
		if c.choose(v, e, s, ownersPay) || v.offer(code, ledger.TierStructure, 600, "structure/owner", "", "") {
			return true
		}
	}
	if r := e.rule; r != nil && !r.rail {
		code := r.code
		if e.Company && r.company != 0 {
			code = r.company
		}
		if c.choose(v, e, s, r.choices) || v.offer(c.forCompany(e, code), ledger.TierStructure, r.confidence, r.rule, "", "") {
			return true
		}
	}
	if hasRoot && !known.merchant {
		x := known.of(e)
		return c.choose(v, e, s, known.choices) ||
			v.offer(c.forCompany(e, x.code), ledger.TierStructure, x.confidence, known.rule, "", "")
	}
	return false
}

// own offers the own-transfer category when the counterparty is the holder.
func (c *Classifier) own(v *verdict, e *entry, asked bool) bool {
	if !asked || !e.isOwn() || v.Code != 0 {
		return false
	}
	return v.offer(c.forCompany(e, ownTransfer(e.Type)), ledger.TierStructure, 990, "structure/own-tax-id", "", "")
}

// invests reports whether the text tells of investing: money that goes into an
// investment of one's own stays one, whoever the counterparty is.
func (c *Classifier) invests(e *entry, s *scratch) bool {
	h := s.best[purposePhrase]
	if h.row < 0 {
		return false
	}
	group := c.phrases.rows[h.row].of(e).code.Group()
	return group == 104 || group == 105 || group == 503
}

// choose lets the text decide when its answer is one of the choices.
func (c *Classifier) choose(v *verdict, e *entry, s *scratch, choices []taxonomy.Code) bool {
	h := s.best[purposePhrase]
	if h.row < 0 || !among(c.phrases.rows[h.row].of(e).code, choices) {
		return false
	}
	return c.text(v, e, s, purposePhrase, 970)
}

// text offers the best hit of a kind. A type that agrees raises its confidence
// to least.
func (c *Classifier) text(v *verdict, e *entry, s *scratch, k kind, least uint16) bool {
	h := s.best[k]
	if h.row < 0 {
		return false
	}
	p := &c.phrases.rows[h.row]
	x := *p.of(e)
	if k == brandPhrase {
		x = e.fromMerchant(x)
	}
	code := c.codeOf(e, x)
	tier := ledger.TierVocabulary
	if k == brandPhrase || k == tradePhrase {
		tier = ledger.TierMerchant
	}
	confidence := max(x.confidence, least)
	if h.cut {
		confidence -= min(confidence, 150)
	}
	return v.offer(code, tier, confidence, p.rule, e.Text[s.words[h.from].from:s.words[h.to-1].to], p.brand)
}

// merchant asks for the shop: by name, by merchant code, by trade.
func (c *Classifier) merchant(v *verdict, e *entry, s *scratch) bool {
	if c.text(v, e, s, brandPhrase, 0) {
		return true
	}
	mcc, known := taxonomy.Merchant{}, false
	if e.MCC > 0 {
		mcc, known = taxonomy.ByMCC(e.MCC)
	}
	if known && e.Credit {
		return v.offer(refund, ledger.TierStructure, 700, "structure/mcc-credit", "", "")
	}
	if known && !mcc.Broad && v.offer(c.forCompany(e, mcc.Code), ledger.TierStructure, 850, "structure/mcc", "", "") {
		return true
	}
	if c.text(v, e, s, tradePhrase, 0) {
		return true
	}
	return known && v.offer(c.forCompany(e, mcc.Code), ledger.TierStructure, 450, "structure/mcc", "", "")
}

// rail is the second round: by which rail the money went, and to whom.
func (c *Classifier) rail(v *verdict, e *entry, s *scratch) {
	if c.text(v, e, s, acquirerPhrase, 0) {
		return
	}
	if r := e.rule; r != nil && r.rail {
		code, confidence, rule := c.kindOf(e, s, r.code, c.bare(e, s, r.confidence, r.bare), r.rule)
		if e.Company && r.company != 0 {
			code = r.company
		}
		if v.offer(c.forCompany(e, code), ledger.TierStructure, confidence, rule, e.nameBehind(s, rule), "") {
			return
		}
	}
	h := s.best[railPhrase]
	if h.row < 0 {
		return
	}
	p := &c.phrases.rows[h.row]
	x := p.of(e)
	code, confidence, rule := c.kindOf(e, s, x.code, c.bare(e, s, x.confidence, x.bare), p.rule)
	if e.Company && x.company != 0 {
		code = x.company
	}
	matched := e.nameBehind(s, rule)
	if matched == "" {
		matched = e.Text[s.words[h.from].from:s.words[h.to-1].to]
	}
	v.offer(c.forCompany(e, code), ledger.TierVocabulary, confidence, rule, matched, "")
}

// The rules by which words of the text tell who the other side is.
const (
	personName  = "vocabulary/person-name"
	companyName = "vocabulary/company-name"
)

// nameBehind returns the word by which one of these rules decided, "" for any other.
func (e *entry) nameBehind(s *scratch, rule string) string {
	h := hit{row: -1}
	switch {
	case rule == companyName:
		h = s.best[companyWord]
	case rule == personName && s.best[personWord].row >= 0:
		h = s.best[personWord]
	case rule == personName:
		h = s.best[familyWord]
	}
	if h.row < 0 {
		return ""
	}
	return e.Text[s.words[h.from].from:s.words[h.to-1].to]
}

// bare returns the confidence in a rail: the greater one when the text names nobody,
// so that there is nothing that could tell another category.
func (c *Classifier) bare(e *entry, s *scratch, named, bare uint16) uint16 {
	if bare == 0 || c.namesSomebody(e, s) {
		return named
	}
	return bare
}

// namesSomebody reports whether the text holds a word that is no number and no word
// of payments.
func (c *Classifier) namesSomebody(e *entry, s *scratch) bool {
	covered := 0
	for _, h := range s.hits {
		if int(h.from) > covered && c.hasName(e, s, covered, int(h.from)) {
			return true
		}
		switch c.phrases.rows[h.row].kind {
		case railPhrase, acquirerPhrase, blockPhrase:
			covered = max(covered, int(h.to))
		}
	}
	return c.hasName(e, s, covered, len(s.words))
}

// hasName reports whether one of the words from:to is no number and no word of
// payments.
func (c *Classifier) hasName(e *entry, s *scratch, from, to int) bool {
	for i := from; i < to; i++ {
		w := e.Text[s.words[i].from:s.words[i].to]
		if last := w[len(w)-1]; len(w) > 1 && 'A' <= last && last <= 'Z' && !c.passable(e, s, int32(i)) && !text.Generic(w) {
			return true
		}
	}
	return false
}

// How sure a transfer's counterparty is, in permille.
const (
	sureDocument = 960 // its CPF stands beside it
	sureFullName = 930 // two words of people's names
	sureName     = 860 // a first name: shops bear them too
	sureFamily   = 800 // a family name alone: more shops do
	sureReceived = 820 // money in from a name that is no known one
	doubtful     = 600 // below it a rail carries more purchases than transfers
	sureOfCode   = 700 // a person's name on such a rail
)

// kindOf tells a transfer with a person from one with a company: by document,
// by person kind, else by the words of the text. A company's money in is seldom
// else than a transfer; money out to one mostly buys something.
func (c *Classifier) kindOf(e *entry, s *scratch, code taxonomy.Code, confidence uint16, rule string) (taxonomy.Code, uint16, string) {
	if code != taxonomy.PixTransfer && code != taxonomy.TedTransfer {
		return code, confidence, rule
	}
	person := func(sure uint16) (taxonomy.Code, uint16, string) {
		if confidence < doubtful {
			sure = min(sure, sureOfCode)
		}
		return code + 1, sure, personName
	}
	first, family := s.best[personWord].row >= 0, s.best[familyWord].row >= 0
	switch {
	case e.isCPF():
		return code + 1, sureDocument, "structure/counterparty-person"
	case e.isCNPJ() && e.Credit:
		return code + 2, 700, "structure/counterparty-company"
	case e.isCNPJ():
		return code + 2, 550, "structure/counterparty-company"
	case s.best[companyWord].row >= 0 && e.Credit:
		return code + 2, 700, companyName
	case s.best[companyWord].row >= 0:
		return code + 2, 500, companyName
	case first && (family || c.names(s) > 1):
		return person(sureFullName)
	case first:
		return person(sureName)
	case family:
		return person(sureFamily)
	case e.Credit && confidence >= doubtful:
		return code, max(confidence, sureReceived), rule
	}
	return code, confidence, rule
}

// names counts the first names in the text.
func (c *Classifier) names(s *scratch) int {
	n := 0
	for _, h := range s.hits {
		if c.phrases.rows[h.row].kind == personWord {
			n++
		}
	}
	return n
}

// forCompany returns the company's category where one follows from a person's.
func (c *Classifier) forCompany(e *entry, code taxonomy.Code) taxonomy.Code {
	if !e.Company {
		return code
	}
	if own, ok := c.company[companyKey{code, e.Credit}]; ok {
		return own
	}
	return code
}

// codeOf returns the category of evidence: for a company its own one, where the
// evidence or the company tree has one.
func (c *Classifier) codeOf(e *entry, x evidence) taxonomy.Code {
	if e.Company && x.company != 0 {
		return x.company
	}
	return c.forCompany(e, x.code)
}

// root returns what is known of the counterparty's company.
func (c *Classifier) root(e *entry) (root, bool) {
	var key string
	switch {
	case len(e.Partie) == 14:
		key = e.Partie[:8]
	case e.Partie == "" && e.root[0] != 0:
		key = string(e.root[:])
	default:
		return root{}, false
	}
	r, ok := c.roots[key]
	return r, ok
}

func (r *root) of(e *entry) evidence {
	if e.Credit {
		return r.credit
	}
	return r.debit
}

// brand returns the merchant that stands in the movement, whatever decided:
// the counterparty's, else the one that the text names.
func (c *Classifier) brand(e *entry, s *scratch) string {
	if r, ok := c.root(e); ok && r.brand != "" {
		return r.brand
	}
	if e.isCPF() {
		return ""
	}
	if h := s.best[brandPhrase]; h.row >= 0 {
		return c.phrases.rows[h.row].brand
	}
	return ""
}

var roleNames = map[ledger.Role]string{
	ledger.RoleOwnTransfer: "own-transfer",
	ledger.RoleSweep:       "sweep",
	ledger.RoleBillPayment: "bill-payment",
}
