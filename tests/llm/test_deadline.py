"""A deadline ends awaits that are bound to it, and nothing else."""

import asyncio

import pytest

from conduet.llm.deadline import Deadline


async def test_work_that_is_done_in_time_is_untouched() -> None:
    deadline = Deadline(5)
    with deadline:
        assert await asyncio.sleep(0, "done") == "done"
    deadline.close()


async def test_an_await_ends_when_the_time_is_over() -> None:
    deadline = Deadline(0.01)
    with pytest.raises(TimeoutError), deadline:
        await asyncio.sleep(5)
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_what_happens_between_two_awaits_is_not_cut_off() -> None:
    deadline = Deadline(0.01)
    with deadline:
        await asyncio.sleep(0)
    await asyncio.sleep(0.03)
    with pytest.raises(TimeoutError), deadline:
        await asyncio.sleep(5)


async def test_a_deadline_that_was_moved_comes_later() -> None:
    deadline = Deadline(0.01)
    deadline.move(5)
    with deadline:
        await asyncio.sleep(0.03)
    deadline.move(0.01)
    with pytest.raises(TimeoutError), deadline:
        await asyncio.sleep(5)


async def test_a_deadline_that_is_over_does_not_come_back() -> None:
    deadline = Deadline(0)
    await asyncio.sleep(0.01)
    deadline.move(5)
    with pytest.raises(TimeoutError), deadline:
        await asyncio.sleep(5)


async def test_a_cancellation_from_elsewhere_stays_one() -> None:
    deadline = Deadline(5)
    task = asyncio.create_task(_waiting(deadline))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    deadline.close()


async def test_a_cancellation_from_elsewhere_wins_over_the_deadline() -> None:
    deadline = Deadline(5)
    task = asyncio.create_task(_waiting(deadline))
    await asyncio.sleep(0)
    deadline.move(0)
    asyncio.get_running_loop().call_later(0, task.cancel)
    with pytest.raises(asyncio.CancelledError):
        await task
    deadline.close()


async def test_it_can_stand_inside_a_timeout_of_another() -> None:
    deadline = Deadline(0.01)
    async with asyncio.timeout(30):
        with pytest.raises(TimeoutError), deadline:
            await asyncio.sleep(5)
        await asyncio.sleep(0)


async def test_the_errors_of_the_work_are_its_own() -> None:
    deadline = Deadline(5)
    with pytest.raises(ValueError, match="mine"), deadline:
        await _failing()
    deadline.close()


async def _waiting(deadline: Deadline) -> None:
    with deadline:
        await asyncio.sleep(5)


async def _failing() -> None:
    raise ValueError("mine")


async def test_a_deadline_that_is_over_leaves_nothing_behind() -> None:
    deadline = Deadline(0)
    await asyncio.sleep(0.01)
    for _ in range(3):
        with pytest.raises(TimeoutError), deadline:
            pytest.fail("nothing is begun any more")
    await asyncio.sleep(0)
