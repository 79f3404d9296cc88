// Package setting holds the settings that shape a report.
//
// [Settings] belongs to an application. Every submission pins the revision that
// it was computed with, so that a recomputation gives the same bytes. Secrets
// are not settings. [Settings.Hash] names the effective settings in reports.
package setting

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/openklaas/klaas/internal/scorecard"
)

// JointPolicy says how the money of a joint account counts.
type JointPolicy string

// The policies of joint accounts.
const (
	JointFull    JointPolicy = "full"    // all of it (default)
	JointHalf    JointPolicy = "half"    // half of every amount and balance, counts unchanged
	JointExclude JointPolicy = "exclude" // none of it
)

// ProductChoice is a product that is switched on, with the versions to send.
type ProductChoice struct {
	Name     string   `json:"name"`               // main name with prefix, such as pf_checking_account
	Versions []string `json:"versions,omitempty"` // default: the first of the product
}

// Settings are the choices of one application that change a report. The zero
// value is the default.
type Settings struct {
	Products           []ProductChoice   `json:"products,omitempty"`            // empty: none are sent
	CallbackURL        map[string]string `json:"productsCallbackURL,omitempty"` // "all", or product names and "other"
	StrictShape        bool              `json:"strictShape,omitempty"`         // leave our extra keys out of V1 and V1.1
	SplitByInstitution bool              `json:"splitByInstitution,omitempty"`  // one report per institution
	OmitPartieInV11    bool              `json:"omitPartieInV11,omitempty"`     // leave partieCnpjCpf out of V1.1
	EmptyLinks         bool              `json:"emptyLinks,omitempty"`          // links: []
	CompanyTree        bool              `json:"companyTree,omitempty"`         // print the company categories
	AllowAnonymous     bool              `json:"allowAnonymous,omitempty"`      // accept a document without any tax id
	JointAccounts      JointPolicy       `json:"jointAccounts,omitempty"`       // default full
	HistoryDays        int               `json:"historyDays,omitempty"`         // emit entries of age < n only; 0: all
	Extensions         map[string]bool   `json:"extensions,omitempty"`          // by full product name, or "all": whether reports say how much their data can tell; default: V2 does, V1 and V1.1 do not
	Rules              []Rule            `json:"rules,omitempty"`               // the partner's own categories, asked in this order
	IntervalFactors    IntervalFactors   `json:"intervalFactors,omitempty"`     // of the 80 % interval of expected payments; none: those of klaas
	Scorecard          *scorecard.File   `json:"scorecard,omitempty"`           // the partner's own bands and points of the score; nil: those of klaas
}

// Hash returns the first 16 hex digits of the SHA-256 over the settings as
// canonical JSON (the field order of Settings, map keys sorted).
func (s *Settings) Hash() string {
	text, err := json.Marshal(s)
	if err != nil {
		panic("setting: settings hold only texts, numbers and booleans: " + err.Error())
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}
