package classify

import (
	"encoding/csv"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/openklaas/klaas/internal/ledger"
	"github.com/openklaas/klaas/internal/text"
	"github.com/openklaas/klaas/openfinance"
	"github.com/openklaas/klaas/taxonomy"
)

type expectation struct {
	name string
	m    movement
	code string
	tier ledger.Tier
	rule string // "" is not looked at
}

func run(t *testing.T, tests []expectation) {
	t.Helper()
	for _, tt := range tests {
		d := decide(t, tt.m)
		if d.Code.String() != tt.code || d.Tier != tt.tier || tt.rule != "" && d.Rule != tt.rule {
			t.Errorf("%s: %q is %s by %s %s (%d), want %s by %s %s", tt.name, tt.m.text, d.Code, d.Tier, d.Rule, d.Confidence, tt.code, tt.tier, tt.rule)
		}
	}
}

const (
	none       = ledger.TierNone
	ledgerTier = ledger.TierLedger
	structure  = ledger.TierStructure
	vocabulary = ledger.TierVocabulary
	merchant   = ledger.TierMerchant
)

func TestTypesDecide(t *testing.T) {
	run(t, []expectation{
		{"wage", movement{text: "CREDITO XYZ", ofbType: "FOLHA_PAGAMENTO", credit: true}, "010101", structure, "structure/type-folha-pagamento"},
		{"13th by the text", movement{text: "PAGTO 13 SALARIO", ofbType: "FOLHA_PAGAMENTO", credit: true}, "010102", vocabulary, ""},
		{"a pension paid as a wage", movement{text: "BENEFICIO INSS", ofbType: "FOLHA_PAGAMENTO", credit: true}, "010301", vocabulary, ""},
		{"ported wage", movement{text: "X", ofbType: "PORTABILIDADE_SALARIO", credit: true}, "010101", structure, ""},
		{"wage ported away", movement{text: "X", ofbType: "PORTABILIDADE_SALARIO"}, "020204", structure, ""},
		{"package fee", movement{text: "X", ofbType: "PACOTE_TARIFA_SERVICOS"}, "050703", structure, ""},
		{"single fee", movement{text: "X", ofbType: "TARIFA_SERVICOS_AVULSOS"}, "050704", structure, ""},
		{"which fee tells the text", movement{text: "TARIFA AVULSA ENVIO PIX", ofbType: "TARIFA_SERVICOS_AVULSOS"}, "050705", vocabulary, ""},
		{"the text may not leave the list", movement{text: "TARIFA FGTS DIGITAL", ofbType: "TARIFA_SERVICOS_AVULSOS"}, "050704", structure, ""},
		{"fee given back", movement{text: "X", ofbType: "TARIFA_SERVICOS_AVULSOS", credit: true}, "060301", structure, ""},
		{"overdraft", movement{text: "X", ofbType: "ENCARGOS_JUROS_CHEQUE_ESPECIAL"}, "050402", structure, ""},
		{"tax on the overdraft", movement{text: "IOF UTIL LIMITE", ofbType: "ENCARGOS_JUROS_CHEQUE_ESPECIAL"}, "050401", vocabulary, ""},
		{"yield", movement{text: "X", ofbType: "RENDIMENTO_APLIC_FINANCEIRA", credit: true}, "010403", structure, ""},
		{"yield of savings", movement{text: "REND POUPANCA", ofbType: "RENDIMENTO_APLIC_FINANCEIRA", credit: true}, "010404", vocabulary, ""},
		{"tax on a yield", movement{text: "X", ofbType: "RENDIMENTO_APLIC_FINANCEIRA"}, "040602", structure, ""},
		{"redemption", movement{text: "X", ofbType: "RESGATE_APLIC_FINANCEIRA", credit: true}, "010502", structure, ""},
		{"sweep in", movement{text: "RESGATE CONTAMAX", ofbType: "RESGATE_APLIC_FINANCEIRA", credit: true}, "010505", vocabulary, ""},
		{"cash", movement{text: "X", ofbType: "SAQUE"}, "020701", structure, ""},
		{"cash by PIX", movement{text: "PIX SAQUE", ofbType: "SAQUE"}, "020702", vocabulary, ""},
		{"deposit", movement{text: "X", ofbType: "DEPOSITO", credit: true}, "020801", structure, ""},
		{"cheque deposit", movement{text: "DEP CH 24H", ofbType: "DEPOSITO", credit: true}, "020802", vocabulary, ""},
		{"loan", movement{text: "X", ofbType: "OPERACAO_CREDITO", credit: true}, "050208", structure, ""},
		{"instalment", movement{text: "X", ofbType: "OPERACAO_CREDITO"}, "050202", structure, ""},
		{"mortgage", movement{text: "PREST HAB 123", ofbType: "OPERACAO_CREDITO"}, "050204", vocabulary, ""},
		{"boleto", movement{text: "X", ofbType: "BOLETO"}, "021001", structure, ""},
		{"boleto of a school", movement{text: "COLEGIO SAO BENTO", ofbType: "BOLETO"}, "030501", merchant, ""},
		{"utility", movement{text: "SABESP 123", ofbType: "CONVENIO_ARRECADACAO"}, "030102", merchant, "merchant/sabesp"},
		{"tax by agreement", movement{text: "IPVA RENAVAM", ofbType: "CONVENIO_ARRECADACAO"}, "040904", vocabulary, ""},
		{"unknown agreement", movement{text: "X", ofbType: "CONVENIO_ARRECADACAO"}, "021001", structure, ""},
		{"debit card", movement{text: "X", ofbType: "CARTAO"}, "050101", structure, ""},
		{"debit card at a shop", movement{text: "COMPRA CARTAO DEB MC 10/03 DROGASIL", ofbType: "CARTAO"}, "030401", merchant, "merchant/drogasil"},
		{"debit card refunded", movement{text: "DROGASIL", ofbType: "CARTAO", credit: true}, "010605", merchant, ""},
		{"nothing known", movement{text: "XYZ", ofbType: "OUTROS"}, "060101", none, ""},
		{"no text", movement{ofbType: "OUTROS", credit: true}, "060101", none, ""},
	})
}

