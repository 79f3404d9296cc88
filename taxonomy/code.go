package taxonomy

// Code is a category: two decimal digits a level, so 10101 is "010101", Renda ›
// Renda ativa › Salário. Zero is no category.
type Code uint32

// Other is Outros › Outros › Outros, the answer when nothing is known.
const Other Code = 60101

// Group returns the level-2 code as four digits: 101 for "0101".
func (c Code) Group() uint32 { return uint32(c) / 100 }

// Top returns the level-1 code: 1 for Renda.
func (c Code) Top() uint32 { return uint32(c) / 10_000 }

// String returns the six digits.
func (c Code) String() string {
	var b [6]byte
	for i, n := 5, uint32(c); i >= 0; i-- {
		b[i] = byte('0' + n%10)
		n /= 10
	}
	return string(b[:])
}

// ParseCode reads six digits. It does not say whether the tree has the code.
func ParseCode(s string) (Code, bool) {
	if len(s) != 6 {
		return 0, false
	}
	var c Code
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		c = c*10 + Code(s[i]-'0')
	}
	return c, true
}
