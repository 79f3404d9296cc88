package text

import "strings"

// Sign is a set of things that the words of a statement text tell: by which
// rail money went, or what was done. A text may tell several, or none.
type Sign uint32

// The signs. Each stands for phrases that banks write; a text without any known
// phrase has no sign.
const (
	SaysPix         Sign = 1 << iota
	SaysTed              // also the DOC of before 2024
	SaysInternal         // a transfer inside one bank (TEF, TEV, TBI)
	SaysTransfer         // a transfer, the rail left open
	SaysSameHolder       // both accounts belong to one holder
	SaysPortability      // wages carried to the bank of one's choice
	SaysSalary           // wages
	SaysRefund           // something given back: ESTORNO, DEVOLUCAO, REEMBOLSO
	SaysCashback         // part of a price given back as a reward
	SaysSweep            // an automatic application or its redemption, by the bank's name for it
	SaysPot              // money set apart inside a wallet: COFRINHO, CAIXINHA, DINHEIRO GUARDADO
	SaysRDB              // a deposit receipt (RDB)
	SaysInvestment       // investing, brokers included
	SaysSavings          // a savings account
	SaysYield            // what an investment earned
	SaysTax              // a tax, also one kept back by the bank
	SaysCharge           // fees, interest, fines
	SaysCardBill         // the bill of a credit card
	SaysBoleto           // boletos and agreements
	SaysPurchase         // a purchase or a payment to a shop
	SaysLoan             // a loan or its instalment
	SaysCash             // cash
	SaysCheque           // a cheque
)

// phrases are what banks write, words with single blanks between them; ^ stands
// for the start of the text. They were gathered from public parsers and bank
// documentation; see the vocabulary of the classifier for what each is about.
// Words that are also family names are told only in a phrase.
//
//nolint:misspell // The words are Portuguese.
var phrases = map[Sign]string{
	SaysPix: `PIX`,
	SaysTed: `TED|DOC`,
	SaysInternal: `TEF|TEV|TBI|ENTRE CONTAS|ENTRE CC|TRANSF CC|MESMO BANCO|MESMA INSTITUICAO|
		TRANSF CC PARA CC`,
	SaysTransfer: `TRANSF|TRANSFE|TRANSFERENCIA|TRANSFERENCIAS|DINHEIRO RECEBIDO|DINHEIRO ENVIADO|
		ENTRADA DE DINHEIRO|VALOR RECEBIDO|VALOR ENVIADO|ENVIO`,
	SaysSameHolder: `MESMA TITULARIDADE|MESMA TITULARID|MESMA TITULAR|MESMA TITUL|MESMA TIT|
		MESMO TITULAR|MESMO TIT|MESMO CPF|MESMO CNPJ|CONTA PROPRIA|CONTAS PROPRIAS|
		ENTRE SUAS CONTAS|ENTRE MINHAS CONTAS`,
	SaysPortability: `PORTABILIDADE SALARIO|PORTABILIDADE DE SALARIO|PORTABILIDADE SALARIAL|
		SALARIO PORTABILIDADE|PORTAB SALARIO|PORTAB SAL|PORT SALARIO|TRANSF SALDO C SAL|SALDO C SAL P CC`,
	SaysSalary: `SALARIO|SALARIOS|SALARIAL|FOLHA|PROVENTOS|VENCIMENTOS|LIQUIDO DE VENCIMENTO|ORDENADO|
		HOLERITE|CRED SAL|FERIAS|RESCISAO|DECIMO TERCEIRO`,
	SaysRefund: `ESTORNO|ESTORNADO|ESTORNADA|^EST|DEVOLUCAO|DEVOL|DEVOLVIDO|DEVOLVIDA|^DEV|DEV PIX|
		DEV TED|DEV DOC|DEV TR|DEV TRANSF|REEMBOLSO|REEMB|CANCELAMENTO|CANCELADO|CANCELADA|CANC COMPRA|
		CHARGEBACK|CONTESTACAO|REJEITADO|REJEITADA`,
	SaysCashback: `CASHBACK|CASH BACK`,
	SaysSweep: `RENDE FACIL|RENDEFACIL|CONTAMAX|CONTA MAX|INVEST FACIL|INVESTFACIL|AUT MAIS|APLIC AUT|APL AUT|
		APLIC AUTOM|APLIC AUTOMATICA|APLICACAO AUTOMATICA|APLICACAO AUTOM|APLICACAO AUT|
		INVESTIMENTO AUTOMATICO|RES AUT|RESG AUT|RESG AUTOM|RESGATE AUT|RESGATE AUTOM|RESGATE AUTOMATICO|
		BAIXA AUTOMATICA`,
	SaysPot: `COFRINHO|COFRINHOS|CAIXINHA|CAIXINHAS|PORQUINHO|DINHEIRO GUARDADO|DINHEIRO RESGATADO|
		DINHEIRO RESERVADO|DINHEIRO RETIRADO|VALOR GUARDADO|VALOR RESERVADO|SALDO RESERVADO|
		^GUARDADO|^RESGATADO|^RESERVADO`,
	SaysRDB: `RDB`,
	SaysInvestment: `APLICACAO|APLICACOES|APLIC|APL|RESGATE|RESG|INVESTIMENTO|INVESTIMENTOS|INVEST|CDB|RDB|LCI|LCA|
		FUNDO|FUNDOS|TESOURO|PREVIDENCIA|PGBL|VGBL|BRASILPREV|CONSORCIO|CAPITALIZACAO|CORRETORA|
		CTVM|CCTVM|DTVM|DEBENTURE|DEBENTURES|RENDA FIXA|ACOES|BOVESPA|LIQUIDACAO BOLSA|LIQ BOLSA|CRIPTO|
		CRIPTOMOEDA|CRIPTOATIVOS|BITCOIN|BINANCE|FOXBIT|NUINVEST`,
	SaysSavings: `POUPANCA|POUP|POUPA`,
	SaysYield: `REND|RENDIMENTO|RENDIMENTOS|REMUNERACAO|RENTAB|RENTABILIDADE|JUROS POUPANCA|DIVIDENDO|DIVIDENDOS|
		JCP|JUROS S CAPITAL`,
	SaysTax: `IR|IRRF|IOF|I O F|COME COTAS|DARF|IMPOSTO|IMPOSTOS`,
	SaysCharge: `TARIFA|TARIFAS|TAR|CESTA|ANUIDADE|PACOTE SERVICOS|PACOTE DE SERVICOS|JUROS|ENCARGOS|ENC LIM|
		^MORA|MORA CRED|MULTA`,
	SaysCardBill: `FATURA|FAT CARTAO|CARTAO CREDITO|CARTAO DE CREDITO|PAGAMENTO CARTAO|PGTO CARTAO|PAGTO CARTAO|
		INT CARTAO|ITAUCARD|OUROCARD`,
	SaysBoleto:   `BOLETO|BOLETOS|TITULO|TITULOS|PAG TIT|PAGTO TIT|COBRANCA|CONVENIO|ARRECADACAO|DDA`,
	SaysPurchase: `COMPRA|COMPRAS|QR|QRS|QRCODE|RSHOP|ELECTRON|MAESTRO|ESTABELECIMENTO|PAGAMENTO|PAGTO|PGTO`,
	SaysLoan: `EMPRESTIMO|EMPRESTIMOS|EMPREST|FINANCIAMENTO|FINANC|CDC|CONSIGNADO|CONSIG|PREST|PRESTACAO|PARCELA|PARC|
		CREDIARIO|PIX PARCELADO|PIX CREDITO|PIX NO CREDITO|CREDITO PESSOAL|CRED PESSOAL|CRED PESS|RENEGOCIACAO`,
	SaysCash:   `SAQUE|SAQ|PIX TROCO|DEP DIN|DEP DINH|DP DIN`,
	SaysCheque: `CHEQUE|CHEQUES|CH COMPENSADO|CH COMP|CH DEVOLVIDO|CH DEV|CHQ`,
}

