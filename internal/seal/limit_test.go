package seal

import (
	"bytes"
	"errors"
	"testing"

	"github.com/klauspost/compress/zstd"
)

func TestLimit(t *testing.T) {
	c, err := newCodec(1000)
	if err != nil {
		t.Fatal(err)
	}
	for size, want := range map[int]error{1000: nil, 1001: ErrTooLarge} {
		if _, err := c.pack(make([]byte, size)); !errors.Is(err, want) {
			t.Errorf("pack of %d: error is %v, want %v", size, err, want)
		}
	}
	// A stream does not tell its size, so that only expanding it shows it.
	var hidden bytes.Buffer
	stream, err := zstd.NewWriter(&hidden, zstd.WithWindowSize(zstd.MinWindowSize))
	if err != nil {
		t.Fatal(err)
	}
	for range 1000 {
		if _, err := stream.Write(make([]byte, 1000)); err != nil {
			t.Fatal(err)
		}
	}
	if err := stream.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := newCodec(MaxSize)
	if err != nil {
		t.Fatal(err)
	}
	told, err := whole.pack(make([]byte, 1_000_000))
	if err != nil {
		t.Fatal(err)
	}
	for name, packed := range map[string][]byte{"told": told, "hidden": hidden.Bytes()} {
		if plain, err := c.unpack(packed); !errors.Is(err, ErrTooLarge) {
			t.Errorf("%s: %d bytes, error %v, want ErrTooLarge", name, len(plain), err)
		}
	}
	if _, err := c.unpack([]byte("no zstd")); !errors.Is(err, ErrSealed) {
		t.Errorf("no zstd: %v", err)
	}
}
