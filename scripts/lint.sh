#!/bin/sh
# Runs golangci-lint at the version in tools/go.mod, built once and kept outside
# the checkout. LINT_IN is the folder of a module, this one when left out.
set -eu
cd "$(dirname "$0")/.."
cache="${XDG_CACHE_HOME:-$HOME/.cache}/dure"
stamp=$(cat tools/go.mod tools/go.sum | sha256sum | cut -c1-16)-$(go env GOVERSION)
lint="$cache/golangci-lint-$stamp"
if [ ! -x "$lint" ]; then
	echo "building golangci-lint once; this takes a few minutes" >&2
	mkdir -p "$cache"
	go -C tools build -o "$lint.new" github.com/golangci/golangci-lint/v2/cmd/golangci-lint
	mv "$lint.new" "$lint"
fi
if [ "$1" = run ]; then
	shift
	set -- run --allow-parallel-runners "$@"
fi
cd "${LINT_IN:-.}"
exec "$lint" "$@"
