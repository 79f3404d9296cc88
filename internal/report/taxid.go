package report

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
)

// SealTaxIDs returns the function that encrypts tax ids in one report of version
// V1.1: AES-256-CBC with PKCS#7 padding, the IV before the ciphertext, in
// URL-safe Base64 without padding signs. The IV is the first 16 bytes of
// HMAC-SHA-256(key, reportID ‖ value), so the same report has the same bytes
// whenever it is computed, and equal values are equal inside it. The key is
// secretKey where that has 32 bytes, else its SHA-256. "" stays "".
//
// Klavi does not publish its own layout; a partner decrypts ours with the
// recipe of docs/reports.md.
func SealTaxIDs(secretKey, reportID string) func(string) string {
	key := taxIDKey(secretKey)
	block, err := aes.NewCipher(key)
	if err != nil {
		panic("report: the key always has 32 bytes: " + err.Error())
	}
	known := make(map[string]string)
	return func(value string) string {
		if value == "" {
			return ""
		}
		if sealed, ok := known[value]; ok {
			return sealed
		}
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(reportID))
		mac.Write([]byte(value))
		iv := mac.Sum(nil)[:aes.BlockSize]
		padding := aes.BlockSize - len(value)%aes.BlockSize
		text := append([]byte(value), bytes.Repeat([]byte{byte(padding)}, padding)...)
		cipher.NewCBCEncrypter(block, iv).CryptBlocks(text, text)
		sealed := base64.RawURLEncoding.EncodeToString(append(iv, text...))
		known[value] = sealed
		return sealed
	}
}

func taxIDKey(secretKey string) []byte {
	if len(secretKey) == 32 {
		return []byte(secretKey)
	}
	sum := sha256.Sum256([]byte(secretKey))
	return sum[:]
}
