package classify

import (
	"strings"

	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/taxonomy"
)

// Categories that the waterfall itself speaks of; all others stand in tables.
const (
	betting  taxonomy.Code = 41201
	refund   taxonomy.Code = 10605
	acquirer taxonomy.Code = 40401

	boleto    taxonomy.Code = 21001
	debitCard taxonomy.Code = 50101

	gig         taxonomy.Code = 10106
	marketplace taxonomy.Code = 10203
	rent        taxonomy.Code = 10701
)

// root is what is known of a company by the first 8 characters of its CNPJ.
type root struct {
	rule          string
	brand         string
	credit, debit evidence
	betting       bool
	merchant      bool
	choices       []taxonomy.Code // level-2 codes that the text may choose from instead
}

// typeRule is what an Open Finance type tells of one direction.
type typeRule struct {
	rule       string
	code       taxonomy.Code
	company    taxonomy.Code
	confidence uint16
	bare       uint16          // of a rail, when the text names nobody; 0 when the same
	rail       bool            // the type is only a rail: asked in the second round
	choices    []taxonomy.Code // codes and level-2 codes that the text may choose from
}

// typeTable holds the rules of account entries (0) and card lines (1) by type.
type typeTable [2]map[string]*typeRules

// typeRules are the rules of one type by direction, and by detail where the
// detail tells more.
type typeRules struct {
	plain   [2]*typeRule
	details map[string]*[2]*typeRule
}

func loadTypes() typeTable {
	t := typeTable{{}, {}}
	for _, r := range openRows("types.tsv") {
		name, detail := r.get("type"), r.get("detail")
		rule := &typeRule{
			rule:       "structure/type-" + strings.ReplaceAll(slug(name+" "+detail), "_", "-"),
			code:       r.code("code"),
			company:    r.code("company"),
			confidence: uint16(r.number("confidence", 0)),
			bare:       uint16(r.number("bare", 0)),
			rail:       r.get("stage") == "rail",
			choices:    choices(r.list("choices")),
		}
		table := t[0]
		if r.get("source") == "card" {
			table = t[1]
		}
		rules := table[name]
		if rules == nil {
			rules = &typeRules{details: make(map[string]*[2]*typeRule)}
			table[name] = rules
		}
		sides := &rules.plain
		if detail != "" {
			sides = rules.details[detail]
			if sides == nil {
				sides = new([2]*typeRule)
				rules.details[detail] = sides
			}
		}
		sides[side(r.get("dir") == "C")] = rule
	}
	return t
}

// choices reads level-2 codes (0507) and codes (050401).
func choices(list []string) []taxonomy.Code {
	var codes []taxonomy.Code
	for _, s := range list {
		pad := s
		if len(s) == 4 {
			pad = "00" + s
		}
		code, ok := taxonomy.ParseCode(pad)
		if !ok {
			panic("classify: " + s + " is no code")
		}
		codes = append(codes, code)
	}
	return codes
}

// among reports whether a code is one of the choices or in a group of them.
func among(code taxonomy.Code, choices []taxonomy.Code) bool {
	for _, c := range choices {
		if c == code || uint32(c) == code.Group() {
			return true
		}
	}
	return false
}

func side(credit bool) int {
	if credit {
		return 0
	}
	return 1
}

// rule returns what the type of a movement tells, nil when nothing.
func (t *typeTable) rule(e *entry) *typeRule {
	if e.Type == "" {
		return nil
	}
	table := t[0]
	if e.Source == Card {
		table = t[1]
	}
	rules := table[e.Type]
	if rules == nil {
		return nil
	}
	if e.Detail != "" {
		if sides := rules.details[e.Detail]; sides != nil && sides[side(e.Credit)] != nil {
			return sides[side(e.Credit)]
		}
	}
	return rules.plain[side(e.Credit)]
}

// companyKey is a category of the person's tree and a direction.
type companyKey struct {
	code   taxonomy.Code
	credit bool
}

func loadCompany() map[companyKey]taxonomy.Code {
	t := make(map[companyKey]taxonomy.Code)
	for _, r := range openRows("company.tsv") {
		t[companyKey{r.code("code"), r.get("dir") == "C"}] = r.code("company")
	}
	return t
}

func loadRoots(roots map[string]root) {
	for _, r := range openRows("roots.tsv") {
		key := r.get("cnpj")[:8]
		roots[key] = root{
			rule:    "structure/counterparty-" + r.get("id"),
			credit:  evidence{code: r.code("credit"), confidence: uint16(r.number("confidence", 0))},
			debit:   evidence{code: r.code("debit"), confidence: uint16(r.number("confidence", 0))},
			choices: choices(r.list("choices")),
		}
	}
}

// roleCodes are the categories of roles that the ledger settled before.
// A reversal and a contract keep the category that their own text and type give.
func roleCode(e *entry) taxonomy.Code {
	switch e.Role {
	case ledger.RoleOwnTransfer:
		return ownTransfer(e.Type)
	case ledger.RoleSweep:
		if e.Credit {
			return 10505
		}
		return 50305
	case ledger.RoleBillPayment:
		if !e.Credit {
			return 60201
		}
		return 60202
	}
	return 0
}

