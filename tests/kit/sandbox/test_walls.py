"""What a process of the sandbox can reach when its engine is broken: attempts in Python, behind the same walls."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncGenerator, Collection, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from conduet.kit.sandbox.child.calls import AARCH64, X86_64, program
from conduet.kit.sandbox.child.walls import NOBODY
from conduet.kit.sandbox.pool import WALLS
from conduet.kit.sandbox.process import Worker

REPOSITORY = Path(__file__).parents[3]
ROOT = os.geteuid() == 0

NETWORK = {
    "connect to this machine": "socket.create_connection(('127.0.0.1', given['port']), 2).close()",
    "send a datagram": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', given['port']))",
    "connect to an abstract socket": "socket.socket(socket.AF_UNIX).connect('\\0' + given['abstract'])",
}
FILES = {
    "read a file of the system": "got = Path('/etc/passwd').read_text()",
    "read the server's data": "got = Path(given['folder'], 'secret').read_text()",
    "list the server's data": "got = os.listdir(given['folder'])",
    "write a file": "Path(given['folder'], 'new').write_text('x')",
    "read about the machine": "got = Path('/proc/version').read_text()",
    "list processes": "got = os.listdir('/proc')",
    "connect to a socket's file": "socket.socket(socket.AF_UNIX).connect(os.path.join(given['folder'], 'socket'))",
}
NAMES = {
    "remove a file": "os.unlink(os.path.join(given['folder'], 'victim'))",
    "make a folder": "os.mkdir(os.path.join(given['folder'], 'made'))",
}
PROCESSES = {
    "fork": "child = os.fork()\nif child == 0: os._exit(0)\nos.waitpid(child, 0)",
    "start a program": "os.waitpid(os.posix_spawn('/bin/true', ['true'], {}), 0)",
    "start a thread": "thread = threading.Thread(target=int)\nthread.start()\nthread.join()",
}
MEMORY = {"take 300 MB": "got = len(bytearray(300_000_000))"}
CALLS = {
    "listen": "socket.create_server(('127.0.0.1', 0)).close()",
    "signal another process": "os.kill(given['victim'], 0)",
    "make new memory executable": """
library = ctypes.CDLL(None)
library.mmap.restype = ctypes.c_void_p
page = library.mmap(None, ctypes.c_size_t(4096), 7, 0x22, -1, ctypes.c_long(0))
if page == ctypes.c_void_p(-1).value: raise OSError
""",
    "make memory executable": """
library = ctypes.CDLL(None)
library.mmap.restype = ctypes.c_void_p
page = library.mmap(None, ctypes.c_size_t(4096), 3, 0x22, -1, ctypes.c_long(0))
if library.mprotect(ctypes.c_void_p(page), ctypes.c_size_t(4096), 5) != 0: raise OSError
""",
    "change what is shared": "if ctypes.CDLL(None).unshare(0x400) != 0: raise OSError",
    "look at a descriptor": "os.fstat(0)",
    "ask which machine it is": "os.uname()",
    "raise a limit": "import resource; resource.setrlimit(resource.RLIMIT_CORE, (0, 0))",
}
ATTEMPTS = NETWORK | FILES | NAMES | PROCESSES | MEMORY | CALLS
# What each wall holds by itself.
ALONE = {
    "namespaces": NETWORK | FILES | NAMES,
    "limits": NETWORK | FILES | PROCESSES | MEMORY,
    "calls": NETWORK | FILES | NAMES | PROCESSES | CALLS,
}


@pytest.fixture(scope="module")
def given() -> Iterator[dict[str, Any]]:
    """What there is to reach: a port, sockets, a process and a folder of the server's, as open to all as can be."""
    with (
        tempfile.TemporaryDirectory(dir="/tmp") as name,
        socket.create_server(("127.0.0.1", 0), backlog=50) as listener,
        socket.socket(socket.AF_UNIX) as abstract,
        socket.socket(socket.AF_UNIX) as file,
        subprocess.Popen(["sleep", "600"], user=NOBODY if ROOT else None) as victim,
    ):
        folder = Path(name)
        folder.chmod(0o777)
        (folder / "secret").write_text("the server's secret")
        (folder / "victim").write_text("")
        abstract.bind(f"\0{folder.name}")
        abstract.listen(50)
        file.bind(str(folder / "socket"))
        (folder / "socket").chmod(0o777)
        file.listen(50)
        port = listener.getsockname()[1]
        yield {"port": port, "abstract": folder.name, "folder": name, "victim": victim.pid}
        victim.kill()


@asynccontextmanager
async def inmate(*leave_out: str) -> AsyncGenerator[tuple[Worker, set[str]]]:
    """A process whose engine is broken, and its walls."""
    worker = await Worker.start("tests.kit.sandbox.inmate", folders=[REPOSITORY])
    try:
        yield worker, set(json.loads(await worker.ask([*leave_out], timeout_seconds=20)))
    finally:
        await worker.stop()


