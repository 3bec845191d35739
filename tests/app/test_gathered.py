"""What is written to a connection goes out together, in order, and before it closes."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest

from conduet.app.gathered import Gathered

Ends = tuple[Gathered, socket.socket]


@pytest.fixture
async def ends() -> AsyncIterator[Ends]:
    """A gathered connection and its far end."""
    near, far = socket.socketpair()
    far.setblocking(False)
    transport, _ = await asyncio.get_running_loop().create_connection(asyncio.Protocol, sock=near)
    assert isinstance(transport, asyncio.Transport)
    yield Gathered(transport, asyncio.get_running_loop()), far
    transport.abort()
    far.close()
    await asyncio.sleep(0)


async def test_what_is_written_in_one_pass_arrives_together(ends: Ends):
    gathered, far = ends
    gathered.write(b"head ")
    gathered.write(b"body")
    with pytest.raises(BlockingIOError):
        far.recv(100)
    await asyncio.sleep(0)
    assert far.recv(100) == b"head body"
    gathered.write(b"more")
    await asyncio.sleep(0)
    assert far.recv(100) == b"more"


async def test_closing_sends_what_was_written(ends: Ends):
    gathered, far = ends
    gathered.write(b"head ")
    gathered.write(b"body")
    gathered.close()
    assert gathered.is_closing()
    assert far.recv(100) == b"head body"
    await asyncio.sleep(0.01)
    assert far.recv(100) == b""


async def test_nothing_is_sent_on_a_connection_that_was_cut(ends: Ends):
    gathered, far = ends
    gathered.write(b"too late")
    gathered.abort()
    await asyncio.sleep(0.01)
    assert far.recv(100) == b""
