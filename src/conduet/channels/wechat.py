"""WeChat, by an official (service) account.

Sources, below https://developers.weixin.qq.com: /doc/service/en/guide/product/message/Receiving_standard_messages for
what comes, /doc/oplatform/en/Third-party_Platforms/2.0/api/Before_Develop/Technical_Plan for its encryption,
/doc/service/api/customer/message/api_sendcustommessage for what goes; files by `media/upload`, which keeps them for
three days. A call is answered with status 200 whatever came of it: `errcode` says that.
"""

import hashlib
from base64 import b64decode
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, ClassVar, Final
from xml.parsers import expat

from pydantic import Field, JsonValue

from conduet.engine.action import Action, LaunchAction
from conduet.engine.channel.answer import check_accepted, given_id
from conduet.engine.channel.channel import ListeningChannel
from conduet.engine.channel.inbound import Inbound, Incoming, Received, Reply, attached, pressed, said
from conduet.engine.channel.markdown import rendered
from conduet.engine.channel.outbound import Line, Message, Parcel, SendFailure, SentFile, TraceJson
from conduet.engine.channel.parts import Cards, Part, Said, Shown, parts_of
from conduet.engine.channel.signing import check_equal
from conduet.engine.channel.texts import in_bytes, split, with_links
from conduet.engine.channel.upload import MEGABYTE, multipart, uploaded
from conduet.engine.fields import control
from conduet.engine.outside import Request, Unreachable
from conduet.engine.service import find, json_request
from conduet.engine.values import Json
from conduet.errors import BadRequest, Forbidden, Unauthorized

TEXT_BYTES: Final = 2048
MOST_MESSAGES: Final = 5
"""How many messages a person may get for one of theirs."""

BAD_TOKEN: Final = frozenset((40001, 40014, 42001))
LATER: Final = frozenset((-1, 45009, 45011))
ALARMS: Final = frozenset((40013, 40125, 40164, 48001, 50002))
"""The app is unknown, its secret is wrong, our address is not on its list, or it may not send."""

TOKEN_SECONDS: Final = 7200

KINDS: Final = {"image": "image", "video": "video", "audio": "voice"}
SHOWN: Final[Mapping[str, tuple[frozenset[str], int]]] = {
    "image": (frozenset(("image/png", "image/jpeg", "image/gif")), 10 * MEGABYTE),
    "voice": (frozenset(("audio/amr", "audio/mpeg")), 2 * MEGABYTE),
    "video": (frozenset(("video/mp4",)), 10 * MEGABYTE),
}
"""What is taken as such, and up to which size."""
MEDIA_SECONDS: Final = 3 * 24 * 3600.0
BAD_MEDIA: Final = 40007

_BLOCK: Final = 32


