#!/bin/sh
# Everything that can be said about the code without running it; each check says what is wrong, the last line which failed.
#   sh scripts/check.sh FOLDER …
set -u
cd "$(dirname "$0")/.." || exit
bin=.venv/bin
failed=
log=$(mktemp)
web=
passed=.venv/checked
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

# What passed passes again while nothing has changed: no file that git would keep, and nothing that is installed.
everything() {
    git ls-files -z --cached --others --exclude-standard | xargs -0 sha256sum
    echo "$* ${CONDUET_SKIP_WEB:-} $(node --version)"
    cat .venv/*.stamp web/node_modules/.stamp
} 2>&1
# Where git knows nothing of these files, nothing can be said.
if everything | grep -q ' scripts/check.sh$'; then state=$(everything "$@" | sha256sum); else state=$$; fi
if [ "$(cat "$passed" 2>/dev/null)" = "$state" ]; then
    echo "check: ok: nothing has changed since it passed"
    exit 0
fi

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
# What was changed meanwhile may not have been looked at.
if [ "$(everything "$@" | sha256sum)" = "$state" ]; then echo "$state" >"$passed"; fi
