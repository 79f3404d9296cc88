package deliver

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/openklaas/klaas/internal/account"
)

// The headers that carry signatures.
const (
	HeaderKlaviSignature   = "X-Klavi-Signature"
	HeaderKlaviTimestamp   = "X-Klavi-Timestamp"
	HeaderWebhookID        = "webhook-id"
	HeaderWebhookTimestamp = "webhook-timestamp"
	HeaderWebhookSignature = "webhook-signature"
)

// Sign sets both sets of signature headers for a body. keys are the receiver's
// live secret keys, newest first; at least one. at is the time of the attempt.
//
// Klavi's set: X-Klavi-Signature is the lower-case hex HMAC-SHA-256 of the body
// alone under the newest key. It holds one value by its nature, so while a key
// rotates its receivers must accept both keys.
//
// The Standard Webhooks set: webhook-signature holds one "v1,<base64>" for each
// live key, newest first, each the HMAC-SHA-256 of "<id>.<seconds>.<body>". The
// key is the bytes of the secret key's text: a receiver's library is given
// [WebhookSecret] of it.
func Sign(header http.Header, id string, at time.Time, body []byte, keys []string) {
	seconds := strconv.FormatInt(at.Unix(), 10)
	header.Set(HeaderKlaviSignature, hex.EncodeToString(mac(keys[0], body)))
	header.Set(HeaderKlaviTimestamp, seconds)

	signatures := make([]string, len(keys))
	for i, key := range keys {
		signatures[i] = "v1," + base64.StdEncoding.EncodeToString(mac(key, []byte(id+"."+seconds+"."), body))
	}
	header.Set(HeaderWebhookID, id)
	header.Set(HeaderWebhookTimestamp, seconds)
	header.Set(HeaderWebhookSignature, strings.Join(signatures, " "))
}

// WebhookSecret returns a secret key in the form that Standard Webhooks
// libraries take: "whsec_" and the Base64 of its bytes.
func WebhookSecret(key string) string {
	return account.SigningKey{Key: key}.StandardSecret()
}

func mac(key string, parts ...[]byte) []byte {
	h := hmac.New(sha256.New, []byte(key))
	for _, part := range parts {
		h.Write(part)
	}
	return h.Sum(nil)
}
