#!/bin/sh
# The schema becomes Go; resolvers are then laid out as the linter wants them.
# The example of a lender's system is typed from that persona's schema.
set -eu
cd "$(dirname "$0")/.."
go tool gqlgen generate
go generate ./...
sh scripts/lint.sh fmt resolvers graph
go run ./cmd/dure schema --persona lender >examples/lender-go/schema.new
mv examples/lender-go/schema.new examples/lender-go/schema.graphql
go -C examples/lender-go tool genqlient
