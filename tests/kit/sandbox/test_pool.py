"""The processes: shared out fairly, replaced when they are lost, gone when they are not needed."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import structlog

from conduet.kit.sandbox import process
from conduet.kit.sandbox.outcome import Failure, Result
from conduet.kit.sandbox.pool import WORKERS, Sandbox
from tests.kit.sandbox.running import processes, resident, run

pytestmark = pytest.mark.slow

LOOP = "for (;;);"


async def until_gone(*gone: int, seconds: float = 5) -> None:
    """Waits until the processes have ended."""
    async with asyncio.timeout(seconds):
        while any(state(one) != b"Z" for one in gone):  # noqa: ASYNC110  # nothing tells when another's process ends
            await asyncio.sleep(0.01)


def state(one: int) -> bytes:
    try:
        return Path(f"/proc/{one}/stat").read_bytes().rpartition(b") ")[2][:1]
    except OSError:
        return b"Z"


async def until_busy(count: int) -> list[int]:
    """The processes of the sandbox, once there are `count` that have used some processor time."""
    async with asyncio.timeout(30):
        while True:
            found = [one for one in processes() if int(Path(f"/proc/{one}/stat").read_text().split()[13]) > 5]
            if len(found) == count:
                return found
            await asyncio.sleep(0.01)


async def test_a_hundred_endless_loops_of_one_project_keep_no_other_waiting(sandbox: Sandbox):
    await asyncio.gather(*(run(sandbox, "return 1", project=str(number)) for number in range(WORKERS)))
    loops = [asyncio.create_task(run(sandbox, LOOP, project="loops", timeout_seconds=5)) for _ in range(100)]
    await until_busy(WORKERS // 2)
    waits: list[float] = []
    for _ in range(30):
        started = time.perf_counter()
        outcome = await run(sandbox, "return variables * 2", project="other", inputs={"variables": 21})
        waits.append(time.perf_counter() - started)
        assert outcome == Result(42)
    assert sorted(waits)[15] < 0.1
    assert max(waits) < 1
    assert len(processes()) == WORKERS // 2 + 1 or len(processes()) == WORKERS
    for loop in loops:
        loop.cancel()
    ends = await asyncio.gather(*loops, return_exceptions=True)
    assert {type(end) for end in ends} == {asyncio.CancelledError}


async def test_code_that_waited_too_long_is_not_run():
    sandbox = Sandbox(workers=2, wait_seconds=0.2)
    loop = asyncio.create_task(run(sandbox, LOOP, timeout_seconds=1))
    await asyncio.sleep(0)
    outcome = await run(sandbox, "return 1")
    assert outcome == Failure(
        "unavailable", "The code waited for 0.2 seconds behind other code of the project, and was not run."
    )
    ended = await loop
    assert isinstance(ended, Failure)
    assert ended.kind == "timeout"
    await sandbox.close()


async def test_a_process_is_used_again_and_stays_small(sandbox: Sandbox):
    await run(sandbox, "return 1")
    (one,) = processes()
    before = resident(one)
    for _ in range(100):
        await run(sandbox, "return new Array(1e5).fill(variables).length", inputs={"variables": "x"})
    assert processes() == [one]
    assert resident(one) - before < 8e6
    assert before < 25e6


async def test_a_process_is_replaced_in_time(monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox):
    await run(sandbox, "return 1")
    (one,) = processes()
    for _ in range(999):
        await run(sandbox, "return 1")
    await run(sandbox, "return 1")
    assert one not in processes()


@pytest.mark.parametrize("code", [LOOP, "const a = []; for (;;) a.push(new ArrayBuffer(1e6))"])
async def test_a_process_whose_code_met_a_bound_is_replaced(sandbox: Sandbox, code: str):
    await run(sandbox, "return 1")
    (one,) = processes()
    assert isinstance(await run(sandbox, code, timeout_seconds=0.5), Failure)
    await run(sandbox, "return 1")
    if code == LOOP:
        await until_gone(one)
        assert one not in processes()


async def test_code_that_is_called_off_ends_with_its_process(sandbox: Sandbox):
    running = asyncio.create_task(run(sandbox, LOOP))
    (one,) = await until_busy(1)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await until_gone(one)


async def test_an_engine_that_crashes_is_an_error_of_that_code_alone(sandbox: Sandbox):
    await run(sandbox, "return 1")
    running = asyncio.create_task(run(sandbox, LOOP))
    # One that was there before may have ended for any reason: the code is begun again in a new one.
    (old,) = await until_busy(1)
    os.kill(old, signal.SIGSEGV)
    await until_gone(old)
    (new,) = await until_busy(1)
    assert new != old
    other = asyncio.create_task(run(sandbox, "for (let i = 0; i < 1e5; i += 1); return 'other'", project="other"))
    os.kill(new, signal.SIGSEGV)
    assert await running == Failure("error", "The code made the engine crash.")
    assert await other == Result("other")


async def test_a_process_that_ended_while_idle_is_nobodys_error(sandbox: Sandbox):
    await run(sandbox, "return 1")
    (one,) = processes()
    os.kill(one, signal.SIGKILL)
    # At once, before anything can have told that it has ended, and when it is known.
    assert await run(sandbox, "return 2") == Result(2)
    (two,) = processes()
    os.kill(two, signal.SIGKILL)
    await until_gone(two)
    await asyncio.sleep(0.1)
    assert await run(sandbox, "return 3") == Result(3)


async def test_idle_processes_end():
    sandbox = Sandbox(idle_seconds=0.1)
    assert await run(sandbox, "return 1") == Result(1)
    assert len(processes()) == 1
    await until_gone(*processes())
    assert await run(sandbox, "return 2") == Result(2)
    await sandbox.close()
    assert processes() == []


async def test_closing_ends_what_runs():
    sandbox = Sandbox()
    running = asyncio.create_task(run(sandbox, LOOP))
    await until_busy(1)
    await sandbox.close()
    assert processes() == []
    assert await running == Failure("unavailable", "The code was stopped, as the server was.")
    not_started = Failure("unavailable", "The code was not run: no process could be started for it.")
    assert await run(sandbox, "return 1") == not_started


async def test_closing_ends_what_is_only_starting():
    sandbox = Sandbox()
    running = asyncio.create_task(run(sandbox, "return 1"))
    while not processes():  # noqa: ASYNC110  # nothing tells when a process begins
        await asyncio.sleep(0)
    await sandbox.close()
    assert isinstance(await running, Failure)
    await sandbox.close()
    assert processes() == []


@pytest.mark.parametrize("program", ["/bin/false", "/nowhere/python"])
async def test_that_no_process_can_be_had_is_told(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, program: str):
    monkeypatch.setattr(sys, "executable", program)
    outcome = await run(sandbox, "return 1")
    assert outcome == Failure("unavailable", "The code was not run: no process could be started for it.")


async def test_a_process_that_does_not_begin_is_given_up(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(process, "START_SECONDS", 0.2)
    monkeypatch.setattr(process, "BOOT", "import time; time.sleep(60)")
    outcome = await run(sandbox, "return 1")
    assert outcome == Failure("unavailable", "The code was not run: no process could be started for it.")


async def test_walls_that_are_missing_are_logged_once(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("conduet.kit.sandbox.pool.WALLS", frozenset({"limits", "moat"}))
    with structlog.testing.capture_logs() as logs:
        await asyncio.gather(run(sandbox, "return 1"), run(sandbox, "return 1"))
    assert logs == [{"event": "sandbox_without_walls", "log_level": "warning", "missing": ["moat"]}]


@pytest.mark.parametrize("way", [signal.SIGKILL, signal.SIGTERM])
def test_no_process_outlives_the_server(way: signal.Signals):
    code = f"""
import asyncio
from conduet.kit.sandbox.pool import Sandbox
async def main():
    sandbox = Sandbox()
    async def run(code, project):
        return await sandbox.run(code, project=project, inputs={{}}, timeout_seconds=60, now_ms=0, seed=0)
    await asyncio.gather(run("return 1", "a"), run("return 1", "b"))
    print("ready", flush=True)
    await asyncio.gather(run({LOOP!r}, "a"), run("await new Promise(() => {{}})", "b"))
    await asyncio.sleep(60)
asyncio.run(main())
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == "ready\n"
        orphans = processes(server.pid)
        assert len(orphans) == 2
        time.sleep(0.2)
        server.send_signal(way)
        server.wait()
        asyncio.run(until_gone(*orphans))
