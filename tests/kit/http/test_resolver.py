"""The system's resolver, asked for what it knows without sending a packet. What it sends, `siege.py` looks at."""

import asyncio

import pytest

from conduet.kit.http.resolver import SystemResolver

# Longer than a name may be: the system refuses it by itself.
TOO_LONG = ".".join(["a" * 60] * 5)


async def test_a_name_of_the_machine_is_found():
    assert "127.0.0.1" in await SystemResolver().lookup("localhost")


async def test_an_unknown_name_is_an_error_for_all_who_asked():
    resolver = SystemResolver()
    ends = await asyncio.gather(*(resolver.lookup(TOO_LONG) for _ in range(5)), return_exceptions=True)
    assert all(isinstance(end, OSError) for end in ends)
    with pytest.raises(OSError, match="not known"):
        await resolver.lookup(TOO_LONG)


async def test_who_leaves_takes_nothing_from_the_others():
    resolver = SystemResolver()
    leaving, staying = (asyncio.create_task(resolver.lookup("localhost")) for _ in range(2))
    await asyncio.sleep(0)
    leaving.cancel()
    assert "127.0.0.1" in await staying
    assert leaving.cancelled() or leaving.done()
