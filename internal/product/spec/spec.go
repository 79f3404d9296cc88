// Package spec says what a report product is.
//
// A product is one folder under internal/product with a function Product() that
// returns a [*Product], and a field table fields.tsv. Its pf_ and pj_ twins
// share the folder. Everything that lists products (console, OpenAPI, command
// line, documentation, JSON Schema) is derived from the descriptor.
package spec

import (
	"slices"
	"strings"

	"github.com/openklaas/klaas/internal/encode"
	"github.com/openklaas/klaas/internal/fact"
	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/setting"
)

// Kind says whose product it is.
type Kind uint8

// The kinds.
const (
	PF Kind = iota // a person: pf_ names
	PJ             // a company: pj_ names
)

// Prefix returns "pf_" or "pj_".
func (k Kind) Prefix() string {
	if k == PJ {
		return "pj_"
	}
	return "pf_"
}

// Version is a report version.
type Version string

// The versions.
const (
	V1  Version = "V1"   // tax ids plain
	V11 Version = "V1.1" // tax ids encrypted
	V2  Version = "V2"   // analytic products: V1 plus our fields and extension blocks; products in the old envelope: V1 in camelCase
)

// Sections are the sections of the document that a product reads. Order is that
// of messages.
type Sections struct {
	Required []string
	Further  []string
	// EmptyIsAbsent is set where the body is one record: a required section
	// without any counts as absent, as there is nothing to show.
	EmptyIsAbsent bool
}

// Permission is a group of links[].consents[].permissions with the sections that grant it.
type Permission struct {
	Group    string // such as ACCOUNTS_ALL
	Sections []string
}

// Text is a text in both languages of the console.
type Text struct{ PT, EN string }

// Product describes one report product and writes its body.
type Product struct {
	Order          int      // place in the catalogue; steps of 10 leave room
	Name           string   // without prefix: checking_account
	Kinds          []Kind   // PF, PJ or both
	Aliases        []string // other names accepted on input, without prefix
	BodyKey        string   // the key of the body beside the envelope
	Versions       []Version
	Title, Purpose Text
	Analytic       bool // user level: computed figures
	PerInstitution bool // one report per institution always

	Sections    func(Kind) Sections
	Permissions []Permission
	IDsTwice    bool    // links have their ids under accountIds and accountId, as samples of such products differ
	Fields      []Field // in output order, from fields.tsv
	Empty       string  // the body of a 5xxx report, JSON; "": see EmptyBody

	// Sentinels are what required numbers of that body are instead of null, by path.
	Sentinels map[string]int64

	// Write appends the value of BodyKey.
	Write func(*encode.Writer, *Input)
	// Parts returns how many reports a PerInstitution product makes; nil: one
	// per institution with accounts or cards that it reads.
	Parts func(*Input) int
	// Code returns a code of the product's own and its message, which go before what
	// the sections allow; 0: there is none. A report with a code of 5100 or more has
	// a body. nil: the product has no code of its own.
	Code func(*Input) (code int, message string)
	// Keeper returns the institution that a part is about, which links name alone;
	// nil: the product has no parts, or which institution it is is not known.
	Keeper func(*Input) *ledger.Institution
	// Legacy is set where the report has the old envelope; nil: the current one.
	Legacy *Legacy
}

// Legacy describes a product in the envelope of Klavi's first API (2022). Its
// name has no prefix, so it is of one kind. It is made by institution, tax ids
// are plain in every version, every key is always written, and a number that is
// not available is -1.
type Legacy struct {
	BodyKeyV2 string // the body's key in V2; "": the product has no V2
	// NamesFirst is set where the report is about the whole person and names the first
	// account of the document, the order of which is information then.
	NamesFirst bool
	// Lists reports whether the report lists any account or card; nil: listing
	// them is not what the product does.
	Lists func(*Input) bool
	// Institution returns the code of the institution that a part is about and
	// its place, from 1; nil: it is that of Input.Institution.
	Institution func(*Input) (code string, place int)
}

// FullName returns the name of the product's reports: with the prefix of the
// kind, but for a legacy product.
func (p *Product) FullName(k Kind) string { return p.fullName(k, p.Name) }

