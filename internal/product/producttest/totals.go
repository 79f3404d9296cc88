package producttest

import (
	"bytes"
	"os/exec"
	"testing"

	"github.com/openklaas/klaas/internal/money"
)

// checkTotals checks what must add up in a body, wherever it stands: the total
// of an open bill to its debit lines up to the reporting day, and each balance
// after an entry to the one before.
//
// In legacy products the balance of an account is the one after its newest entry.
func checkTotals(t *testing.T, v variant, body []byte) {
	t.Helper()
	root, err := parse(body)
	if err != nil {
		return // Check has told.
	}
	toCome := make(map[string]bool)
	for i := range v.in.Facts.Ledger.Movements {
		if m := &v.in.Facts.Ledger.Movements[i]; m.Line != nil && m.Day > v.in.Facts.Ledger.Day {
			toCome[m.ID] = true
		}
	}
	walk(root, func(object *value) {
		if bill := object.member("openStatement"); bill != nil && bill.member("billTotalAmount") != nil {
			checkOpenBill(t, v.name, bill, toCome)
		}
		if entries := object.member("transactionDetails"); entries != nil {
			checkChain(t, v.name, entries)
		}
		for _, s := range []legacySpelling{snake, camel} {
			if bill := object.member(s.openBill); bill != nil && bill.member(s.billAmount) != nil {
				s.checkOpenBill(t, v.name, bill)
			}
			if entries := object.member(s.entries); entries != nil && object.member("balance") != nil {
				s.checkChain(t, v.name, object.member("balance"), entries)
			}
		}
	})
}

// legacySpelling are the keys of the legacy products that add up.
type legacySpelling struct{ openBill, billAmount, entries, amount, currency string }

var (
	snake = legacySpelling{"OpenStatement", "bill_amount", "TransactionDetail", "trans_amount", "trans_currency"}
	camel = legacySpelling{"openStatement", "billAmount", "transactionDetail", "transAmount", "transCurrency"}
)

// unavailable is how legacy products write a number that is not known.
const unavailable = "-1"

// checkOpenBill checks bill_amount = -(sum of negative lines).
func (s legacySpelling) checkOpenBill(t *testing.T, name string, bill *value) {
	t.Helper()
	total := bill.member(s.billAmount).text
	lines := bill.member(s.entries).members
	if total == unavailable && len(lines) == 0 {
		return
	}
	var sum money.Amount
	for _, line := range lines {
		if a := decimal(t, line.member(s.amount).text); a < 0 && line.member(s.currency).text == "BRL" {
			sum -= a
		}
	}
	if decimal(t, total) != sum {
		t.Errorf("%s: %s is %s, its negative lines add up to %s", name, s.billAmount, total, sum)
	}
}

// checkChain checks that the account's balance is that after the newest entry,
// and balance(older) = balance(newer) - amount(newer).
func (s legacySpelling) checkChain(t *testing.T, name string, balance, entries *value) {
	t.Helper()
	for i, entry := range entries.members {
		if entry.member("balance").text == unavailable {
			return
		}
		if i == 0 && entry.member("balance").text != balance.text {
			t.Errorf("%s: the balance is %s, after the newest entry %s", name, balance.text, entry.member("balance").text)
		}
		if i+1 == len(entries.members) || entries.members[i+1].member("balance").text == unavailable {
			return
		}
		want := decimal(t, entry.member("balance").text) - decimal(t, entry.member(s.amount).text)
		if got := decimal(t, entries.members[i+1].member("balance").text); got != want {
			t.Errorf("%s: the balance after entry %d is %s, not %s", name, i+1, got, want)
		}
	}
}

func walk(v *value, visit func(*value)) {
	if v.kind == '{' {
		visit(v)
	}
	for _, member := range v.members {
		walk(member, visit)
	}
}

func checkOpenBill(t *testing.T, name string, bill *value, toCome map[string]bool) {
	t.Helper()
	var sum money.Amount
	for _, line := range bill.member("transactionDetails").members {
		if line.member("creditDebitType").text == "DEBITO" && !toCome[line.member("transactionId").text] {
			sum += amount(t, line.member("brazilianAmount"))
		}
	}
	if total := amount(t, bill.member("billTotalAmount")); total != sum {
		t.Errorf("%s: billTotalAmount is %s, its debit lines add up to %s", name, total, sum)
	}
}

// checkChain checks balance(older) = balance(newer) − signed amount(newer).
func checkChain(t *testing.T, name string, entries *value) {
	t.Helper()
	var newer *value
	for _, entry := range entries.members {
		if entry.member("postTransactionBalance") == nil {
			continue
		}
		if newer != nil {
			want := balance(t, newer) - signed(t, newer)
			if got := balance(t, entry); got != want {
				t.Errorf("%s: the balance after %s is %s, not %s", name, entry.member("transactionId").text, got, want)
			}
		}
		newer = entry
	}
}

func balance(t *testing.T, entry *value) money.Amount {
	return decimal(t, entry.member("postTransactionBalance").text)
}

func signed(t *testing.T, entry *value) money.Amount {
	a := amount(t, entry.member("transactionAmount"))
	if entry.member("creditDebitType").text == "DEBITO" {
		return -a
	}
	return a
}

func amount(t *testing.T, v *value) money.Amount {
	t.Helper()
	if v == nil {
		return 0
	}
	return decimal(t, v.member("amount").text)
}

func decimal(t *testing.T, text string) money.Amount {
	t.Helper()
	a, err := money.Parse(text)
	if err != nil {
		t.Errorf("%q is no amount: %v", text, err)
	}
	return a
}

// checkNode checks that JSON.stringify(JSON.parse(bytes)) gives the same bytes.
func checkNode(t *testing.T, bodies [][]byte) {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Log("Node is not installed: the comparison with JSON.stringify is left out")
		return
	}
	const script = `const lines = require("fs").readFileSync(0, "utf8").split("\n");
		for (const line of lines) if (line && JSON.stringify(JSON.parse(line)) !== line) console.log(line)`
	cmd := exec.Command(node, "-e", script)
	cmd.Stdin = bytes.NewReader(bytes.Join(bodies, []byte("\n")))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("node: %v\n%s", err, out)
	} else if len(out) > 0 {
		t.Errorf("JSON.stringify writes these otherwise:\n%s", out)
	}
}
