"""What a parser that was taken over can still do: nothing but read Python's own files and write its answer."""

import subprocess
import sys
from pathlib import Path

import pytest

# Each is tried behind the walls; what is printed is how it ended.
TRIED = {
    "open(target, 'rb').read()": "PermissionError",
    "open('/proc/%d/environ' % parent, 'rb').read()": "PermissionError",
    "os.listdir('/')": "PermissionError",
    "open('/tmp/conduet-walls', 'wb')": "PermissionError",
    "os.unlink(target)": "PermissionError",
    "os.kill(parent, 0)": "PermissionError",
    "os.fork()": "PermissionError",
    "os.execv('/bin/true', ['true'])": "PermissionError",
    "socket.socket()": "PermissionError",
    "resource.prlimit(parent, resource.RLIMIT_CPU, (1, 1))": "PermissionError",
    "bytearray(500_000_000)": "MemoryError",
    "__import__('wave')": "done",
    "threading.Thread(target=len, args=('',)).start()": "done",
    "os.kill(os.getpid(), 0)": "PermissionError",
}
PROGRAM = """
import os, resource, socket, sys, threading
from conduet.knowledge.parsing.walls import raise_walls
parent, target = os.getppid(), sys.argv[1]
print(*raise_walls(memory_bytes=300_000_000, cpu_seconds=5, parent=parent), flush=True)
for tried in sys.argv[2:]:
    try:
        eval(tried)
    except BaseException as error:
        print(type(error).__name__, flush=True)
    else:
        print("done", flush=True)
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The lines that the process behind the walls printed."""
    target = tmp_path_factory.mktemp("data") / "conduet.sqlite"
    target.write_bytes(b"somebody else's")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(target), *TRIED], capture_output=True, text=True, timeout=20, check=False
    )
    assert target.exists(), done.stderr
    return done.stdout.splitlines()


def test_all_walls_stand_here(told: list[str]) -> None:
    assert told[0].split() == ["limits", "network", "files", "calls"]


@pytest.mark.parametrize("tried", TRIED)
def test_a_parser_can_do_only_what_reading_takes(told: list[str], tried: str) -> None:
    assert dict(zip(TRIED, told[1:], strict=True))[tried] == TRIED[tried]


def test_a_process_that_lost_its_parent_ends(tmp_path: Path) -> None:
    program = "import os, sys; from conduet.knowledge.parsing.walls import raise_walls\n"
    program += "raise_walls(memory_bytes=10**9, cpu_seconds=5, parent=1); print('still here')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
