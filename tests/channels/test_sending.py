"""What vendors say beside a status: when to come again, why not, and that a token is void."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web

from conduet.deployments.line import OutgoingLine
from conduet.engine.channel.channel import ListeningChannel
from conduet.engine.channel.outbound import Parcel, SendFailure
from conduet.kit.http import AllowPrivate, Outgoing
from tests.channels.requests import SLACK, SMS, TELEGRAM
from tests.channels.test_whatsapp import text
from tests.channels.vectors import configured

CHANNELS: dict[str, ListeningChannel] = {
    **{name: configured(name) for name in ("whatsapp", "messenger", "instagram", "wechat")},
    "telegram": TELEGRAM,
    "slack": SLACK,
    "sms": SMS,
}
TOKEN = {"access_token": "wx-token", "expires_in": 7200}


@dataclass
class Vendor:
    """An API that answers with the next of `answers`; what it was asked."""

    answers: list[tuple[int, Any]] = field(default_factory=list[tuple[int, Any]])
    asked: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    headers: dict[str, str] = field(default_factory=dict[str, str])
    url: str = ""

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append((request.path_qs, await request.text()))
        if request.path.endswith("stable_token"):
            return web.json_response(TOKEN)
        status, body = self.answers.pop(0)
        if isinstance(body, str):
            return web.Response(status=status, text=body, headers=self.headers)
        return web.json_response(body, status=status, headers=self.headers)


@pytest.fixture
async def vendor() -> AsyncIterator[Vendor]:
    found = Vendor()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", found.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield found
    await runner.cleanup()


async def send(vendor: Vendor, name: str) -> str | None:
    """Sends one text by a channel."""
    outgoing = Outgoing(AllowPrivate.parse(vendor.url.removeprefix("http://")))
    channel = CHANNELS[name].model_copy(update={"base_url": vendor.url})
    [message] = channel.write([text("Grüße")])
    try:
        parcel = Parcel("dlv_1", "7", None, message.content, datetime.now(UTC))
        return await channel.send(parcel, OutgoingLine(outgoing))
    finally:
        await outgoing.close()


@pytest.mark.parametrize("name", CHANNELS)
async def test_a_throttled_message_is_tried_again_when_the_vendor_says(vendor: Vendor, name: str) -> None:
    vendor.headers = {"Retry-After": "7"}
    vendor.answers = [(429, {"ok": False, "error": "ratelimited", "parameters": {"retry_after": 7}})]
    with pytest.raises(SendFailure) as raised:
        await send(vendor, name)
    assert (raised.value.again, raised.value.after_seconds, raised.value.alarm) == (True, 7.0, False)


@pytest.mark.parametrize(
    ("name", "answer", "again", "alarm"),
    [
        ("slack", {"ok": False, "error": "channel_not_found"}, False, False),
        ("slack", {"ok": False, "error": "token_revoked"}, False, True),
        ("slack", {"ok": False, "error": "ratelimited"}, True, False),
        ("wechat", {"errcode": 45015, "errmsg": "response out of time limit"}, False, False),
        ("wechat", {"errcode": -1, "errmsg": "system busy"}, True, False),
        ("wechat", {"errcode": 48001, "errmsg": "api unauthorized"}, False, True),
    ],
)
async def test_an_answer_of_200_may_be_a_refusal(
    vendor: Vendor, name: str, answer: Any, again: bool, alarm: bool
) -> None:
    vendor.answers = [(200, answer)]
    with pytest.raises(SendFailure) as raised:
        await send(vendor, name)
    assert (raised.value.again, raised.value.alarm) == (again, alarm)


@pytest.mark.parametrize(
    ("code", "again", "alarm"), [(190, False, True), (130429, True, False), (131047, False, False)]
)
async def test_the_code_of_an_error_says_more_than_its_status(
    vendor: Vendor, code: int, again: bool, alarm: bool
) -> None:
    vendor.answers = [(400, {"error": {"code": code, "message": "Because.", "error_data": {"details": "24 hours"}}})]
    with pytest.raises(SendFailure, match="24 hours") as raised:
        await send(vendor, "whatsapp")
    assert (raised.value.again, raised.value.alarm) == (again, alarm)


async def test_a_token_that_is_void_is_made_anew_once(vendor: Vendor) -> None:
    void = {"errcode": 42001, "errmsg": "access_token expired"}
    vendor.answers = [(200, void), (200, {"errcode": 0})]
    await send(vendor, "wechat")
    assert [path.split("?")[0].rsplit("/", 1)[1] for path, _ in vendor.asked] == [
        "stable_token",
        "send",
        "stable_token",
        "send",
    ]
    vendor.answers = [(200, void), (200, void)]
    with pytest.raises(SendFailure):
        await send(vendor, "wechat")


async def test_a_token_is_kept_for_its_time(vendor: Vendor) -> None:
    line, made = OutgoingLine(Outgoing(AllowPrivate.parse("off"))), list[int]()

    async def make() -> tuple[str, float]:
        made.append(1)
        await asyncio.sleep(0)
        return f"token-{len(made)}", 0.1 if len(made) == 2 else 100.0

    assert [await line.kept("a", make) for _ in range(3)] == ["token-1"] * 3
    assert await line.kept("a", make, anew=True) == "token-2"
    await asyncio.sleep(0.12)
    assert await line.kept("a", make) == "token-3"
    assert await line.kept("b", make) == "token-4"
