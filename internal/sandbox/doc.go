// Package sandbox makes up Brazilian people and companies: a year or more of
// Open Finance history as their banks would send it, and the truth beside it.
//
// [Generate] makes one person of a persona; [Personas] names the personas. A
// person lives day by day: wages fall on pay days that weekends and holidays
// move, bills are paid from what is there, banks sweep, charge and send. Every
// balance is the exact sum of what happened. Only then the document is written,
// in the versions, texts and bad habits of each bank: entries in two lists,
// resent under new ids, pending before they are posted. [Truth] tells what each
// of its entries really is, so that any reader of such documents can be measured.
//
// The same persona, seed, number and end day give the same bytes, on every
// machine and in every run of one version of klaas.
//
// Who the people are is data: personas/*.toml (income, spending, accounts,
// traps), data/banks.toml (texts and habits of banks) and data/shops.toml. A new
// persona is a new file; its form is told in docs/sandbox.md. Names are invented
// and so are the people's tax ids, whose check digits are right. Shops, banks
// and public payers bear real names, because texts without them would be no test.
//
// The package does not know how klaas cleans or classifies, and must not: it is
// the other side of the measure.
package sandbox
