#!/bin/sh
# Measures the product against baselines of the same run, on private servers of
# its own: one JSON object a line on standard output, progress on standard error.
# Arguments go to the bench, such as -only standing.
set -eu
cd "$(dirname "$0")/.."
sh scripts/install-test-servers.sh >&2
exec go run ./internal/bench "$@"