class WeChat(ListeningChannel):
    """WeChat, where people write to your official account."""

    type: ClassVar[str] = "wechat"
    display_name: ClassVar[str] = "WeChat"
    example: ClassVar[dict[str, JsonValue]] = {
        "appId": "wx5823bf96d3bd56c7",
        "appSecret": "0123456789abcdef0123456789abcdef",
        "token": "a-word-of-yours",
    }
    window_seconds: ClassVar[float | None] = 48 * 60 * 60
    steps: ClassVar[tuple[str, ...]] = (
        (
            "At mp.weixin.qq.com open Settings and development, Basic configuration: it shows the AppID and AppSecret. "
            "Put this server's address on the list of IPs."
        ),
        "At Server configuration paste {webhook} as the URL and your token, and choose whether messages are encrypted.",
    )

    app_id: Annotated[
        str,
        Field(pattern=r"^[A-Za-z0-9_-]{1,64}$", description="The account's AppID.", json_schema_extra=control("text")),
    ]
    app_secret: Annotated[
        str,
        Field(
            min_length=1, max_length=256, description="The account's AppSecret.", json_schema_extra=control("secret")
        ),
    ]
    token: Annotated[
        str,
        Field(
            min_length=3,
            max_length=64,
            description="The token of the server's configuration, which deliveries are signed with.",
            json_schema_extra=control("secret"),
        ),
    ]
    encoding_aes_key: Annotated[
        str | None,
        Field(
            pattern=r"^[A-Za-z0-9+/]{43}$",
            description="The key that messages are encrypted with, where they are.",
            json_schema_extra=control("secret"),
        ),
    ] = None
    base_url: Annotated[
        str,
        Field(
            pattern=r"^https?://",
            max_length=500,
            description="Where the API is, if not at its vendor's.",
            json_schema_extra=control("text"),
        ),
    ] = "https://api.weixin.qq.com"

    def greet(self, request: Inbound) -> Reply:
        """The text that proves the address, for who knows the token."""
        try:
            check_equal(request.query.get("signature", ""), self._signature(request))
        except Unauthorized:
            raise Forbidden("The signature is wrong.") from None
        return Reply(request.query.get("echostr", ""))

    def verify(self, request: Inbound) -> None:
        check_equal(request.query.get("signature", ""), self._signature(request))
        if "encrypt_type" in request.query and request.query["encrypt_type"] == "aes":
            encrypted = _fields(request.body).get("Encrypt", "")
            check_equal(request.query.get("msg_signature", ""), self._signature(request, encrypted))

    def read(self, request: Inbound) -> Received:
        told = _fields(request.body)
        if "Encrypt" in told and request.query.get("encrypt_type") == "aes":
            told = _fields(self._decrypted(told["Encrypt"]))
        user, actions = told.get("FromUserName", ""), tuple(_actions(told))
        message_id = told.get("MsgId") or ".".join((user, told.get("CreateTime", ""), told.get("Event", "")))
        found = (Incoming(message_id, user, actions),) if user and actions else ()
        return Received(found, reply=Reply("success"))

    def write(self, traces: Sequence[TraceJson]) -> Sequence[Message]:
        return [Message(content) for content in _merged([*_written(parts_of(traces))])]

    async def media(self, url: str, line: Line) -> Request | None:
        if not url.startswith("wechat:"):
            return Request("GET", url)
        token = await line.kept(self._key(), lambda: self._new_token(line))
        query = {"access_token": token, "media_id": url.removeprefix("wechat:")}
        return Request("GET", f"{self.base_url.rstrip('/')}/cgi-bin/media/get", query=query)

    async def check(self, line: Line) -> str | None:
        await self._new_token(line)
        return self.app_id

    async def send(self, parcel: Parcel, line: Line) -> str | None:
        content = await self._with_file(parcel.content, line)
        answer = await self._said(line, {"touser": parcel.user, **content})
        if find(answer, "errcode") == BAD_MEDIA and content["msgtype"] in SHOWN:
            # What it has shown us it keeps, and yet does not know or take.
            answer = await self._said(line, {"touser": parcel.user, **_in_words(parcel.content)})
        _check(answer)
        given_id("WeChat", answer, "errcode")
        return None

    async def _said(self, line: Line, body: Mapping[str, Json]) -> Json:
        return await self._with_token(
            line, lambda token: self._call(line, "message/custom/send", body, query={"access_token": token})
        )

    async def _with_token(self, line: Line, ask: Callable[[str], Awaitable[Json]]) -> Json:
        """The answer to a call, whatever its `errcode`; with a new token where the one that is kept is void."""
        answer = await ask(await line.kept(self._key(), lambda: self._new_token(line)))
        if find(answer, "errcode") in BAD_TOKEN:
            answer = await ask(await line.kept(self._key(), lambda: self._new_token(line), anew=True))
        return answer

    async def _with_file(self, content: Mapping[str, Json], line: Line) -> Mapping[str, Json]:
        """The content, with the id of a file that was uploaded instead of its address; words where it is not taken."""
        kind = str(content["msgtype"])
        url = str(find(content[kind], "url") or "")
        if kind not in SHOWN or not url:
            return content
        found = await uploaded(
            line, url, key=f"{self._key()} {kind}", seconds=MEDIA_SECONDS, put=lambda file: self._put(line, kind, file)
        )
        return _in_words(content) if found is None else {"msgtype": kind, kind: {"media_id": found}}

    async def _put(self, line: Line, kind: str, file: SentFile) -> str | None:
        kinds, most = SHOWN[kind]
        if file.mime_type not in kinds or len(file.content) > most:
            return None
        url = f"{self.base_url.rstrip('/')}/cgi-bin/media/upload"

        async def ask(token: str) -> Json:
            request = multipart(url, {}, "media", file, {"Accept": "application/json"})
            response = await line.call(replace(request, query={"access_token": token, "type": kind}))
            check_accepted("WeChat", response, lambda answer: find(answer, "errmsg"))
            return response.json()

        answer = await self._with_token(line, ask)
        _check(answer)
        return given_id("WeChat", answer, "media_id")

    async def _new_token(self, line: Line) -> tuple[str, float]:
        """A token and for how many seconds; asked for again, it stays the same until it is void."""
        body: dict[str, Json] = {"grant_type": "client_credential", "appid": self.app_id, "secret": self.app_secret}
        try:
            answer = await self._call(line, "stable_token", body)
            _check(answer)
            token, seconds = given_id("WeChat", answer, "access_token"), find(answer, "expires_in")
        except Unreachable as error:
            # Whatever it was for has not been asked yet.
            raise SendFailure(error.message, again=True) from None
        return token, float(min(seconds, TOKEN_SECONDS)) if isinstance(seconds, int) else 60.0

    async def _call(
        self, line: Line, path: str, body: Mapping[str, Json], *, query: Mapping[str, str] | None = None
    ) -> Json:
        url = f"{self.base_url.rstrip('/')}/cgi-bin/{path}"
        response = await line.call(json_request("POST", url, body=dict(body), query=query or {}))
        check_accepted("WeChat", response, lambda answer: find(answer, "errmsg"))
        return response.json()

    def _key(self) -> str:
        return f"wechat:{self.app_id}:{hashlib.sha256(f'{self.base_url} {self.app_secret}'.encode()).hexdigest()}"

    def _signature(self, request: Inbound, *more: str) -> str:
        parts = sorted((self.token, request.query.get("timestamp", ""), request.query.get("nonce", ""), *more))
        return hashlib.sha1("".join(parts).encode(), usedforsecurity=False).hexdigest()

    def _decrypted(self, encrypted: str) -> bytes:
        """The XML of an encrypted message. Raises `BadRequest` for one that is not for this account."""
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

        if self.encoding_aes_key is None:
            raise BadRequest.at("", "The message is encrypted, and the deployment has no `encodingAesKey`.")
        try:
            key, sealed = b64decode(f"{self.encoding_aes_key}="), b64decode(encrypted, validate=True)
            cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
            plain = cipher.update(sealed) + cipher.finalize()
        except ValueError:
            raise BadRequest.at("", "The message cannot be decrypted.") from None
        padding = plain[-1] if plain else 0
        length = int.from_bytes(plain[16:20], "big")
        message, app_id = plain[20 : 20 + length], plain[20 + length : len(plain) - padding]
        if not 1 <= padding <= _BLOCK or app_id != self.app_id.encode():
            raise BadRequest.at("", "The message is of another account.")
        return message


