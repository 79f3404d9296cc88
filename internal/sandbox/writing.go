package sandbox

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/openklaas/klaas/internal/calendar"
)

// object is a JSON object; encoding/json writes its keys sorted.
type object = map[string]any

// userdata writes the document.
func (l *life) userdata(statements []*statement, cards []*cardStatement) []byte {
	d := object{}
	var list []object
	for _, s := range statements {
		list = append(list, l.accountObject(s))
	}
	d["accounts"] = list
	if len(cards) > 0 {
		var list []object
		for _, s := range cards {
			list = append(list, l.cardObject(s))
		}
		d["creditCardsAccounts"] = list
	}
	l.contractObjects(d)
	l.holdingObjects(d)
	l.exchangeObjects(d)
	l.identify(d)
	text, err := json.MarshalIndent(d, "", " ")
	if err != nil {
		panic("sandbox: a document holds only texts, numbers and lists: " + err.Error())
	}
	return append(text, '\n')
}

// form is the version of Open Finance Brasil in which something is written.
type form struct {
	version string
	long    bool // amounts with four decimals
}

func (f form) v1() bool { return f.version == "v1" }

// money puts an amount under a key as the version has it: an object, or in v1 a
// number with its currency beside it.
func (f form) money(o object, key string, cents int64) {
	if !f.v1() {
		o[key] = object{"amount": f.decimal(cents), "currency": "BRL"}
		return
	}
	o[key] = json.RawMessage(decimal(cents))
	currency := key + "Currency"
	if key == "amount" {
		currency = "currency"
	}
	o[currency] = "BRL"
}

// setCurrency changes the currency of the field amount.
func (f form) setCurrency(o object, currency string) {
	if f.v1() {
		o["currency"] = currency
		return
	}
	o["amount"].(object)["currency"] = currency
}

func (f form) decimal(cents int64) string {
	if f.long {
		return decimal(cents) + "00"
	}
	return decimal(cents)
}

func decimal(cents int64) string {
	sign := ""
	if cents < 0 {
		sign, cents = "-", -cents
	}
	return fmt.Sprintf("%s%d.%02d", sign, cents/100, cents%100)
}

// moment puts the day of an entry, as the version and the bank's clock have it.
func (f form) moment(o object, e entry, clock string) {
	if f.v1() || f.version == "2.0" || f.version == "2.1" {
		o["transactionDate"] = e.day.String()
	}
	if !f.v1() && f.version != "2.0" {
		o["transactionDateTime"] = instant(e.day, e.second, e.millis(), clock)
	}
}

// millis is a part of a second that is never the start of a day in UTC.
func (e entry) millis() int {
	if e.m == nil {
		return 1
	}
	return 1 + e.m.real*37%998
}

// instant writes a time of a day of São Paulo in UTC.
func instant(d calendar.Day, second, millis int, clock string) string {
	if clock == "midnight" {
		return d.String() + "T00:00:00.000Z"
	}
	second += 3 * 3600
	if second >= secondsOfDay {
		d, second = d+1, second-secondsOfDay
	}
	return fmt.Sprintf("%sT%02d:%02d:%02d.%03dZ", d, second/3600, second/60%60, second%60, millis)
}

// list writes a list of a sub-resource, in an envelope where the bank uses one.
func list(b *bank, objects []object) any {
	if objects == nil {
		objects = []object{}
	}
	if !b.Envelope {
		return objects
	}
	return object{
		"data": objects, "links": object{"self": "https://api.example.com/open-banking"},
		"meta": object{"totalRecords": len(objects), "totalPages": 1, "requestDateTime": "2025-01-01T00:00:00Z"},
	}
}

func direction(credit bool) string {
	if credit {
		return "CREDITO"
	}
	return "DEBITO"
}

var phaseNames = [...]string{effective: "TRANSACAO_EFETIVADA", processing: "TRANSACAO_PROCESSANDO", future: "LANCAMENTO_FUTURO"}

