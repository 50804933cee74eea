#!/bin/sh
# The whole suite. What is missing on a Debian machine is installed; elsewhere
# one line says what to install. The suite starts private servers of its own.
set -eu
cd "$(dirname "$0")/.."
sh scripts/install-test-servers.sh
command -v node >/dev/null 2>&1 || { echo "please install Node.js 20 or newer" >&2; exit 1; }
(cd e2e/clients && npm ci --ignore-scripts --no-audit --no-fund --silent)
(cd e2e/browser && npm ci --ignore-scripts --no-audit --no-fund --silent)
sh scripts/web.sh build
sh scripts/web.sh test
CI=true go test -count=1 -timeout 25m ./...
go -C examples/lender-go test -count=1 ./...
