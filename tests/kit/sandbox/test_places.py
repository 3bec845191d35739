"""Places are shared out fairly."""

import asyncio
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduet.kit.sandbox.places import Places


async def hold(places: Places, owner: str, entered: list[str], leave: asyncio.Event) -> None:
    async with places.place(owner, wait_seconds=60):
        entered.append(owner)
        await leave.wait()


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_one_owner_has_no_more_than_its_share():
    places, entered, leave = Places(4, each=2), list[str](), asyncio.Event()
    tasks = [asyncio.create_task(hold(places, owner, entered, leave)) for owner in ["a"] * 5 + ["b"] * 3]
    await settle()
    assert Counter(entered) == {"a": 2, "b": 2}
    leave.set()
    await asyncio.gather(*tasks)
    assert Counter(entered) == {"a": 5, "b": 3}


async def test_owners_take_turns_however_many_of_one_wait():
    places, entered, leave = Places(1, each=1), list[str](), asyncio.Event()
    tasks = [asyncio.create_task(hold(places, owner, entered, leave)) for owner in ["a"] * 4 + ["b", "c", "b"]]
    await settle()
    leave.set()
    await asyncio.gather(*tasks)
    assert entered == ["a", "a", "b", "c", "a", "b", "a"]


async def test_who_waits_too_long_is_told_and_forgotten():
    places, entered, leave = Places(1, each=1), list[str](), asyncio.Event()
    holding = asyncio.create_task(hold(places, "a", entered, leave))
    await settle()
    with pytest.raises(TimeoutError):
        async with places.place("a", wait_seconds=0.01):
            entered.append("too late")
    leave.set()
    await holding
    async with places.place("a", wait_seconds=0):
        entered.append("free")
    assert entered == ["a", "free"]


async def test_a_place_that_comes_as_the_waiting_is_called_off_is_given_back():
    places, entered, leave = Places(1, each=1), list[str](), asyncio.Event()
    holding = asyncio.create_task(hold(places, "a", entered, leave))
    waiting = asyncio.create_task(hold(places, "b", entered, leave))
    await settle()
    leave.set()
    # The place is given to `b` in the loop's next round, in which `b` is called off.
    await asyncio.sleep(0)
    waiting.cancel()
    await holding
    with pytest.raises(asyncio.CancelledError):
        await waiting
    async with places.place("c", wait_seconds=0):
        entered.append("c")
    assert entered == ["a", "c"]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3), st.booleans()), max_size=30), st.integers(1, 4))
def test_whatever_comes_and_goes_bounds_hold_and_no_place_is_lost(visits: list[tuple[str, int, bool]], total: int):
    async def all_visits() -> None:
        each = max(1, total // 2)
        places, inside = Places(total, each=each), Counter[str]()

        async def visit(owner: str, rounds: int, *, is_called_off: bool) -> None:
            async with places.place(owner, wait_seconds=60):
                inside[owner] += 1
                assert inside[owner] <= each
                assert inside.total() <= total
                try:
                    for _ in range(rounds):
                        await asyncio.sleep(0)
                    if is_called_off:
                        raise RuntimeError
                finally:
                    inside[owner] -= 1

        tasks: list[asyncio.Task[None]] = []
        for number, (owner, rounds, is_called_off) in enumerate(visits):
            tasks.append(asyncio.create_task(visit(owner, rounds, is_called_off=is_called_off)))
            if number % 3 == 0:
                await asyncio.sleep(0)
            if is_called_off and number % 2:
                tasks[-rounds - 1 if rounds < len(tasks) else 0].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        # All of them are free again.
        entered, leave = list[str](), asyncio.Event()
        holding = [asyncio.create_task(hold(places, str(number), entered, leave)) for number in range(total)]
        await settle()
        assert len(entered) == total
        leave.set()
        await asyncio.gather(*holding)

    asyncio.run(all_visits())
