#!/bin/sh
# Builds the apps into web/dist when anything that they are made of has changed,
# for the binary to embed. With "check" it types and lints them instead, with
# "test" it runs their own tests.
set -eu
cd "$(dirname "$0")/.."
command -v node >/dev/null 2>&1 || { echo "please install Node.js 20 or newer: https://nodejs.org" >&2; exit 1; }

hash() { git ls-files -co --exclude-standard "$@" | LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum | cut -c1-32; }
made=$(hash web schema) || made=unknown
lock_of() { sha256sum "$1/package-lock.json" | cut -c1-32; }
is() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

fetch() {
	for folder in web web/playground; do
		lock=$(lock_of "$folder")
		is "$folder/node_modules/.stamp" "$lock" && continue
		(cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund --silent)
		echo "$lock" >"$folder/node_modules/.stamp"
	done
}

# The schema as each persona sees it, which the operations are typed by.
schemas() {
	is web/schema/.stamp "$made" && return
	mkdir -p web/schema
	go build -o web/schema/.dure ./cmd/dure
	web/schema/.dure schema >web/schema/all.graphql
	for persona in dealer rep hq customer; do web/schema/.dure schema --persona "$persona" >"web/schema/$persona.graphql"; done
	rm web/schema/.dure
	echo "$made" >web/schema/.stamp
}

case "${1:-build}" in
build)
	is web/dist/.stamp "$made" && exit 0
	echo "building the apps; this takes a minute the first time" >&2
	fetch
	schemas
	rm -f web/dist/.stamp
	(cd web && node scripts/build.mjs) >&2
	echo "$made" >web/dist/.stamp
	;;
check)
	fetch
	schemas
	(cd web && npm run --silent check)
	;;
test)
	fetch
	(cd web && npm run --silent test)
	;;
esac
