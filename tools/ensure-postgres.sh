#!/bin/sh
# Makes sure that the tests have a PostgreSQL that sorts text as a language does: Debian's build knows ICU.
# The wheel's build, which they fall back to, sorts by code points, and mistakes in sorting cannot show.
set -eu

for folder in ${PG_BIN:+"$PG_BIN"} /usr/lib/postgresql/*/bin; do
  if [ -x "$folder/initdb" ]; then exit 0; fi
done
if [ -n "${DATABASE_URL:-}" ]; then exit 0; fi

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

if command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; then
  echo "Installing postgresql for the tests; no cluster of its own is made" >&2
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql-common >/dev/null
  as_root sed -i 's/^#\?create_main_cluster.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null
else
  echo "The tests' PostgreSQL sorts by code points here; set PG_BIN to the programs of one with ICU" >&2
fi
