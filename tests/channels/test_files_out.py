"""Files as each channel sends them: by their address where its vendor can fetch them, else uploaded, else in words."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiohttp import web

from conduet.channels.email import Email
from conduet.deployments.line import OutgoingLine
from conduet.engine.channel.channel import ListeningChannel
from conduet.engine.channel.outbound import Parcel, SendFailure
from conduet.engine.outside import Mail
from conduet.kit.http import AllowPrivate, Outgoing
from tests.channels.requests import SLACK, SMS, TELEGRAM
from tests.channels.vectors import configured

FILES = {
    "bike.png": b"\x89PNG\r\n\x1a\npicture",
    "big.png": b"\x89PNG\r\n\x1a\n" + b"x" * (11 * 1024 * 1024),
    "ride.mp4": b"\0\0\0\x20ftypisom film",
    "bell.mp3": b"ID3 ding",
    "price list.pdf": b"%PDF-1.7 prices",
    "parts.csv": b"part,price\nbell,7\n",
}
TOKEN = {"access_token": "wx-token", "expires_in": 7200}
CHANNELS: dict[str, ListeningChannel] = {
    **{name: configured(name) for name in ("whatsapp", "messenger", "instagram", "wechat")},
    "telegram": TELEGRAM,
    "slack": SLACK,
    "sms": SMS,
}


@dataclass
class World:
    """A place with files, and every vendor's API, which keeps what it is given; what each was asked."""

    url: str = ""
    fetched: list[str] = field(default_factory=list[str])
    given: list[tuple[str, dict[str, Any]]] = field(default_factory=list[tuple[str, dict[str, Any]]])
    said: list[tuple[str, Any]] = field(default_factory=list[tuple[str, Any]])
    refuses: dict[str, tuple[int, Any]] = field(default_factory=dict[str, tuple[int, Any]])

    async def answer(self, request: web.Request) -> web.Response:
        path = request.path
        if path.startswith("/files/"):
            self.fetched.append(path)
            content = FILES.get(path.rpartition("/")[2])
            return web.Response(status=404) if content is None else web.Response(body=content)
        name = path.rpartition("/")[2]
        if name == "stable_token":
            return web.json_response(TOKEN)
        if request.content_type == "multipart/form-data":
            self.given.append((path, await _form(request)))
        elif request.content_type == "application/json":
            self.said.append((path, await request.json()))
        elif name == "put":
            self.given.append((path, {"file": await request.read()}))
        else:
            self.said.append((path, {key: each[0] for key, each in parse_qs(await request.text()).items()}))
        status, body = self.refuses.get(name, (200, self.good(name)))
        return web.json_response(body, status=status)

    def good(self, name: str) -> Any:
        match name:
            case "files.getUploadURLExternal":
                return {"ok": True, "upload_url": f"{self.url}/put", "file_id": "F1"}
            case "upload":
                return {"type": "image", "media_id": "media-1", "created_at": 1}
            case _:
                kept: dict[str, Any] = {"id": "media-1", "attachment_id": "media-1", "message_id": "m1"}
                telling = {"messages": [{"id": "m1"}], "errcode": 0, "ok": True, "ts": "1.1", "sid": "SM1"}
                return {**kept, **telling, "result": {"message_id": 1}}


async def _form(request: web.Request) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            found[name] = (value.filename, value.content_type, value.file.read())
        else:
            found[name] = value
    return found


