#!/bin/sh
# pytest, and what failed of it once more by itself: a machine that stalls is no bug, a name that comes back is one.
#   sh scripts/pytest.sh PYTHON [ARGUMENT …]
# At most 5 failed tests are tried again, in one process. Those that pass then are told loudly, and appended to the
# file CONDUET_ALONE, so that a summary can name them.
set -eu
python=$1
shift
cache=$(mktemp -d)
trap 'exit 143' TERM INT HUP
trap 'rm -rf "$cache"' EXIT

names() { "$python" -c 'import json, sys; print(*json.load(open(sys.argv[1])), sep="\n")' "$cache/v/cache/lastfailed"; }

status=0
"$python" -m pytest -o "cache_dir=$cache" "$@" </dev/null || status=$?
# 1 is "tests failed"; what could not be collected, or was broken off, is not helped by another try.
[ "$status" = 1 ] && [ -f "$cache/v/cache/lastfailed" ] || exit "$status"
failed=$(names)
if [ "$(echo "$failed" | wc -l)" -gt 5 ]; then exit 1; fi

echo "again, by itself: what failed"
"$python" -m pytest -o "cache_dir=$cache" "$@" -n 0 --last-failed --last-failed-no-failures none </dev/null || exit 1
# What was not found again has not passed.
[ -z "$(names)" ] || exit 1
echo "$failed" | while read -r name; do
    echo "PASSED ONLY ALONE: $name"
    if [ -n "${CONDUET_ALONE:-}" ]; then echo "$name" >>"$CONDUET_ALONE"; fi
done
