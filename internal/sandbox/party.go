package sandbox

import "strings"

// party is the other side of a movement.
type party struct {
	name  string
	taxID string // CPF or CNPJ; "" when the bank would not know it
	mcc   int
	bank  *bank // nil when unknown
	// the account
	branch, number, digit string
}

func (p *party) isCompany() bool { return len(p.taxID) == 14 }

var (
	womenNames = strings.Fields("Marina Joana Beatriz Camila Larissa Fernanda Patrícia Aline Juliana Renata Luciana Débora Simone Vanessa Tatiane Bruna Letícia Sônia Márcia Célia Antônia Rosângela Lúcia Ângela")
	menNames   = strings.Fields("Paulo Rui André Bruno Carlos Diego Eduardo Fábio Gustavo Henrique Igor João José Leandro Marcelo Otávio Rafael Sérgio Thiago Vinícius Antônio Márcio Flávio Cláudio")
	middle     = strings.Fields("Duarte Pires Camargo Siqueira Lacerda Bittencourt Queiroz Valadares Furtado Portela Meireles Sarmento Brandão Peixoto Guimarães Assunção Negrão Falcão")
	// The last names mark everybody as made up.
	lastNames = strings.Fields("Exemplo Modelo Fictício Amostra Ensaio Rascunho Maquete Protótipo Alegoria Parábola Hipótese Esboço Miragem Quimera Figurante Suposto")
	// Companies are made up of two words and an activity.
	companyWords = strings.Fields("Alvorada Horizonte Cometa Ipê Jatobá Aroeira Serrana Litoral Pioneira Nova União Central Fortuna Bandeirante Tropical Paineira Cristal Boreal Ribeira")
	activities   = []string{"Comércio", "Indústria", "Serviços", "Logística", "Engenharia", "Tecnologia", "Alimentos", "Transportes", "Consultoria", "Materiais"}
)

// person makes up a natural person; family gives the last name, "" for any.
func (d dice) person(family string) party {
	first := pick(d, womenNames)
	if d.chance(0.5) {
		first = pick(d, menNames)
	}
	if family == "" {
		family = pick(d, lastNames)
	}
	return party{name: first + " " + pick(d, middle) + " " + family, taxID: d.cpf()}
}

// anybody makes up a natural person of any family.
func (d dice) anybody() party { return d.person("") }

// company makes up a company.
func (d dice) company() party {
	name := pick(d, companyWords) + " " + pick(d, companyWords) + " " + pick(d, activities)
	return party{name: name + pick(d, []string{" Ltda", " Ltda", " S.A.", " Eireli", " ME"}), taxID: d.cnpj()}
}

// stranger makes up a person or company that does not share the subject's name:
// only a tax id could tell them apart.
func (l *life) stranger(makeUp func() party) party {
	for {
		p := makeUp()
		if name := shortName(p.name); name != shortName(l.self.name) && name != shortName(l.firm.name) {
			return p
		}
	}
}

// shortName is a name without the legal form.
func shortName(name string) string {
	words := strings.Fields(name)
	return strings.Join(words[:min(len(words), 3)], " ")
}

// cpf makes up a CPF with right check digits, of the range that begins with 99.
func (d dice) cpf() string {
	s := "99" + d.digits(7)
	s += string(checkDigit(s, 10))
	return s + string(checkDigit(s, 11))
}

// cnpj makes up a CNPJ with right check digits, of the range that begins with 999.
func (d dice) cnpj() string {
	s := "999" + d.digits(5) + "0001"
	s += string(checkDigit(s, 9))
	return s + string(checkDigit(s, 9))
}

// checkDigit returns the next check digit modulo 11. Weights run from 2 at the
// end up to high and begin again there (CPF: they never need to).
func checkDigit(s string, high int) byte {
	sum, weight := 0, 2
	for i := len(s) - 1; i >= 0; i-- {
		sum += int(s[i]-'0') * weight
		if weight++; weight > max(high, 9) {
			weight = 2
		}
	}
	if r := sum % 11; r >= 2 {
		return byte('0' + 11 - r)
	}
	return '0'
}

// account gives a party an account at a bank.
func (d dice) account(p party, b *bank) party {
	p.bank = b
	p.branch, p.number, p.digit = d.accountNumber(b)
	return p
}

func (d dice) accountNumber(b *bank) (branch, number, digit string) {
	branch = b.Branch
	if branch == "" {
		branch = "0" + d.digits(3)
	}
	return branch, "00" + d.digits(6), pick(d, []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "X"})
}

var accents = strings.NewReplacer(
	"á", "a", "à", "a", "â", "a", "ã", "a", "é", "e", "ê", "e", "í", "i", "ó", "o", "ô", "o", "õ", "o", "ú", "u", "ç", "c",
	"Á", "A", "À", "A", "Â", "A", "Ã", "A", "É", "E", "Ê", "E", "Í", "I", "Ó", "O", "Ô", "O", "Õ", "O", "Ú", "U", "Ç", "C")

// plainUpper returns a text in capitals without accents, as older cores print.
func plainUpper(s string) string { return strings.ToUpper(accents.Replace(s)) }
