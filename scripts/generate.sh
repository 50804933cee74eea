#!/bin/sh
# The schema becomes Go; resolvers are then laid out as the linter wants them.
set -eu
cd "$(dirname "$0")/.."
go tool gqlgen generate
go generate ./...
sh scripts/lint.sh fmt resolvers graph
