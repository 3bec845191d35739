"""Telegram, by a bot.

Source: https://core.telegram.org/bots/api (`setWebhook` with its `secret_token`, `Update`, `sendMessage` and its kin).
"""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Annotated, ClassVar, Final
from urllib.parse import quote, urlsplit

from pydantic import Field, JsonValue

from conduet.engine.action import Action, LaunchAction
from conduet.engine.channel.answer import MOST_SECONDS, given_id
from conduet.engine.channel.channel import ListeningChannel
from conduet.engine.channel.inbound import Inbound, Incoming, Received, Reply, attached, pressed, said
from conduet.engine.channel.markdown import Style, rendered
from conduet.engine.channel.outbound import Line, Message, Parcel, SendFailure, TraceJson
from conduet.engine.channel.parts import Said, Shown, apart, parts_of
from conduet.engine.channel.signing import check_equal
from conduet.engine.channel.texts import in_bytes, numbered, shortened, split
from conduet.engine.channel.upload import MEGABYTE, Untaken, file_at, multipart
from conduet.engine.fields import control
from conduet.engine.outside import Request, Response, Unreachable
from conduet.engine.service import find, json_request
from conduet.engine.trace import CardButton
from conduet.engine.values import Json
from conduet.kit.json import dumps, parse

HEADER: Final = "x-telegram-bot-api-secret-token"
TEXT: Final = 3500
"""Letters of a text: 4,096 as it is sent, with what its signs take."""
CAPTION: Final = 1024
CALLBACK: Final = 64
"""The longest data of a button, in bytes."""

METHODS: Final = {"image": "sendPhoto", "video": "sendVideo", "audio": "sendAudio", "file": "sendDocument"}
FIELDS: Final = {"image": "photo", "video": "video", "audio": "audio", "file": "document"}
KINDS: Final = {METHODS[kind]: field for kind, field in FIELDS.items()}
FETCHED: Final = (".pdf", ".zip", ".gif")
PHOTOS: Final = frozenset(("image/jpeg", "image/png", "image/webp"))
PHOTO_BYTES: Final = 10 * MEGABYTE
FILES: Final = ("voice", "audio", "video", "video_note", "document", "sticker", "animation")


def _link(text: str, url: str) -> str:
    return f'<a href="{escape(url)}">{text or escape(url)}</a>'


STYLE: Final = Style(
    bold=("<b>", "</b>"),
    italic=("<i>", "</i>"),
    strike=("<s>", "</s>"),
    code=("<code>", "</code>"),
    block=("<pre>", "</pre>"),
    link=_link,
    escape=lambda text: escape(text, quote=False),
)


