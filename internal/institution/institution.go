// Package institution knows the institutions of the Brazilian payment system.
//
// [ByCompe] finds one by its COMPE code, [ByCNPJ] by its CNPJ. The table is
// embedded data (banks.csv, which names its source and licence); it ages, so an
// institution that is not found is an ordinary answer, not a fault.
package institution

import (
	_ "embed"
	"encoding/csv"
	"strings"
	"sync"
)

// Bank is one institution.
type Bank struct {
	Compe     string // 3 digits
	ISPB      string // 8 characters: the root of its CNPJ
	CNPJ      string // 14 characters, no punctuation
	LongName  string // Banco do Brasil S.A.
	ShortName string // BCO DO BRASIL S.A.
}

//go:embed banks.csv
var banksCSV string

type table struct {
	byCompe, byCNPJ, byRoot map[string]Bank
}

// load reads the embedded table once. Of several rows with one key the first
// of the file counts.
var load = sync.OnceValue(func() table {
	r := csv.NewReader(strings.NewReader(banksCSV))
	r.Comment = '#'
	r.FieldsPerRecord = 5
	rows, err := r.ReadAll()
	if err != nil {
		panic("institution: the embedded bank table is not CSV: " + err.Error())
	}
	rows = rows[1:] // the header
	t := table{
		byCompe: make(map[string]Bank, len(rows)),
		byCNPJ:  make(map[string]Bank, len(rows)),
		byRoot:  make(map[string]Bank, len(rows)),
	}
	for _, row := range rows {
		b := Bank{Compe: row[0], ISPB: row[1], CNPJ: row[2], LongName: row[3], ShortName: row[4]}
		keepFirst(t.byCompe, b.Compe, b)
		keepFirst(t.byCNPJ, b.CNPJ, b)
		keepFirst(t.byRoot, Root(b.CNPJ), b)
	}
	return t
})

func keepFirst(m map[string]Bank, key string, b Bank) {
	if _, known := m[key]; !known {
		m[key] = b
	}
}

// Root returns the first 8 characters of a CNPJ, which name the company; "" for
// a text that is shorter.
func Root(cnpj string) string {
	if len(cnpj) < 8 {
		return ""
	}
	return cnpj[:8]
}

// ByCompe returns the bank with a COMPE code of 3 digits.
func ByCompe(code string) (Bank, bool) {
	b, ok := load().byCompe[code]
	return b, ok
}

// ByCNPJ returns the bank with this CNPJ (14 characters, upper case, no
// punctuation), else the one with its root.
func ByCNPJ(cnpj string) (Bank, bool) {
	t := load()
	if b, ok := t.byCNPJ[cnpj]; ok {
		return b, true
	}
	b, ok := t.byRoot[Root(cnpj)]
	return b, ok
}
