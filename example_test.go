package klaas_test

import (
	"fmt"
	"log"
	"os"

	"github.com/openklaas/klaas"
)

func ExampleAnalyze() {
	userdata, err := os.ReadFile("openfinance/testdata/demo-userdata.json")
	if err != nil {
		log.Fatal(err)
	}
	analysis, err := klaas.Analyze(userdata, klaas.Options{Products: []string{"pf_balance", "pf_categorized_checking_l3"}, AsOf: "2021-05-31"})
	if err != nil {
		log.Fatal(err)
	}
	for _, report := range analysis.Reports {
		fmt.Println(report.Product, report.Code, report.Message)
	}
	// Output:
	// pf_balance 200 OK
	// pf_categorized_checking_l3 200 OK
}
