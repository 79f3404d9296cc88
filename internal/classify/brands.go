package classify

import "sync"

// CNPJ returns the tax id of a brand's head office, as the tables of merchants
// know it; "" when they do not. The brand is that of a decision.
func CNPJ(brand string) string {
	if brand == "" {
		return ""
	}
	return brandCNPJs()[brand]
}

var brandCNPJs = sync.OnceValue(func() map[string]string {
	offices := make(map[string]string)
	for _, name := range files("merchants") {
		for _, r := range openRows(name) {
			list := r.list("cnpj")
			if _, known := offices[r.get("name")]; !known && len(list) > 0 {
				offices[r.get("name")] = list[0]
			}
		}
	}
	return offices
})
