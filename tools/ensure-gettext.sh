#!/bin/sh
# Makes sure that GNU gettext is here, for `make messages` and the check of the translations. Running needs none.
set -eu

if command -v xgettext >/dev/null && command -v msgfmt >/dev/null; then exit 0; fi

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

if command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; then
  echo "Installing gettext for the check of the translations" >&2
  as_root apt-get update -qq
  as_root apt-get install -y -qq --no-install-recommends gettext >/dev/null
else
  echo "GNU gettext is needed: install your system's package gettext (macOS: brew install gettext)" >&2
  exit 1
fi
