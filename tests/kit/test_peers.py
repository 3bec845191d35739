"""Processes on one database file that tell each other what they have committed."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from conduet.kit.db import peers
from conduet.kit.db.peers import Peers


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    # Longer than the address of a socket may be.
    made = tmp_path / ("a" * 120)
    made.mkdir()
    return made


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


class Heard:
    """Somebody in the folder who writes down what they hear."""

    def __init__(self, folder: Path, name: str, stack: ExitStack) -> None:
        self.said: asyncio.Queue[list[str]] = asyncio.Queue()
        self.peers = Peers(folder, name, self.said.put_nowait)
        self.peers.open()
        self.peers.listen()
        stack.callback(self.peers.close)

    async def next(self) -> list[str]:
        return await asyncio.wait_for(self.said.get(), 30)


async def test_everybody_else_hears_the_topics(folder: Path, stack: ExitStack) -> None:
    one, two, three = (Heard(folder, name, stack) for name in ("one", "two", "three"))

    one.peers.tell(["conversation:a", "job:turn", "conversation:a"])

    assert await two.next() == await three.next() == ["conversation:a", "job:turn"]
    assert one.said.empty()


async def test_who_comes_later_hears_too_and_who_left_is_told_nothing(folder: Path, stack: ExitStack) -> None:
    one, two = Heard(folder, "one", stack), Heard(folder, "two", stack)
    one.peers.tell(["first"])
    assert await two.next() == ["first"]

    three = Heard(folder, "three", stack)
    two.peers.close()
    one.peers.tell(["second"])

    assert await three.next() == ["second"]
    assert two.said.empty()
    assert sorted(path.name for path in folder.iterdir()) == ["one.sock", "three.sock"]


async def test_what_a_killed_process_left_is_cleared_away(folder: Path, stack: ExitStack) -> None:
    one = Heard(folder, "one", stack)
    left = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    left.bind(one.peers._path("dead.sock"))  # pyright: ignore[reportPrivateUsage]  # the plain path is too long
    left.close()

    one.peers.tell(["anything"])

    assert [path.name for path in folder.iterdir()] == ["one.sock"]


async def test_of_too_much_only_that_there_is_something_is_heard(folder: Path, stack: ExitStack) -> None:
    one, two = Heard(folder, "one", stack), Heard(folder, "two", stack)

    one.peers.tell(f"conversation:{number}" for number in range(peers.LONGEST))

    assert await two.next() == []


async def test_who_does_not_listen_holds_nobody_up(folder: Path, stack: ExitStack) -> None:
    one, deaf = Heard(folder, "one", stack), Peers(folder, "deaf", lambda _: None)
    deaf.open()
    stack.callback(deaf.close)

    for _ in range(2_000):
        one.peers.tell(["x" * 1_000])
