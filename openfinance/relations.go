package openfinance

// This file holds the tables of OFB customers: qualification and financial
// relations of persons and companies, versions 1.0 to the previews of 2.3.

var personalQualificationTable = newTable(
	instant("updateDateTime", func(q *PersonalQualification) *string { return &q.UpdateDateTime }),
	text("brandName", func(q *PersonalQualification) *string { return &q.BrandName }),
	cnpj("companyCnpj", func(q *PersonalQualification) *string { return &q.CompanyCNPJ }),
	enum("occupationCode", func(q *PersonalQualification) *string { return &q.OccupationCode }),
	text("occupationDescription", func(q *PersonalQualification) *string { return &q.OccupationDescription }),
	text("employerName", func(q *PersonalQualification) *string { return &q.EmployerName }),
	either("employerCnpjCpf", func(q *PersonalQualification) *string { return &q.EmployerCnpjCpf }),
	optional("informedIncome", informedTable, func(q *PersonalQualification) **Informed { return &q.InformedIncome }),
	optional("informedPatrimony", informedTable, func(q *PersonalQualification) **Informed { return &q.InformedPatrimony }),
)

var businessQualificationTable = func() *table[BusinessQualification] {
	activity := newTable(
		code("code", 7, func(a *EconomicActivity) *string { return &a.Code }),
		truth("isMain", func(a *EconomicActivity) *Bool { return &a.IsMain }),
	)
	activity.nothing = func(a *EconomicActivity) bool { return a.Code == "" }
	return newTable(
		instant("updateDateTime", func(q *BusinessQualification) *string { return &q.UpdateDateTime }),
		text("brandName", func(q *BusinessQualification) *string { return &q.BrandName }),
		cnpj("companyCnpj", func(q *BusinessQualification) *string { return &q.CompanyCNPJ }),
		records("economicActivities", activity, func(q *BusinessQualification) *[]EconomicActivity { return &q.EconomicActivities }).also("economicActivity"),
		optional("informedRevenue", informedTable, func(q *BusinessQualification) **Informed { return &q.InformedRevenue }),
		optional("informedPatrimony", informedTable, func(q *BusinessQualification) **Informed { return &q.InformedPatrimony }),
	)
}()

const maxYear = 9999

var informedTable = func() *table[Informed] {
	t := newTable(
		enum("frequency", func(i *Informed) *string { return &i.Frequency }),
		text("frequencyAdditionalInfo", func(i *Informed) *string { return &i.FrequencyAdditionalInfo }),
		cash("amount", func(i *Informed) *Money { return &i.Amount }),
		currency("currency", func(i *Informed) *string { return &i.Amount.Currency }),
		date("date", func(i *Informed) *string { return &i.Date }),
		whole("year", maxYear, func(i *Informed) *int32 { return &i.Year }),
	)
	// v1 said SEM_FREQUENCIA_RENDA_INFORMADA when nothing was told; an amount
	// without one is none.
	t.nothing = func(i *Informed) bool { return !i.Amount.Present() }
	return t
}()

// Persons and companies have one shape; what only persons have is absent in companies.
var relationTable = func() *table[FinancialRelation] {
	procurator := newTable(
		enum("type", func(p *Procurator) *string { return &p.Type }),
		either("cnpjCpfNumber", func(p *Procurator) *string { return &p.CnpjCpf }).or("cpfNumber"),
		text("civilName", func(p *Procurator) *string { return &p.CivilName }),
		text("socialName", func(p *Procurator) *string { return &p.SocialName }),
	)
	procurator.nothing = isBlank
	account := newTable(
		code("compeCode", 3, func(a *RelationAccount) *string { return &a.CompeCode }),
		code("branchCode", 4, func(a *RelationAccount) *string { return &a.BranchCode }),
		id("number", func(a *RelationAccount) *string { return &a.Number }),
		id("checkDigit", func(a *RelationAccount) *string { return &a.CheckDigit }),
		enum("type", func(a *RelationAccount) *string { return &a.Type }),
		enum("subtype", func(a *RelationAccount) *string { return &a.Subtype }),
	)
	account.nothing = isBlank
	portability := newTable(
		text("employerName", func(s *SalaryLink) *string { return &s.EmployerName }),
		either("employerCnpjCpf", func(s *SalaryLink) *string { return &s.EmployerCnpjCpf }),
		cnpj("paycheckBankDetainerCnpj", func(s *SalaryLink) *string { return &s.BankCNPJ }),
		ispb("paycheckBankDetainerIspb", func(s *SalaryLink) *string { return &s.BankISPB }),
		date("portabilityApprovalDate", func(s *SalaryLink) *string { return &s.Date }),
	)
	portability.nothing = isBlank
	paycheck := newTable(
		text("employerName", func(s *SalaryLink) *string { return &s.EmployerName }),
		either("employerCnpjCpf", func(s *SalaryLink) *string { return &s.EmployerCnpjCpf }),
		cnpj("paycheckBankCnpj", func(s *SalaryLink) *string { return &s.BankCNPJ }),
		ispb("paycheckBankIspb", func(s *SalaryLink) *string { return &s.BankISPB }),
		date("accountOpeningDate", func(s *SalaryLink) *string { return &s.Date }),
	)
	paycheck.nothing = isBlank
	return newTable(
		instant("updateDateTime", func(f *FinancialRelation) *string { return &f.UpdateDateTime }),
		text("brandName", func(f *FinancialRelation) *string { return &f.BrandName }),
		cnpj("companyCnpj", func(f *FinancialRelation) *string { return &f.CompanyCNPJ }),
		instantOrDate("startDate", func(f *FinancialRelation) *string { return &f.StartDate }),
		names("productsServicesType", func(f *FinancialRelation) *[]string { return &f.ProductsServicesTypes }).also("productsServicesTypes"),
		text("productsServicesTypeAdditionalInfo", func(f *FinancialRelation) *string { return &f.ProductsServicesTypeAdditionalInfo }),
		records("procurators", procurator, func(f *FinancialRelation) *[]Procurator { return &f.Procurators }).also("procurator"),
		records("accounts", account, func(f *FinancialRelation) *[]RelationAccount { return &f.Accounts }).also("account"),
		records("portabilitiesReceived", portability, func(f *FinancialRelation) *[]SalaryLink { return &f.PortabilitiesReceived }).also("portabilityReceived"),
		records("paychecksBankLink", paycheck, func(f *FinancialRelation) *[]SalaryLink { return &f.PaychecksBankLinks }).also("paychecksBankLinks", "paycheckBankLink"),
	)
}()