func TestCardLines(t *testing.T) {
	run(t, []expectation{
		{"bill payment", movement{text: "XYZ", ofbType: "PAGAMENTO", card: true, credit: true}, "060202", structure, ""},
		{"purchase", movement{text: "XYZ", ofbType: "PAGAMENTO", card: true, mcc: 5411}, "030301", structure, "structure/mcc"},
		{"no type", movement{text: "XYZ", card: true, mcc: 742}, "040702", structure, "structure/mcc"},
		{"annual fee", movement{text: "X", ofbType: "TARIFA", detail: "ANUIDADE", card: true}, "050701", structure, ""},
		{"fee", movement{text: "X", ofbType: "TARIFA", detail: "OUTRA", card: true}, "050704", structure, ""},
		{"insurance as a fee", movement{text: "SEGURO CARTAO PROTEGIDO", ofbType: "TARIFA", card: true}, "050702", vocabulary, ""},
		{"refund", movement{text: "AMAZON", ofbType: "ESTORNO", card: true, credit: true}, "010605", structure, ""},
		{"cashback", movement{text: "X", ofbType: "CASHBACK", card: true, credit: true}, "010604", structure, ""},
		{"instalment plan of the bill", movement{text: "X", ofbType: "OPERACOES_CREDITO_CONTRATADAS_CARTAO", detail: "PARCELAMENTO_FATURA", card: true}, "060204", structure, ""},
		{"loan on the card", movement{text: "X", ofbType: "OPERACOES_CREDITO_CONTRATADAS_CARTAO", detail: "EMPRESTIMO", card: true, credit: true}, "050208", structure, ""},
		{"name before code", movement{text: "NETFLIX.COM", ofbType: "PAGAMENTO", card: true, mcc: 4899}, "040102", merchant, "merchant/netflix"},
		{"code before trade", movement{text: "PADARIA SOUZA", ofbType: "PAGAMENTO", card: true, mcc: 5812}, "040301", structure, ""},
		{"trade before a code that says little", movement{text: "PADARIA SOUZA", ofbType: "PAGAMENTO", card: true, mcc: 5999}, "030302", merchant, ""},
		{"a code that says little", movement{text: "XYZ", ofbType: "PAGAMENTO", card: true, mcc: 5999}, "040404", structure, ""},
		{"tax on a purchase", movement{text: `IOF de "NETFLIX"`, ofbType: "PAGAMENTO", card: true, mcc: 4899}, "050401", vocabulary, ""},
		{"betting by code", movement{text: "XYZ", ofbType: "PAGAMENTO", card: true, mcc: 7995}, "041201", structure, "structure/betting-mcc"},
		{"lottery by code", movement{text: "XYZ", ofbType: "PAGAMENTO", card: true, mcc: 7800}, "041202", structure, ""},
		{"acquirer alone", movement{text: "PAG*XYZWK", card: true}, "040401", vocabulary, "vocabulary/acquirer-pag"},
		{"behind an acquirer", movement{text: "PAG*DROGASIL", card: true}, "030401", merchant, ""},
		{"a credit with a code is a refund", movement{text: "XYZ", ofbType: "OUTROS", card: true, credit: true, mcc: 5411}, "010605", structure, ""},
		{"nothing", movement{text: "XYZ", ofbType: "OUTROS", card: true}, "060101", none, ""},
	})
}