// ownTransfer is the category of money between accounts of one holder.
func ownTransfer(ofbType string) taxonomy.Code {
	if ofbType == "PIX" {
		return taxonomy.PixOwn
	}
	return taxonomy.TedOwn
}

// isOwn reports whether the counterparty is the holder: the same CPF, or a CNPJ
// of the same company.
func (e *entry) isOwn() bool {
	if e.ownText {
		return true
	}
	if e.Holder == "" || len(e.Holder) != len(e.Partie) {
		return false
	}
	if len(e.Holder) == 14 {
		return e.Holder[:8] == e.Partie[:8]
	}
	return e.Holder == e.Partie
}

// isOwner reports whether the counterparty is a partner of the holding company.
func (e *entry) isOwner() bool {
	if e.Partie == "" {
		return false
	}
	for i := range e.owners {
		if e.owners[i].Type == "SOCIO" && e.owners[i].DocumentNumber == e.Partie {
			return true
		}
	}
	return false
}

// isTransfer reports whether the rail moves money between accounts.
func isTransfer(ofbType string) bool {
	switch ofbType {
	case "PIX", "TED", "DOC", "TRANSFERENCIA_MESMA_INSTITUICAO":
		return true
	}
	return false
}

// isCPF reports whether the counterparty is known to be a person.
func (e *entry) isCPF() bool {
	return len(e.Partie) == 11 || e.Partie == "" && e.person == "PESSOA_NATURAL"
}

// isCNPJ reports whether the counterparty is known to be a company.
func (e *entry) isCNPJ() bool {
	return len(e.Partie) == 14 || e.Partie == "" && e.person == "PESSOA_JURIDICA"
}

// isPurchase reports whether the movement went over a card, so that a credit
// from a merchant is a purchase that came back.
func (e *entry) isPurchase() bool { return e.Source == Card || e.Type == "CARTAO" }

// cameBack reports whether the movement is a credit over a card: money from a
// merchant is then a purchase that came back, no earning.
func (e *entry) cameBack() bool { return e.Credit && e.isPurchase() }

// fromMerchant returns what a movement with a merchant tells, where x is what
// the merchant's own row says.
func (e *entry) fromMerchant(x evidence) evidence {
	if e.cameBack() {
		return evidence{code: refund, confidence: 800}
	}
	return x
}

// ownersPay is what the text may call a payment to a partner of the company that
// is no share of its profit.
var ownersPay = []taxonomy.Code{80202}

// earned reports whether a category is money that platforms pay out.
func earned(code taxonomy.Code) bool { return code == gig || code == marketplace || code == rent }

// readDocument looks for the counterparty's document in the text: banks write a
// CNPJ in full and mask a CPF (•••.123.456-••), of which the six digits still tell
// whether it is the holder's. It counts where the entry has none of its own. What
// stands behind the document names the counterparty's bank and branch: it is cut
// off, as a PIX to somebody at a lender's bank is no loan.
func (e *entry) readDocument() {
	if e.Source == Card {
		return
	}
	for i := 0; i < len(e.Text); i++ {
		n := strings.IndexByte(e.Text[i:], '-')
		if n < 0 {
			return
		}
		i += n
		before := e.Text[:i]
		if hasShape(before, "AA.AAA.AAA/AAAA") {
			if e.Partie == "" {
				at := before[len(before)-len("AA.AAA.AAA/AAAA"):]
				e.root = [8]byte{at[0], at[1], at[3], at[4], at[5], at[7], at[8], at[9]}
				e.person = "PESSOA_JURIDICA"
				e.ownText = len(e.Holder) == 14 && string(e.root[:]) == e.Holder[:8]
			}
			e.cutBank(i)
			return
		}
		if hasShape(before, ".000.000") {
			if e.Partie == "" {
				at := before[len(before)-len("000.000"):]
				e.person = "PESSOA_NATURAL"
				e.ownText = len(e.Holder) == 11 && at[:3] == e.Holder[3:6] && at[4:] == e.Holder[6:9]
			}
			e.cutBank(i)
			return
		}
	}
}

// cutBank cuts the counterparty's bank and branch off the text, where they stand
// behind the document that ends after text[at].
func (e *entry) cutBank(at int) {
	if strings.Contains(e.Text[at:], " AGENCIA") {
		e.Text = e.Text[:at]
	}
}

// hasShape reports whether s ends like shape, in which 0 stands for a digit and A
// for a digit or capital.
func hasShape(s, shape string) bool {
	if len(s) < len(shape) {
		return false
	}
	s = s[len(s)-len(shape):]
	for i := range len(shape) {
		switch shape[i] {
		case '0':
			if !isDigit(s[i]) {
				return false
			}
		case 'A':
			if !isDigit(s[i]) && (s[i] < 'A' || s[i] > 'Z') {
				return false
			}
		default:
			if s[i] != shape[i] {
				return false
			}
		}
	}
	return true
}
