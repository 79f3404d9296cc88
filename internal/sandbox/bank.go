package sandbox

import (
	"bytes"
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2"

	"github.com/openklaas/klaas/internal/calendar"
)

// bank is what is known of an institution: who it is, how it writes, and how it
// sends. See data/banks.toml.
type bank struct {
	ID     string `toml:"id"`
	Brand  string `toml:"brand"`
	Name   string `toml:"name"` // as other banks print it
	Compe  string `toml:"compe"`
	CNPJ   string `toml:"cnpj"`
	Branch string `toml:"branch"` // of all its accounts; "" when it has several
	Type   string `toml:"type"`   // of its current accounts: checking or prepaid

	Versions []string `toml:"versions"` // of Open Finance Brasil, one for each person
	Clock    string   `toml:"clock"`    // time, midnight (00:00:00.000Z)
	Order    string   `toml:"order"`    // newest or oldest first
	Current  []string `toml:"current"`  // habits of transactions-current: none, overlap, split, renamed
	Partie   float64  `toml:"partie"`   // share of transfers that come with the counterparty
	Envelope bool     `toml:"envelope"` // sub-resources come as {"data": …, "links": …, "meta": …}
	Balance  []string `toml:"balance"`  // texts of balance lines; none: it sends none
	Sweep    bool     `toml:"sweep"`    // it has an automatic application
	Pot      bool     `toml:"pot"`      // it has RDB, pots or the like
	Reserved bool     `toml:"reserved"` // its pots are reserved balances where the version knows them
	Months   int      `toml:"months"`   // of history it sends at most
	Cut      int      `toml:"cut"`      // length at which its statement texts end; 0: 200

	Card cardHabits `toml:"card"`

	Text map[string][]string `toml:"text"` // by slot; a person's account keeps to one of them
}

// cardHabits is how a bank sends cards.
type cardHabits struct {
	Name        string   `toml:"name"`
	Network     string   `toml:"network"`
	Instalments []string `toml:"instalments"` // monthly, purchase-date, announced, full
	Nested      string   `toml:"nested"`      // lines under bills: none, copy (also in transactions), only
	PaymentLine bool     `toml:"payment_line"`
	Carry       string   `toml:"carry"` // text of unpaid debt on the next bill
}

//go:embed data/banks.toml
var banksTOML []byte

// slotTypes is the OFB transaction type of each slot, the kinds of texts that
// banks write. Every slot has a text at the bank called generic.
var slotTypes = map[string]string{
	"pix-in": "PIX", "pix-out": "PIX", "pix-qr": "PIX", "pix-return": "PIX",
	"ted-in": "TED", "ted-out": "TED", "ted-own-in": "TED", "ted-own-out": "TED",
	"tev-in": "TRANSFERENCIA_MESMA_INSTITUICAO", "tev-out": "TRANSFERENCIA_MESMA_INSTITUICAO",
	"savings-in": "TRANSFERENCIA_MESMA_INSTITUICAO", "savings-out": "TRANSFERENCIA_MESMA_INSTITUICAO",
	"salary": "FOLHA_PAGAMENTO", "advance": "FOLHA_PAGAMENTO", "thirteenth": "FOLHA_PAGAMENTO", "vacation": "FOLHA_PAGAMENTO", "bonus": "FOLHA_PAGAMENTO",
	"benefit": "FOLHA_PAGAMENTO", "social": "OUTROS",
	"portability-in": "PORTABILIDADE_SALARIO", "portability-out": "PORTABILIDADE_SALARIO",
	"boleto": "BOLETO", "boleto-in": "BOLETO", "utility": "CONVENIO_ARRECADACAO", "tax": "CONVENIO_ARRECADACAO",
	"debit": "CARTAO", "debit-refund": "CARTAO", "withdrawal": "SAQUE", "deposit": "DEPOSITO",
	"fee": "PACOTE_TARIFA_SERVICOS", "single-fee": "TARIFA_SERVICOS_AVULSOS",
	"overdraft-interest": "ENCARGOS_JUROS_CHEQUE_ESPECIAL", "overdraft-tax": "ENCARGOS_JUROS_CHEQUE_ESPECIAL",
	"sweep-out": "OUTROS", "sweep-in": "RESGATE_APLIC_FINANCEIRA", "sweep-yield": "RENDIMENTO_APLIC_FINANCEIRA",
	"pot-out": "OUTROS", "pot-in": "RESGATE_APLIC_FINANCEIRA", "yield": "RENDIMENTO_APLIC_FINANCEIRA",
	"invest-out": "OUTROS", "invest-in": "RESGATE_APLIC_FINANCEIRA", "dividend": "OUTROS",
	"bill-own": "OUTROS", "bill-boleto": "BOLETO", "bill-line": "",
	"loan-in": "OPERACAO_CREDITO", "loan-part": "OPERACAO_CREDITO",
	"cheque": "OUTROS", "cheque-returned": "OUTROS", "cheque-fee": "TARIFA_SERVICOS_AVULSOS",
	"acquirer": "OUTROS", "payroll-out": "FOLHA_PAGAMENTO", "insurance": "OUTROS", "exchange-out": "OUTROS", "discount": "OPERACAO_CREDITO",
}