func TestCounterparty(t *testing.T) {
	run(t, []expectation{
		{"own, by PIX", movement{text: "PIX ENVIADO ANA", ofbType: "PIX", partie: ownCPF}, "020104", structure, "structure/own-tax-id"},
		{"own, by TED", movement{text: "TED", ofbType: "TED", partie: ownCPF, credit: true}, "020204", structure, ""},
		{"own, but invested", movement{text: "APLICACAO CDB", ofbType: "TED", partie: ownCPF}, "050302", vocabulary, ""},
		{"own, but a fee", movement{text: "TARIFA BANCARIA", ofbType: "OUTROS", partie: ownCPF}, "050704", vocabulary, ""},
		{"own, of unknown kind", movement{text: "XYZ", ofbType: "OUTROS", partie: ownCPF}, "020204", structure, ""},
		{"person", movement{text: "PIX ENVIADO X", ofbType: "PIX", partie: otherCPF}, "020102", structure, "structure/counterparty-person"},
		{"person by kind", movement{text: "PIX ENVIADO X", ofbType: "PIX", person: "PESSOA_NATURAL"}, "020102", structure, ""},
		{"a person is no shop", movement{text: "PIX ENVIADO MARISA PADARIA", ofbType: "PIX", partie: otherCPF}, "020102", structure, ""},
		{"person by name", movement{text: "PIX TRANSF JULIANA S04/05", ofbType: "PIX"}, "020102", structure, "vocabulary/person-name"},
		{"a name that is a brand too", movement{text: "PIX ENVIADO MARISA SILVA", ofbType: "PIX"}, "020102", structure, "vocabulary/person-name"},
		{"a family name that is a trade", movement{text: "PIX ENVIADO ANA MARIA FLORES", ofbType: "PIX"}, "020102", structure, ""},
		{"a family name that is a shop", movement{text: "PIX ENVIADO PEDRO CASSOL", ofbType: "PIX"}, "020102", structure, ""},
		{"person by the masked CPF", movement{text: "PIX - MARISA - •••.123.456-•• - NU PAGAMENTOS LTDA", ofbType: "PIX"}, "020102", structure, "structure/counterparty-person"},
		{"own by the masked CPF", movement{text: "PIX - ANA - •••.982.247-•• - NU PAGAMENTOS", ofbType: "PIX"}, "020104", structure, "structure/own-tax-id"},
		{"company by the CNPJ in the text", movement{text: "PIX - XYZ - 11.222.333/0001-81 - BANCO", ofbType: "PIX"}, "020103", structure, "structure/counterparty-company"},
		{"betting by the CNPJ in the text", movement{text: "PIX - XYZ - 56.442.917/0001-09 - BANCO", ofbType: "PIX"}, "041201", structure, "structure/betting-operator"},
		{"a wallet is no market", movement{text: "PIX ENVIADO MERCADO PAGO", ofbType: "PIX"}, "020101", structure, ""},
		{"the brand whole", movement{text: "PIX ENVIADO LOJAS MARISA", ofbType: "PIX"}, "040406", merchant, "merchant/marisa"},
		{"company last", movement{text: "PIX ENVIADO XYZ", ofbType: "PIX", partie: "11222333000181"}, "020103", structure, "structure/counterparty-company"},
		{"company by name", movement{text: "PIX ENVIADO XYZ LTDA", ofbType: "PIX"}, "020103", structure, ""},
		{"merchant before company", movement{text: "PIX ENVIADO IFOOD", ofbType: "PIX", partie: "11222333000181"}, "040302", merchant, "merchant/ifood"},
		{"merchant by CNPJ", movement{text: "PIX ENVIADO XYZ", ofbType: "PIX", partie: "14380200000121"}, "040302", merchant, "merchant/ifood"},
		{"another branch", movement{text: "XYZ", ofbType: "PIX", partie: "14380200009999"}, "040302", merchant, ""},
		{"trade by PIX", movement{text: "PIX QRS PADARIA DO ZE04/05", ofbType: "PIX"}, "030302", merchant, ""},
		{"pension by CNPJ", movement{text: "XYZ", ofbType: "TED", partie: "29979036000140", credit: true}, "010301", structure, "structure/counterparty-inss"},
		{"tax refund by CNPJ", movement{text: "XYZ", ofbType: "TED", partie: "00394460005887", credit: true}, "010603", structure, ""},
		{"bare PIX", movement{text: "PIX ENVIADO", ofbType: "PIX"}, "020101", structure, ""},
		{"bare TED", movement{text: "XYZ", ofbType: "TED", credit: true}, "020201", structure, ""},
		{"inside the bank", movement{text: "XYZ", ofbType: "TRANSFERENCIA_MESMA_INSTITUICAO"}, "020401", structure, ""},
		{"PIX in the text alone", movement{text: "TRANSFERENCIA PIX DES: XYZ 04/05", ofbType: "OUTROS"}, "020101", vocabulary, "vocabulary/pix"},
		{"gig income", movement{text: "PIX RECEBIDO UBER DO BRASIL", ofbType: "PIX", credit: true}, "010106", vocabulary, ""},
		{"returned PIX", movement{text: "PIX DEVOLVIDO XYZ", ofbType: "PIX", credit: true, partie: otherCPF}, "020601", vocabulary, ""},
		{"alimony to a person", movement{text: "PIX ENVIADO PENSAO ALIMENTICIA", ofbType: "PIX", partie: otherCPF}, "030801", vocabulary, ""},
	})
}

