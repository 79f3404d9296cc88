package risksignals_test

import (
	"fmt"
	"strings"
	"testing"
)

// billOf is a bill of 1000.00, minimum 150.00, due and paid on days.
func billOf(due, paidOn, amount, members string) string {
	return fmt.Sprintf(`{"billId": "%s", "dueDate": "%s", "billTotalAmount": {"amount": "1000.00", "currency": "BRL"}, "billMinimumAmount": {"amount": "150.00", "currency": "BRL"},
		"payments": [{"valueType": "OUTRO_VALOR_PAGO_FATURA", "paymentDate": "%s", "paymentMode": "PIX", "amount": {"amount": "%s", "currency": "BRL"}}]%s}`, due, due, paidOn, amount, members)
}

func cardWith(bills, lines []string) string {
	return fmt.Sprintf(`"creditCardsAccounts": [{"creditCardAccountId": "c", "brandName": "Banco", "companyCnpj": "00000000000191", "name": "Card",
		"bills": [%s], "transactions": [%s]}]`, strings.Join(bills, ","), strings.Join(lines, ","))
}

func cardLine(id, day, amount, members string) string {
	return fmt.Sprintf(`{"transactionId": "%s", "transactionDate": "%s", "billPostDate": "%s", "brazilianAmount": {"amount": "%s", "currency": "BRL"},
		"creditDebitType": "DEBITO", "transactionName": "LANCAMENTO"%s}`, id, day, day, amount, members)
}

// D is 2025-03-31: a bill due on 2024-10-03 has an age of 179, and the last 6 calendar
// months begin on 2024-10-01.
func TestBillsInWindows(t *testing.T) {
	const charge = `, "financeCharges": [{"type": "JUROS_REMUNERATORIOS_ATRASO_PAGAMENTO_FATURA", "amount": {"amount": "35.00", "currency": "BRL"}}]`
	for _, c := range []struct {
		name  string
		bills []string
		lines []string
		want  map[string]string
	}{
		{"in time and in full", []string{billOf("2025-03-10", "2025-03-10", "1000.00", "")}, nil, map[string]string{
			"/latePayments/lateBills": "0", "/latePayments/minimumPayments": "0", "/latePayments/revolving": "false", "/overallLevel": "LOW", "LATE_PAYMENT": "NONE 0",
		}},
		{"late, 179 days old", []string{billOf("2024-10-03", "2024-10-09", "1000.00", "")}, nil, map[string]string{
			"/latePayments/lateBills": "1", "/overallLevel": "MEDIUM", "LATE_PAYMENT": "MEDIUM 1", "LATE_PAYMENT months": "1",
		}},
		{"late, 180 days old", []string{billOf("2024-10-02", "2024-10-09", "1000.00", "")}, nil, map[string]string{
			"/latePayments/lateBills": "0", "/overallLevel": "LOW", "LATE_PAYMENT": "NONE 0", "LATE_PAYMENT months": "1",
		}},
		{"the minimum, three times in two months", []string{
			billOf("2025-03-01", "2025-02-28", "160.00", ""), billOf("2025-03-29", "2025-03-28", "150.00", ""), billOf("2025-02-01", "2025-02-01", "150.00", ""),
		}, nil, map[string]string{
			"/latePayments/minimumPayments": "3", "/latePayments/minimumPaymentMonths": "2", "MINIMUM_PAYMENT": "MEDIUM 2", "MINIMUM_PAYMENT months": "2",
		}},
		{"revolving by a bill and by a line of another month", []string{billOf("2025-03-10", "2025-03-10", "1000.00", charge)},
			[]string{cardLine("r", "2025-02-20", "30.00", `, "otherCreditsType": "CREDITO_ROTATIVO"`)}, map[string]string{
				"/latePayments/revolving": "true", "REVOLVING": "MEDIUM 2", "/latePayments/lateChargesLast180Days": "35",
			}},
		{"revolving by both in one month", []string{billOf("2025-03-10", "2025-03-10", "1000.00", charge)},
			[]string{cardLine("r", "2025-03-20", "30.00", `, "otherCreditsType": "CREDITO_ROTATIVO"`)}, map[string]string{"REVOLVING": "LOW 1"}},
		{"revolving 180 days ago", nil, []string{cardLine("r", "2024-10-02", "30.00", `, "otherCreditsType": "CREDITO_ROTATIVO"`)}, map[string]string{
			"/latePayments/revolving": "false", "REVOLVING": "LOW 1",
		}},
		{"a bill due in the future", []string{billOf("2025-04-10", "2025-03-30", "160.00", charge)}, nil, map[string]string{
			"/latePayments/minimumPayments": "0", "/latePayments/revolving": "false", "/latePayments/lateChargesLast180Days": "0", "MINIMUM_PAYMENT": "NONE 0",
		}},
		{"cash by card, its fee, and a fee of another day", nil, []string{
			cardLine("1", "2025-03-20", "300.00", `, "payeeMCC": 6011, "transactionType": "OUTROS"`),
			cardLine("2", "2025-03-20", "12.00", `, "feeType": "SAQUE_CARTAO_BRASIL", "transactionType": "TARIFA"`),
			cardLine("3", "2025-03-21", "13.00", `, "feeType": "SAQUE_CARTAO_EXTERIOR", "transactionType": "TARIFA"`),
			cardLine("4", "2025-03-22", "14.00", `, "feeType": "ANUIDADE", "transactionType": "TARIFA"`),
		}, map[string]string{"/cashAdvanceCount": "2", "/cashAdvanceAmount": "325", "CASH_ADVANCE": "MEDIUM 2", "CASH_ADVANCE months": "1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			compare(t, checking(old())+","+cardWith(c.bills, c.lines), c.want)
		})
	}
}

