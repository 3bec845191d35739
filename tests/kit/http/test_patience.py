"""A call is tried again where that is safe, in its own time, and nowhere else."""

import asyncio
import socket
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from conduet.kit.http import Outgoing, Place
from conduet.kit.http.errors import Interrupted, Unreachable
from tests.kit.http.conftest import Serve, Server, get, page


async def hang_up(writer: asyncio.StreamWriter) -> None:
    """Closes without a word."""


async def post(outgoing: Outgoing, server: Server, **more: object) -> int:
    options: dict[str, object] = {"timeout_seconds": 5, "admit": {server.place}, "body": b"x"} | more
    answer = await outgoing.request("POST", server.url, **options)  # pyright: ignore[reportArgumentType]  # options of any kind
    return answer.status


async def test_a_connection_that_did_not_come_about_is_tried_again_for_any_method(outgoing: Outgoing, serve: Serve):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    call = asyncio.create_task(
        outgoing.request(
            "POST",
            f"http://127.0.0.1:{port}",
            body=b"once",
            retries=5,
            timeout_seconds=5,
            admit={Place("127.0.0.1", port)},
        )
    )
    await asyncio.sleep(0.2)
    server = await serve(port=port)
    assert (await call).status == 200
    assert [request.body for request in server.requests] == [b"once"]


async def test_retries_end(outgoing: Outgoing):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    started = time.monotonic()
    with pytest.raises(Unreachable):
        await outgoing.request(
            "GET", f"http://127.0.0.1:{port}", retries=2, timeout_seconds=5, admit={Place("127.0.0.1", port)}
        )
    assert 0.3 < time.monotonic() - started < 3


async def test_what_the_other_side_may_have_done_is_not_done_twice(outgoing: Outgoing, serve: Serve):
    server = await serve(hang_up, page())
    with pytest.raises(Interrupted):
        await post(outgoing, server, retries=3)
    assert len(server.requests) == 1


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_an_idempotent_call_that_was_cut_off_is_tried_again(outgoing: Outgoing, serve: Serve, method: str):
    server = await serve(hang_up, hang_up, hang_up, page(b"there"))
    answer = await outgoing.request(method, server.url, retries=3, timeout_seconds=5, admit={server.place})
    assert answer.body == b"there"


async def test_an_idempotency_key_makes_a_post_safe(outgoing: Outgoing, serve: Serve):
    server = await serve(hang_up, page(status=503), page())
    assert await post(outgoing, server, retries=2, headers={"idempotency-key": "1"}) == 200
    assert len(server.requests) == 3


@pytest.mark.parametrize("status", [502, 503, 504, 429])
async def test_a_passing_failure_of_an_idempotent_call_is_tried_again(outgoing: Outgoing, serve: Serve, status: int):
    server = await serve(page(status=status), page(b"there"))
    assert (await get(outgoing, server, retries=1)).body == b"there"


@pytest.mark.parametrize("status", [400, 401, 404, 500, 501])
async def test_other_failures_are_the_answer(outgoing: Outgoing, serve: Serve, status: int):
    server = await serve(page(status=status))
    assert (await get(outgoing, server, retries=3)).status == status
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [502, 503, 504, 429])
async def test_a_post_that_failed_without_a_word_of_coming_back_is_the_answer(
    outgoing: Outgoing, serve: Serve, status: int
):
    server = await serve(page(status=status))
    assert await post(outgoing, server, retries=3) == status
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [429, 503])
async def test_a_call_comes_back_when_it_is_told_to(outgoing: Outgoing, serve: Serve, status: int):
    server = await serve(page(b"", "Retry-After: 1", status=status), page())
    started = time.monotonic()
    assert await post(outgoing, server, retries=1) == 200
    assert 1 <= time.monotonic() - started < 4


async def test_a_date_to_come_back_at_is_understood(outgoing: Outgoing, serve: Serve):
    at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=2)
    server = await serve(page(b"", f"Retry-After: {format_datetime(at, usegmt=True)}", status=503), page())
    assert await post(outgoing, server, retries=1) == 200
    assert datetime.now(UTC) >= at


@pytest.mark.parametrize("value", ["5", "86400", "9" * 400, "Wed, 21 Oct 2099 07:28:00 GMT"])
async def test_a_time_beyond_the_deadline_is_not_waited_for(outgoing: Outgoing, serve: Serve, value: str):
    server = await serve(page(b"later", f"Retry-After: {value}", status=503))
    started = time.monotonic()
    assert (await get(outgoing, server, retries=3, timeout_seconds=3)).body == b"later"
    assert time.monotonic() - started < 2
    assert len(server.requests) == 1


@pytest.mark.parametrize("value", ["soon", "-1", "1.5", "", "Wed, 99 Oct 2099", "²"])
async def test_nonsense_to_come_back_at_is_as_none(outgoing: Outgoing, serve: Serve, value: str):
    server = await serve(page(b"", f"Retry-After: {value}", status=503), page())
    assert await post(outgoing, server, retries=1) == 503
    assert (await get(outgoing, await serve(page(b"", f"Retry-After: {value}", status=503), page()), retries=1)).ok


async def test_a_time_that_has_passed_is_now(outgoing: Outgoing, serve: Serve):
    server = await serve(page(b"", "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT", status=503), page())
    started = time.monotonic()
    assert await post(outgoing, server, retries=1) == 200
    assert time.monotonic() - started < 2


async def test_no_retry_unless_it_is_asked_for(outgoing: Outgoing, serve: Serve):
    server = await serve(page(b"", "Retry-After: 0", status=503))
    assert (await get(outgoing, server)).status == 503
    assert len(server.requests) == 1
