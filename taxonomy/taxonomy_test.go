package taxonomy

import (
	"slices"
	"strings"
	"testing"
)

func TestTreeIsWhole(t *testing.T) {
	tops, groups := map[uint32]Name{}, map[uint32]Name{}
	persons, companies := 0, 0
	seen := map[Code]bool{}
	last := Code(0)
	for _, c := range All() {
		if c.Code <= last {
			t.Errorf("%s does not follow %s", c.Code, last)
		}
		last = c.Code
		seen[c.Code] = true
		if c.Company != (c.Code.Top() >= 7) {
			t.Errorf("%s: Company = %v", c.Code, c.Company)
		}
		if c.Company {
			companies++
		} else {
			persons++
			tops[c.Code.Top()], groups[c.Code.Group()] = c.Level1, c.Level2
			if c.Plaid == "" || c.Pluggy == "" || c.Belvo == "" {
				t.Errorf("%s lacks a mapping", c.Code)
			}
		}
		for _, n := range []Name{c.Level1, c.Level2, c.Level3} {
			if n.PT == "" || n.EN == "" || strings.TrimSpace(n.PT) != n.PT || strings.TrimSpace(n.EN) != n.EN {
				t.Errorf("%s has the name %+v", c.Code, n)
			}
		}
		switch c.Direction {
		case Credits, Debits, Both:
		default:
			t.Errorf("%s has direction %q", c.Code, c.Direction)
		}
		if n := len(c.Pluggy); c.Pluggy != "" && n != 8 && n != 9 {
			t.Errorf("%s has the Pluggy id %q", c.Code, c.Pluggy)
		}
		if code, ok := ParseCode(c.Code.String()); !ok || code != c.Code {
			t.Errorf("%s does not survive ParseCode", c.Code)
		}
	}
	if len(tops) != 6 || len(groups) != 50 || persons != 170 || companies != 52 {
		t.Errorf("got %d tops, %d groups, %d categories and %d of companies; want 6, 50, 170, 52",
			len(tops), len(groups), persons, companies)
	}
}

func TestParentsAreConsistent(t *testing.T) {
	level1, level2 := map[uint32]Name{}, map[uint32]Name{}
	status := map[uint32]Status{}
	paths := map[string]Code{}
	for _, c := range All() {
		if n, ok := level1[c.Code.Top()]; ok && n != c.Level1 {
			t.Errorf("%s: level 1 is %v, elsewhere %v", c.Code, c.Level1, n)
		}
		if n, ok := level2[c.Code.Group()]; ok && (n != c.Level2 || status[c.Code.Group()] != c.Level2Status) {
			t.Errorf("%s: level 2 is %v, elsewhere %v", c.Code, c.Level2, n)
		}
		level1[c.Code.Top()], level2[c.Code.Group()], status[c.Code.Group()] = c.Level1, c.Level2, c.Level2Status
		path := c.Level1.PT + " › " + c.Level2.PT + " › " + c.Level3.PT
		if other, ok := paths[path]; ok {
			t.Errorf("%s and %s are both %s", other, c.Code, path)
		}
		paths[path] = c.Code
	}
}

// The level-2 names that public material shows, by level 1.
func TestFoundNamesArePresent(t *testing.T) {
	found := map[string]string{
		"Renda":                 "Renda ativa, Dividendo, Resgate, Reembolso, Outras rendas",
		"Transferência":         "Transferência PIX, Estorno transferência",
		"Gastos essenciais":     "Contas residenciais, Mercado, Táxi / App",
		"Estilo de vida":        "Assinatura, Associação, Bares / Restaurantes, Compras, Cuidados pessoais, Impostos, Pets, Serviços, Veículo",
		"Prioridade financeira": "Cartão de débito, Empréstimo, Investimento, Juros* IOF e Multa, Outros serviços financeiros, Seguros, Taxas bancárias",
		"Outros":                "Outros, Pagamento de cartão",
	}
	have := map[string]Status{}
	leaves := 0
	for _, c := range All() {
		have[c.Level1.PT+"/"+c.Level2.PT] = c.Level2Status
		if c.Status == Found {
			leaves++
		}
	}
	for top, names := range found {
		for name := range strings.SplitSeq(names, ", ") {
			name = strings.Replace(name, "*", ",", 1)
			if s := have[top+"/"+name]; s != Found && s != FoundV1 {
				t.Errorf("%s › %s has status %q", top, name, s)
			}
		}
	}
	if leaves != 43 {
		t.Errorf("%d level-3 names are marked found, want 43", leaves)
	}
	if c, _ := Lookup(10101); c.Level3.PT != "Salário" || c.Level2.PT != "Renda ativa" || c.Level1.PT != "Renda" {
		t.Errorf("010101 is %+v", c)
	}
	if c, ok := Lookup(Other); !ok || c.Level3.PT != "Outros" {
		t.Errorf("the fallback is %+v", c)
	}
}