// The overall level, threshold by threshold.
func TestOverallLevel(t *testing.T) {
	interest := func(months ...string) string {
		list := make([]string, len(months))
		for i, month := range months {
			list[i] = entry(month+"-20", "1.00", "DEBITO", "JUROS CHEQUE ESPECIAL")
		}
		return "," + strings.Join(list, ",")
	}
	cheque := func(day string) string { return "," + entry(day, "9.00", "DEBITO", "CHEQUE DEVOLVIDO") }
	contract := func(pastDue int) string {
		return fmt.Sprintf(`, "loans": [{"contractId": "l", "brandName": "Banco", "companyCnpj": "00000000000191", "contractDate": "2024-01-05", "currency": "BRL", "scheduled-instalments": {"pastDueInstalments": %d}}]`, pastDue)
	}
	for _, c := range []struct {
		name, entries, more, want string
	}{
		{"nothing", "", "", "LOW"},
		{"one month with interest", interest("2025-03"), "", "LOW"},
		{"two months", interest("2025-03", "2025-01"), "", "MEDIUM"},
		{"four months", interest("2025-03", "2025-01", "2024-12", "2024-11"), "", "MEDIUM"},
		{"five months", interest("2025-03", "2025-01", "2024-12", "2024-11", "2024-10"), "", "HIGH"},
		{"older months", interest("2024-09", "2024-08", "2024-07", "2024-06", "2025-03"), "", "LOW"},
		{"a returned cheque", cheque("2025-03-20"), "", "LOW"},
		{"two returned cheques", cheque("2025-03-20") + cheque("2025-03-21"), "", "HIGH"},
		{"one of them old", cheque("2025-03-20") + cheque("2024-10-02"), "", "LOW"},
		{"a renegotiation", "," + entry("2025-03-20", "9.00", "DEBITO", "RENEGOCIACAO DE DIVIDA"), "", "MEDIUM"},
		{"no arrears", "", contract(0), "LOW"},
		{"a past due instalment", "", contract(1), "HIGH"},
	} {
		t.Run(c.name, func(t *testing.T) {
			compare(t, checking(old()+c.entries)+","+noCards+c.more, map[string]string{"/overallLevel": c.want})
		})
	}
}
