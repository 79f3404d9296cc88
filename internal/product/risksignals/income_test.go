package risksignals_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// wage is a salary by payroll, which verifies it, or another credit.
func wage(day, amount, party string) string {
	return fmt.Sprintf(`{"transactionId": "%s", "transactionDate": "%s", "transactionAmount": {"amount": "%s", "currency": "BRL"},
		"creditDebitType": "CREDITO", "transactionName": "SALARIO", "type": "FOLHA_PAGAMENTO", "partieCnpjCpf": "%s"}`, day+amount+party, day, amount, party)
}

// wages are salaries on the fifth of the months, as in 2024-09.
func wages(party, amount string, months ...string) string {
	list := make([]string, len(months))
	for i, month := range months {
		list[i] = wage(month+"-05", amount, party)
	}
	return strings.Join(list, ",")
}

// "detected: a verified REGULAR_SALARY or RETIREMENT_PENSION stream with stoppedOn,
// and no other verified stream of these kinds running. dropRatio: 1 − mean of verified
// + estimated of the newest 3 full months ÷ that of the 3 before; fewer than 6 full
// months: null." A monthly stream stops when D is more than 15 days after the day it
// was expected on.
func TestIncomeLoss(t *testing.T) {
	const one, other = "33000167000101", "60746948000112"
	oldMonths := []string{"2024-07", "2024-08", "2024-09", "2024-10", "2024-11"}
	all := slices.Concat(oldMonths, []string{"2024-12", "2025-01", "2025-02", "2025-03"})
	first := entry("2024-06-01", "1.00", "DEBITO", "PIX ENVIADO BRUNO ALVES")
	for _, c := range []struct {
		name, entries string
		want          map[string]string
	}{
		{"it runs", wages(one, "2000.00", all...), map[string]string{"/incomeLoss/detected": "false", "/incomeLoss/stoppedOn": "null", "/incomeLoss/dropRatio": "0", "INCOME_LOSS": "NONE 0"}},
		{"it stopped", wages(one, "2000.00", oldMonths...), map[string]string{
			"/incomeLoss/detected": "true", "/incomeLoss/stoppedOn": "2024-11-05", "/incomeLoss/monthlyAmountLost": "1666.67", "INCOME_LOSS": "HIGH 1",
			"/incomeLoss/dropRatio": "1",
		}},
		{"another one runs", wages(one, "2000.00", oldMonths...) + "," + wages(other, "1000.00", all...), map[string]string{
			"/incomeLoss/detected": "false", "/incomeLoss/stoppedOn": "null", "/incomeLoss/monthlyAmountLost": "null", "/incomeLoss/dropRatio": "0.6667", "INCOME_LOSS": "HIGH 0.6667",
		}},
		{"both stopped", wages(one, "2000.00", oldMonths...) + "," + wages(other, "1000.00", oldMonths[:4]...), map[string]string{
			"/incomeLoss/detected": "true", "/incomeLoss/stoppedOn": "2024-11-05", "/incomeLoss/monthlyAmountLost": "1666.67",
		}},
		{"a single payment of long ago does not run", wages(one, "2000.00", oldMonths...) + "," + wage("2024-06-05", "500.00", other), map[string]string{
			"/incomeLoss/detected": "true", "/incomeLoss/stoppedOn": "2024-11-05",
		}},
		{"a single payment of late may be a new job", wages(one, "2000.00", oldMonths...) + "," + wage("2025-03-05", "500.00", other), map[string]string{
			"/incomeLoss/detected": "false",
		}},
		{"it fell by 0.15", wages(one, "2000.00", "2024-09", "2024-10", "2024-11") + "," + wages(one, "1700.00", "2024-12", "2025-01", "2025-02", "2025-03"),
			map[string]string{"/incomeLoss/dropRatio": "0.15", "INCOME_LOSS": "LOW 0.15"}},
		{"it rose", wages(one, "1000.00", "2024-09", "2024-10", "2024-11") + "," + wages(one, "1500.00", "2024-12", "2025-01", "2025-02", "2025-03"),
			map[string]string{"/incomeLoss/dropRatio": "-0.5", "INCOME_LOSS": "NONE -0.5"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			compare(t, checking(first, old(), c.entries)+","+noCards, c.want)
		})
	}
}

