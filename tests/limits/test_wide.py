"""The wide windows, counted in this process and in a real Redis."""

import asyncio
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from shutil import which

import pytest
from structlog.testing import capture_logs

from conduet.errors import RateLimited
from conduet.kit.clock import milliseconds, now
from conduet.kit.exchange import Exchange
from conduet.limits import counter as counting
from conduet.limits.counter import LocalCounter, SharedCounter
from conduet.limits.rate import Rate
from conduet.limits.wide import WideLimits

USER = Rate(count=2, seconds=60)


class RedisServer:
    """A Redis of one test on a socket file, which can be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        self._socket = folder / "redis.sock"
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"unix://{self._socket}"

    def start(self) -> None:
        arguments = ("--port", "0", "--unixsocket", str(self._socket), "--save", "", "--dir", str(self._socket.parent))
        self._process = subprocess.Popen(("redis-server", *arguments), stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while not self._answers():
            assert time.monotonic() < deadline, "redis-server did not start"
            time.sleep(0.01)

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as asked:
            return asked.connect_ex(str(self._socket)) == 0

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
            self._socket.unlink(missing_ok=True)


@pytest.fixture
def redis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RedisServer]:
    if which("redis-server") is None:
        pytest.skip("redis-server is not installed")
    # A busy machine is no Redis that is away.
    monkeypatch.setattr(counting, "REDIS_SECONDS", 10)
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture(params=["process", "redis"])
async def limits(request: pytest.FixtureRequest) -> AsyncIterator[WideLimits]:
    url = request.getfixturevalue("redis").url if request.param == "redis" else None
    limits = WideLimits(USER, redis_url=url)
    await early_in_a_minute()
    yield limits
    await limits.close()


async def early_in_a_minute() -> None:
    """A test that counts to a limit must not see its window end."""
    left = 60 - time.time() % 60
    if left < 10:
        await asyncio.sleep(left)


def of(address: str = "203.0.113.9") -> Exchange:
    return Exchange(request_id="req_1", address=address)


async def test_an_address_without_a_key_has_300_a_minute(limits: WideLimits) -> None:
    for left in range(299, -1, -1):
        seen = of()
        await limits.count_address(seen)
        assert seen.window is not None
        assert (seen.window.limit, seen.window.remaining) == (300, left)
    refused = of()
    with pytest.raises(RateLimited) as error:
        await limits.count_address(refused)
    assert refused.window is not None
    assert refused.window.remaining == 0
    wait = refused.window.reset_at - milliseconds(now())
    assert 0 < wait <= 60_000
    assert wait / 1000 <= int(error.value.headers["Retry-After"]) <= 60
    await limits.count_address(of("203.0.113.10"))


async def test_a_credential_has_3000_a_minute_from_wherever_it_is_used(limits: WideLimits) -> None:
    for number in range(3000):
        await limits.count_credential(of(f"203.0.113.{number % 250}"), "key_1")
    seen = of()
    with pytest.raises(RateLimited):
        await limits.count_credential(seen, "key_1")
    assert seen.window is not None
    assert seen.window.limit == 3000
    await limits.count_credential(of(), "key_2")
    await limits.count_address(of())


async def test_a_widget_key_has_20_users_worth_from_an_address(limits: WideLimits) -> None:
    for _ in range(40):
        await limits.count_widget(of(), "key_1")
    with pytest.raises(RateLimited):
        await limits.count_widget(of(), "key_1")
    await limits.count_widget(of("203.0.113.10"), "key_1")
    await limits.count_widget(of(), "key_2")


async def test_of_ipv6_a_whole_64_counts_as_one_address(limits: WideLimits) -> None:
    for number in range(40):
        await limits.count_widget(of(f"2001:db8:0:1::{number:x}"), "key_1")
    with pytest.raises(RateLimited):
        await limits.count_widget(of("2001:db8:0:1:ffff::1"), "key_1")
    await limits.count_widget(of("2001:db8:0:2::1"), "key_1")


async def test_those_who_have_no_address_are_counted_as_one(limits: WideLimits) -> None:
    for _ in range(40):
        await limits.count_widget(of(""), "key_1")
    with pytest.raises(RateLimited):
        await limits.count_widget(of(""), "key_1")


async def test_a_redis_that_was_never_asked_is_never_reached(tmp_path: Path) -> None:
    await WideLimits(USER, redis_url=f"unix://{tmp_path / 'nowhere.sock'}").close()


@pytest.mark.parametrize("url", ["redis.example", "http://redis.example", "redis://redis.example:99999"])
def test_what_is_no_url_of_a_redis_is_told_by_the_name_of_its_setting(url: str) -> None:
    with pytest.raises(ValueError, match="CONDUET_REDIS_URL"):
        WideLimits(USER, redis_url=url)


async def test_processes_that_share_a_redis_share_their_counts(redis: RedisServer) -> None:
    await early_in_a_minute()
    one, other = WideLimits(USER, redis_url=redis.url), WideLimits(USER, redis_url=redis.url)
    for limits in (one, other) * 20:
        await limits.count_widget(of(), "key_1")
    for limits in (one, other):
        with pytest.raises(RateLimited):
            await limits.count_widget(of(), "key_1")
        await limits.close()


async def test_while_redis_is_away_each_process_counts_for_itself_and_says_so_once(
    redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "RETRY_SECONDS", 0.05)
    await early_in_a_minute()
    counter = SharedCounter(redis.url)
    moment = milliseconds(now())
    with capture_logs() as logs:
        assert await counter.count("a", 60, now_ms=moment) == 1
        redis.stop()
        for expected in (1, 2, 3):
            assert await counter.count("a", 60, now_ms=moment) == expected
            await asyncio.sleep(0.06)
        assert [line["event"] for line in logs] == ["redis_away"]
        redis.start()
        # It may still be too busy to answer in time.
        for _ in range(100):
            if await counter.count("a", 60, now_ms=moment) == 1:
                break
            await asyncio.sleep(0.06)
        assert [line["event"] for line in logs] == ["redis_away", "redis_back"]
    await counter.close()


async def test_a_redis_that_never_answers_costs_one_request_a_moment_and_the_others_nothing(tmp_path: Path) -> None:
    async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_unix_server(swallow, tmp_path / "mute.sock")
    counter = SharedCounter(f"unix://{tmp_path / 'mute.sock'}")
    began = time.monotonic()
    assert await counter.count("a", 60, now_ms=0) == 1
    assert time.monotonic() - began < 1.5
    began = time.monotonic()
    assert [await counter.count("a", 60, now_ms=0) for _ in range(100)][-1] == 101
    assert time.monotonic() - began < 0.2
    await counter.close()
    server.close()
    await server.wait_closed()


async def test_counts_in_redis_end_by_themselves(redis: RedisServer) -> None:
    from redis.asyncio import Redis

    counter = SharedCounter(redis.url)
    await counter.count("a", 60, now_ms=milliseconds(now()))
    client = Redis.from_url(redis.url)  # pyright: ignore[reportUnknownMemberType]  # redis types what it takes as unknown
    names = await client.keys("conduet:*")  # pyright: ignore[reportUnknownMemberType]  # redis types what it takes as unknown
    assert len(names) == 1
    assert 0 < await client.ttl(names[0]) <= 61
    await client.aclose()
    await counter.close()


async def test_memory_is_bounded_within_a_window_and_given_back_after_it() -> None:
    counter = LocalCounter(names=100)
    for number in range(1000):
        await counter.count(f"address:{number}", 60, now_ms=0)
    assert counter.remembered == 100
    assert await counter.count("address:999", 60, now_ms=59_999) == 2
    assert await counter.count("address:999", 60, now_ms=60_000) == 1
    assert counter.remembered == 1
