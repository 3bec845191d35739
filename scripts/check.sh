#!/bin/sh
# Everything that can be said about the code without running it; each check says what is wrong, the last line which failed.
#   sh scripts/check.sh FOLDER …
set -u
cd "$(dirname "$0")/.." || exit
bin=.venv/bin
failed=
log=$(mktemp)
web=
trap 'exit 143' TERM INT HUP
trap 'if [ -n "$web" ]; then kill "$web" 2>/dev/null; fi; rm -f "$log" "$log.web"' EXIT

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

# What it says comes last: it takes about as long as the others together, beside which it runs.
if [ "${CONDUET_SKIP_WEB:-}" != 1 ]; then
    "$bin/python" scripts/build_web.py check >"$log.web" 2>&1 </dev/null &
    web=$!
fi
check format "$bin/ruff" format --check --quiet --output-format concise "$@"
check lint "$bin/ruff" check --quiet "$@"
check types "$bin/pyright"
check imports env PYTHONPATH=. "$bin/lint-imports" --no-cache
check sizes "$bin/python" scripts/check_sizes.py "$@" web
if [ -f scripts/generate_reference.py ]; then
    check generated "$bin/python" -m scripts.generate_reference --check
fi
if [ -n "$web" ]; then
    if wait "$web"; then
        echo "check: web: ok"
    else
        cat "$log.web"
        echo "check: web: FAILED ($bin/python scripts/build_web.py check)"
        failed="$failed web"
    fi
    web=
fi

if [ -n "$failed" ]; then
    echo "check: failed:$failed" >&2
    exit 1
fi
