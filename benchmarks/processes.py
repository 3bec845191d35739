"""Servers as processes: start, wait until ready, count CPU and memory from `/proc` with all their children, stop."""

import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
READY_SECONDS = 120.0
PORTS = 20_000, 32_000
"""Below those of Linux' `ip_local_port_range`, which begins at 32,768."""

CPU_FIELDS = slice(11, 15)  # utime, stime and the two of children that were waited for, after the name in `stat`


class NotReady(RuntimeError):
    """A server ended, or was not ready in time; the message has the end of its log."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that listens on `url`; its output is in `log`."""

    process: "subprocess.Popen[bytes]"
    url: str
    log: Path

    @property
    def pids(self) -> list[int]:
        """The process and all its descendants that live."""
        return _tree(self.process.pid)

    def cpu_seconds(self) -> float:
        """CPU that all its processes have used so far; a tick is 10 ms."""
        return sum(_cpu_seconds(pid) for pid in self.pids)

    def pss_bytes(self) -> int:
        """Memory of all its processes, shared pages divided among their users."""
        return sum(pss_bytes(pid) for pid in self.pids)

    def wait_ready(self) -> float:
        """Waits for a 200 from `/readyz`; returns when that was, on `time.perf_counter`'s clock."""
        deadline = time.perf_counter() + READY_SECONDS
        while time.perf_counter() < deadline and self.process.poll() is None:
            if _is_ready(self.url):
                return time.perf_counter()
            time.sleep(0.005)
        raise NotReady(f"{self.process.args}: {self.log.read_text(errors='replace')[-2000:]}")

    def stop(self) -> None:
        """Asks it to end and waits; kills what does not within ten seconds."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """`kill -9` of all its processes at once (they are one process group)."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def start(
    arguments: Sequence[str],
    *,
    port: int,
    log: Path,
    environment: Mapping[str, str],
    popen: "type[subprocess.Popen[bytes]]" = subprocess.Popen,
) -> Server:
    """Starts a server in a process group of its own, without waiting for it."""
    with log.open("ab") as output:
        process = popen(
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **environment},
            process_group=0,
        )
    return Server(process, f"http://127.0.0.1:{port}", log)


def free_port() -> int:
    """A port that nobody listens on just now, and that the system gives to no connection by itself.

    A server is killed and started again on it: meanwhile another process's connection would have taken one of those.
    """
    while True:
        port = random.randrange(*PORTS)
        with socket.socket() as listener, suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port


def program(name: str) -> str:
    """The path of a program of this virtual environment."""
    return str(Path(sys.executable).parent / name)


def pss_bytes(pid: int) -> int:
    """Memory of one process, shared pages divided among their users; 0 when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def _is_ready(url: str) -> bool:
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=2)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _tree(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        with suppress(OSError):
            for task in Path(f"/proc/{parent}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
    return found


def _cpu_seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(field) for field in fields[CPU_FIELDS]) / TICK