// OtherNames returns the aliases in full.
func (p *Product) OtherNames(k Kind) []string {
	names := make([]string, len(p.Aliases))
	for i, alias := range p.Aliases {
		names[i] = p.fullName(k, alias)
	}
	return names
}

func (p *Product) fullName(k Kind, name string) string {
	if p.Legacy != nil {
		return name
	}
	return k.Prefix() + name
}

// Folder returns the product's folder under internal/product: its name in one
// word, behind "legacy" for a legacy product.
func (p *Product) Folder() string {
	folder := strings.ReplaceAll(p.Name, "_", "")
	if p.Legacy != nil {
		return "legacy" + folder
	}
	return folder
}

// BodyKeyOf returns the key of the body in a version.
func (p *Product) BodyKeyOf(v Version) string {
	if p.Legacy != nil && v == V2 {
		return p.Legacy.BodyKeyV2
	}
	return p.BodyKey
}

// Encrypts reports whether a version shows tax ids encrypted.
func (p *Product) Encrypts(v Version) bool { return p.Legacy == nil && v == V11 }

// Field is one row of a product's field table.
type Field struct {
	// Path has dots and [] from the body key of its versions on, which has a row of its own:
	// checkingAccounts, checkingAccounts[].balances.availableAmount. A row below
	// a money is a key that it has beside amount and currency.
	Path string
	Type string // string, number, boolean, object, array (of texts, where no row lies below), money, number or string; in the table "number or null" and so on where Null is set
	// Numbers is set of an array of numbers; in the table "array of number".
	Numbers bool
	// Required keys are always written: absent texts as "", lists as [], objects
	// as {}. A required number, boolean or money without source is left out, or null where
	// Null is set; in a legacy product such a number is -1.
	Required bool
	Enum     []string  // the values that Open Finance Brasil or klaas know
	Versions []Version // nil: all of the product
	Kinds    []Kind    // nil: both
	Null     bool      // the value may be null: it cannot be known
	Evidence string    // letters of the envelope's legend: D S L I O V P X
	Meaning  string
}

// Applies reports whether the field is part of a kind and version.
func (f *Field) Applies(k Kind, v Version) bool {
	return (f.Kinds == nil || slices.Contains(f.Kinds, k)) && (f.Versions == nil || slices.Contains(f.Versions, v))
}

// Extra reports whether the field is ours alone, dropped by strictShape.
func (f *Field) Extra() bool {
	for i := range len(f.Evidence) {
		if f.Evidence[i] == 'X' {
			return true
		}
	}
	return false
}

// Shows reports whether a report made from in has the field.
func (in *Input) Shows(f *Field) bool {
	if in.Strict() && f.Extra() {
		return false
	}
	return f.Applies(in.Kind, in.Version)
}

// Strict reports whether our extra keys are left out.
func (in *Input) Strict() bool { return in.Settings.StrictShape && in.Version != V2 }

// Extended reports whether the report of a product has the extension blocks: by
// default only in V2, else as the setting says for the product, else for "all".
func (in *Input) Extended(p *Product) bool {
	if in.Strict() {
		return false
	}
	on, set := in.Settings.Extensions[p.FullName(in.Kind)]
	if !set {
		on, set = in.Settings.Extensions["all"]
	}
	if !set {
		return in.Version == V2
	}
	return on
}

// Company reports whether the report is about a company.
func (in *Input) Company() bool { return in.Kind == PJ }

// Input is what a product writes its body from.
type Input struct {
	Facts    *fact.Facts
	Kind     Kind
	Version  Version
	Settings *setting.Settings
	// Institution restricts the report to Ledger.Institutions[Institution]; −1: all.
	Institution int
	// Part is the ordinal of a PerInstitution report, from 0.
	Part int
	// Seal writes a tax id as this version shows it: itself in V1, encrypted in
	// V1.1. "" stays "".
	Seal func(taxID string) string
	// Notes takes what an analytic product tells about its figures; nil when the
	// report has no extension blocks.
	Notes *Notes
}
