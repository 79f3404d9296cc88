package bench

// party says whose document stands beside a movement.
type party uint8

const (
	nobody party = iota
	somebody
	company
	self
)

// habit is how one bank writes one kind of movement.
type habit struct {
	weight    int
	text      string // with {NAME}, {SHOP}, {ddmm}, {nnnn} … to fill in
	rail      string // OFB type
	direction string
	from, to  int // whole reais
	party     party
}

type bank struct {
	name, cnpj, compe, account string
	habits                     []habit
}

const (
	in  = "CREDITO"
	out = "DEBITO"
)

// banks are five institutions with the statement texts that are usual there.
var banks = []bank{
	{"Itaú", "60701190000104", "341", "CONTA_DEPOSITO_A_VISTA", []habit{
		{14, "PIX TRANSF {FIRST}{ddmm}", "PIX", out, 10, 900, somebody},
		{8, "PIX TRANSF {FIRST}{ddmm}", "PIX", in, 10, 900, somebody},
		{10, "PIX QRS {SHOP}{ddmm}", "PIX", out, 5, 250, company},
		{6, "PIX ENVIADO {NAME}", "PIX", out, 20, 1500, somebody},
		{5, "PIX RECEBIDO {NAME}", "PIX", in, 20, 1500, somebody},
		{1, "DEV PIX {FIRST}{ddmm}", "PIX", in, 10, 200, somebody},
		{5, "INT PAG TIT {nnnnnnnnn}", "BOLETO", out, 40, 1200, company},
		{4, "BOLETO PAGO {SURNAME} IMOVEIS", "BOLETO", out, 900, 2600, company},
		{3, "DA ENEL SP {nnnnnnnn}", "CONVENIO_ARRECADACAO", out, 90, 420, nobody},
		{2, "DA SABESP {nnnnnnnn}", "CONVENIO_ARRECADACAO", out, 60, 180, nobody},
		{2, "DA VIVO MOVEL {nnnnnnnn}", "CONVENIO_ARRECADACAO", out, 50, 160, nobody},
		{14, "RSHOP-{SHOP}-{ddmm}", "CARTAO", out, 8, 350, nobody},
		{6, "PAY {SHOP} {ddmm}", "CARTAO", out, 8, 200, nobody},
		{1, "SISPAG SALARIOS", "FOLHA_PAGAMENTO", in, 5200, 6800, company},
		{4, "REND PAGO APLIC AUT MAIS", "RENDIMENTO_APLIC_FINANCEIRA", in, 0, 12, nobody},
		{4, "APL APLIC AUT MAIS", "OUTROS", out, 100, 4000, nobody},
		{4, "RES APLIC AUT MAIS", "RESGATE_APLIC_FINANCEIRA", in, 100, 4000, nobody},
		{1, "JUROS LIMITE DA CONTA", "ENCARGOS_JUROS_CHEQUE_ESPECIAL", out, 2, 80, nobody},
		{1, "IOF", "ENCARGOS_JUROS_CHEQUE_ESPECIAL", out, 1, 15, nobody},
		{1, "TAR PACOTE ITAU MULTICONTA", "PACOTE_TARIFA_SERVICOS", out, 30, 60, nobody},
		{1, "TED {nnn}.{nnnn}{NAME}", "TED", out, 300, 5000, self},
		{1, "TBI {nnnn}.{nnnnn}-{n} C/C", "TRANSFERENCIA_MESMA_INSTITUICAO", in, 50, 2000, somebody},
		{1, "ITAU BLACK {nnnn}-{nnnn}", "OUTROS", out, 800, 5200, nobody},
		{1, "SAQUE 24H {nnnnnnnn}", "SAQUE", out, 50, 500, nobody},
	}},
	{"Nubank", "18236120000158", "260", "CONTA_PAGAMENTO_PRE_PAGA", []habit{
		{14, "Transferência enviada pelo Pix - {Name} - {masked} - ITAÚ UNIBANCO S.A. (0341) Agência: {nnnn} Conta: {nnnnn}-{n}", "PIX", out, 10, 800, somebody},
		{12, "Transferência recebida pelo Pix - {Name} - {masked} - BCO DO BRASIL S.A. (0001) Agência: {nnnn} Conta: {nnnnn}-{n}", "PIX", in, 10, 800, somebody},
		{3, "Transferência Recebida - {Name} - {masked} - NU PAGAMENTOS (0260) Agência: 1 Conta: {nnnnnnn}-{n}", "TRANSFERENCIA_MESMA_INSTITUICAO", in, 20, 900, self},
		{18, "Compra no débito - {SHOP}", "CARTAO", out, 6, 280, nobody},
		{1, "Estorno - Compra no débito - {SHOP}", "CARTAO", in, 6, 280, nobody},
		{6, "Pagamento de boleto efetuado - {SURNAME} ADMINISTRADORA DE CONDOMINIOS LTDA", "BOLETO", out, 300, 900, company},
		{3, "Pagamento de fatura", "OUTROS", out, 700, 4200, nobody},
		{3, "Aplicação RDB", "OUTROS", out, 50, 2000, nobody},
		{3, "Resgate RDB", "RESGATE_APLIC_FINANCEIRA", in, 50, 2000, nobody},
		{1, "Depósito de empréstimo", "OPERACAO_CREDITO", in, 1000, 6000, nobody},
		{1, "Reembolso recebido pelo Pix - {SHOP}", "PIX", in, 10, 200, company},
		{2, "Débito em conta - UNIMED {TOWN}", "CONVENIO_ARRECADACAO", out, 400, 900, nobody},
	}},
	{"Banco do Brasil", "00000000000191", "001", "CONTA_DEPOSITO_A_VISTA", []habit{
		{12, "Pix - Enviado {ddmm} {hhmm} {NAME}", "PIX", out, 10, 700, somebody},
		{8, "Pix - Recebido {ddmm} {hhmm} {NAME}", "PIX", in, 10, 700, somebody},
		{10, "Compra com Cartão {ddmm} {hhmm} {SHOP}", "CARTAO", out, 6, 300, nobody},
		{2, "Recebimento de Proventos {CNPJ} PREFEITURA MUNICIPAL DE {TOWN}", "FOLHA_PAGAMENTO", in, 3200, 4100, company},
		{3, "Pagamento de Boleto {SURNAME} ODONTOLOGIA LTDA", "BOLETO", out, 80, 600, company},
		{5, "BB Rende Fácil", "OUTROS", out, 20, 1500, nobody},
		{5, "BB Rende Fácil", "RESGATE_APLIC_FINANCEIRA", in, 20, 1500, nobody},
		{1, "Cobrança de Juros", "ENCARGOS_JUROS_CHEQUE_ESPECIAL", out, 2, 60, nobody},
		{1, "Cobrança de I.O.F.", "ENCARGOS_JUROS_CHEQUE_ESPECIAL", out, 1, 10, nobody},
		{1, "Tarifa Pacote de Serviços", "PACOTE_TARIFA_SERVICOS", out, 20, 40, nobody},
		{2, "Transferência enviada {ddmm} {nnnn} {nnnnn}-{n} {NAME}", "TRANSFERENCIA_MESMA_INSTITUICAO", out, 50, 1000, somebody},
		{1, "Ordem Bancária 00.394.460/0058-87 RFB RESTITUICAO IR", "OUTROS", in, 200, 3000, company},
	}},
	{"Mercado Pago", "10573521000191", "323", "CONTA_PAGAMENTO_PRE_PAGA", []habit{
		{10, "Liberação de dinheiro", "OUTROS", in, 20, 400, nobody},
		{8, "Pagamento com Código QR Pix {SHOP}", "PIX", out, 5, 150, company},
		{6, "Transferência Pix enviada {Name}", "PIX", out, 10, 500, somebody},
		{6, "Transferência Pix recebida {Name}", "PIX", in, 10, 500, somebody},
		{4, "Rendimentos", "RENDIMENTO_APLIC_FINANCEIRA", in, 0, 4, nobody},
		{2, "Pagamento de conta SABESP", "CONVENIO_ARRECADACAO", out, 50, 150, nobody},
		{2, "Dinheiro reservado {Name}", "OUTROS", out, 20, 300, nobody},
		{2, "Dinheiro retirado", "OUTROS", in, 20, 300, nobody},
		{1, "PIX ENVIADO KAIZEN GAMING BRASIL LTDA", "PIX", out, 20, 300, company},
	}},
	{"Caixa Econômica Federal", "00360305000104", "104", "CONTA_POUPANCA", []habit{
		{6, "CRED PIX", "PIX", in, 20, 600, somebody},
		{6, "ENVIO PIX", "PIX", out, 20, 600, somebody},
		{3, "REND POUPANCA", "RENDIMENTO_APLIC_FINANCEIRA", in, 1, 60, nobody},
		{2, "PREST HAB", "OPERACAO_CREDITO", out, 1100, 1500, nobody},
		{2, "SAQUE LOT", "SAQUE", out, 50, 800, nobody},
		{2, "CP ELO {SHOP}", "CARTAO", out, 10, 150, nobody},
		{1, "AP LOTERIA", "OUTROS", out, 5, 60, nobody},
		{1, "DP DIN LOT", "DEPOSITO", in, 50, 900, nobody},
		{1, "CRED FGTS", "OUTROS", in, 500, 2500, nobody},
	}},
}