// signPhrase is a phrase: its first word, and those that follow.
type signPhrase struct {
	first   string
	rest    []string
	atStart bool
	says    Sign
}

// signTable finds the phrases that begin with a word, by a hash of the word.
// Most words of a statement are names and find an empty place.
type signTable [1024][]signPhrase

var signs = newSignTable()

func newSignTable() *signTable {
	t := new(signTable)
	for says, list := range phrases {
		for p := range strings.SplitSeq(list, "|") {
			p, atStart := strings.CutPrefix(strings.TrimSpace(p), "^")
			words := strings.Fields(p)
			place := &t[t.place(words[0])]
			*place = append(*place, signPhrase{words[0], words[1:], atStart, says})
		}
	}
	return t
}

// place returns the place of a word in the table.
func (t *signTable) place(word string) int {
	n := len(word)
	h := uint(word[0])*37 + uint(word[n/2])*331 + uint(word[n-1])*7 + uint(n)*71
	return int(h % uint(len(t)))
}

// Signs returns what the words of a normalised text (a result of [Normalise])
// tell. Words are runs of the letters A–Z, so APLIC.INVEST FACIL has three.
func Signs(normalised string) Sign {
	var says Sign
	start := true
	for i := 0; i < len(normalised); {
		if !isUpper(normalised[i]) {
			i++
			continue
		}
		from := i
		for i++; i < len(normalised) && isUpper(normalised[i]); {
			i++
		}
		word := normalised[from:i]
		place := signs[signs.place(word)]
		for k := range place {
			p := &place[k]
			if p.first == word && says&p.says == 0 && (start || !p.atStart) && followedBy(normalised[i:], p.rest) {
				says |= p.says
			}
		}
		start = false
	}
	return says
}

// followedBy reports whether the next words of s are these.
func followedBy(s string, words []string) bool {
	for _, w := range words {
		i := 0
		for i < len(s) && !isUpper(s[i]) {
			i++
		}
		if !strings.HasPrefix(s[i:], w) || len(s) > i+len(w) && isUpper(s[i+len(w)]) {
			return false
		}
		s = s[i+len(w):]
	}
	return true
}
