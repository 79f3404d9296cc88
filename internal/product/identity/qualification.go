package identity

import (
	"strconv"

	"github.com/openklaas/klaas/internal/product/statement"
	"github.com/openklaas/klaas/openfinance"
)

// personalQualification returns what the institution knows of a person's work
// and means, an empty record for nothing.
func (r *record) personalQualification(h *Home, all []openfinance.PersonalQualification) *openfinance.PersonalQualification {
	i := r.sibling(h, len(all), func(i int) source { return source{cnpj: all[i].CompanyCNPJ, brand: all[i].BrandName} })
	if i < 0 {
		return new(openfinance.PersonalQualification)
	}
	return &all[i]
}

// businessQualification is personalQualification for a company.
func (r *record) businessQualification(h *Home, all []openfinance.BusinessQualification) *openfinance.BusinessQualification {
	i := r.sibling(h, len(all), func(i int) source { return source{cnpj: all[i].CompanyCNPJ, brand: all[i].BrandName} })
	if i < 0 {
		return new(openfinance.BusinessQualification)
	}
	return &all[i]
}

// told writes an amount as the customer told it. A person's has a year, a
// company's patrimony the day.
func (r *record) told(key string, t *openfinance.Informed) {
	if t == nil {
		return
	}
	patrimony := key == "informedPatrimony"
	r.w.Key(key)
	r.w.OpenObject()
	switch {
	case patrimony:
	case r.in.Company():
		r.w.FieldIf("frequency", t.Frequency)
		r.w.FieldIf("frequencyAdditionalInfo", t.FrequencyAdditionalInfo)
	default:
		r.w.Field("frequency", t.Frequency)
	}
	statement.Money(r.w, "amount", t.Amount)
	if patrimony && r.in.Company() {
		r.w.Field("date", t.Date)
	} else if year := yearOf(t); year > 0 {
		r.w.Int("year", year)
	}
	r.w.CloseObject()
}

// yearOf is the year of the statement, 0 when it is unknown.
func yearOf(t *openfinance.Informed) int64 {
	if t.Year > 0 || len(t.Date) < len("2006") {
		return int64(t.Year)
	}
	year, err := strconv.ParseInt(t.Date[:len("2006")], 10, 64)
	if err != nil {
		return 0
	}
	return year
}

func (r *record) economicActivities(activities []openfinance.EconomicActivity) {
	r.w.Key("economicActivities")
	r.w.OpenArray()
	for i := range activities {
		r.w.OpenObject()
		r.w.Field("code", activities[i].Code)
		isMain(r.w, activities[i].IsMain)
		r.w.CloseObject()
	}
	r.w.CloseArray()
}

func (r *record) procurators(all []openfinance.Procurator) {
	r.w.Key("procurators")
	r.w.OpenArray()
	for i := range all {
		r.w.OpenObject()
		r.procurator("cnpjCpfNumber", &all[i])
		r.w.CloseObject()
	}
	r.w.CloseArray()
}

// procurator writes the members of a representative. V1.1 encrypts the tax id.
func (r *record) procurator(idKey string, p *openfinance.Procurator) {
	r.w.Field("type", p.Type)
	r.w.Field(idKey, r.in.Seal(p.CnpjCpf))
	r.w.Field("civilName", p.CivilName)
	r.w.FieldIf("socialName", p.SocialName)
}

// salaries writes where a person's salary comes from and where it is paid.
func (r *record) salaries(relation *openfinance.FinancialRelation) {
	list(r.w, "portabilitiesReceived", len(relation.PortabilitiesReceived), func(i int) {
		s := &relation.PortabilitiesReceived[i]
		r.w.Field("employerName", s.EmployerName)
		r.w.Field("employerCnpjCpf", s.EmployerCnpjCpf)
		r.w.Field("paycheckBankDetainerCnpj", s.BankCNPJ)
		r.w.Field("paycheckBankDetainerIspb", s.BankISPB)
		r.w.Field("portabilityApprovalDate", s.Date)
	})
	list(r.w, "paychecksBankLink", len(relation.PaychecksBankLinks), func(i int) {
		s := &relation.PaychecksBankLinks[i]
		r.w.Field("employerName", s.EmployerName)
		r.w.Field("employerCnpjCpf", s.EmployerCnpjCpf)
		r.w.Field("paycheckBankCnpj", s.BankCNPJ)
		r.w.Field("paycheckBankIspb", s.BankISPB)
		r.w.Field("accountOpeningDate", s.Date)
	})
}
