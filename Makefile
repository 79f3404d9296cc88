# The commands of the project. Every one works on a fresh clone.

# Binaries need no C library. Only the race detector does, and turns it on itself.
export CGO_ENABLED = 0

.PHONY: build test check bench model calibration generate

build: ## bin/klaas
	go build -trimpath -o bin/klaas ./cmd/klaas

test: ## every test, on SQLite and PostgreSQL; says first what it needs
	test/run

check: ## format, lint, vet, race detector
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); \
	if [ -n "$$unformatted" ]; then echo "gofmt would change:"; echo "$$unformatted"; exit 1; fi
	go tool -modfile=tools/go.mod golangci-lint run
	test/run vet race

bench: ## the figures of docs/performance.md
	go run ./bench/cmd/ratios

model: ## internal/classify/model/model.bin, trained from the data of the classifier
	go run ./internal/classify/model/train

calibration: ## internal/classify/data/calibration.tsv, fitted to the calibration part of the labelled lines
	go run ./internal/accuracy/calibrate

generate: ## everything that is derived from something else
	go generate ./...
	gofmt -w $$(git ls-files '*.go')
