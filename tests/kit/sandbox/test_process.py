"""A process is given up as soon as it does anything but answer."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from conduet.kit.sandbox import process
from conduet.kit.sandbox.process import Died, Worker

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture
async def liar() -> AsyncIterator[Worker]:
    worker = await Worker.start("tests.kit.sandbox.liar", folders=[REPOSITORY])
    yield worker
    await worker.stop()
    assert not worker.is_alive


async def test_a_process_answers(liar: Worker):
    assert liar.is_alive
    assert await liar.ask("the truth", timeout_seconds=10) == b'"an answer"'
    assert await liar.ask("the truth", timeout_seconds=10) == b'"an answer"'


@pytest.mark.parametrize("lie", ["claims to be huge", "stops in the middle", "stops"])
async def test_what_is_no_answer_is_told(liar: Worker, lie: str):
    with pytest.raises(Died):
        await liar.ask(lie, timeout_seconds=10)


async def test_more_than_an_answer_is_no_second_answer(liar: Worker):
    assert await liar.ask("is longer than it says", timeout_seconds=10) == b"{}"
    with pytest.raises(Died):
        await liar.ask("the truth", timeout_seconds=10)


async def test_an_answer_that_never_comes_is_not_waited_for(liar: Worker):
    with pytest.raises(TimeoutError):
        await liar.ask("never comes", timeout_seconds=0.1)


async def test_a_request_that_nobody_takes_is_told(liar: Worker):
    liar.kill()
    await asyncio.sleep(0.1)
    for _ in range(3):
        with pytest.raises(Died):
            await liar.ask("x" * 1_000_000, timeout_seconds=10)


@pytest.mark.parametrize("hello", ["[]", '{"walls": 1}', "nonsense", ""])
async def test_a_process_that_begins_otherwise_is_none(monkeypatch: pytest.MonkeyPatch, hello: str):
    boot = f"import os, struct; os.write(1, struct.pack('!I', {len(hello)}) + {hello.encode()!r})"
    monkeypatch.setattr(process, "BOOT", boot)
    with pytest.raises(Died):
        await Worker.start()
