#!/bin/sh
# Installs the system packages that are missing, or says in one sentence what to install.
#   sh scripts/install.sh [PROGRAM=PACKAGE …]
# make and a Python that can make virtual environments are needed; the programs named are welcome, but do without them if it must.
set -eu

works() { "$1" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

needed=
command -v make >/dev/null 2>&1 || needed="$needed make"
works python3 || works python3.11 || works python3.12 || works python3.13 || needed="$needed python3 python3-venv"
welcome=
for program in "$@"; do
    command -v "${program%%=*}" >/dev/null 2>&1 || welcome="$welcome ${program#*=}"
done
[ -n "$needed$welcome" ] || exit 0

as_root=
if [ "$(id -u)" != 0 ]; then
    as_root=nobody
    if command -v sudo >/dev/null 2>&1 && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then as_root=sudo; fi
fi
if [ "$as_root" = nobody ] || ! command -v apt-get >/dev/null 2>&1; then
    if [ -n "$needed" ]; then
        echo "Install these first (Debian's names; Python 3.11 or newer):$needed$welcome" >&2
        exit 1
    fi
    echo "install: goes on without$welcome"
    exit 0
fi

echo "install:$needed$welcome"
# A server that comes with a package is not started: the tests start their own. 101 is Debian's word for "not allowed".
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'exit 143' TERM INT HUP
    trap '$as_root rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
    $as_root chmod 755 "$policy"
fi
apt() { $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq "$@" </dev/null >/dev/null; }
apt update || echo "install: trying with the package lists that are there"
# shellcheck disable=SC2086  # a list of names
if ! apt install -y --no-install-recommends $needed $welcome; then
    [ -z "$needed" ] || exit 1
    echo "install: goes on without$welcome"
fi
