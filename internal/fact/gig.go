package fact

import (
	_ "embed" // the platforms
	"slices"
	"strings"

	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/taxonomy"
)

// Gig is what ride, delivery, service and lodging platforms pay a person: credits of
// checking accounts in 010106, or of a payer in the table of platforms, without own
// transfers and reversals; of a credit that went back in part the rest.
type Gig struct {
	Known     bool   // there is a checking account
	Paid      Traces // all of it, of any age
	Platforms []GigPlatform
}

// GigPlatform is what one platform of the table pays. What names none is in
// [Gig.Paid] alone.
type GigPlatform struct {
	Name string
	Kind string // RIDE, DELIVERY, SERVICES, LODGING
	Paid Traces
}

//go:embed gig_platforms.tsv
var gigPlatformsFile string

// gigPlatform is a row of the table.
type gigPlatform struct {
	name, kind   string
	roots, names []string
}

var gigPlatforms = readGigPlatforms(gigPlatformsFile)

func readGigPlatforms(tsv string) []gigPlatform {
	var rows []gigPlatform
	list := func(cell string) []string {
		return strings.FieldsFunc(cell, func(r rune) bool { return r == '|' })
	}
	for line := range strings.Lines(tsv) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if line[0] == '#' || cells[0] == "platform" {
			continue
		}
		rows = append(rows, gigPlatform{cells[0], cells[1], list(cells[2]), list(cells[3])})
	}
	return rows
}

// gigEconomy is the category of what platforms pay.
const gigEconomy taxonomy.Code = 10106

// Gig returns what platforms pay the person: those that ever paid, in the order of
// the table.
func (f *Facts) Gig() *Gig {
	if f.gig == nil {
		f.gig = f.newGig()
	}
	return f.gig
}

func (f *Facts) newGig() *Gig {
	g, flows := &Gig{Known: f.HasChecking(false)}, f.Flows(false)
	paid := make([]Traces, len(gigPlatforms))
	for i := range flows.Entries {
		e := &flows.Entries[i]
		m := &f.Ledger.Movements[e.Movement]
		if !e.Classes.Has(CashInflow) || IsOwnTransfer(m) || isWhollyReversal(m) {
			continue
		}
		platform := -1
		if !isRefund(m.Decision.Code) {
			platform = platformOf(m)
		}
		if platform < 0 && m.Decision.Code != gigEconomy {
			continue
		}
		t := Trace{Item{Index: e.Movement, Amount: e.Amount - e.Returned}, flows.dayOf(i)}
		g.Paid = append(g.Paid, t)
		if platform >= 0 {
			paid[platform] = append(paid[platform], t)
		}
	}
	for i, traces := range paid {
		if len(traces) > 0 {
			g.Platforms = append(g.Platforms, GigPlatform{gigPlatforms[i].name, gigPlatforms[i].kind, traces})
		}
	}
	return g
}

// isRefund reports whether a category is that of money that came back: a ride paid
// and returned is no work, though the ledger may not know the payment.
func isRefund(c taxonomy.Code) bool { return c.Group() == 206 || c == 10605 || c == 60301 }

// platformOf returns the row of the platform that pays: by the CNPJ of the payer,
// else by a name in the text, unless the payer is a natural person, who may be
// called like a platform; −1 for none.
func platformOf(m *ledger.Movement) int {
	id := bareTaxID(m.PartieTaxID())
	if len(id) == cnpjLength {
		root := id[:rootLength]
		if at := slices.IndexFunc(gigPlatforms, func(p gigPlatform) bool { return slices.Contains(p.roots, root) }); at >= 0 {
			return at
		}
	}
	if len(id) == cpfLength || m.Entry.PartiePersonType == "PESSOA_NATURAL" {
		return -1
	}
	return slices.IndexFunc(gigPlatforms, func(p gigPlatform) bool {
		return slices.ContainsFunc(p.names, func(name string) bool { return hasWord(m.Text, name) })
	})
}
