"""Places are bounded, go to projects in turn, and are never lost."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conduet.llm.places import Places


async def test_so_many_run_at_once_and_no_more() -> None:
    places, running, most = Places(3), 0, 0

    async def work() -> None:
        nonlocal running, most
        async with places.one("p"):
            running += 1
            most = max(most, running)
            await asyncio.sleep(0)
            running -= 1

    await asyncio.gather(*(work() for _ in range(20)))
    assert (most, running) == (3, 0)


async def test_projects_take_turns_however_many_calls_one_of_them_has() -> None:
    places, order = Places(1), list[str]()

    async def work(project: str) -> None:
        async with places.one(project):
            order.append(project)
            await asyncio.sleep(0)

    async with places.one("first"):
        tasks = [asyncio.create_task(work(project)) for project in "aaaaabbc"]
        await asyncio.sleep(0)
        assert places.waiting == 8
    await asyncio.gather(*tasks)
    assert "".join(order) == "abcabaaa"


async def test_who_leaves_the_line_is_passed_over() -> None:
    places = Places(1)
    await places.take("a")
    waiting = [asyncio.create_task(places.take(project)) for project in "abca"]
    await asyncio.sleep(0)
    for leaving in (waiting[0], waiting[3]):
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
    places.give_back()
    await waiting[1]
    assert not waiting[2].done()
    places.give_back()
    await waiting[2]


async def test_a_place_given_to_one_who_leaves_at_that_moment_goes_on_to_the_next() -> None:
    places = Places(1)
    await places.take("a")
    leaving, staying = asyncio.create_task(places.take("a")), asyncio.create_task(places.take("b"))
    await asyncio.sleep(0)
    places.give_back()
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    async with asyncio.timeout(30):
        await staying


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans(), st.integers(0, 3)), max_size=20), st.integers(1, 3))
async def test_no_place_is_ever_lost(calls: list[tuple[str, bool, int]], count: int) -> None:
    places = Places(count)

    async def work(project: str, pauses: int) -> None:
        async with places.one(project):
            for _ in range(pauses):
                await asyncio.sleep(0)

    tasks: list[asyncio.Task[None]] = []
    for project, is_leaving, pauses in calls:
        task = asyncio.create_task(work(project, pauses))
        tasks.append(task)
        await asyncio.sleep(0)
        if is_leaving:
            tasks[len(tasks) // 2].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    async with asyncio.timeout(30):
        for _ in range(count):
            await places.take("z")
    assert places.waiting == 0