async def attempts(worker: Worker, given: dict[str, Any], codes: Collection[str]) -> dict[str, dict[str, str]]:
    """Each attempt → how it ended."""
    for name in ("new", "made"):
        path = Path(given["folder"], name)
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    Path(given["folder"], "victim").touch()
    ends: dict[str, dict[str, str]] = {}
    for name in codes:
        answer = await worker.ask({"code": ATTEMPTS[name], "given": given}, timeout_seconds=20)
        ends[name] = json.loads(answer)
    return ends


def can_have_namespaces() -> bool:
    flags = ["--net", "--mount"] if ROOT else ["--user", "--net", "--mount"]
    return subprocess.run(["unshare", *flags, "true"], capture_output=True, check=False).returncode == 0


async def test_without_walls_every_attempt_works(given: dict[str, Any]):
    async with inmate("limits", "namespaces", "calls") as (worker, _):
        ends = await attempts(worker, given, ATTEMPTS)
    assert {name for name, end in ends.items() if "worked" not in end} == set(), ends


async def test_behind_the_walls_none_does(given: dict[str, Any]):
    async with inmate() as (worker, _):
        ends = await attempts(worker, given, ATTEMPTS)
    assert {name for name, end in ends.items() if "refused" not in end} == set(), ends


@pytest.mark.parametrize("wall", ALONE)
async def test_a_wall_holds_what_it_should_without_the_others(given: dict[str, Any], wall: str):
    if wall == "namespaces" and not can_have_namespaces():
        pytest.skip("This machine gives no namespaces.")
    async with inmate(*{"limits", "namespaces", "calls"} - {wall}) as (worker, _):
        ends = await attempts(worker, given, ALONE[wall])
    assert {name for name, end in ends.items() if "refused" not in end} == set(), ends


async def test_all_walls_stand_that_can_stand_here():
    worker = await Worker.start()
    await worker.stop()
    assert worker.walls >= {"limits", "user", "calls"}
    if can_have_namespaces():
        assert worker.walls == WALLS


# Runs code in a process of the sandbox, as whoever runs this, and prints its walls.
SOMEBODY = """
import asyncio
from conduet.kit.sandbox.pool import Sandbox
async def main():
    sandbox = Sandbox()
    outcome = await sandbox.run("return 1", project="p", inputs={}, timeout_seconds=10, now_ms=0, seed=0)
    (worker,) = sandbox._workers
    print(outcome.value, *sorted(worker.walls))
    await sandbox.close()
asyncio.run(main())
"""


@pytest.mark.skipif(not ROOT, reason="Everybody else is in this place already.")
@pytest.mark.parametrize(
    ("become", "walls"),
    [
        (["unshare", "--user", "--map-user=1000", "--map-group=1000"], WALLS),
        # Root of a container that may do nothing that root may.
        (["setpriv", "--inh-caps=-all", "--bounding-set=-all"], {"limits", "calls"}),
        # Root who cannot become nobody, as there is nobody.
        (["unshare", "--user", "--map-root-user"], WALLS - {"user"}),
    ],
)
def test_there_are_walls_for_whoever_runs_the_server(become: list[str], walls: set[str]):
    if subprocess.run([*become, "true"], capture_output=True, check=False).returncode:
        pytest.skip("This machine has nobody of that kind.")
    done = subprocess.run([*become, sys.executable, "-c", SOMEBODY], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    value, *found = done.stdout.splitlines()[-1].split()
    assert value == "1"
    assert set(found) >= walls


async def test_a_process_has_nothing_of_the_servers(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CONDUET_TEST_SECRET", "of the environment")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        os.set_inheritable(listener.fileno(), True)
        async with inmate("limits", "namespaces", "calls") as (worker, _):
            code = """
got = sorted(os.listdir('/proc/self/fd'))[:-1], dict(os.environ), os.getcwd(), os.getsid(0) == os.getpid()
"""
            answer = json.loads(await worker.ask({"code": code, "given": None}, timeout_seconds=20))
    assert answer == {"worked": repr((["0", "1", "2"], {"LC_CTYPE": "C.UTF-8", "TZ": "UTC"}, "/", True))}


async def test_a_process_loads_nothing_of_the_server():
    async with inmate("limits", "namespaces", "calls") as (worker, _):
        code = "import sys; got = sorted(name for name in sys.modules if name.startswith('conduet'))"
        answer = json.loads(await worker.ask({"code": code, "given": None}, timeout_seconds=20))
    assert answer["worked"].count("conduet.") == 7, answer


def test_the_filter_knows_the_calls_of_both_machines():
    assert AARCH64.keys() == X86_64.keys()
    assert len(program("x86_64") or b"") == len(program("aarch64") or b"") == 8 * (4 + 2 * 20 + 5 * 2 + 1)
    assert program("m68k") is None
