package clean

import (
	"strings"

	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/text"
)

// debtTexts are how texts begin that tell of money owed from before.
var debtTexts = []struct{ text, reason string }{
	{"SALDO EM ROTATIVO", "debt/revolving"},
	{"SALDO ROTATIVO", "debt/revolving"},
	{"SALDO EM ATRASO", "debt/revolving"},
	{"SALDO FINANCIADO", "debt/revolving"},
	{"SALDO REMANESCENTE", "debt/revolving"},
	{"CREDITO ROTATIVO", "debt/revolving"},
	{"CREDITO DE ROTATIVO", "debt/revolving"},
	{"CREDITO DE ATRASO", "debt/revolving"},
	{"PARCELAMENTO DE FATURA", "debt/bill-instalments"},
	{"PARCELAMENTO FATURA", "debt/bill-instalments"},
	{"PARCELAMENTO DA FATURA", "debt/bill-instalments"},
	{"PARC FATURA", "debt/bill-instalments"},
	{"FATURA PARCELADA", "debt/bill-instalments"},
	{"SALDO PARCELADO", "debt/bill-instalments"},
	{"ENCERRAMENTO DE DIVIDA", "debt/renegotiation"},
	{"RENEGOCIACAO", "debt/renegotiation"},
}

// debtReason tells why a card line is debt carried onto a bill, either as a
// charge or as the credit that clears the bill before; "" when it is not.
// Interest, fines and taxes are costs of the debt, not the debt.
func debtReason(m *ledger.Movement) string {
	if m.Signs&(text.SaysCharge|text.SaysTax) != 0 {
		return ""
	}
	switch m.Line.OtherCreditsType {
	case "CREDITO_ROTATIVO":
		return "debt/revolving"
	case "PARCELAMENTO_FATURA":
		return "debt/bill-instalments"
	}
	for i := range debtTexts {
		if strings.HasPrefix(m.Text, debtTexts[i].text) {
			return debtTexts[i].reason
		}
	}
	return ""
}
