package classify

// CNPJ returns the tax id of a brand's head office, as the tables of merchants
// know it; "" when they do not. The brand is that of a decision.
func CNPJ(brand string) string { return Shared().offices[brand] }
