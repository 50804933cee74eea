#!/bin/sh
# Generated code is current, everything is formatted, the linter has nothing to
# say, the module file is tidy, the schema breaks nobody.
set -eu
cd "$(dirname "$0")/.."
before=$(git status --porcelain)
sh scripts/generate.sh
after=$(git status --porcelain)
if [ "$before" != "$after" ]; then
	echo "generated code was not current; commit what make generate changed:" >&2
	git --no-pager diff --stat >&2
	exit 1
fi
for module in . examples/lender-go; do
	go -C "$module" mod tidy -diff
	go -C "$module" vet ./...
	LINT_IN="$module" sh scripts/lint.sh run ./...
done
sh scripts/web.sh check
echo "check: ok"