func TestLedgerRoles(t *testing.T) {
	run(t, []expectation{
		{"own transfer", movement{text: "PIX ENVIADO IFOOD", ofbType: "PIX", role: ledger.RoleOwnTransfer}, "020104", ledgerTier, "ledger/own-transfer"},
		{"sweep out", movement{text: "XYZ", role: ledger.RoleSweep}, "050305", ledgerTier, ""},
		{"sweep in", movement{text: "XYZ", role: ledger.RoleSweep, credit: true}, "010505", ledgerTier, ""},
		{"bill payment", movement{text: "BOLETO XYZ", ofbType: "BOLETO", role: ledger.RoleBillPayment}, "060201", ledgerTier, ""},
		{"a reversal keeps its own reason", movement{text: "PIX DEVOLVIDO", credit: true, role: ledger.RoleReversal}, "020601", vocabulary, ""},
		{"no exception for betting", movement{text: "BETANO", ofbType: "PIX", role: ledger.RoleOwnTransfer}, "041201", vocabulary, ""},
	})
}

// The order of tests: taxes, yields, then applications and redemptions;
// reversals before all.
func TestOrderOfTests(t *testing.T) {
	run(t, []expectation{
		{"yield of an application", movement{text: "REMUNERACAO APLICACAO AUTOMATICA", credit: true}, "010403", vocabulary, ""},
		{"yield of a sweep", movement{text: "REND PAGO APLIC AUT MAIS", credit: true}, "010403", vocabulary, ""},
		{"tax on a redemption", movement{text: "IRRF S/RESGATE CDB"}, "040602", vocabulary, ""},
		{"income tax on a redemption", movement{text: "IR - RESGATE CDB"}, "040602", vocabulary, ""},
		{"IOF on a redemption", movement{text: "IOF - RESGATE CDB"}, "050401", vocabulary, ""},
		{"redemption", movement{text: "RESGATE CDB", credit: true}, "010502", vocabulary, ""},
		{"sweep before application", movement{text: "APL APLIC AUT MAIS"}, "050305", vocabulary, ""},
		{"both directions", movement{text: "BB RENDE FACIL", credit: true}, "010505", vocabulary, ""},
		{"both directions", movement{text: "BB RENDE FACIL"}, "050305", vocabulary, ""},
		{"reversal of a fee", movement{text: "ESTORNO TARIFA PACOTE SERVICOS", credit: true}, "060301", vocabulary, ""},
		{"an advance on FGTS is a loan", movement{text: "ANTECIP SAQUE ANIV FGTS", credit: true}, "050208", vocabulary, ""},
		{"FGTS", movement{text: "CRED FGTS", credit: true}, "010305", vocabulary, ""},
		{"an advance to a depositor is no wage", movement{text: "ADIANTAMENTO A DEPOSITANTE"}, "050403", vocabulary, ""},
		{"unemployment insurance is no insurance", movement{text: "SEGURO DESEMPREGO", credit: true}, "010304", vocabulary, ""},
		{"a returned cheque's fee is a fee", movement{text: "TAR CHEQUE DEV"}, "050704", vocabulary, ""},
		{"alimony is no pension", movement{text: "PENSAO ALIMENTICIA", credit: true}, "010306", vocabulary, ""},
		{"a marketplace is no market", movement{text: "MERCADO LIVRE"}, "040403", merchant, ""},
		{"a preposition is no tax", movement{text: "CASA DAS LAMPADAS"}, "040402", merchant, ""},
		{"names cut by the core", movement{text: "SUPERMERCADO CARREF"}, "030301", merchant, ""},
		{"names cut before a day", movement{text: "PIX QRS RESTAURAN04/05"}, "040301", merchant, ""},
		{"words run together", movement{text: "PAG*RESTAURANTEVOJOAO", card: true}, "040301", merchant, ""},
	})
}

