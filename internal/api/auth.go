package api

import (
	"net/http"
	"strings"

	"github.com/openklaas/klaas/internal/account"
)

// pairs are the headers that carry an application's code and its token, in the
// order in which they are looked for. The spelling with hyphens is there because
// many proxies drop headers with underscores.
var pairs = []struct{ code, token string }{
	{"partner_code", "partner_token"},
	{"partner-code", "partner-token"},
	{"client_id", "client_secret"},
	{"client-id", "client-secret"},
}

// maxCredential is the longest code or token that is looked at.
const maxCredential = 512

// authenticate returns the application that calls. Every way to prove who calls
// goes through here.
func (a *api) authenticate(r *http.Request) (account.Principal, error) {
	for _, pair := range pairs {
		code, token := r.Header.Get(pair.code), r.Header.Get(pair.token)
		if code == "" && token == "" {
			continue
		}
		if code == "" || token == "" {
			return account.Principal{}, unauthorised("one of the two headers " + pair.code + " and " + pair.token + " is missing")
		}
		if len(code) > maxCredential || len(token) > maxCredential {
			return account.Principal{}, unauthorised("the credentials are unknown, expired or revoked")
		}
		return a.Accounts.Authenticate(r.Context(), code, token)
	}
	return account.Principal{}, unauthorised("credentials are missing: send the headers partner_code and partner_token, or client_id and client_secret; " +
		"where a proxy drops headers with underscores, spell them with hyphens")
}

// unauthorised is a 401 with the challenge that HTTP asks for.
func unauthorised(message string) *failure {
	challenges := make([]string, 0, len(pairs))
	for _, pair := range pairs {
		if !strings.Contains(pair.code, "-") {
			challenges = append(challenges, `Klaas realm="klaas", headers="`+pair.code+" "+pair.token+`"`)
		}
	}
	return &failure{status: http.StatusUnauthorized, message: message, header: http.Header{"Www-Authenticate": challenges}}
}
