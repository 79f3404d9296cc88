// Package bets is the list of the betting operators that the Ministry of Finance
// has licensed, and the names by which statements tell of them.
//
// The classifier files entries by it ([Names], [ByCNPJ]) and reports name operators
// by it ([Named]), so both know the same ones. Short brands and brands that are
// ordinary words count only with the word BET or as a domain.
package bets

import (
	"crypto/sha256"
	_ "embed" // the tables
	"encoding/csv"
	"regexp"
	"strings"
	"sync"

	"github.com/openklaas/klaas/internal/text"
)

//go:embed operators.csv
var operators string

//go:embed words.tsv
var words string

// Operator is a licensed company.
type Operator struct {
	CNPJ    string // 14 digits
	Company string // as in the licence
	Brands  []string
	Domains []string
}

// Name is a way to tell of betting: whole words of a normalised text.
type Name struct {
	Words    string // A–Z and digits with single blanks between them
	Kind     NameKind
	Brand    string    // as in the licence; "" for a name that is no brand's
	Operator *Operator // nil for the ending of all domains
}

// NameKind says what a name is.
type NameKind uint8

// The kinds.
const (
	Company     NameKind = iota // of an operator, without its legal form, or a short one
	Brand                       // by itself
	BrandAndBet                 // a brand that counts only with the word BET
	Domain                      // BET BR, which ends every domain
)

// Names lists every name, company by company in the order of the list.
func Names() []Name { return list().names }

// Operators lists every operator in the order of the list.
func Operators() []Operator { return list().operators }

// ByCNPJ returns the operator with the root (the first 8 characters) of a CNPJ, nil
// for none.
func ByCNPJ(cnpj string) *Operator {
	if len(cnpj) < rootLength {
		return nil
	}
	return list().byRoot[cnpj[:rootLength]]
}

const rootLength = 8

// Named returns the operator that a normalised text names by company, brand or
// domain, the longest name first; nil for none.
func Named(normalised string) *Operator {
	said := " " + wordsOf(gluedDay.ReplaceAllString(normalised, "$1 $2")) + " "
	var found *Operator
	longest := 0
	for _, known := range [][]Name{list().names, list().domains} {
		for i := range known {
			n := &known[i]
			if n.Operator != nil && len(n.Words) > longest && strings.Contains(said, " "+n.Words+" ") {
				found, longest = n.Operator, len(n.Words)
			}
		}
	}
	return found
}

// gluedDay is the day that some banks write right behind a cut name: GAMI23/03.
var gluedDay = regexp.MustCompile(`([A-Z])([0-9]{2}/[0-9]{2})`)

// Hash tells the content of the tables: two programs with the same hash know the
// same names.
func Hash() [sha256.Size]byte { return sha256.Sum256([]byte(operators + words)) }

type tables struct {
	operators []Operator
	byRoot    map[string]*Operator
	names     []Name
	domains   []Name // whole ones: the ending alone already tells of betting
}

var list = sync.OnceValue(func() *tables {
	records, err := csv.NewReader(strings.NewReader(operators)).ReadAll()
	if err != nil {
		panic("bets: operators.csv: " + err.Error())
	}
	t := &tables{operators: make([]Operator, len(records)-1), byRoot: make(map[string]*Operator)}
	special, short := readWords()
	for i, r := range records[1:] {
		o := &t.operators[i]
		*o = Operator{CNPJ: r[0], Company: r[1], Brands: split(r[2]), Domains: split(r[3])}
		t.byRoot[o.CNPJ[:rootLength]] = o
		t.add(o, special)
	}
	for _, name := range short {
		t.names = append(t.names, Name{Words: name, Kind: Company, Operator: t.companyThatBegins(name)})
	}
	t.names = append(t.names, Name{Words: "BET BR", Kind: Domain})
	return t
})

// add enters the names of an operator.
func (t *tables) add(o *Operator, special map[string]string) {
	t.names = append(t.names, Name{Words: withoutForm(o.Company), Kind: Company, Operator: o})
	for _, brand := range o.Brands {
		n := Name{Words: wordsOf(brand), Kind: Brand, Brand: brand, Operator: o}
		if special[n.Words] == "lottery" {
			continue
		}
		if !plain(n.Words) || special[n.Words] == "ordinary" {
			n.Words, n.Kind = n.Words+" BET", BrandAndBet
		}
		t.names = append(t.names, n)
	}
	for _, domain := range o.Domains {
		t.domains = append(t.domains, Name{Words: wordsOf(domain), Kind: Domain, Operator: o})
	}
}

// companyThatBegins returns the operator whose company's name begins with a short
// one, which may end inside a word.
func (t *tables) companyThatBegins(name string) *Operator {
	for i := range t.operators {
		if o := &t.operators[i]; strings.HasPrefix(wordsOf(o.Company), name) {
			return o
		}
	}
	panic("bets: words.tsv: no company's name begins with " + name)
}

// readWords returns which brands are ordinary words or lotteries, and the short
// names of companies.
func readWords() (special map[string]string, short []string) {
	special = make(map[string]string)
	for line := range strings.Lines(words) {
		kind, name, found := strings.Cut(strings.TrimSpace(line), "\t")
		switch {
		case strings.HasPrefix(line, "#"), kind == "kind":
		case found && kind == "company":
			short = append(short, name)
		case found && (kind == "ordinary" || kind == "lottery"):
			special[name] = kind
		default:
			panic("bets: words.tsv: " + line)
		}
	}
	return special, short
}

// plain reports whether a brand is long enough to name the operator by itself: 5
// letters or digits, or KTO.
func plain(brand string) bool {
	return brand == "KTO" || len(strings.ReplaceAll(brand, " ", "")) >= 5
}

// withoutForm returns a company's name without its legal form.
func withoutForm(company string) string {
	w := strings.Fields(wordsOf(company))
	for len(w) > 1 {
		switch last := w[len(w)-1]; {
		case last == "LTDA", last == "LIMITADA", last == "SA", last == "SPE", last == "S":
		case last == "A" && w[len(w)-2] == "S":
		default:
			return strings.Join(w, " ")
		}
		w = w[:len(w)-1]
	}
	return strings.Join(w, " ")
}

func split(s string) []string {
	var parts []string
	for part := range strings.SplitSeq(s, ";") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// wordsOf returns the words of a text in normalised letters with single blanks
// between them.
func wordsOf(s string) string {
	return strings.Join(strings.FieldsFunc(text.Normalise(s), func(r rune) bool {
		return (r < 'A' || r > 'Z') && (r < '0' || r > '9')
	}), " ")
}
