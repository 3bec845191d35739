"""scripts/with-postgres.sh: a server for one command, and nothing left behind."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = "scripts/with-postgres.sh"
ROOT = Path(__file__).parents[2]
CONNECT = """
import os, psycopg, sys
with psycopg.connect(os.environ["CONDUET_TEST_POSTGRES"]) as connection:
    print(connection.info.host, connection.execute("select current_user").fetchone()[0])
sys.exit(7)
"""


@pytest.mark.slow
@pytest.mark.postgres
def test_a_command_reaches_its_server_and_its_exit_code_comes_through() -> None:
    done = subprocess.run(
        ["sh", SCRIPT, sys.executable, "-c", CONNECT],
        cwd=ROOT,
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "PYTHON": sys.executable},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 7, done.stderr
    host, user = done.stdout.split()
    assert user == "conduet"
    assert not Path(host).exists()