func compare(t *testing.T, document string, want map[string]string) {
	t.Helper()
	_, _, body := analyze(t, "V2", `{"taxId": "52998224725", `+document+`}`)
	for pointer, value := range want {
		if body[pointer] != value {
			t.Errorf("%s is %q, want %q", pointer, body[pointer], value)
		}
	}
}

// "CONCENTRATION: topPayerShare (PF: 0 when that payer is verified)"
func TestConcentration(t *testing.T) {
	const employer = "33000167000101"
	alimony := func(day, amount, party string) string {
		return strings.Replace(strings.Replace(wage(day, amount, party), "FOLHA_PAGAMENTO", "OUTROS", 1), "SALARIO", "PRO LABORE", 1)
	}
	for _, c := range []struct {
		name, entries string
		want          map[string]string
	}{
		{"a verified payer", wage("2025-03-05", "900.00", employer) + "," + alimony("2025-03-06", "100.00", "19131243000197"),
			map[string]string{"/concentration/topPayerShare": "0.9", "/concentration/herfindahl": "0.82", "/concentration/payerCount": "2", "CONCENTRATION": "NONE 0"}},
		{"one that nothing verifies", wage("2025-03-05", "100.00", employer) + "," + alimony("2025-03-06", "900.00", "19131243000197"),
			map[string]string{"/concentration/topPayerShare": "0.9", "CONCENTRATION": "MEDIUM 0.9", "CONCENTRATION months": "1"}},
		{"181 days ago", wage("2024-10-01", "100.00", employer), map[string]string{"/concentration/topPayerShare": "null", "/concentration/payerCount": "0", "CONCENTRATION": "UNKNOWN null"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			compare(t, checking(old(), c.entries)+","+noCards, c.want)
		})
	}
}

// "Of the salary entries of 180 days with age ≥ 3, share with end-of-day sum < 100
// three days later; none: null"
func TestLittleLeftAfterSalary(t *testing.T) {
	const employer, key = "33000167000101", "/quickSpending/balanceUnder100AfterSalaryShare"
	spent := func(day, amount string) string { return entry(day, amount, "DEBITO", "PIX ENVIADO BRUNO ALVES") }
	for _, c := range []struct {
		name, entries, want string
	}{
		{"none", "", "null"},
		{"two days ago", "," + wage("2025-03-29", "2000.00", employer), "null"},
		{"three days ago, 500 left", "," + wage("2025-03-28", "2000.00", employer), "0"},
		{"100 left after three days", "," + wage("2025-03-20", "2000.00", employer) + "," + spent("2025-03-23", "1600.00") + "," + entry("2025-03-24", "400.00", "CREDITO", "PIX RECEBIDO BRUNO ALVES"), "0"},
		{"99.99 left", "," + wage("2025-03-20", "2000.00", employer) + "," + spent("2025-03-23", "1600.01") + "," + entry("2025-03-24", "400.01", "CREDITO", "PIX RECEBIDO BRUNO ALVES"), "1"},
		{"99.99 left after four days", "," + wage("2025-03-20", "2000.00", employer) + "," + spent("2025-03-24", "1600.01") + "," + entry("2025-03-25", "400.01", "CREDITO", "PIX RECEBIDO BRUNO ALVES"), "0"},
		{"an older salary", "," + wage("2024-10-02", "2000.00", employer), "null"},
	} {
		t.Run(c.name, func(t *testing.T) {
			compare(t, checking(old()+c.entries)+","+noCards, map[string]string{key: c.want})
		})
	}
}
