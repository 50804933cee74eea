#!/bin/sh
# Makes sure that what the test suite runs is on this machine: PostgreSQL and
# Redis, which it starts privately, poppler's tools, curl and Chromium. On Debian as root it installs what is missing,
# without starting any service; elsewhere it says in one line what to install.
set -eu

# have_postgres looks where internal/testservers looks.
have_postgres() {
	if command -v initdb >/dev/null 2>&1 && command -v postgres >/dev/null 2>&1; then return 0; fi
	for folder in /usr/lib/postgresql/*/bin; do
		if [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ]; then return 0; fi
	done
	return 1
}

missing=""
have_postgres || missing="postgresql"
command -v redis-server >/dev/null 2>&1 || missing="$missing redis-server"
command -v pdftotext >/dev/null 2>&1 || missing="$missing poppler-utils" # reads contracts as others do
command -v curl >/dev/null 2>&1 || missing="$missing curl" # the README's walk
command -v chromium >/dev/null 2>&1 || missing="$missing chromium" # the apps' stories
missing="${missing# }"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
	echo "missing for the full test suite, please install: $missing (on Debian as root: apt-get install $missing)" >&2
	exit 1
fi

# For as long as the installation runs nothing may start a service; a policy
# that the machine already has is left alone.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
	printf '#!/bin/sh\nexit 101\n' >"$policy"
	chmod +x "$policy"
	trap 'rm -f "$policy"' EXIT
	trap 'exit 1' HUP INT TERM
fi

export DEBIAN_FRONTEND=noninteractive
# The package lists may be absent or too old to install from: then fetch them once.
# shellcheck disable=SC2086 # the names are separate words
install() { apt-get install -y --no-install-recommends -o Dpkg::Use-Pty=0 $missing; }
install >/dev/null 2>&1 || { apt-get update -q && install; }