// Betting has one definition; see loadBetting.
func TestBetting(t *testing.T) {
	for _, s := range []string{
		"PIX ENVIADO BETANO", "BET365", "PIX KTO", "STAKE", "PIX ENVIADO KAIZEN GAMING BRASIL LTDA", "PIX HS DO BRASIL",
		"SUPER BET", "PIX ENERGIA BET", "WWW.SUPER.BET.BR", "PAGAMENTO 7K.BET.BR", "XYZ.BET.BR", "PIX 7K BET", "BIG BET",
		"ESTRELABET", "VAIDEBET LTDA", "SPRBT INTERACTIVE", "ALFA.BET", "PIX APOSTA GANHA", "JOGÃO", "LEVANTE BRASIL LTDA",
	} {
		for _, credit := range []bool{false, true} {
			if d := decide(t, movement{text: s, ofbType: "PIX", credit: credit}); d.Code != betting {
				t.Errorf("%q (credit %v) is %s by %s", s, credit, d.Code, d.Rule)
			}
		}
	}
	for _, s := range []string{
		"ALPHABET", "BETIM", "ELISABETE", "PIX ENVIADO ELISABETE SOUZA", "PREFEITURA DE BETIM", "SUPER", "SUPER MERCADO",
		"ENERGIA", "ENERGIA ELETRICA", "JOGOS", "BRAVO", "RECEBA", "REALS", "MERIDIAN", "TRADICIONAL", "BIG", //nolint:misspell // a brand
		"PLAY", "PIN", "7K",
		"UP", "AI", "R7", "KTOS", "BETANOS", "BET BR", "ABET.BR", "VERA", "ALFA", "PIXBETS", "ICE", "SORTE ONLINE", "LOTERIAS CAIXA",
	} {
		if d := decide(t, movement{text: s, ofbType: "PIX"}); d.Code == betting {
			t.Errorf("%q is taken for betting by %s", s, d.Rule)
		}
	}
	run(t, []expectation{
		{"lottery shop", movement{text: "PIX ENVIADO SORTE ONLINE", ofbType: "PIX"}, "041202", vocabulary, ""},
		{"a company's name that is cut", movement{text: "PIX TRANSF KAIZEN GAMI23/03", ofbType: "PIX"}, "041201", vocabulary, "vocabulary/betting-company-kaizen-gami"},
		{"licensed by root", movement{text: "XYZ", ofbType: "TED", partie: "56442917009999", credit: true}, "041201", structure, "structure/betting-operator"},
	})
}