class Telegram(ListeningChannel):
    """Telegram, where people write to your agent."""

    type: ClassVar[str] = "telegram"
    example: ClassVar[dict[str, JsonValue]] = {
        "botToken": "123456789:AAEabcdefghijklmnopqrstuvwxyz",
        "secretToken": "a-word-of-yours-that-telegram-shows",
    }
    per_second: ClassVar[float | None] = 30
    per_person_a_second: ClassVar[float | None] = 1
    steps: ClassVar[tuple[str, ...]] = (
        "Write /newbot to @BotFather in Telegram and copy the token that it gives you.",
        "Think of a secret token of at least 16 letters and digits.",
        (
            "Tell Telegram the address: open https://api.telegram.org/bot<token>/setWebhook?url={webhook}"
            "&secret_token=<secret token> with yours filled in."
        ),
    )

    bot_token: Annotated[
        str,
        Field(
            pattern=r"^[0-9]{1,20}:[A-Za-z0-9_-]{10,100}$",
            description="The bot's token, from @BotFather.",
            json_schema_extra=control("secret"),
        ),
    ]
    secret_token: Annotated[
        str,
        Field(
            pattern=r"^[A-Za-z0-9_-]{16,256}$",
            description="A word of yours, given to `setWebhook` as its `secret_token`.",
            json_schema_extra=control("secret"),
        ),
    ]
    base_url: Annotated[
        str,
        Field(
            pattern=r"^https?://",
            max_length=500,
            description="Where the API is, if not at its vendor's.",
            json_schema_extra=control("text"),
        ),
    ] = "https://api.telegram.org"

    def verify(self, request: Inbound) -> None:
        check_equal(request.header(HEADER), self.secret_token)

    def read(self, request: Inbound) -> Received:
        update = parse(request.body)
        number, query = find(update, "update_id"), find(update, "callback_query")
        message: Json = find(query, "message") if query is not None else find(update, "message")
        chat, sender = find(message, "chat", "id"), find(query if query is not None else message, "from", "id")
        actions = tuple(_pressed(query) if query is not None else _actions(message))
        if number is None or chat is None or sender is None or not actions:
            return Received()
        # In a group each member has a conversation of their own.
        user = str(sender) if chat == sender else f"{chat}:{sender}"
        reply = Reply()
        if query is not None:
            # The answer to the call stops the button's waiting.
            shown = {"method": "answerCallbackQuery", "callback_query_id": find(query, "id")}
            reply = Reply(dumps(shown).decode(), "application/json")
        return Received((Incoming(str(number), user, actions, to=chat),), reply=reply)

    def write(self, traces: Sequence[TraceJson]) -> Sequence[Message]:
        return [message for part in apart(parts_of(traces)) for message in _written(part)]

    async def media(self, url: str, line: Line) -> Request | None:
        base = self.base_url.rstrip("/")
        asked = json_request(
            "POST", f"{base}/bot{self.bot_token}/getFile", body={"file_id": url.removeprefix("telegram:")}
        )
        path = find(_accepted(await line.call(asked)), "result", "file_path")
        return Request("GET", f"{base}/file/bot{self.bot_token}/{quote(str(path))}")

    async def check(self, line: Line) -> str | None:
        url = f"{self.base_url.rstrip('/')}/bot{self.bot_token}/getMe"
        answer = _accepted(await line.call(json_request("GET", url)))
        return f"@{find(answer, 'result', 'username') or ''}"

    async def send(self, parcel: Parcel, line: Line) -> str | None:
        content = dict(parcel.content)
        base, method = f"{self.base_url.rstrip('/')}/bot{self.bot_token}", str(content.pop("method"))
        to = parcel.to if parcel.to is not None else parcel.user
        request = json_request("POST", f"{base}/{method}", body={"chat_id": to, **content})
        if method in KINDS and not _reaches(line, method, str(content[KINDS[method]])):
            request = await _with_file(line, base, method, {"chat_id": str(to)}, content)
        response = await line.call(request)
        answer = _accepted(response)
        return given_id("Telegram", answer, "result", "message_id")


def _reaches(line: Line, method: str, url: str) -> bool:
    """Whether Telegram fetches a file by itself: of documents, those of three kinds."""
    return line.reaches(url) and (method != "sendDocument" or urlsplit(url).path.lower().endswith(FETCHED))


async def _with_file(line: Line, base: str, method: str, to: Mapping[str, str], content: Mapping[str, Json]) -> Request:
    """The request that brings the file along; one that tells the address, where there is none to be had."""
    field = KINDS[method]
    url, caption = str(content[field]), str(content.get("caption") or "")
    try:
        file = await file_at(line, url)
    except Untaken:
        text = "\n".join(part for part in (caption, url) if part)
        return json_request("POST", f"{base}/sendMessage", body={**to, "text": text})
    if method == "sendPhoto" and (file.mime_type not in PHOTOS or len(file.content) > PHOTO_BYTES):
        method, field = "sendDocument", "document"
    fields = {**to, "caption": caption} if caption else to
    return multipart(f"{base}/{method}", fields, field, file, {"Accept": "application/json"})


