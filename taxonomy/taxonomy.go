// Package taxonomy is the category tree of Brazilian bank movements.
//
// Every category has a six-digit [Code], two digits a level, and names in
// Portuguese and English for its three levels. [Lookup] finds one, [All] lists
// them. The tree of a person has 170 categories under six tops; categories
// marked Company extend it for CNPJ holders. Formulas always use the code that
// was decided; what a report prints is [Printed].
//
// Codes are never renumbered or reused: a new category gets a new code and a
// new [Version].
package taxonomy

import (
	"bytes"
	_ "embed" // the tree
	"encoding/csv"
	"fmt"
	"strings"
	"sync"
)

// Version names the tree and its mappings. It changes when either does.
func Version() string { return "2026.1" }

// Name is a display name in two languages.
type Name struct {
	PT string // as reports print it
	EN string
}

// Direction says which movements a category may hold.
type Direction string

// The directions.
const (
	Credits Direction = "C"
	Debits  Direction = "D"
	Both    Direction = "C/D"
)

// Allows reports whether a movement in that direction may have the category
// without being the return of another.
func (d Direction) Allows(credit bool) bool {
	return d == Both || credit == (d == Credits)
}

// Status says where a category's name comes from.
type Status string

// The statuses.
const (
	Found    Status = "found"    // seen in public material
	FoundV1  Status = "found-v1" // seen as a name of the older one-level list
	Proposed Status = "proposed" // ours
)

// Category is one leaf of the tree.
type Category struct {
	Code                   Code
	Level1, Level2, Level3 Name
	Direction              Direction
	Company                bool   // part of the extension for CNPJ holders
	Status                 Status // of the whole path
	Level2Status           Status
	Plaid                  string // Personal Finance Category v2, detailed; {IN,OUT} stands for the direction; "" for company categories
	Pluggy                 string // category id: eight digits, insurance nine; "" for company categories
	Belvo                  string // category, or category / subcategory; "" for company categories

	// PrintedAs is what a report prints when the company tree is off: Code
	// itself for a person's category. 0 when it depends on the movement.
	PrintedAs Code

	fallback Code // of a category printed by its rail: when the rail tells nothing; 0 for the own-account transfer
}

// PlaidDetailed returns the Plaid value for a direction, such as
// TRANSFER_IN_WIRE for a credit.
func (c Category) PlaidDetailed(credit bool) string {
	side := "OUT"
	if credit {
		side = "IN"
	}
	return strings.Replace(c.Plaid, "{IN,OUT}", side, 1)
}

//go:embed tree.csv
var treeCSV []byte

type index struct {
	all    []Category
	byCode map[Code]int
}

// tree is read once, on first use. The data is embedded and tested, so a fault
// in it is a fault of the program.
var tree = sync.OnceValue(func() *index {
	t := &index{byCode: make(map[Code]int)}
	for _, r := range records(treeCSV) {
		c := Category{
			Code:   mustCode(r[0]),
			Level1: Name{r[1], r[4]}, Level2: Name{r[2], r[5]}, Level3: Name{r[3], r[6]},
			Direction: Direction(r[7]), Status: Status(r[8]), Level2Status: Status(r[9]),
			Plaid: r[10], Pluggy: r[11], Belvo: r[12],
			Company: r[13] != "",
		}
		switch rail, byRail := strings.CutPrefix(r[13], "rail:"); {
		case byRail:
			c.fallback = mustCode(rail)
		case r[13] == "own":
		case r[13] == "":
			c.PrintedAs = c.Code
		default:
			c.PrintedAs = mustCode(r[13])
		}
		t.byCode[c.Code] = len(t.all)
		t.all = append(t.all, c)
	}
	return t
})

// records returns the rows of an embedded table without its header.
func records(table []byte) [][]string {
	rows, err := csv.NewReader(bytes.NewReader(table)).ReadAll()
	if err != nil {
		panic(fmt.Sprintf("taxonomy: embedded table: %v", err))
	}
	return rows[1:]
}

func mustCode(s string) Code {
	c, ok := ParseCode(s)
	if !ok {
		panic("taxonomy: embedded table: " + s + " is not a code")
	}
	return c
}

// All returns every category in the order of the codes. The slice is the
// caller's.
func All() []Category {
	return append([]Category(nil), tree().all...)
}

// Lookup returns the category of a code.
func Lookup(c Code) (Category, bool) {
	t := tree()
	i, ok := t.byCode[c]
	if !ok {
		return Category{}, false
	}
	return t.all[i], true
}

// Printed returns the category that a report prints for a decided code: the
// code itself, unless it is a company's and companyTree is off. Then goods
// bought become Compras gerais and so on, and what has no such counterpart is
// printed by its rail: the settlement type of [SettlementType] and whether the
// counterparty's tax id partie (11 or 14 characters, "" when unknown) is a
// person's or a company's. A code that the tree lacks is printed as [Other].
func Printed(c Code, settlement, partie string, companyTree bool) Code {
	t := tree()
	i, ok := t.byCode[c]
	if !ok {
		return Other
	}
	switch cat := &t.all[i]; {
	case companyTree:
		return c
	case cat.PrintedAs != 0:
		return cat.PrintedAs
	case cat.fallback != 0:
		return ByRail(settlement, partie, cat.fallback)
	case settlement == "PIX":
		return PixOwn
	}
	return TedOwn
}

// The transfer categories, by rail and counterparty.
const (
	PixTransfer      Code = 20101
	PixPerson        Code = 20102
	PixCompany       Code = 20103
	PixOwn           Code = 20104
	TedTransfer      Code = 20201
	TedPerson        Code = 20202
	TedCompany       Code = 20203
	TedOwn           Code = 20204
	DocTransfer      Code = 20301
	InternalTransfer Code = 20401
)

// ByRail returns the transfer category of a settlement type and counterparty
// tax id, or otherwise when the settlement type is no transfer.
func ByRail(settlement, partie string, otherwise Code) Code {
	var base Code
	switch settlement {
	case "PIX":
		base = PixTransfer
	case "TED":
		base = TedTransfer
	case "DOC":
		return DocTransfer
	case "TRANSFERENCIA_INTERNA":
		return InternalTransfer
	default:
		return otherwise
	}
	switch len(partie) {
	case 11:
		return base + 1
	case 14:
		return base + 2
	}
	return base
}
