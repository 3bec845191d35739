#!/bin/sh
# Installs the system packages that are missing, or says in one sentence what to install.
#   sh scripts/install.sh [PROGRAM=PACKAGE …]
# make and a Python that can make virtual environments are always wanted.
set -eu

works() { "$1" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

missing=
command -v make >/dev/null 2>&1 || missing="$missing make"
works python3 || works python3.11 || works python3.12 || works python3.13 || missing="$missing python3 python3-venv"
for wanted in "$@"; do
    command -v "${wanted%%=*}" >/dev/null 2>&1 || missing="$missing ${wanted#*=}"
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" != 0 ]; then
    as_root=no
    if command -v sudo >/dev/null 2>&1 && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then as_root=sudo; fi
fi
if [ "$as_root" = no ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "Install these first (Debian's names; Python 3.11 or newer):$missing" >&2
    exit 1
fi

echo "install:$missing"
# A server that comes with a package is not started: a test starts its own. 101 is Debian's word for "not allowed".
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ] && [ ! -d /run/systemd/system ]; then
    printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
    $as_root chmod 755 "$policy"
    trap '$as_root rm -f "$policy"' EXIT
fi
apt() { $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq "$@" </dev/null >/dev/null; }
apt update
# shellcheck disable=SC2086
apt install -y --no-install-recommends $missing
