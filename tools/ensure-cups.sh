#!/bin/sh
# Makes sure that tests and demo find cupsd, CUPS's own programs and ippeveprinter, of which they start private
# ones. As a service of the machine cupsd is neither started nor enabled; where it runs already, it stays.
set -eu
PATH="$PATH:/usr/sbin:/sbin"

PROGRAMS="cupsd lp lpstat ipptool ippeveprinter dbus-daemon"
LIBRARIES="libpam_wrapper.so libnss_wrapper.so pam_wrapper/pam_matrix.so"
PACKAGES="cups-daemon cups-client cups-ipp-utils dbus-daemon libpam-wrapper libnss-wrapper"

has_all() {
  for program in $PROGRAMS; do command -v "$program" >/dev/null || return 1; done
  for library in $LIBRARIES; do
    set -- /usr/lib/*/"$library"
    [ -e "$1" ] || return 1
  done
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

if has_all; then exit 0; fi

if ! command -v apt-get >/dev/null || ! { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; then
  echo "A private CUPS is needed (Linux): apt-get install --no-install-recommends $PACKAGES" >&2
  exit 1
fi

is_new=yes
if command -v cupsd >/dev/null; then is_new=; fi
# The packages' scripts ask this program before they start a service (deb-policy(7): 101 is "no").
policy=/usr/sbin/policy-rc.d
if [ -n "$is_new" ] && [ ! -e "$policy" ]; then
  trap 'as_root rm -f "$policy"' EXIT
  trap 'exit 1' HUP INT TERM
  printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
  as_root chmod 755 "$policy"
fi

echo "Installing cups-daemon for the tests and the demo; it is not started as a service" >&2
as_root apt-get update -qq
# shellcheck disable=SC2086 # a list of words
as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $PACKAGES >/dev/null
if [ -n "$is_new" ]; then as_root update-rc.d cups disable >/dev/null; fi  # of systemd, too; upgrades keep it so
