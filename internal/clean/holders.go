package clean

import (
	"fmt"
	"strings"

	"github.com/openklaas/klaas/internal/institution"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/setting"
	"github.com/openklaas/klaas/internal/text"
	"github.com/openklaas/klaas/openfinance"
)

// addHolders adds the accounts, then the cards, in document order, and the
// institutions they are at: one per root of companyCnpj, in the order of first
// appearance.
func addHolders(l *ledger.Ledger, o Options) []openfinance.Problem {
	doc := l.Document
	h := newHolders(l)
	var problems []openfinance.Problem
	l.Accounts = make([]ledger.Account, 0, len(doc.Accounts))
	for i := range doc.Accounts {
		a := &doc.Accounts[i]
		kind, known := accountKind(a.Type)
		if !known {
			problems = append(problems, openfinance.Problem{
				Path:     fmt.Sprintf("accounts[%d].type", i),
				Message:  "is not a known account type, treated as CONTA_DEPOSITO_A_VISTA: send CONTA_DEPOSITO_A_VISTA, CONTA_POUPANCA or CONTA_PAGAMENTO_PRE_PAGA",
				Severity: openfinance.Warning,
				Section:  openfinance.SectionAccounts,
			})
		}
		at := h.institution(a.CompanyCNPJ, a.CompeCode, a.BrandName)
		l.Institutions[at].Accounts = append(l.Institutions[at].Accounts, int32(i))
		l.Accounts = append(l.Accounts, ledger.Account{
			Source:      a,
			Kind:        kind,
			Institution: at,
			BacenName:   bacenName(a.CompeCode, a.CompanyCNPJ, a.BrandName),
			Company:     h.company.holds(a.CompanyCNPJ, a.BrandName),
			Share:       share(a.Subtype, o.Joint),
		})
	}
	l.Cards = make([]ledger.Card, 0, len(doc.CreditCards))
	for i := range doc.CreditCards {
		c := &doc.CreditCards[i]
		at := h.institution(c.CompanyCNPJ, "", c.BrandName)
		l.Institutions[at].Cards = append(l.Institutions[at].Cards, int32(i))
		l.Cards = append(l.Cards, ledger.Card{
			Source:      c,
			Institution: at,
			BacenName:   bacenName("", c.CompanyCNPJ, c.BrandName),
			Company:     h.company.holds(c.CompanyCNPJ, c.BrandName),
		})
	}
	return problems
}

// accountKind tells the kind by type. An unknown type is a checking account, so
// that its money is not lost from figures.
func accountKind(accountType string) (kind ledger.AccountKind, known bool) {
	switch accountType {
	case "CONTA_DEPOSITO_A_VISTA":
		return ledger.Checking, true
	case "CONTA_PAGAMENTO_PRE_PAGA":
		return ledger.Prepaid, true
	case "CONTA_POUPANCA":
		return ledger.Savings, true
	}
	return ledger.Checking, false
}

// share is the joint account policy, applied to one account. It stands on the
// account and is applied by figures: the statement products print what was
// received, whatever the policy.
func share(subtype string, policy setting.JointPolicy) ledger.Share {
	if !strings.HasPrefix(subtype, "CONJUNTA") {
		return ledger.ShareWhole
	}
	switch policy {
	case setting.JointHalf:
		return ledger.ShareHalf
	case setting.JointExclude:
		return ledger.ShareNone
	}
	return ledger.ShareWhole
}

// holders tells where something is held, and whose it is.
type holders struct {
	l       *ledger.Ledger
	index   map[string]int32 // into Ledger.Institutions, by institutionKey
	company companyHolder
}

// newHolders knows the institutions that the ledger has.
func newHolders(l *ledger.Ledger) *holders {
	h := &holders{l: l, index: make(map[string]int32), company: companyBrands(l.Document, &l.Person)}
	for i := range l.Institutions {
		in := &l.Institutions[i]
		compe := in.Code
		if compe == in.CNPJ {
			compe = ""
		}
		h.index[institutionKey(in.CNPJ, compe, in.BrandName)] = int32(i)
	}
	return h
}

// institution returns the index of the institution of an account, card, contract
// or holding. One that the ledger does not have yet is added.
func (h *holders) institution(cnpj, compe, brand string) int32 {
	key := institutionKey(cnpj, compe, brand)
	if at, known := h.index[key]; known {
		return at
	}
	code := compe
	if code == "" {
		code = cnpj
		if bank, ok := institution.ByCNPJ(cnpj); ok && bank.Compe != "" {
			code = bank.Compe
		}
	}
	at := int32(len(h.l.Institutions))
	h.index[key] = at
	h.l.Institutions = append(h.l.Institutions, ledger.Institution{
		Root:      institution.Root(cnpj),
		CNPJ:      cnpj,
		Code:      code,
		BrandName: brand,
		BacenName: bacenName(compe, cnpj, brand),
	})
	return at
}

// institutionKey is the root of the CNPJ. Without a CNPJ, which every version of
// the interface requires, the COMPE code or else the brand stands for it.
func institutionKey(cnpj, compe, brand string) string {
	switch root := institution.Root(cnpj); {
	case root != "":
		return "cnpj " + root
	case compe != "":
		return "compe " + compe
	}
	return "brand " + text.Normalise(brand)
}

// bacenName is the institution's name at the Central Bank: by COMPE code, then
// by CNPJ, else the brand name.
func bacenName(compe, cnpj, brand string) string {
	if bank, ok := institution.ByCompe(compe); ok {
		return bank.LongName
	}
	if bank, ok := institution.ByCNPJ(cnpj); ok {
		return bank.LongName
	}
	return brand
}

// companyHolder tells which accounts, cards, contracts and holdings belong to the
// company of the document. Open Finance does not name the holder of an account,
// but each institution identifies the customer who consented: one that sent only
// a business identification holds the company's money. All else is the person's,
// or the company's where there is no person.
type companyHolder struct {
	all    bool
	brands map[string]bool // institutionKey of those with a business identification only
}

func companyBrands(doc *openfinance.Document, p *ledger.Person) companyHolder {
	isPerson := p.CPF != "" || len(doc.PersonalIdentifications) > 0
	isCompany := p.CNPJ != "" || len(doc.BusinessIdentifications) > 0
	c := companyHolder{all: isCompany && !isPerson}
	if !isCompany || !isPerson {
		return c
	}
	c.brands = make(map[string]bool)
	for i := range doc.BusinessIdentifications {
		b := &doc.BusinessIdentifications[i]
		c.set(b.CompanyCNPJ, b.BrandName, true)
	}
	for i := range doc.PersonalIdentifications {
		n := &doc.PersonalIdentifications[i]
		c.set(n.CompanyCNPJ, n.BrandName, false)
	}
	return c
}

// set notes an identification under the institution's CNPJ and its brand name,
// as accounts may share only one of the two with it.
func (c *companyHolder) set(cnpj, brand string, company bool) {
	if cnpj != "" {
		c.brands[institutionKey(cnpj, "", "")] = company
	}
	if brand != "" {
		c.brands[institutionKey("", "", brand)] = company
	}
}

func (c *companyHolder) holds(cnpj, brand string) bool {
	if c.all || c.brands == nil {
		return c.all
	}
	if company, known := c.brands[institutionKey(cnpj, "", brand)]; known {
		return company
	}
	return c.brands[institutionKey("", "", brand)]
}
