#!/bin/sh
# Fetches what is needed, builds the apps and the binary, and serves the demo: migrating and seeding are
# the server's own first steps.
set -eu
cd "$(dirname "$0")/.."
command -v go >/dev/null 2>&1 || { echo "please install Go 1.26 or newer: https://go.dev/dl/" >&2; exit 1; }
go mod download
if command -v node >/dev/null 2>&1; then
	sh scripts/web.sh build
else
	echo "Node.js 20 is not installed: serving the API without the apps" >&2
fi
go build -o bin/dure ./cmd/dure
exec bin/dure serve --demo "$@"
