"""How each channel's files are fetched: with the vendor's credentials, and those to the vendor alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from conduet.channels.webhook import Webhook
from conduet.engine.channel.channel import ListeningChannel
from conduet.engine.channel.outbound import Line, SentFile
from conduet.engine.outside import Request, Response
from conduet.kit.json import dumps
from tests.channels.requests import SLACK, SMS, TELEGRAM
from tests.channels.vectors import configured


@dataclass
class Api:
    """Answers of vendors by the end of the path; what was asked."""

    answers: Mapping[str, Any]
    asked: list[Request] = field(default_factory=list[Request])

    async def call(self, request: Request) -> Response:
        self.asked.append(request)
        return Response(200, body=dumps(self.answers[request.url.rpartition("/")[2]]).decode())

    async def fetch(self, request: Request) -> bytes:
        raise NotImplementedError

    def reaches(self, url: str) -> bool:
        raise NotImplementedError

    async def file(self, url: str) -> SentFile:
        raise NotImplementedError

    async def send_mail(self, mail: Any) -> None:
        raise NotImplementedError

    async def fetch_mail(self, mailbox: Any, since: Any, keep: Any) -> None:
        raise NotImplementedError

    async def check_mailbox(self, mailbox: Any) -> None:
        raise NotImplementedError

    async def kept(self, key: str, make: Any, *, anew: bool = False) -> str:
        return (await make())[0]


async def media(channel: ListeningChannel, url: str, **answers: Any) -> Request | None:
    line: Line = Api(answers)
    return await channel.media(url, line)


async def test_what_a_vendor_names_by_an_id_is_asked_for_first() -> None:
    file = await media(configured("whatsapp"), "whatsapp:77", **{"77": {"url": "https://cdn.vendor.example/f"}})
    assert file is not None
    assert (file.url, file.headers["Authorization"][:7]) == ("https://cdn.vendor.example/f", "Bearer ")
    path = {"ok": True, "result": {"file_path": "photos/file 0.jpg"}}
    file = await media(TELEGRAM, "telegram:AgAC", getFile=path)
    assert file is not None
    assert file.url == f"https://api.telegram.org/file/bot{TELEGRAM.bot_token}/photos/file%200.jpg"
    file = await media(configured("wechat"), "wechat:m1", stable_token={"access_token": "wx", "expires_in": 7200})
    assert file is not None
    assert (file.url.rpartition("/")[2], dict(file.query)) == ("get", {"access_token": "wx", "media_id": "m1"})


@pytest.mark.parametrize(
    ("channel", "own"),
    [(SLACK, "https://files.slack.com/f/1"), (SMS, "https://api.twilio.com/2010-04-01/Media/1")],
    ids=["slack", "sms"],
)
async def test_credentials_are_shown_to_the_vendor_alone(channel: ListeningChannel, own: str) -> None:
    file = await media(channel, own)
    assert file is not None
    assert file.headers["Authorization"]
    for url in (
        "https://evil.example/f",
        "https://files.slack.com.evil.example/f",
        "https://api.twilio.com@evil.example",
    ):
        assert await media(channel, url) is None


async def test_an_address_that_expires_is_fetched_and_a_customers_own_stays() -> None:
    for name in ("messenger", "instagram", "wechat"):
        file = await media(configured(name), "https://cdn.vendor.example/f")
        assert file == Request("GET", "https://cdn.vendor.example/f")
    shop = Webhook.model_validate({"url": "https://shop.example", "secret": "a-secret-that-both-sides-know"})
    assert await media(shop, "https://shop.example/f") is None
