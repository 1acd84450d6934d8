#!/bin/sh
# Makes sure that the browser tests find a Chromium: Debian's without windows, else the machine's, else Playwright's.
set -eu

if command -v chromium-headless-shell >/dev/null; then exit 0; fi

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

debians() {
  command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; } || return 1
  echo "Installing $1 for the browser tests" >&2
  as_root apt-get update -qq && as_root apt-get install -y -qq --no-install-recommends "$1" >/dev/null
}

# A page takes it a third of the processor time of a browser that could open windows.
if debians chromium-headless-shell; then exit 0; fi
for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null; then exit 0; fi
done
if debians chromium; then exit 0; fi
"$(dirname "$0")/../.venv/bin/playwright" install --only-shell chromium
