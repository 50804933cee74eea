# Two commands matter: `make run` and `make test`. README.md tells the rest.
.PHONY: run build test test-long check bench generate lint fmt

run: ## fetch, build, migrate, seed the demo and serve on 127.0.0.1:8080
	@sh scripts/run.sh

build: ## the binary, bin/dure
	go build -o bin/dure ./cmd/dure

test: ## the whole suite, on private servers of its own
	@sh scripts/test.sh

test-long: ## what takes longer than a coffee: races, fuzzing, chaos
	@sh scripts/test-long.sh

check: ## generated code is current, formatted, linted, typed
	@sh scripts/check.sh

bench: ## one JSON object a line on standard output, and nothing else there
	@sh scripts/bench.sh

generate: ## the schema becomes Go
	@sh scripts/generate.sh

fmt:
	@sh scripts/lint.sh fmt

lint:
	@sh scripts/lint.sh run
