#!/bin/sh
# Everything that can be said about the code without running it; each check says what is wrong, the last line which failed.
#   sh scripts/check.sh FOLDER …
set -u
cd "$(dirname "$0")/.." || exit
bin=.venv/bin
failed=
log=$(mktemp)
trap 'exit 143' TERM INT HUP
trap 'rm -f "$log"' EXIT

check() {
    name=$1
    shift
    if "$@" >"$log" 2>&1 </dev/null; then
        echo "check: $name: ok"
    else
        cat "$log"
        echo "check: $name: FAILED ($*)"
        failed="$failed $name"
    fi
}

check format "$bin/ruff" format --check --quiet --output-format concise "$@"
check lint "$bin/ruff" check --quiet "$@"
check types "$bin/pyright"
check imports env PYTHONPATH=. "$bin/lint-imports" --no-cache
check sizes "$bin/python" scripts/check_sizes.py "$@" web
if [ -f scripts/generate_reference.py ]; then
    check generated "$bin/python" -m scripts.generate_reference --check
fi
if [ "${CONDUET_SKIP_WEB:-}" != 1 ]; then
    check web "$bin/python" scripts/build_web.py check
fi

if [ -n "$failed" ]; then
    echo "check: failed:$failed" >&2
    exit 1
fi
