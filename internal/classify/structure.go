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
	rail       bool            // the type is only a rail: asked in the second round
	choices    []taxonomy.Code // codes and level-2 codes that the text may choose from
}

// typeTable holds the rules by source, type and detail ("" for any).
type typeTable map[typeKey][2]*typeRule

type typeKey struct {
	card         bool
	name, detail string
}

func loadTypes() typeTable {
	t := make(typeTable)
	for _, r := range openRows("types.tsv") {
		rule := &typeRule{
			rule:       "structure/type-" + strings.ReplaceAll(slug(r.get("type")+" "+r.get("detail")), "_", "-"),
			code:       r.code("code"),
			company:    r.code("company"),
			confidence: uint16(r.number("confidence", 0)),
			rail:       r.get("stage") == "rail",
			choices:    choices(r.list("choices")),
		}
		key := typeKey{r.get("source") == "card", r.get("type"), r.get("detail")}
		rules := t[key]
		rules[side(r.get("dir") == "C")] = rule
		t[key] = rules
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
func (t typeTable) rule(e *entry) *typeRule {
	if e.ofbType == "" {
		return nil
	}
	card := e.source == sourceCard
	if e.detail != "" {
		if rules, ok := t[typeKey{card, e.ofbType, e.detail}]; ok {
			if r := rules[side(e.credit)]; r != nil {
				return r
			}
		}
	}
	rules := t[typeKey{card, e.ofbType, ""}]
	return rules[side(e.credit)]
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
	switch e.role {
	case ledger.RoleOwnTransfer:
		return ownTransfer(e.ofbType)
	case ledger.RoleSweep:
		if e.credit {
			return 10505
		}
		return 50305
	case ledger.RoleBillPayment:
		if !e.credit {
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
	if e.own == "" || len(e.own) != len(e.partie) {
		return false
	}
	if len(e.own) == 14 {
		return e.own[:8] == e.partie[:8]
	}
	return e.own == e.partie
}

// isOwner reports whether the counterparty is a partner of the holding company.
func (e *entry) isOwner() bool {
	if e.partie == "" {
		return false
	}
	for i := range e.owners {
		if e.owners[i].Type == "SOCIO" && e.owners[i].DocumentNumber == e.partie {
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
	return len(e.partie) == 11 || e.partie == "" && e.person == "PESSOA_NATURAL"
}

// isCNPJ reports whether the counterparty is known to be a company.
func (e *entry) isCNPJ() bool {
	return len(e.partie) == 14 || e.partie == "" && e.person == "PESSOA_JURIDICA"
}

// isPurchase reports whether the movement went over a card, so that a credit
// from a merchant is a purchase that came back.
func (e *entry) isPurchase() bool { return e.source == sourceCard || e.ofbType == "CARTAO" }
