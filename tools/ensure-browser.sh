#!/bin/sh
# Makes sure that the browser tests find a Chromium: the machine's, else Debian's package, else Playwright's own.
set -eu

for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null; then exit 0; fi
done

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

if command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; then
  echo "Installing chromium for the browser tests" >&2
  as_root apt-get update -qq
  as_root apt-get install -y -qq --no-install-recommends chromium >/dev/null
else
  "$(dirname "$0")/../.venv/bin/playwright" install chromium
fi