// shop is where a card is used: a known brand or one of the long tail.
type shop struct {
	text     string
	mcc      int
	from, to int
}

var shops = []shop{
	{"IFD*IFOOD CLUB", 5812, 20, 120}, {"IFD*{SURNAME} LANCHES", 5812, 20, 120}, {"UBER *TRIP HELP.UBER.COM", 4121, 8, 70},
	{"99APP *99APP", 4121, 8, 60}, {"NETFLIX.COM", 4899, 20, 60}, {"SPOTIFY BR", 5815, 20, 40}, {"AMAZON PRIME BR", 5968, 15, 20},
	{"AMAZON MARKETPLACE", 5942, 20, 600}, {"MERCADOLIVRE*{nnnnnn}", 5399, 20, 900}, {"MP*{SURNAME}MODAS", 5651, 30, 300},
	{"SHOPEE *{SURNAME}STORE", 5399, 15, 200}, {"MAGALU *{nnnnnn}", 5732, 80, 3000}, {"CASAS BAHIA", 5732, 80, 2500},
	{"CARREFOUR {nnn}", 5411, 30, 700}, {"PAO DE ACUCAR-{nnnn}", 5411, 30, 500}, {"ASSAI ATACADISTA LJ{nn}", 5411, 60, 900},
	{"ATACADAO {nnn} AS", 5411, 60, 900}, {"SUPERMERCADO {SURNAME}", 5411, 20, 400}, {"MERCADINHO {SURNAME}", 5411, 8, 120},
	{"PADARIA {SURNAME}", 5462, 5, 60}, {"HORTIFRUTI {SURNAME}", 5499, 15, 150}, {"ACOUGUE DO {FIRST}", 5422, 20, 200},
	{"DROGASIL {nnnn}", 5912, 15, 300}, {"DROGARIA SAO PAULO", 5912, 15, 300}, {"RAIA{nnn}", 5912, 15, 300}, {"FARMACIA {SURNAME}", 5912, 10, 150},
	{"POSTO IPIRANGA {TOWN}", 5541, 50, 350}, {"AUTO POSTO {SURNAME} LTDA", 5541, 50, 350}, {"SHELL BOX", 5541, 50, 350}, {"SEM PARAR", 4784, 10, 200},
	{"ESTAPAR {nnn}", 7523, 8, 60}, {"SMART FIT {TOWN}", 7997, 99, 150}, {"DECATHLON", 5941, 40, 600}, {"RENNER {nnn}", 5651, 50, 500},
	{"C&A MODAS {nnn}", 5651, 50, 400}, {"RIACHUELO {nnn}", 5651, 50, 400}, {"ZARA BRASIL", 5651, 90, 900}, {"LEROY MERLIN {TOWN}", 5200, 40, 900},
	{"MCDONALDS {nnnn}", 5814, 15, 90}, {"BURGER KING {nnnn}", 5814, 15, 90}, {"OUTBACK {TOWN}", 5812, 80, 300}, {"RESTAURANTE {SURNAME}", 5812, 25, 180},
	{"BAR DO {FIRST}", 5813, 20, 180}, {"CHURRASCARIA {SURNAME}", 5812, 80, 300}, {"CINEMARK {TOWN}", 7832, 25, 120}, {"INGRESSO.COM", 7922, 40, 400},
	{"LATAM AIR", 3101, 250, 2500}, {"GOL LINHAS AEREAS", 4511, 250, 2500}, {"AZUL LINHAS AEREAS", 4511, 250, 2500}, {"BOOKING.COM", 7011, 200, 2000},
	{"AIRBNB * HM{nnnnnn}", 7011, 200, 2500}, {"DECOLAR.COM", 4722, 300, 3000}, {"HOTEL {SURNAME} {TOWN}", 7011, 200, 1200},
	{"CLARO FLEX", 4814, 40, 120}, {"TIM*{nnnnnnnn}", 4814, 40, 120}, {"VIVO EASY", 4814, 40, 120}, {"GOOGLE *YouTubePremium", 5815, 20, 45},
	{"APPLE.COM/BILL", 5815, 5, 120}, {"MICROSOFT*XBOX", 5816, 30, 300}, {"STEAMGAMES.COM", 5816, 10, 250}, {"HTM*{SURNAME}", 8299, 50, 900},
	{"UDEMY*{nnnnnnn}", 8299, 25, 200}, {"ALURA CURSOS", 8299, 80, 120}, {"COLEGIO {SURNAME}", 8211, 500, 1800}, {"CLINICA {SURNAME}", 8011, 120, 800},
	{"LAB FLEURY", 8071, 80, 700}, {"DR {FIRST} {SURNAME}", 8021, 150, 600}, {"PETZ {TOWN}", 5995, 40, 400}, {"COBASI", 5995, 40, 400}, {"PET SHOP {FIRST}", 5995, 30, 250},
	{"SALAO {FIRST} CABELEIREIROS", 7230, 40, 300}, {"BARBEARIA {SURNAME}", 7230, 30, 90}, {"BOTICARIO {nnnn}", 5977, 40, 300}, {"SEPHORA", 5977, 80, 600},
	{"PORTO SEGURO AUTO", 6300, 120, 400}, {"PAG*{FIRST}{SURNAME}", 5999, 10, 250}, {"SUMUP *{FIRST}", 5999, 10, 200}, {"TON*{SURNAME}", 5999, 10, 200},
	{"EBN*SPOTIFY", 5815, 20, 40}, {"PAYPAL *{SURNAME}", 5999, 20, 400}, {"{SURNAME} COMERCIO DE ALIMENTOS", 5499, 10, 200}, {"{SURNAME} E {SURNAME} LTDA", 5999, 20, 500},
}