func (l *life) accountObject(s *statement) object {
	a := s.account
	f := form{version: a.version, long: a.voice%7 == 0}
	kind := "CONTA_DEPOSITO_A_VISTA"
	switch {
	case a.savings:
		kind = "CONTA_POUPANCA"
	case a.bank.Type == "prepaid":
		kind = "CONTA_PAGAMENTO_PRE_PAGA"
	}
	o := object{
		"accountId": a.id, "brandName": a.bank.Brand, "companyCnpj": a.bank.CNPJ, "type": kind, "compeCode": a.bank.Compe,
		"branchCode": a.branch, "number": a.number, "checkDigit": a.digit,
	}
	if !f.v1() {
		o["subtype"], o["currency"] = "INDIVIDUAL", "BRL"
		if a.joint {
			o["subtype"] = "CONJUNTA_SOLIDARIA"
		}
	}
	balances := object{}
	f.money(balances, "availableAmount", a.balance)
	f.money(balances, "blockedAmount", 0)
	f.money(balances, "automaticallyInvestedAmount", max(0, a.balance+a.invested))
	if !f.v1() && f.version != "2.0" {
		balances["updateDateTime"] = instant(l.end, secondsOfDay-1, 0, "time")[:19] + "Z"
	}
	o["balances"] = balances
	if a.overdraft > 0 {
		limits := object{}
		used := max(0, -a.balance)
		f.money(limits, "overdraftContractedLimit", a.overdraft)
		f.money(limits, "overdraftUsedLimit", used)
		f.money(limits, "unarrangedOverdraftAmount", max(0, used-a.overdraft))
		o["overdraft-limits"] = limits
	}
	if f.version == "2.5" && a.pot > 0 {
		o["reserved-balances"] = []object{{"name": "Caixinha", "amount": object{"amount": f.decimal(a.pot), "currency": "BRL"}}}
	}
	o["transactions"] = list(a.bank, l.entries(f, a, s.history))
	if a.current != "none" {
		o["transactions-current"] = list(a.bank, l.entries(f, a, s.current))
	}
	return o
}

func (l *life) entries(f form, a *account, entries []entry) []object {
	objects := make([]object, len(entries))
	for i, e := range entries {
		objects[i] = l.entryObject(f, a, e)
	}
	return objects
}

// Longest texts of a statement line: 200 characters, in v1 60.
const longestText, longestV1 = 200, 60

func (l *life) entryObject(f form, a *account, e entry) object {
	o := object{"completedAuthorisedPaymentType": phaseNames[e.phase]}
	if e.id != "" {
		o["transactionId"] = e.id
	}
	cents, kind := e.cents, "OUTROS"
	if e.m != nil {
		cents, kind = e.m.cents, slotTypes[e.m.slot]
	}
	if f.version == "2.5" && a.bank.Reserved && e.m != nil && strings.HasPrefix(e.m.slot, "pot") {
		kind = "TRANSFERENCIA_SALDO_RESERVADO"
	}
	if kind == "OUTROS" && f.version == "2.5" {
		o["typeAdditionalInfo"] = "OUTROS"
		if e.m != nil && (strings.HasPrefix(e.m.slot, "pot") || strings.HasPrefix(e.m.slot, "invest")) {
			o["typeAdditionalInfo"] = "APLIC_FINANCEIRA"
		}
	}
	o["type"], o["creditDebitType"] = kind, direction(cents >= 0)
	o["transactionName"] = cutText(e.text, a.bank.Cut, f)
	if f.v1() {
		o["amount"], o["transactionCurrency"] = json.RawMessage(decimal(max(cents, -cents))), "BRL"
	} else {
		f.money(o, "transactionAmount", max(cents, -cents))
	}
	f.moment(o, e, a.bank.Clock)
	f.counterparty(o, e.m)
	return o
}

func cutText(text string, cut int, f form) string {
	if cut == 0 {
		cut = longestText
	}
	if f.v1() {
		cut = min(cut, longestV1)
	}
	r := []rune(text)
	return strings.TrimSpace(string(r[:min(len(r), cut)]))
}

// counterparty puts the partie fields. In v1 absent ones are "NA".
func (f form) counterparty(o object, m *movement) {
	fields := map[string]string{
		"partieCnpjCpf": "", "partiePersonType": "", "partieCompeCode": "", "partieBranchCode": "", "partieNumber": "", "partieCheckDigit": "",
	}
	if m != nil && m.told && m.party != nil {
		p := m.party
		fields["partieCnpjCpf"] = p.taxID
		if p.taxID != "" {
			fields["partiePersonType"] = "PESSOA_NATURAL"
			if p.isCompany() {
				fields["partiePersonType"] = "PESSOA_JURIDICA"
			}
		}
		if p.bank != nil {
			fields["partieCompeCode"], fields["partieBranchCode"] = p.bank.Compe, p.branch
			fields["partieNumber"], fields["partieCheckDigit"] = p.number, p.digit
		}
	}
	for key, value := range fields { // Each key is set at most once: the order does not matter.
		switch {
		case value != "":
			o[key] = value
		case f.v1():
			o[key] = "NA"
		}
	}
}

