package deliver_test

import (
	"net/http"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/openklaas/klaas/internal/deliver"
)

func TestSignIsVerifiedByStandardWebhooks(t *testing.T) {
	body := []byte(`{"productReportId":"r1","a":[1,2.5,"é\u2028"]}`)
	header := http.Header{}
	deliver.Sign(header, "r1", time.Now(), body, []string{"the newer key", "the older key"})

	for _, key := range []string{"the newer key", "the older key"} {
		webhook, err := standardwebhooks.NewWebhook(deliver.WebhookSecret(key))
		if err != nil {
			t.Fatal(err)
		}
		if err := webhook.Verify(body, header); err != nil {
			t.Errorf("%s: %v", key, err)
		}
		if webhook.Verify(append([]byte(" "), body...), header) == nil {
			t.Errorf("%s: another body is verified too", key)
		}
	}
	other, err := standardwebhooks.NewWebhookRaw([]byte("no key of theirs"))
	if err != nil {
		t.Fatal(err)
	}
	if other.Verify(body, header) == nil {
		t.Error("a key that is not live verifies")
	}
}

// The expected values were computed with OpenSSL:
//
//	printf '%s' "$body" | openssl dgst -sha256 -hmac "$key"
//	printf '%s' "$id.$seconds.$body" | openssl dgst -sha256 -hmac "$key" -binary | base64
func TestSignVectors(t *testing.T) {
	header := http.Header{}
	deliver.Sign(header, "0b0c7e9a-2b1f-5f5e-8a53-1f0a3f6f6a11", time.Unix(1740716924, 999), []byte(`{"code":200}`), []string{"klaas-test-key", "old"})
	for name, want := range map[string]string{
		"X-Klavi-Timestamp": "1740716924",
		"X-Klavi-Signature": "f968b6bfba16f095f138882b5031987c2c8716d87d566b01716f15c295eda8f4",
		"webhook-id":        "0b0c7e9a-2b1f-5f5e-8a53-1f0a3f6f6a11",
		"webhook-timestamp": "1740716924",
		"webhook-signature": "v1,ImtqmvY9jaio8MykxD8jKshWVf3xIYbNTUl8L8siHAs= v1,kgF0TrPLQGwswW0dG6W9SgPPn+sXTguQjFHY5e2Fv0M=",
	} {
		if got := header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
