// Package seal compresses and encrypts what klaas keeps about people.
//
// A [Keyset] is the operator's one key file. Every submission gets a [DataKey] of
// its own ([Keyset.NewDataKey]); the store keeps it wrapped under the keyset, so
// that erasing the wrapped key erases everything sealed with it. [DataKey.Seal]
// binds what it seals to the submission and to a purpose: moved to another row
// or used as something else, it does not open. [Keyset.Hash] makes the keyed
// hash by which a CPF or CNPJ is found.
//
// It promises secrecy and integrity of content, not of its length. It does not
// protect against who holds the keyset: keep that apart from the database.
// Everything is safe for concurrent use.
package seal

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/klauspost/compress/zstd"
	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// MaxSize is the largest plain text in bytes: Seal refuses more and Open does not
// expand further.
const MaxSize = 1 << 30

// HashSize is the length of [Keyset.Hash] in bytes.
const HashSize = 32

// Errors. They never hold anything of what was sealed.
var (
	// ErrSealed says that something was changed, sealed under another keyset or
	// data key, or sealed as something else.
	ErrSealed = errors.New("cannot be opened: it was changed or sealed under another key, for another id or purpose")
	// ErrTooLarge says that a plain text is larger than MaxSize.
	ErrTooLarge = errors.New("larger than can be sealed")
	// ErrKeyset says that a file is not a keyset.
	ErrKeyset = errors.New("is not a keyset of klaas: give the file that klaas made, or restore it from its backup")
)

// Keyset is the operator's key material.
type Keyset struct {
	file   []byte // what Save writes
	wrap   tink.AEAD
	hasher *prf.Set
	codec  *codec
}

// keysetFile is the form of a keyset on disk: two Tink keysets in clear.
type keysetFile struct {
	Note string          `json:"note"`
	AEAD json.RawMessage `json:"aead"` // wraps data keys, seals secrets
	PRF  json.RawMessage `json:"prf"`  // hashes tax ids
}

const keysetNote = "Key file of klaas. Whoever has it reads everything; without it nothing can be read. Keep a backup, apart from the database."

// Generate makes a new keyset. Its AEAD has 192-bit nonces, so that the number of
// things it may seal has no limit in practice.
func Generate() (*Keyset, error) {
	wrapping, err := keyset.NewHandle(aead.XAES256GCM192BitNonceKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("generate keyset: %w", err)
	}
	hashing, err := keyset.NewHandle(prf.HMACSHA256PRFKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("generate keyset: %w", err)
	}
	file := keysetFile{Note: keysetNote}
	if file.AEAD, err = inClear(wrapping); err != nil {
		return nil, err
	}
	if file.PRF, err = inClear(hashing); err != nil {
		return nil, err
	}
	text, err := json.MarshalIndent(file, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("generate keyset: %w", err)
	}
	return parse(append(text, '\n'))
}

// inClear returns a Tink keyset as JSON, unencrypted.
func inClear(h *keyset.Handle) (json.RawMessage, error) {
	var text bytes.Buffer
	if err := insecurecleartextkeyset.Write(h, keyset.NewJSONWriter(&text)); err != nil {
		return nil, fmt.Errorf("generate keyset: %w", err)
	}
	return text.Bytes(), nil
}

// Load reads a keyset. Errors: those of reading the file, and ErrKeyset.
func Load(path string) (*Keyset, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("load keyset: %w", err)
	}
	k, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("load keyset: %s %w", path, err)
	}
	return k, nil
}

// parse reads the text of a keyset. The causes of its errors can hold pieces of
// keys, so they are not told.
func parse(text []byte) (*Keyset, error) {
	var file keysetFile
	if json.Unmarshal(text, &file) != nil {
		return nil, ErrKeyset
	}
	k := &Keyset{file: text}
	wrapping, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(file.AEAD)))
	if err != nil {
		return nil, ErrKeyset
	}
	hashing, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(file.PRF)))
	if err != nil {
		return nil, ErrKeyset
	}
	if k.wrap, err = aead.New(wrapping); err != nil {
		return nil, ErrKeyset
	}
	if k.hasher, err = prf.NewPRFSet(hashing); err != nil {
		return nil, ErrKeyset
	}
	if k.codec, err = newCodec(MaxSize); err != nil {
		return nil, err
	}
	return k, nil
}

// Save writes the keyset to a new file that only its owner can read: whole or not
// at all, and never over a file that is there (os.ErrExist), because without the
// old keyset the old data is lost.
func (k *Keyset) Save(path string) error {
	dir := filepath.Dir(path)
	file, err := os.CreateTemp(dir, ".keyset-*") // mode 0600
	if err != nil {
		return fmt.Errorf("save keyset: %w", err)
	}
	defer os.Remove(file.Name()) //nolint:errcheck // a second name of the same file, or a leftover with its own error
	_, err = file.Write(k.file)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("save keyset: %w", err)
	}
	// A link fails where a rename would overwrite.
	if err := os.Link(file.Name(), path); err != nil {
		return fmt.Errorf("save keyset: %w", err)
	}
	folder, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("save keyset: %w", err)
	}
	if err := errors.Join(folder.Sync(), folder.Close()); err != nil {
		return fmt.Errorf("save keyset: %w", err)
	}
	return nil
}

// The associated data of the keyset's AEAD begins with what is sealed, so that a
// data key never opens as a secret.
const (
	dataKeyContext = "klaas data key\x00"
	secretContext  = "klaas secret\x00"
	taxIDContext   = "klaas tax id\x00"
	digestContext  = "klaas digest\x00"
)