func (l *life) cardObject(s *cardStatement) object {
	c := s.card
	f := form{version: c.version}
	o := object{
		"creditCardAccountId": c.id, "brandName": c.bank.Brand, "companyCnpj": c.bank.CNPJ, "name": c.bank.Card.Name,
		"productType": "GOLD", "creditCardNetwork": c.bank.Card.Network,
		"paymentMethod": []object{{"identificationNumber": c.number, "isMultipleCreditCard": false}},
	}
	limit := object{
		"creditLineLimitType": "LIMITE_CREDITO_TOTAL", "consolidationType": "CONSOLIDADO", "identificationNumber": c.number,
		"isLimitFlexible": false,
	}
	f.money(limit, "limitAmount", c.limit)
	f.money(limit, "usedAmount", max(0, c.used))
	f.money(limit, "availableAmount", max(0, c.limit-max(0, c.used)))
	o["limits"] = list(c.bank, []object{limit})
	var bills []object
	for i, b := range s.bills {
		bills = append(bills, l.billObject(f, c, b, s.nested[i]))
	}
	o["bills"] = list(c.bank, bills)
	o["transactions"] = list(c.bank, l.lines(f, c, s.history))
	if s.current != nil {
		o["transactions-current"] = list(c.bank, l.lines(f, c, s.current))
	}
	return o
}

func (l *life) billObject(f form, c *card, b *bill, nested []entry) object {
	o := object{"billId": b.id, "dueDate": b.due.String(), "isInstalment": b.planned}
	f.money(o, "billTotalAmount", b.total)
	f.money(o, "billMinimumAmount", b.minimum)
	if f.version == "2.5" {
		o["billClosingDate"] = b.closing.String()
	}
	charges, payments := []object{}, []object{}
	flat := func(o object, cents int64) object {
		o["amount"], o["currency"] = any(decimal(cents)), "BRL"
		if f.v1() {
			o["amount"] = json.RawMessage(decimal(cents))
		}
		return o
	}
	for _, x := range b.charges {
		charges = append(charges, flat(object{"type": x.kind, "additionalInfo": "Encargos"}, x.cents))
	}
	if len(b.charges) == 0 && f.v1() {
		charges = append(charges, flat(object{"type": "SEM_ENCARGO", "additionalInfo": "NA"}, 0))
	}
	for _, p := range b.payments {
		payments = append(payments, flat(object{"valueType": p.value, "paymentDate": p.day.String(), "paymentMode": p.mode}, p.cents))
	}
	o["financeCharges"], o["payments"] = charges, payments
	if c.bank.Card.Nested != "none" {
		o["transactions"] = list(c.bank, l.lines(f, c, nested))
	}
	return o
}

func (l *life) lines(f form, c *card, entries []entry) []object {
	objects := make([]object, len(entries))
	for i, e := range entries {
		objects[i] = l.lineObject(f, c, e)
	}
	return objects
}

func (l *life) lineObject(f form, c *card, e entry) object {
	m := e.m
	o := object{
		"transactionId": e.id, "identificationNumber": c.number, "transactionName": cutText(e.text, 0, f),
		"creditDebitType": direction(m.cents >= 0), "transactionType": m.lineType, "billPostDate": "0001-01-01",
	}
	if b := c.bills[m.cycle]; b.closed {
		o["billId"], o["billPostDate"] = b.id, b.closing.String()
	} else if f.version == "2.5" {
		o["billForecastDate"] = b.closing.String()[:7]
	}
	if m.lineType == "PAGAMENTO" && m.pays == nil {
		o["paymentType"] = "A_VISTA"
		if m.count > 1 {
			o["paymentType"] = "A_PRAZO"
		}
	}
	if m.lineType == "OUTROS" {
		o["transactionalAdditionalInfo"] = m.text
	}
	if m.feeType != "" {
		o["feeType"] = m.feeType
	}
	if m.otherCredits != "" {
		o["otherCreditsType"] = m.otherCredits
	}
	if m.count > 1 {
		o["chargeNumber"] = m.count
		o["chargeIdentificator"] = any(m.number)
		if f.v1() || f.version == "2.0" {
			o["chargeIdentificator"] = fmt.Sprintf("PARCELA_%d", m.number)
		}
	}
	if m.party != nil && m.party.mcc > 0 {
		o["payeeMCC"] = m.party.mcc
	}
	cents := max(m.cents, -m.cents)
	f.money(o, "brazilianAmount", cents)
	f.money(o, "amount", cents)
	if m.dollars > 0 {
		f.money(o, "amount", m.dollars)
		f.setCurrency(o, "USD")
	}
	delete(o, "brazilianAmountCurrency")
	if f.v1() {
		o["lineName"] = "CREDITO_A_VISTA"
		if m.count > 1 {
			o["lineName"] = "CREDITO_PARCELADO"
		}
		for _, key := range []string{
			"transactionalAdditionalInfo", "paymentType", "feeType", "feeTypeAdditionalInfo", "otherCreditsType",
			"otherCreditsAdditionalInfo", "chargeIdentificator",
		} {
			if o[key] == nil {
				o[key] = "NA"
			}
		}
	}
	f.moment(o, e, c.bank.Clock)
	return o
}