var firstNames = []string{
	"Ana", "Maria", "José", "João", "Antônio", "Francisco", "Carlos", "Paulo", "Pedro", "Lucas", "Luiz", "Marcos", "Gabriel", "Rafael", "Daniel",
	"Marcelo", "Bruno", "Eduardo", "Felipe", "Rodrigo", "Juliana", "Fernanda", "Patrícia", "Aline", "Sandra", "Camila", "Amanda", "Bruna", "Jéssica",
	"Letícia", "Júlia", "Luciana", "Vanessa", "Mariana", "Gabriela", "Larissa", "Beatriz", "Renata", "Sônia", "Thiago",
}

var surnames = []string{
	"Silva", "Santos", "Oliveira", "Souza", "Rodrigues", "Ferreira", "Alves", "Pereira", "Lima", "Gomes", "Costa", "Ribeiro", "Martins", "Carvalho",
	"Almeida", "Lopes", "Soares", "Fernandes", "Vieira", "Barbosa", "Rocha", "Dias", "Nascimento", "Andrade", "Moreira", "Nunes", "Marques", "Machado",
	"Mendes", "Freitas", "Cardoso", "Ramos", "Gonçalves", "Santana", "Teixeira", "Araújo", "Pinto", "Moura", "Cavalcanti", "Bezerra",
}

var towns = []string{"SAO PAULO", "CAMPINAS", "RIO DE JANEIRO", "BELO HORIZONTE", "CURITIBA", "RECIFE", "SALVADOR", "PORTO ALEGRE", "GOIANIA", "SANTOS"}