@pytest.fixture
async def world() -> AsyncIterator[World]:
    found = World()
    app = web.Application(client_max_size=30 * 1024 * 1024)
    app.router.add_route("*", "/{path:.*}", found.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield found
    await runner.cleanup()


@pytest.fixture
async def line(world: World) -> AsyncIterator[OutgoingLine]:
    outgoing = Outgoing(AllowPrivate.parse(world.url.removeprefix("http://")))
    yield OutgoingLine(outgoing)
    await outgoing.close()


def shown(kind: str, url: str, **more: str) -> dict[str, Any]:
    return {"type": kind, "payload": {"url": url, **more}}


async def send(world: World, line: OutgoingLine, name: str, trace: dict[str, Any], *, to: Any = None) -> Any:
    """Sends one file by a channel, and comes back with what its vendor was asked last to say."""
    channel = CHANNELS[name].model_copy(update={"base_url": world.url})
    for message in channel.write([trace]):
        await channel.send(Parcel("dlv_1", "7", to, message.content, datetime.now(UTC)), line)
    return world.said[-1][1] if world.said else None


PICTURE = ("bike.png", "image/png", FILES["bike.png"])


async def test_a_picture_that_whatsapp_cannot_fetch_is_uploaded_once(world: World, line: OutgoingLine) -> None:
    trace = shown("image", f"{world.url}/files/bike.png", alt="A bike")
    for _ in range(2):
        said = await send(world, line, "whatsapp", trace)
        assert (said["type"], said["image"]) == ("image", {"id": "media-1", "caption": "A bike"})
    [(path, form)] = world.given
    assert path.endswith("/106540352242922/media")
    assert form == {"messaging_product": "whatsapp", "type": "image/png", "file": PICTURE}
    assert len(world.fetched) == 1


async def test_what_whatsapp_does_not_show_is_a_document_and_what_there_is_not_is_words(
    world: World, line: OutgoingLine
) -> None:
    said = await send(world, line, "whatsapp", shown("image", f"{world.url}/files/big.png"))
    assert said["document"] == {"id": "media-1", "filename": "big.png"}
    said = await send(world, line, "whatsapp", shown("file", f"{world.url}/files/parts.csv", name="Parts.csv"))
    assert said["document"] == {"id": "media-1", "filename": "Parts.csv"}
    assert world.given[-1][1]["file"] == ("parts.csv", "text/csv", FILES["parts.csv"])
    said = await send(world, line, "whatsapp", shown("image", f"{world.url}/files/none.png", alt="A bike"))
    assert said["text"]["body"] == f"A bike\n{world.url}/files/none.png"


@pytest.mark.parametrize("name", ["messenger", "instagram"])
async def test_the_messenger_platform_keeps_what_it_cannot_fetch(world: World, line: OutgoingLine, name: str) -> None:
    for kind, file in (("image", "bike.png"), ("video", "ride.mp4"), ("file", "price list.pdf")):
        said = await send(world, line, name, shown(kind, f"{world.url}/files/{file.replace(' ', '%20')}"))
        assert said["message"] == {"attachment": {"type": kind, "payload": {"attachment_id": "media-1"}}}
        path, form = world.given[-1]
        assert path.endswith("/me/message_attachments")
        assert form["filedata"][0] == file
        assert json.loads(form["message"])["attachment"] == {"type": kind, "payload": {"is_reusable": True}}
        assert form.get("platform") == ("instagram" if name == "instagram" else None)
    said = await send(world, line, name, shown("image", f"{world.url}/files/big.png"))
    assert said["message"] == {"text": f"{world.url}/files/big.png"}


async def test_wechat_keeps_everything_for_three_days(world: World, line: OutgoingLine) -> None:
    for kind, sent_as, file in (
        ("image", "image", "bike.png"),
        ("video", "video", "ride.mp4"),
        ("audio", "voice", "bell.mp3"),
    ):
        said = await send(world, line, "wechat", shown(kind, f"{world.url}/files/{file}"))
        assert said == {"touser": "7", "msgtype": sent_as, sent_as: {"media_id": "media-1"}}
        assert world.given[-1][1]["media"][0] == file
    for kind, file in (("file", "price.pdf"), ("image", "big.png"), ("image", "none.png")):
        said = await send(world, line, "wechat", shown(kind, f"{world.url}/files/{file}", name="Prices"))
        assert said["text"]["content"] == f"Prices\n{world.url}/files/{file}"
    world.refuses = {"upload": (200, {"errcode": 40004, "errmsg": "invalid media type"})}
    said = await send(world, line, "wechat", shown("image", f"{world.url}/files/bike.png?again", alt="A bike"))
    assert said["text"]["content"] == f"A bike\n{world.url}/files/bike.png?again"


async def test_a_card_of_wechat_without_an_address_has_its_picture_before_it(world: World, line: OutgoingLine) -> None:
    card = {"type": "card", "payload": {"title": "Lynx", "imageUrl": f"{world.url}/files/bike.png"}}
    await send(world, line, "wechat", card)
    assert [said["msgtype"] for _, said in world.said] == ["image", "text"]


async def test_telegram_is_brought_what_it_does_not_fetch(world: World, line: OutgoingLine) -> None:
    await send(world, line, "telegram", shown("image", f"{world.url}/files/bike.png", alt="A bike"))
    path, form = world.given[-1]
    assert path.endswith("/sendPhoto")
    assert form == {"chat_id": "7", "caption": "A bike", "photo": PICTURE}
    await send(world, line, "telegram", shown("image", f"{world.url}/files/big.png"))
    path, form = world.given[-1]
    assert (path.endswith("/sendDocument"), form["document"][0]) == (True, "big.png")
    said = await send(world, line, "telegram", shown("file", f"{world.url}/files/none.pdf"))
    assert said == {"chat_id": "7", "text": f"{world.url}/files/none.pdf"}


async def test_slack_shares_a_file_in_the_thread_where_the_app_may(world: World, line: OutgoingLine) -> None:
    to = {"channel": "C1", "thread_ts": "17.1"}
    trace = shown("image", f"{world.url}/files/bike.png", alt="A bike")
    said = await send(world, line, "slack", trace, to=to)
    assert world.said[-2][1] == {"filename": "bike.png", "length": str(len(FILES["bike.png"]))}
    assert world.given == [("/put", {"file": FILES["bike.png"]})]
    assert said == {"files": '[{"id":"F1","title":"A bike"}]', "channel_id": "C1", "thread_ts": "17.1"}
    world.refuses = {"files.getUploadURLExternal": (200, {"ok": False, "error": "missing_scope"})}
    said = await send(world, line, "slack", trace, to=to)
    assert (said["text"], "file" in said) == ("A bike", False)


@pytest.mark.parametrize(
    ("name", "method"), [("whatsapp", "media"), ("messenger", "message_attachments"), ("wechat", "upload")]
)
async def test_an_upload_that_fails_is_tried_again_with_the_message(
    world: World, line: OutgoingLine, name: str, method: str
) -> None:
    world.refuses = {method: (503, {"error": {"message": "later"}})}
    with pytest.raises(SendFailure) as raised:
        await send(world, line, name, shown("image", f"{world.url}/files/bike.png"))
    assert raised.value.again
    assert not [path for path, _ in world.said if path.endswith(("messages", "send"))]


@pytest.mark.parametrize("name", ["whatsapp", "messenger", "instagram", "telegram", "slack"])
async def test_what_a_vendor_can_fetch_is_told_by_its_address(world: World, line: OutgoingLine, name: str) -> None:
    said = await send(world, line, name, shown("image", "https://shop.example/bike.png"))
    assert "https://shop.example/bike.png" in str(said)
    assert (world.given, world.fetched) == ([], [])


@dataclass
class Post(OutgoingLine):
    """The way out, but for its mail server."""

    def __init__(self, outgoing: Outgoing) -> None:
        super().__init__(outgoing)
        self.mails: list[Mail] = []

    async def send_mail(self, mail: Mail) -> None:
        self.mails.append(mail)


async def test_an_e_mail_has_what_can_be_had_attached(world: World) -> None:
    smtp = {"host": "mail.shop.example", "security": "none"}
    channel = Email.model_validate({"address": "help@shop.example", "smtp": smtp, "inboundSecret": "x" * 16})
    outgoing = Outgoing(AllowPrivate.parse(world.url.removeprefix("http://")))
    post = Post(outgoing)

    def own(name: str) -> str:
        return f"{world.url}/files/{name}"

    traces: list[dict[str, Any]] = [
        {"type": "text", "payload": {"message": "Here you are."}},
        shown("image", own("bike.png"), alt="A bike"),
        shown("file", own("price%20list.pdf")),
        shown("image", own("big.png")),
        shown("video", own("none.mp4"), alt="A ride"),
    ]
    [message] = channel.write(traces)
    await channel.send(Parcel("dlv_1", "ada@example.com", None, message.content, datetime.now(UTC)), post)
    await outgoing.close()
    mail = message_from_bytes(post.mails[0].content, policy=policy.default)
    attached = [(part.get_filename(), part.get_content_type(), part.get_content()) for part in mail.iter_attachments()]
    assert attached == [PICTURE, ("price list.pdf", "application/pdf", FILES["price list.pdf"])]
    body: Any = mail.get_body(("plain",))
    words = body.get_content().replace("\r\n", "\n").strip()
    assert words == "\n\n".join(
        (
            "Here you are.",
            "A bike\nbike.png",
            "price list.pdf",
            own("big.png"),
            f"A ride\n{own('none.mp4')}",
        )
    )
