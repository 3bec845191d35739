#!/bin/sh
# Resolves the dependencies of pyproject.toml anew, for every platform and Python from 3.11 on, into the hash-locked files.
#   sh scripts/lock.sh [--upgrade | --upgrade-package NAME]
set -eu
cd "$(dirname "$0")/.."
# The weights in models/ are installed from there.
compile() {
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
        --no-emit-package conduet-minilm "$@"
}
compile pyproject.toml --group dev "$@" -o requirements-dev.lock
# The same versions, without what only development needs.
compile pyproject.toml --group build --constraint requirements-dev.lock -o requirements.lock
compile --group installer "$@" -o requirements-uv.lock
if grep -n '://' requirements*.lock; then
    echo "lock: a lock records an address (above)" >&2
    exit 1
fi
