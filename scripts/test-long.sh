#!/bin/sh
# Every test under the race detector, then each fuzz target for a while.
set -eu
cd "$(dirname "$0")/.."
sh scripts/install-test-servers.sh
(cd e2e/clients && npm ci --ignore-scripts --no-audit --no-fund --silent)
CI=true DURE_TEST_RACE=true go test -race -count=1 -timeout 60m ./...
go -C examples/lender-go test -race -count=1 ./...
for package in $(go list ./...); do
	for target in $(go test -list '^Fuzz' "$package" | grep '^Fuzz' || true); do
		go test -run '^$' -fuzz "^$target\$" -fuzztime "${FUZZTIME:-60s}" "$package"
	done
done