def _actions(message: Json) -> Iterator[Action]:
    text = find(message, "text")
    if isinstance(text, str):
        is_start = text.split("@")[0].split(" ")[0] == "/start"
        yield LaunchAction(type="launch") if is_start else said(text)
        return
    photos = find(message, "photo")
    if isinstance(photos, list) and photos:
        yield attached(f"telegram:{find(photos[-1], 'file_id')}", "image/jpeg")
    for kind in FILES:
        file = find(message, kind)
        # An animation is told as a document too.
        if file is not None and not (kind == "animation" and find(message, "document") is not None):
            mime_type = find(file, "mime_type")
            yield attached(f"telegram:{find(file, 'file_id')}", mime_type if isinstance(mime_type, str) else None)
    caption = find(message, "caption")
    if isinstance(caption, str):
        yield said(caption)
    if (place := find(message, "location")) is not None:
        yield said(f"{find(place, 'latitude')}, {find(place, 'longitude')}")
    if (contact := find(message, "contact")) is not None:
        yield said(f"{find(contact, 'first_name') or ''} {find(contact, 'phone_number') or ''}".strip())


def _pressed(query: Json) -> Iterator[Action]:
    value = find(query, "data")
    if not isinstance(value, str):
        return
    rows = find(query, "message", "reply_markup", "inline_keyboard")
    shown = [
        button for row in (rows if isinstance(rows, list) else []) for button in (row if isinstance(row, list) else [])
    ]
    label = next((find(button, "text") for button in shown if find(button, "callback_data") == value), value)
    yield pressed(str(label), value)


def _written(part: Said | Shown) -> Iterator[Message]:
    if isinstance(part, Shown):
        caption: dict[str, Json] = {"caption": shortened(part.caption, CAPTION)} if part.caption else {}
        yield Message({"method": METHODS[part.kind], FIELDS[part.kind]: part.url, **caption})
        return
    keyboard = _keyboard(part.buttons)
    is_numbered = bool(part.buttons) and keyboard is None
    text = numbered(part.text, part.buttons) if is_numbered else part.text
    *before, last = [rendered(piece, STYLE) for piece in split(text or "…", TEXT)]
    yield from (Message(_text(piece)) for piece in before)
    content = _text(last)
    if keyboard:
        content["reply_markup"] = {"inline_keyboard": keyboard}
    yield Message(content, numbered=part.buttons if is_numbered else ())


def _keyboard(buttons: Sequence[CardButton]) -> list[Json] | None:
    """A row for each button; nothing where one's value is too long."""
    if not buttons or any(not button.url and in_bytes(button.value) > CALLBACK for button in buttons):
        return None
    return [
        [
            {"text": button.label, "url": button.url}
            if button.url
            else {"text": button.label, "callback_data": button.value}
        ]
        for button in buttons
    ]


def _text(text: str) -> dict[str, Json]:
    return {"method": "sendMessage", "text": text, "parse_mode": "HTML"}


def _accepted(response: Response) -> Json:
    """The answer. Raises `SendFailure` in Telegram's own words."""
    try:
        answer = response.json()
    except Unreachable:
        if response.is_ok:
            raise
        answer = None
    if response.is_ok and find(answer, "ok") is True:
        return answer
    if response.is_ok and find(answer, "ok") is not False:
        raise Unreachable("BAD_RESPONSE", "Telegram gave an answer that cannot be understood.")
    told = f"Telegram refused it: {find(answer, 'description') or f'status {response.status}'}."
    code = find(answer, "error_code") if response.is_ok else response.status
    if code == 429:
        seconds = find(answer, "parameters", "retry_after")
        after = float(min(seconds, MOST_SECONDS)) if isinstance(seconds, int | float) else None
        raise SendFailure(told, again=True, after_seconds=after)
    # 403: the person has blocked the bot, which nobody has to mend.
    raise SendFailure(told, again=isinstance(code, int) and code >= 500, alarm=code in (401, 404))