// contractObjects writes the contracts into their sections, each under every
// brand that shows it.
func (l *life) contractObjects(d object) {
	for _, c := range l.contracts {
		if c.start > l.end {
			continue
		}
		section := contractKinds[c.plan.Kind].section
		for i, b := range c.banks {
			list, _ := d[section].([]object)
			d[section] = append(list, l.contractObject(c, i, b))
		}
	}
}

func (l *life) contractObject(c *contract, i int, b *bank) object {
	kind := contractKinds[c.plan.Kind]
	releases := []object{}
	for n, p := range c.payments {
		releases = append(releases, object{
			"paymentId": fmt.Sprintf("%s-%d", c.ids[i], n+1), "isOverParcelPayment": false, "paidDate": p.day.String(),
			"currency": "BRL", "paidAmount": decimal(p.cents),
		})
	}
	o := object{
		"contractId": c.ids[i], "brandName": b.Brand, "companyCnpj": b.CNPJ, "productType": kind.product, "productSubType": kind.subProduct,
		"ipocCode": c.ipoc, "contractNumber": c.number, "productName": "Crédito", "contractDate": c.start.String(),
		"disbursementDates": []string{c.start.String()}, "contractAmount": decimal(c.cents), "currency": "BRL",
		"dueDate": c.first.AddMonths(c.count - 1).String(), "instalmentPeriodicity": "MENSAL",
		"firstInstalmentDueDate": c.first.String(), "CET": "0.350000", "amortizationScheduled": "PRICE",
		"interestRates": []object{{
			"taxType": "EFETIVA", "interestRateType": "COMPOSTO", "taxPeriodicity": "AM", "calculation": "30/360",
			"referentialRateIndexerType": "PRE_FIXADO", "preFixedRate": "0.025000",
		}},
		"contractedFees": []object{}, "contractedFinanceCharges": []object{}, "warranties": []object{},
		"scheduled-instalments": object{
			"typeNumberOfInstalments": "MES", "totalNumberOfInstalments": c.count, "typeContractRemaining": "MES",
			"contractRemainingNumber": c.count - c.paid, "paidInstalments": c.paid, "dueInstalments": c.count - c.paid,
			"pastDueInstalments": c.pastDue,
		},
		"payments": object{
			"paidInstalments": c.paid, "contractOutstandingBalance": decimal(int64(c.count-c.paid) * c.part), "releases": releases,
		},
	}
	if kind.unplanned {
		o["productName"] = "Adiantamento a depositante"
		o["instalmentPeriodicity"], o["amortizationScheduled"] = "SEM_PERIODICIDADE_REGULAR", "SEM_SISTEMA_AMORTIZACAO"
		delete(o, "dueDate")
		delete(o, "firstInstalmentDueDate")
		o["contractedFees"] = []object{{
			"feeName": "Adiantamento a depositante", "feeCode": "ADIANT_DEPOSITANTE", "feeChargeType": "UNICA", "feeCharge": "FIXO", "feeAmount": "65.00",
		}}
		o["scheduled-instalments"] = object{
			"typeNumberOfInstalments": "SEM_PRAZO_TOTAL", "typeContractRemaining": "SEM_PRAZO_REMANESCENTE",
			"paidInstalments": 0, "dueInstalments": 1, "pastDueInstalments": c.pastDue,
		}
	}
	return o
}