func TestPrinted(t *testing.T) {
	tests := []struct {
		code               Code
		settlement, partie string
		companyTree        bool
		want               Code
	}{
		{10101, "OUTROS", "", false, 10101},
		{70101, "PIX", "", false, 10201},
		{70101, "PIX", "", true, 70101},
		{70104, "TED", "", false, 10202},
		{80301, "CONVENIO", "", false, 40601},
		{80403, "CONVENIO", "", false, 30103},
		{80201, "PIX", "52998224725", false, 20102},
		{80201, "TED", "12ABC34501DE35", false, 20203},
		{80201, "TED", "", false, 20201},
		{80201, "DEBITO_EM_CONTA", "", false, 21001},
		{80201, "TRANSFERENCIA_INTERNA", "52998224725", false, 20401},
		{90102, "DOC", "52998224725", false, 20301},
		{90102, "OUTROS", "52998224725", false, 20401},
		{90201, "PIX", "12ABC34501DE35", false, 20104},
		{90201, "TRANSFERENCIA_INTERNA", "", false, 20204},
		{100102, "TED", "", false, 40404},
		{999999, "PIX", "", false, Other},
		{0, "", "", true, Other},
	}
	for _, tt := range tests {
		if got := Printed(tt.code, tt.settlement, tt.partie, tt.companyTree); got != tt.want {
			t.Errorf("Printed(%s, %q, %q, %v) = %s, want %s", tt.code, tt.settlement, tt.partie, tt.companyTree, got, tt.want)
		}
	}
	for _, c := range All() {
		for _, s := range []string{"PIX", "TED", "DOC", "TRANSFERENCIA_INTERNA", "OUTROS"} {
			for _, partie := range []string{"", "52998224725", "12ABC34501DE35"} {
				if p, ok := Lookup(Printed(c.Code, s, partie, false)); !ok || p.Company {
					t.Errorf("%s by %s is printed as %s", c.Code, s, p.Code)
				}
			}
		}
	}
}

func TestPlaidDetailed(t *testing.T) {
	c, _ := Lookup(PixPerson)
	if in, out := c.PlaidDetailed(true), c.PlaidDetailed(false); in != "TRANSFER_IN_ACCOUNT_TRANSFER" || out != "TRANSFER_OUT_ACCOUNT_TRANSFER" {
		t.Errorf("got %s and %s", in, out)
	}
}

func TestSettlementType(t *testing.T) {
	tests := []struct{ ofbType, text, want string }{
		{"PIX", "BOLETO", "PIX"},
		{"TRANSFERENCIA_MESMA_INSTITUICAO", "", "TRANSFERENCIA_INTERNA"},
		{"CARTAO", "", "CARTAO_DEBITO"},
		{"FOLHA_PAGAMENTO", "PIX", "CREDITO_EM_CONTA"},
		{"OUTROS", "SAQUE BOLETO TED PIX", "PIX"},
		{"OUTROS", "SAQUE DE BOLETO", "BOLETO"},
		{"OUTROS", "PAGTO COBRANCA X", "BOLETO"},
		{"OUTROS", "PIXBET LTDA", "OUTROS"},
		{"OUTROS", "RSHOP-PADARIA-02/03", "CARTAO_DEBITO"},
		{"OUTROS", "CH COMPENSADO", "OUTROS"},
		{"OUTROS", "SAQ 24H", "SAQUE"},
		{"", "DOC/TED INTERNET", "TED"},
		{"SOMETHING_NEW", "TED-TRANSF ELET DISPON", "TED"},
		{"OUTROS", "", "OUTROS"},
		{"OUTROS", "ÃPIX", "OUTROS"},
	}
	for _, tt := range tests {
		if got := SettlementType(tt.ofbType, tt.text); got != tt.want {
			t.Errorf("SettlementType(%q, %q) = %s, want %s", tt.ofbType, tt.text, got, tt.want)
		}
	}
}

func TestMerchantCodes(t *testing.T) {
	for mcc, want := range map[int32]Code{
		742: 40702, 3000: 41001, 3351: 41003, 3501: 41002, 4121: 30701, 5411: 30301, 5541: 40901, 5912: 30401,
		5262: 40403, 6050: 50501, 6540: 40401, 7800: 41202, 7801: 41201, 7802: 41201, 7995: 41201, 8011: 30402, 9311: 40603,
	} {
		if m, ok := ByMCC(mcc); !ok || m.Code != want || m.Description == "" {
			t.Errorf("ByMCC(%d) = %+v, want %s", mcc, m, want)
		}
	}
	if n := len(merchants()); n != 984 {
		t.Errorf("%d codes, want the 981 of the list and three", n)
	}
	for mcc, m := range merchants() {
		if c, ok := Lookup(m.Code); !ok || c.Company || c.Direction == Credits {
			t.Errorf("%d leads to %s, which is no category of a purchase", mcc, m.Code)
		}
	}
	if _, ok := ByMCC(-1); ok {
		t.Error("a card line without a code has a merchant category")
	}
}

func TestAllIsACopy(t *testing.T) {
	All()[0].Level1.PT = "changed"
	if All()[0].Level1.PT == "changed" {
		t.Error("a caller can change the tree")
	}
}

// Every merchant code stands under its category, in order, and nowhere else.
func TestMCCs(t *testing.T) {
	n := 0
	for _, c := range All() {
		list := MCCs(c.Code)
		n += len(list)
		if !slices.IsSorted(list) {
			t.Errorf("%s: %v", c.Code, list)
		}
		for _, mcc := range list {
			if m, ok := ByMCC(mcc); !ok || m.Code != c.Code {
				t.Errorf("%d is %s, not %s", mcc, m.Code, c.Code)
			}
		}
	}
	if n != len(merchants()) || MCCs(30401) == nil || MCCs(10101) != nil {
		t.Errorf("%d of %d merchant codes have a category", n, len(merchants()))
	}
}