// NewDataKey makes a submission's key and returns it also wrapped, for the store.
func (k *Keyset) NewDataKey(submissionID string) (key *DataKey, wrapped []byte, err error) {
	raw := make([]byte, 32)
	if _, err := rand.Read(raw); err != nil {
		return nil, nil, fmt.Errorf("new data key: %w", err)
	}
	wrapped, err = k.wrap.Encrypt(raw, []byte(dataKeyContext+submissionID))
	if err != nil {
		return nil, nil, fmt.Errorf("new data key: %w", err)
	}
	key, err = k.dataKey(submissionID, raw)
	return key, wrapped, err
}

// DataKey unwraps a submission's key. Error: ErrSealed.
func (k *Keyset) DataKey(submissionID string, wrapped []byte) (*DataKey, error) {
	raw, err := k.wrap.Decrypt(wrapped, []byte(dataKeyContext+submissionID))
	if err != nil {
		return nil, fmt.Errorf("data key %w", ErrSealed)
	}
	return k.dataKey(submissionID, raw)
}

func (k *Keyset) dataKey(submissionID string, raw []byte) (*DataKey, error) {
	cipher, err := subtle.NewAESGCM(raw)
	if err != nil {
		return nil, fmt.Errorf("data key: %w", err)
	}
	return &DataKey{submissionID: submissionID, cipher: cipher, codec: k.codec}, nil
}

// SealSecret encrypts a secret that belongs to the thing with this id.
func (k *Keyset) SealSecret(id string, plain []byte) ([]byte, error) {
	sealed, err := k.wrap.Encrypt(plain, []byte(secretContext+id))
	if err != nil {
		return nil, fmt.Errorf("seal secret: %w", err)
	}
	return sealed, nil
}

// OpenSecret decrypts what SealSecret made. Error: ErrSealed.
func (k *Keyset) OpenSecret(id string, sealed []byte) ([]byte, error) {
	plain, err := k.wrap.Decrypt(sealed, []byte(secretContext+id))
	if err != nil {
		return nil, fmt.Errorf("secret %w", ErrSealed)
	}
	return plain, nil
}

// Hash returns the keyed hash of a CPF or CNPJ, HashSize bytes. Points, dashes,
// slashes, blanks and case do not count.
func (k *Keyset) Hash(taxID string) []byte {
	canonical := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToUpper(r)
		}
		return -1
	}, taxID)
	return k.prf(taxIDContext + canonical)
}

// Digest returns the keyed hash of a text exactly as it is, HashSize bytes. The
// same text under another purpose has another one. A purpose has no zero byte.
func (k *Keyset) Digest(purpose, text string) []byte {
	return k.prf(digestContext + purpose + "\x00" + text)
}

func (k *Keyset) prf(input string) []byte {
	hash, err := k.hasher.ComputePrimaryPRF([]byte(input), HashSize)
	if err != nil {
		panic("seal: a keyset with another hash than it was made with: " + err.Error())
	}
	return hash
}

// DataKey seals what belongs to one submission.
type DataKey struct {
	submissionID string
	cipher       tink.AEAD
	codec        *codec
}

// Seal compresses and encrypts. Error: ErrTooLarge.
func (d *DataKey) Seal(purpose string, plain []byte) ([]byte, error) {
	packed, err := d.codec.pack(plain)
	if err != nil {
		return nil, fmt.Errorf("seal %s: %w", purpose, err)
	}
	sealed, err := d.cipher.Encrypt(packed, d.context(purpose))
	if err != nil {
		return nil, fmt.Errorf("seal %s: %w", purpose, err)
	}
	return sealed, nil
}

// Open decrypts and expands what Seal made for the same submission and purpose.
// Errors: ErrSealed, ErrTooLarge.
func (d *DataKey) Open(purpose string, sealed []byte) ([]byte, error) {
	packed, err := d.cipher.Decrypt(sealed, d.context(purpose))
	if err != nil {
		return nil, fmt.Errorf("%s %w", purpose, ErrSealed)
	}
	plain, err := d.codec.unpack(packed)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", purpose, err)
	}
	return plain, nil
}

func (d *DataKey) context(purpose string) []byte {
	return []byte(d.submissionID + "\x00" + purpose)
}

// codec compresses with zstd. Its encoder and decoder are heavy and shared.
type codec struct {
	limit   int
	encoder *zstd.Encoder
	decoder *zstd.Decoder
}

func newCodec(limit int) (*codec, error) {
	// The AEAD protects integrity, so no checksum. The accept call waits for this:
	// the fastest level takes six tenths of the default's time and gives 2 % more
	// bytes (BenchmarkSeal's document).
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderCRC(false))
	if err != nil {
		return nil, fmt.Errorf("compression: %w", err)
	}
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(uint64(limit)))
	if err != nil {
		return nil, fmt.Errorf("compression: %w", err)
	}
	return &codec{limit: limit, encoder: encoder, decoder: decoder}, nil
}

func (c *codec) pack(plain []byte) ([]byte, error) {
	if len(plain) > c.limit {
		return nil, ErrTooLarge
	}
	return c.encoder.EncodeAll(plain, nil), nil
}

func (c *codec) unpack(packed []byte) ([]byte, error) {
	plain, err := c.decoder.DecodeAll(packed, nil)
	if errors.Is(err, zstd.ErrDecoderSizeExceeded) || errors.Is(err, zstd.ErrWindowSizeExceeded) || len(plain) > c.limit {
		return nil, ErrTooLarge
	}
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}