// Every operator's root, company, and brand is filed as betting.
func TestEveryBettingOperator(t *testing.T) {
	f, err := os.Open("../bets/operators.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	ordinary := strings.Fields("SUPER ENERGIA JOGOS BRAVO RECEBA REALS MERIDIAN TRADICIONAL") //nolint:misspell // brands
	for _, r := range records[1:] {
		texts := []movement{{text: "XYZ", ofbType: "PIX", partie: r[0]}, {text: r[1], ofbType: "PIX"}}
		for d := range strings.SplitSeq(r[3], ";") {
			if d = strings.TrimSpace(d); strings.HasSuffix(d, ".bet.br") {
				texts = append(texts, movement{text: "PAG " + d, ofbType: "PIX"})
			}
		}
		for b := range strings.SplitSeq(r[2], ";") {
			b = strings.TrimSpace(b)
			letters := 0
			for _, c := range b {
				if c != ' ' && c != '.' {
					letters++
				}
			}
			if letters >= 5 && b != "SORTE ONLINE" && !slices.Contains(ordinary, b) {
				texts = append(texts, movement{text: "PIX " + b, ofbType: "PIX"})
			}
			if b != "" && b != "SORTE ONLINE" {
				texts = append(texts, movement{text: b + " BET", ofbType: "PIX"})
			}
		}
		for _, m := range texts {
			if d := decide(t, m); d.Code != betting {
				t.Errorf("%q %s is %s by %s", m.text, m.partie, d.Code, d.Rule)
			}
		}
	}
}

func TestCompanies(t *testing.T) {
	run(t, []expectation{
		{"customer by PIX", movement{text: "PIX RECEBIDO", ofbType: "PIX", credit: true, company: true, partie: otherCPF}, "070101", structure, ""},
		{"customer by TED", movement{text: "TED", ofbType: "TED", credit: true, company: true}, "070102", structure, ""},
		{"collection", movement{text: "X", ofbType: "BOLETO", credit: true, company: true}, "070103", structure, ""},
		{"acquirer", movement{text: "SISPAG CIELO S.A", ofbType: "TED", credit: true, company: true}, "070104", vocabulary, ""},
		{"acquirer by CNPJ", movement{text: "X", ofbType: "TED", credit: true, company: true, partie: "01027058000191"}, "070104", structure, ""},
		{"payroll", movement{text: "X", ofbType: "FOLHA_PAGAMENTO", company: true}, "080201", structure, ""},
		{"payroll by text", movement{text: "SISPAG SALARIOS", ofbType: "OUTROS", company: true}, "080201", vocabulary, ""},
		{"DAS", movement{text: "DAS SIMPLES NACIONAL", ofbType: "CONVENIO_ARRECADACAO", company: true}, "080301", vocabulary, ""},
		{"DAS of a person", movement{text: "DAS SIMPLES NACIONAL", ofbType: "CONVENIO_ARRECADACAO"}, "040601", vocabulary, ""},
		{"own by root", movement{text: "X", ofbType: "TED", company: true, partie: "12ABC345000288", credit: true}, "090201", structure, "structure/own-tax-id"},
		{"power", movement{text: "CEMIG", ofbType: "CONVENIO_ARRECADACAO", company: true}, "080403", merchant, ""},
		{"returned PIX", movement{text: "PIX DEVOLVIDO", ofbType: "PIX", credit: true, company: true}, "020601", vocabulary, ""},
		{"loan", movement{text: "X", ofbType: "OPERACAO_CREDITO", credit: true, company: true}, "050208", structure, ""},
		{"PIX paid stays a transfer", movement{text: "X", ofbType: "PIX", company: true, partie: otherCPF}, "020102", structure, ""},
	})
}

func TestRunnerUpAndBrand(t *testing.T) {
	d := decide(t, movement{text: "PIX ENVIADO IFOOD", ofbType: "PIX", partie: "11222333000181"})
	if d.RunnerUp != taxonomy.PixCompany || d.Brand != "iFood" || d.Matched != "IFOOD" {
		t.Errorf("got %+v", d)
	}
	if d := decide(t, movement{text: "AMAZON", ofbType: "ESTORNO", card: true, credit: true}); d.Brand != "Amazon" {
		t.Errorf("a refund loses its brand: %+v", d)
	}
	if d := decide(t, movement{text: "PIX ENVIADO IFOOD", ofbType: "PIX", partie: otherCPF}); d.Brand != "" {
		t.Errorf("a person has the brand %s", d.Brand)
	}
	if d := decide(t, movement{text: "XYZ", ofbType: "OUTROS"}); d.Confidence != 0 || d.Code != taxonomy.Other || d.RunnerUp != 0 {
		t.Errorf("nothing known gives %+v", d)
	}
}

// Purchases that come back over a card are no earnings, though the platform also
// pays drivers and sellers.
func TestCardCreditsFromPlatformsAreRefunds(t *testing.T) {
	run(t, []expectation{
		{"ride", movement{text: "UBER *TRIP", ofbType: "OUTROS", card: true, credit: true}, "010605", merchant, ""},
		{"marketplace", movement{text: "MERCADOLIVRE*LOJA", ofbType: "OUTROS", card: true, credit: true}, "010605", merchant, ""},
		{"lodging", movement{text: "AIRBNB * HM123", ofbType: "OUTROS", card: true, credit: true}, "010605", merchant, ""},
		{"debit card", movement{text: "RSHOP-UBER DO BRA-03/02", ofbType: "CARTAO", credit: true}, "010605", merchant, ""},
		{"debit card, by CNPJ", movement{text: "COMPRA", ofbType: "CARTAO", credit: true, partie: "35635824000112"}, "010605", merchant, ""},
		{"rental platform", movement{text: "QUINTOANDAR", ofbType: "CARTAO", credit: true}, "010605", structure, ""},
		{"by PIX it is an earning", movement{text: "PIX RECEBIDO UBER DO BRASIL", ofbType: "PIX", credit: true}, "010106", vocabulary, ""},
		{"a bet stays one", movement{text: "BETANO", ofbType: "CARTAO", credit: true}, "041201", vocabulary, ""},
	})
}

// Family names that look like a trade, a fee or a company.
func TestFamilyNamesAreNoTrades(t *testing.T) {
	run(t, []expectation{
		{"no painter", movement{text: "PIX ENVIADO MARIA PINTO", ofbType: "PIX"}, "020102", structure, ""},
		{"no snacks", movement{text: "PIX ENVIADO JOSE SALGADO", ofbType: "PIX"}, "020102", structure, ""},
		{"no shrimps", movement{text: "PIX ENVIADO ANA CAMARA", ofbType: "PIX"}, "020102", structure, ""},
		{"no laundry", movement{text: "PIX ENVIADO MARIA BRASIL", ofbType: "PIX"}, "020102", structure, ""},
		{"no electricity", movement{text: "PIX ENVIADO MARIA DA LUZ", ofbType: "PIX"}, "020102", structure, ""},
		{"no company", movement{text: "PIX RECEBIDO JOSE DE SA", ofbType: "PIX", credit: true}, "020102", structure, ""},
		{"no clothes", movement{text: "PIX ENVIADO ARAMIS SILVA", ofbType: "PIX"}, "020102", structure, ""},
		{"a company all the same", movement{text: "PIX ENVIADO QUELUZITO BONITA SA", ofbType: "PIX"}, "020103", structure, ""},
		{"a painter by card", movement{text: "MARIA PINTOR", card: true}, "030203", merchant, ""},
		{"the light bill", movement{text: "DA LUZ 12345"}, "030103", vocabulary, ""},
	})
}

// Texts of banks whose general words lead astray.
func TestBankTextsOfTheirOwn(t *testing.T) {
	run(t, []expectation{
		{"overdraft, not late", movement{text: "JUROS SALDO UTILIZ ATE LIMITE"}, "050402", vocabulary, ""},
		{"overdraft of a cooperative", movement{text: "JUROS UTILIZ.CH.ESPECIAL"}, "050402", vocabulary, ""},
		{"fee, not the cheque", movement{text: "TAR CHEQUE DEVOLVIDO"}, "050704", vocabulary, ""},
		{"PIX, not TED", movement{text: "Estorno - Transferência enviada pelo Pix", credit: true}, "020601", vocabulary, ""},
		{"supermarket, not pharmacy", movement{text: "COMPRA ELO DEB SUPERM PAGUE MENOS", ofbType: "CARTAO"}, "030301", merchant, ""},
		{"club, not tickets", movement{text: "FLAMENGO SOCIO TORCEDOR", ofbType: "CARTAO"}, "040203", vocabulary, ""},
		{"no sporting goods", movement{text: "PIX ENVIADO ESPORTES DA SORTE", ofbType: "PIX"}, "020101", structure, ""}, //nolint:misspell // Portuguese.
		{"life insurance", movement{text: "ITAU SEGUROS VIDA"}, "050604", vocabulary, ""},
	})
}

// What a company pays to its partners and for advertising.
func TestCompanyPaysOwnersAndAdvertising(t *testing.T) {
	run(t, []expectation{
		{"advertising by name", movement{text: "GOOGLE ADS 123", ofbType: "CARTAO", company: true}, "080601", merchant, ""},
		{"advertising by CNPJ", movement{text: "PAGAMENTO", ofbType: "BOLETO", partie: "13347016000117", company: true}, "080601", merchant, ""},
		{"software", movement{text: "GOOGLE WORKSPACE EMPRESA", ofbType: "CARTAO", company: true}, "080503", merchant, ""},
		{"a person's advertising", movement{text: "GOOGLE ADS 123", ofbType: "CARTAO"}, "040802", merchant, ""},
	})
	l := ownerLedger("PRO LABORE JANEIRO", "PIX ENVIADO SOCIO")
	shared().Classify(l, Options{})
	for i, want := range []string{"080202", "090102"} {
		if got := l.Movements[i].Decision.Code.String(); got != want {
			t.Errorf("%q is %s, want %s", l.Movements[i].Text, got, want)
		}
	}
}

// ownerLedger is a company that pays its partner by PIX, with these texts.
func ownerLedger(texts ...string) *ledger.Ledger {
	l := &ledger.Ledger{
		Document: &openfinance.Document{BusinessIdentifications: []openfinance.BusinessIdentification{{
			Parties: []openfinance.Party{{Type: "SOCIO", DocumentNumber: otherCPF}},
		}}},
		Person:       ledger.Person{CNPJ: ownCNPJ},
		Institutions: []ledger.Institution{{}},
		Accounts:     []ledger.Account{{End: int32(len(texts)), Company: true}},
	}
	for _, s := range texts {
		l.Movements = append(l.Movements, ledger.Movement{
			Text: s, Direction: ledger.Debit, Entry: &openfinance.Transaction{Type: "PIX", PartieCnpjCpf: otherCPF},
		})
	}
	return l
}

// Texts have no length that documents must keep to: one of megabytes is decided by
// its first words, and at once.
func TestHugeTextIsDecidedAtOnce(t *testing.T) {
	huge := text.Normalise("PIX ENVIADO IFOOD " + strings.Repeat("LOJA ", 1<<20))
	if n := len(splitWords(huge, nil)); n != maxWords {
		t.Errorf("%d words are looked at", n)
	}
	d := shared().Start(Options{}).Decide(&Entry{Text: huge, Source: Checking, Type: "PIX"})
	if d.Tier != ledger.TierMerchant || d.Brand != "iFood" {
		t.Errorf("%+v", d)
	}
}

// The explanation shows the name that decided, not the rail before it.
func TestTheNameThatDecidedIsShown(t *testing.T) {
	for text, want := range map[string]string{
		"PIX ENVIADO MARIA OLIVEIRA":  "MARIA",
		"TED ENVIADA XYZWK LTDA":      "LTDA",
		"PIX ENVIADO XYZWK":           "PIX ENVIADO",
		"PIX RECEBIDO JOSE DOS ANJOS": "JOSE",
	} {
		m := movement{text: text, ofbType: "OUTROS", credit: strings.Contains(text, "RECEBIDO")}
		if d := decide(t, m); d.Matched != want {
			t.Errorf("%q: matched %q by %s, not %q", text, d.Matched, d.Rule, want)
		}
	}
}
