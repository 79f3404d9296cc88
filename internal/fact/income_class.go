package fact

import (
	_ "embed" // the public payers
	"slices"
	"strings"

	"github.com/openklaas/klaas/internal/text"
	"github.com/openklaas/klaas/openfinance"
)

// The types of account entries that prove wages.
const (
	typePayroll     = "FOLHA_PAGAMENTO"
	typePortability = "PORTABILIDADE_SALARIO"
)

const (
	provenMonths = 3 // so many of the newest full months with a payment prove a payer
	provenAmong  = 6
)

//go:embed public_payers.csv
var publicPayersFile string

// publicPayers are the CNPJ roots of public bodies whose payments verify a benefit.
var publicPayers = readPublicPayers(publicPayersFile)

func readPublicPayers(csv string) []string {
	var roots []string
	for i, line := range strings.Split(strings.TrimSpace(csv), "\n") {
		if root, _, _ := strings.Cut(line, ","); i > 0 {
			roots = append(roots, root)
		}
	}
	return roots
}

// payroll is what the registration data tell about who pays the person.
type payroll struct {
	employers []string // roots of the CNPJs in paychecksBankLink and portabilitiesReceived
	own       []string // roots of the person's companies
}

func (f *Facts) payroll() payroll {
	var p payroll
	d := f.Ledger.Document
	for i := range d.PersonalIdentifications {
		for _, cnpj := range d.PersonalIdentifications[i].CompaniesCNPJ {
			p.own = append(p.own, cnpjRoot(cnpj))
		}
	}
	paychecks, portabilities := f.salaryLinks()
	for _, link := range slices.Concat(paychecks, portabilities) {
		if root := cnpjRoot(link.EmployerCnpjCpf); root != "" {
			p.employers = append(p.employers, root)
		}
	}
	return p
}

// cnpjRoot returns the root of a CNPJ, "" of anything else.
func cnpjRoot(document string) string {
	if id := bareTaxID(document); len(id) == cnpjLength {
		return id[:rootLength]
	}
	return ""
}

// mayBeVerified reports whether an entry of a kind is verified by its payer.
func mayBeVerified(e *IncomeEntry) bool {
	return e.Class == EstimatedIncome && (e.Kind == RegularSalary || e.Kind == RetirementPension || e.Kind == GovernmentSupport)
}

// classify finds the entries that structure verifies: their type is payroll or
// portability; or their payer has a CNPJ that is an employer's of the registration
// data or a public payer's, or paid in at least 3 of the newest 6 full months. The
// person's own company never verifies, nor does a text. A bonus is verified with
// the salary of its payer.
func (in *Income) classify() {
	known := in.facts.payroll()
	proven := make([]payerProof, len(in.Streams))
	for i := range in.Streams {
		proven[i] = in.proof(&in.Streams[i], &known)
	}
	employers := make(map[Stream]bool)
	for i := range in.Entries {
		e := &in.Entries[i]
		if !mayBeVerified(e) {
			continue
		}
		proof := unproven
		if e.Stream >= 0 {
			proof = proven[e.Stream]
		}
		if proof == provenPayer || proof == unproven && in.isPayroll(e) {
			e.Class = VerifiedIncome
		}
		if e.Class == VerifiedIncome && e.Kind == RegularSalary && e.Stream >= 0 {
			employers[in.Streams[e.Stream].Stream] = true
		}
	}
	for i := range in.Entries {
		if e := &in.Entries[i]; e.Kind == Bonus && e.Stream >= 0 && employers[in.Streams[e.Stream].Stream] {
			e.Class = VerifiedIncome
		}
	}
}

func (in *Income) isPayroll(e *IncomeEntry) bool {
	t := in.facts.Ledger.Movements[e.Flow.Movement].Entry.Type
	return t == typePayroll || t == typePortability
}

// payerProof says what is known of a payer.
type payerProof uint8

const (
	unproven payerProof = iota // the type of an entry decides
	provenPayer
	ownCompany
)

func (in *Income) proof(s *IncomeStream, known *payroll) payerProof {
	root := s.Stream.Party.Key
	if !s.Stream.Party.ByDocument || len(root) != rootLength {
		return unproven
	}
	switch {
	case slices.Contains(known.own, root):
		return ownCompany
	case slices.Contains(known.employers, root), slices.Contains(publicPayers, root), in.paidMonths(s) >= provenMonths:
		return provenPayer
	}
	return unproven
}

// paidMonths returns in how many of the newest 6 full months a stream has entries.
func (in *Income) paidMonths(s *IncomeStream) int {
	this := in.flows.day.MonthIndex()
	full := in.flows.FullMonths(provenAmong)
	months, last := 0, this
	for _, i := range s.Entries { // newest first
		month := in.flows.dayOfEntry(in.Entries[i].Flow).MonthIndex()
		if month < last && this-month <= full {
			months, last = months+1, month
		}
	}
	return months
}

// household are the streams of transfers that come from the family.
type household map[Stream]bool

const leastSurname = 3 // letters

// household returns the recurrent streams of transfers from natural persons whose
// text holds the last word of the person's civil name.
func (f *Facts) household(transfers []int32, recurrent map[Stream]bool) household {
	words := strings.Fields(text.Normalise(f.Ledger.Person.CivilName))
	if len(words) == 0 || len(recurrent) == 0 {
		return nil
	}
	surname := words[len(words)-1]
	if len([]rune(surname)) < leastSurname {
		return nil
	}
	named, people := make(household), make(map[Stream]bool)
	for _, at := range transfers {
		s, ok := f.Stream(at)
		if !ok || !recurrent[s] {
			continue
		}
		m := &f.Ledger.Movements[at]
		code := m.Decision.Code
		if s.Party.ByDocument && len(s.Party.Key) == cpfLength || m.Entry.PartiePersonType == "PESSOA_NATURAL" || code == 20102 || code == 20202 {
			people[s] = true
		}
		if hasWord(m.Text, surname) {
			named[s] = true
		}
	}
	for s := range named {
		if !people[s] {
			delete(named, s)
		}
	}
	return named
}

// hasWord reports whether a normalised text holds a word whole.
func hasWord(s, word string) bool {
	isWord := func(b byte) bool { return 'A' <= b && b <= 'Z' || '0' <= b && b <= '9' || b >= 0x80 }
	for from := 0; ; {
		at := strings.Index(s[from:], word)
		if at < 0 {
			return false
		}
		at += from
		end := at + len(word)
		if (at == 0 || !isWord(s[at-1])) && (end == len(s) || !isWord(s[end])) {
			return true
		}
		from = at + 1
	}
}

// salaryLinks returns the employers of the registration data. On an older day those
// that came later do not exist.
func (f *Facts) salaryLinks() (paychecks, portabilities []*openfinance.SalaryLink) {
	add := func(list *[]*openfinance.SalaryLink, links []openfinance.SalaryLink) {
		for i := range links {
			if !f.Ledger.Replay || dayOfDate(links[i].Date) <= f.Ledger.Day {
				*list = append(*list, &links[i])
			}
		}
	}
	d := f.Ledger.Document
	for i := range d.PersonalRelations {
		add(&paychecks, d.PersonalRelations[i].PaychecksBankLinks)
		add(&portabilities, d.PersonalRelations[i].PortabilitiesReceived)
	}
	return paychecks, portabilities
}
