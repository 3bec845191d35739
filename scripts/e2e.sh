#!/bin/sh
# The journeys in a real browser, against a server of their own. Arguments go to pytest; SHOTS=FOLDER keeps pictures.
set -eu
cd "$(dirname "$0")/.."
exec sh scripts/pytest.sh .venv/bin/python -q -n 3 --dist worksteal -m e2e "${@:-tests/web}"