def _fields(body: bytes) -> dict[str, str]:
    """The elements right below the root. Raises `BadRequest` for what is no XML, or has a document type."""
    found: dict[str, list[str]] = {}
    path: list[str] = []

    def begin(name: str, _: dict[str, str]) -> None:
        path.append(name)
        if len(path) == 2:
            found[name] = []

    def end(_: str) -> None:
        path.pop()

    def text(data: str) -> None:
        if len(path) == 2:
            found[path[1]].append(data)

    def refuse(*_: object) -> None:
        raise BadRequest.at("", "A document type is not taken.")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begin, end, text
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    try:
        parser.Parse(body, True)
    except expat.ExpatError:
        raise BadRequest.at("", "The body is not valid XML.") from None
    return {name: "".join(pieces) for name, pieces in found.items()}


def _actions(told: Mapping[str, str]) -> Iterator[Action]:
    match told.get("MsgType"):
        case "text" if told.get("bizmsgmenuid"):
            yield pressed(told.get("Content", ""), told["bizmsgmenuid"])
        case "text":
            yield said(told.get("Content", ""))
        case "image":
            yield attached(told.get("PicUrl", ""))
        case "voice" | "video" | "shortvideo":
            yield attached(f"wechat:{told.get('MediaId', '')}")
        case "location":
            point = f"{told.get('Location_X', '')}, {told.get('Location_Y', '')}"
            label = told.get("Label", "")
            yield said(f"{label} ({point})" if label else point)
        case "link":
            yield said("\n".join(part for part in (told.get("Title", ""), told.get("Url", "")) if part))
        case "event" if told.get("Event") == "subscribe":
            yield LaunchAction(type="launch")
        case "event" if told.get("Event") == "CLICK":
            yield pressed(told.get("EventKey", ""), told.get("EventKey", ""))
        case _:
            return


