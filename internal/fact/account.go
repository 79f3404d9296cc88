package fact

import "iter"

// byAccount are indices by account, so that what one account has costs no walk over
// what all have.
type byAccount [][]int32

// byAccountOf files n things of the checking accounts, in their order, by the account
// of their movements.
func (f *Facts) byAccountOf(n int, movement func(i int) int32) byAccount {
	all := make(byAccount, len(f.Ledger.Accounts))
	for i := range n {
		holder := f.Ledger.Movements[movement(i)].Holder
		all[holder] = append(all[holder], int32(i))
	}
	return all
}

// FlowsOf lists the entries of one checking account, newest first.
func (f *Facts) FlowsOf(account int32) iter.Seq[*Flow] {
	company := f.Ledger.Accounts[account].Company
	flows, which := f.Flows(company), whose(company)
	if f.flowsByAccount[which] == nil {
		f.flowsByAccount[which] = f.byAccountOf(len(flows.Entries), func(i int) int32 { return flows.Entries[i].Movement })
	}
	return func(yield func(*Flow) bool) {
		for _, i := range f.flowsByAccount[which][account] {
			if !yield(&flows.Entries[i]) {
				return
			}
		}
	}
}

// LiabilitiesOf lists the obligations paid from one checking account, newest first.
func (f *Facts) LiabilitiesOf(account int32) iter.Seq[*LiabilityEntry] {
	company := f.Ledger.Accounts[account].Company
	entries, which := f.Liabilities(company), whose(company)
	if f.debtsByAccount[which] == nil {
		f.debtsByAccount[which] = f.byAccountOf(len(entries), func(i int) int32 { return entries[i].Flow.Movement })
	}
	return func(yield func(*LiabilityEntry) bool) {
		for _, i := range f.debtsByAccount[which][account] {
			if !yield(&entries[i]) {
				return
			}
		}
	}
}

// OfAccount returns the income that came to one account. Of V1, that is: in V2 the
// transfers of one payer count over all accounts.
func (in *Income) OfAccount(account int32) *IncomePart {
	if in.byAccount == nil {
		in.byAccount = in.facts.byAccountOf(len(in.Entries), func(i int) int32 { return in.Entries[i].Flow.Movement })
	}
	return &IncomePart{in: in, entries: in.byAccount[account]}
}