// genericBank is the id of the bank whose texts stand in where a bank has none.
const genericBank = "generic"

// banks reads the table once.
var banks = sync.OnceValue(func() map[string]*bank {
	var file struct {
		Bank []*bank `toml:"bank"`
	}
	decoder := toml.NewDecoder(bytes.NewReader(banksTOML))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&file); err != nil {
		panic("sandbox: data/banks.toml: " + err.Error())
	}
	byID := map[string]*bank{}
	for _, b := range file.Bank {
		byID[b.ID] = b
		for slot := range b.Text {
			if _, known := slotTypes[slot]; !known {
				panic("sandbox: data/banks.toml: " + b.ID + " has a text for the unknown slot " + slot)
			}
		}
	}
	for slot := range slotTypes {
		if len(byID[genericBank].Text[slot]) == 0 {
			panic("sandbox: data/banks.toml: the generic bank has no text for " + slot)
		}
	}
	return byID
})

// bankIDs returns the ids of all real banks, sorted.
var bankIDs = sync.OnceValue(func() []string {
	var ids []string
	for id := range banks() {
		if id != genericBank {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
})

// text returns what the bank writes for a slot. Voice is the person's: an
// account keeps to its wording.
func (b *bank) text(slot string, voice int) string {
	texts := b.Text[slot]
	if len(texts) == 0 {
		texts = banks()[genericBank].Text[slot]
	}
	return texts[voice%len(texts)]
}

// words are what a text can be filled with.
type words struct {
	day           calendar.Day
	second        int
	party         *party
	number, count int // of an instalment
	brand         string
}

// fill puts words into a text: {NAME} and {Name} (as they are), {NAME:12} cut,
// {dm} 31/01, {hm} 14:05, {mask} •••.456.789-••, {doc} the whole tax id with its
// punctuation, {digits} without, {BANK} {bank} (341) {compe} (0341) {ispb} {branch}
// {agency} (four digits) {account} of the counterparty, {n} {nn} {of} of an instalment, {my} 01/2026, {BRAND}.
func fill(text string, w words) string {
	var b strings.Builder
	for {
		open := strings.IndexByte(text, '{')
		if open < 0 {
			return b.String() + text
		}
		end := open + strings.IndexByte(text[open:], '}')
		b.WriteString(text[:open])
		key, cut, _ := strings.Cut(text[open+1:end], ":")
		value := []rune(w.value(key))
		if n, err := strconv.Atoi(cut); err == nil && len(value) > n {
			value = value[:n]
		}
		b.WriteString(string(value))
		text = text[end+1:]
	}
}

func (w words) value(key string) string {
	p := w.party
	if p == nil {
		p = &party{}
	}
	other := p.bank
	if other == nil {
		other = banks()[genericBank]
	}
	year, month, dom := w.day.Date()
	switch key {
	case "NAME":
		return plainUpper(p.name)
	case "Name":
		return p.name
	case "dm":
		return fmt.Sprintf("%02d/%02d", dom, month)
	case "hm":
		return fmt.Sprintf("%02d:%02d", w.second/3600, w.second/60%60)
	case "my":
		return fmt.Sprintf("%02d/%d", month, year)
	case "mask", "doc", "digits":
		return document(p.taxID, key)
	case "BANK":
		return plainUpper(other.Name)
	case "bank":
		return other.Compe
	case "compe":
		return "0" + other.Compe
	case "ispb":
		return other.CNPJ[:8]
	case "branch":
		return strings.TrimLeft(p.branch, "0")
	case "agency":
		return fmt.Sprintf("%04s", p.branch)
	case "account":
		return strings.TrimLeft(p.number, "0") + "-" + p.digit
	case "n":
		return strconv.Itoa(w.number)
	case "nn":
		return fmt.Sprintf("%02d", w.number)
	case "of":
		return fmt.Sprintf("%02d", w.count)
	case "BRAND":
		return w.brand
	}
	panic("sandbox: a text asks for {" + key + "}")
}

// document prints a tax id as banks do in texts.
func document(id, how string) string {
	switch {
	case how == "digits" || id == "":
		return id
	case len(id) == 14:
		return id[:2] + "." + id[2:5] + "." + id[5:8] + "/" + id[8:12] + "-" + id[12:]
	case how == "mask":
		return "•••." + id[3:6] + "." + id[6:9] + "-••"
	}
	return id[:3] + "." + id[3:6] + "." + id[6:9] + "-" + id[9:]
}