def _written(parts: Sequence[Part]) -> Iterator[dict[str, Json]]:
    for part in parts:
        match part:
            case Said():
                yield from _said(part)
            case Shown():
                yield _shown(part)
            case Cards():
                for card in part.cards:
                    if card.url:
                        article: dict[str, Json] = {
                            "title": card.title,
                            "description": rendered(card.description),
                            "url": card.url,
                            "picurl": card.image_url,
                        }
                        yield {"msgtype": "news", "news": {"articles": [article]}}
                        yield from _said(Said("", card.buttons)) if card.buttons else ()
                    else:
                        if card.image_url:
                            yield _shown(Shown("image", card.image_url))
                        yield from _said(Said(card.words, card.buttons))


def _shown(part: Shown) -> dict[str, Json]:
    """A file by its address, which becomes the id of an upload; WeChat has no messages for other files."""
    words = part.caption or part.name
    kind = KINDS.get(part.kind)
    if kind is None:
        return _text("\n".join(each for each in (words, part.url) if each))
    return {"msgtype": kind, kind: {"url": part.url, "caption": words}}


def _in_words(content: Mapping[str, Json]) -> dict[str, Json]:
    """A file told by its address."""
    file = content[str(content["msgtype"])]
    return _text("\n".join(str(each) for each in (find(file, "caption"), find(file, "url")) if each))


def _said(part: Said) -> Iterator[dict[str, Json]]:
    text, buttons = with_links(rendered(part.text), part.buttons)
    *before, last = split(text or "…", TEXT_BYTES, size=in_bytes)
    yield from map(_text, before)
    if not buttons:
        yield _text(last)
        return
    choices: list[Json] = [{"id": button.value, "content": button.label} for button in buttons]
    yield {"msgtype": "msgmenu", "msgmenu": {"head_content": last, "list": choices, "tail_content": ""}}


def _merged(contents: list[dict[str, Json]]) -> list[dict[str, Json]]:
    """Texts that follow each other put together, until there are as few messages as a person may get."""
    index = 1
    while len(contents) > MOST_MESSAGES and index < len(contents):
        first, second = (_words(contents[each]) for each in (index - 1, index))
        if first is not None and second is not None and in_bytes(f"{first}\n\n{second}") <= TEXT_BYTES:
            contents[index - 1 : index + 1] = [_text(f"{first}\n\n{second}")]
        else:
            index += 1
    return contents


def _words(content: Mapping[str, Json]) -> str | None:
    return str(find(content["text"], "content")) if content["msgtype"] == "text" else None


def _text(text: str) -> dict[str, Json]:
    return {"msgtype": "text", "text": {"content": text}}


def _check(answer: Json) -> None:
    code = find(answer, "errcode") or 0
    if code == 0:
        return
    told = f"WeChat refused it: {find(answer, 'errmsg') or 'no reason told'} ({code})."
    is_later = isinstance(code, int) and code in LATER
    raise SendFailure(told, again=is_later, alarm=isinstance(code, int) and code in ALARMS)
