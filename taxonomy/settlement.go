package taxonomy

import "strings"

// settlements maps the types of Open Finance Brasil accounts to settlement
// types. OUTROS and unknown types are read from the text.
var settlements = map[string]string{
	"PIX":                             "PIX",
	"TED":                             "TED",
	"DOC":                             "DOC",
	"TRANSFERENCIA_MESMA_INSTITUICAO": "TRANSFERENCIA_INTERNA",
	"BOLETO":                          "BOLETO",
	"CONVENIO_ARRECADACAO":            "CONVENIO",
	"CARTAO":                          "CARTAO_DEBITO",
	"SAQUE":                           "SAQUE",
	"DEPOSITO":                        "DEPOSITO",
	"PACOTE_TARIFA_SERVICOS":          "DEBITO_EM_CONTA",
	"TARIFA_SERVICOS_AVULSOS":         "DEBITO_EM_CONTA",
	"ENCARGOS_JUROS_CHEQUE_ESPECIAL":  "DEBITO_EM_CONTA",
	"FOLHA_PAGAMENTO":                 "CREDITO_EM_CONTA",
	"PORTABILIDADE_SALARIO":           "CREDITO_EM_CONTA",
	"RENDIMENTO_APLIC_FINANCEIRA":     "APLICACAO",
	"RESGATE_APLIC_FINANCEIRA":        "APLICACAO",
	"OPERACAO_CREDITO":                "OPERACAO_CREDITO",
}

// settlementWords are tried in this order; the order of the text does not count.
var settlementWords = []struct{ phrase, settlement string }{
	{"PIX", "PIX"},
	{"TED", "TED"},
	{"DOC", "DOC"},
	{"BOLETO", "BOLETO"}, {"TITULO", "BOLETO"}, {"COBRANCA", "BOLETO"},
	{"SAQUE", "SAQUE"}, {"SAQ", "SAQUE"},
	{"DEPOSITO", "DEPOSITO"},
	{"CHEQUE", "CHEQUE"}, {"CH COMP", "CHEQUE"},
	{"COMPRA CARTAO", "CARTAO_DEBITO"}, {"CARTAO DEB", "CARTAO_DEBITO"}, {"RSHOP", "CARTAO_DEBITO"},
	{"VISA ELECTRON", "CARTAO_DEBITO"}, {"MAESTRO", "CARTAO_DEBITO"},
}

// SettlementType returns how a movement was settled: from the Open Finance type
// of the account entry, else from the first of a list of words that stands in
// the normalised text, else OUTROS.
func SettlementType(ofbType, normalisedText string) string {
	if s, ok := settlements[ofbType]; ok {
		return s
	}
	for _, w := range settlementWords {
		if containsWords(normalisedText, w.phrase) {
			return w.settlement
		}
	}
	return "OUTROS"
}

// containsWords reports whether phrase stands in text between characters that
// are neither letters nor digits.
func containsWords(text, phrase string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], phrase)
		if i < 0 {
			return false
		}
		i += from
		end := i + len(phrase)
		if (i == 0 || !wordByte(text[i-1])) && (end == len(text) || !wordByte(text[end])) {
			return true
		}
		from = i + 1
	}
}

// wordByte reports whether c can be part of a word; bytes of letters that the
// normalisation left as they were count.
func wordByte(c byte) bool {
	return 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c >= 0x80
}
