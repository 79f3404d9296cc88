package taxonomy

import (
	_ "embed" // the merchant category codes
	"maps"
	"slices"
	"strconv"
	"sync"
)

// Merchant is a merchant category code of ISO 18245 with the category that
// purchases at such merchants belong to.
type Merchant struct {
	MCC         int32 // four digits, 742 for 0742
	Description string
	Code        Code
	Broad       bool // acquirers give it to all sorts of sellers: it says little
}

// The list of codes and descriptions is github.com/greggles/mcc-codes at commit
// 16e8ab17 (public domain, Unlicense) with 5262, 6050 and 6540, which are in
// use since; the categories are ours.
//
//go:embed mcc.csv
var mccCSV []byte

var merchants = sync.OnceValue(func() map[int32]Merchant {
	t := make(map[int32]Merchant)
	for _, r := range records(mccCSV) {
		n, err := strconv.ParseInt(r[0], 10, 32)
		if err != nil {
			panic("taxonomy: mcc.csv: " + err.Error())
		}
		t[int32(n)] = Merchant{MCC: int32(n), Description: r[1], Code: mustCode(r[2]), Broad: r[3] != ""}
	}
	return t
})

// ByMCC returns the merchant category of a code as cards carry it.
func ByMCC(mcc int32) (Merchant, bool) {
	m, ok := merchants()[mcc]
	return m, ok
}

// MCCs returns the merchant category codes of a category, ascending; none for a
// category that is no purchase.
func MCCs(code Code) []int32 { return mccsByCode()[code] }

var mccsByCode = sync.OnceValue(func() map[Code][]int32 {
	t := make(map[Code][]int32)
	for _, mcc := range slices.Sorted(maps.Keys(merchants())) {
		code := merchants()[mcc].Code
		t[code] = append(t[code], mcc)
	}
	return t
})