// identify writes who the person or company is.
func (l *life) identify(d object) {
	updated := l.end.String() + "T12:00:00Z"
	contacts := object{
		"postalAddresses": []object{{
			"isMain": true, "address": "Rua do Exemplo, 100", "districtName": "Centro", "townName": "São Paulo", "ibgeTownCode": "3550308",
			"countrySubDivision": "SP", "postCode": "01000000", "country": "Brasil", "countryCode": "BRA",
		}},
		"phones": []object{{"isMain": true, "type": "MOVEL", "countryCallingCode": "55", "areaCode": "11", "number": "900000000"}},
		"emails": []object{{"isMain": true, "email": "pessoa@example.com"}},
	}
	var firms []object
	for _, b := range l.banksOfFirm() {
		firms = append(firms, l.firmObject(b, updated, contacts))
	}
	if firms != nil {
		d["businessCustomerIdentification"] = firms
	}
	if l.self.isCompany() {
		return
	}
	brand := l.accounts[0].bank
	person := object{
		"updateDateTime": updated, "personalId": l.self.taxID[:6] + "-pf", "brandName": brand.Brand, "civilName": l.self.name,
		"birthDate": "1985-04-12", "maritalStatusCode": "SOLTEIRO", "sex": "OUTRO", "companiesCnpj": []string{brand.CNPJ},
		"documents": object{"cpfNumber": l.self.taxID}, "hasBrazilianNationality": true,
		"filiation": []object{{"type": "MAE", "civilName": "Helena Duarte " + l.family}}, "contacts": contacts,
	}
	if l.accounts[0].version == "v1" {
		person["companyCnpj"], person["socialName"] = []string{brand.CNPJ}, "NA"
		delete(person, "companiesCnpj")
	}
	d["personalCustomerIdentification"] = []object{person}
	l.relate(d, updated)
}

// banksOfFirm are the banks that identify the company: of one without an owner
// in the document its first one alone.
func (l *life) banksOfFirm() []*bank {
	var banks []*bank
	for _, a := range l.accounts {
		if a.company && !slices.Contains(banks, a.bank) && (len(banks) == 0 || !l.self.isCompany()) {
			banks = append(banks, a.bank)
		}
	}
	return banks
}

// firmObject is how a bank identifies the company.
func (l *life) firmObject(b *bank, updated string, contacts object) object {
	owner := party{name: "Helena Duarte Exemplo", taxID: "12345678909"}
	if !l.self.isCompany() {
		owner = l.self
	}
	return object{
		"updateDateTime": updated, "businessId": l.firm.taxID[:8] + "-pj", "brandName": b.Brand, "companyName": l.firm.name,
		"tradeName": strings.ToUpper(strings.Fields(l.firm.name)[0]), "incorporationDate": "2015-03-02T00:00:00Z",
		"cnpjNumber": l.firm.taxID, "companiesCnpj": []string{b.CNPJ}, "contacts": contacts,
		"parties": []object{{
			"personType": "PESSOA_NATURAL", "type": "SOCIO", "civilName": owner.name, "startDate": "2015-03-02T00:00:00Z",
			"shareholding": "1.000000", "documentType": "CPF", "documentNumber": owner.taxID, "documentCountry": "BRA",
		}},
	}
}

// relate writes what the bank of the wage knows of the person's income and
// employer.
func (l *life) relate(d object, updated string) {
	for _, e := range l.wages {
		at := e.into
		if e.ported != nil && !e.ported.outside {
			at = e.ported
		}
		d["personalCustomerQualification"] = []object{{
			"updateDateTime": updated, "companyCnpj": at.bank.CNPJ, "occupationCode": "OUTRO", "occupationDescription": "Empregado",
			"informedIncome": object{"frequency": "MENSAL", "amount": object{"amount": decimal(e.base), "currency": "BRL"}, "date": l.begin.String()},
		}}
		d["personalCustomerFinancialRelation"] = []object{{
			"updateDateTime": updated, "startDate": l.begin.String() + "T12:00:00Z",
			"productsServicesType": []string{"CONTA_DEPOSITO_A_VISTA", "CARTAO_CREDITO"}, "procurators": []object{},
			"accounts": []object{{
				"compeCode": at.bank.Compe, "branchCode": at.branch, "number": at.number, "checkDigit": at.digit,
				"type": "CONTA_DEPOSITO_A_VISTA", "subtype": "INDIVIDUAL",
			}},
			"paychecksBankLink": []object{{
				"employerName": e.payers[0].name, "employerCnpjCpf": e.payers[0].taxID, "paycheckBankCnpj": at.bank.CNPJ,
				"paycheckBankIspb": at.bank.CNPJ[:8], "accountOpeningDate": l.begin.String(),
			}},
		}}
	}
}
