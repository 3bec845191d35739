"""WhatsApp, by Meta's Cloud API.

Sources: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages and
…/webhooks/reference/messages/status for what comes, …/whatsapp/messages/interactive-reply-buttons-messages and
https://developers.facebook.com/docs/whatsapp/guides/interactive-messages for what goes and its limits.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Final

from pydantic import Field, JsonValue

from conduet.engine.action import Action
from conduet.engine.channel.answer import given_id
from conduet.engine.channel.hub import HubChannel, objects, text_of
from conduet.engine.channel.inbound import DeliveryState, Incoming, Received, Status, attached, pressed, said
from conduet.engine.channel.markdown import Style, rendered
from conduet.engine.channel.outbound import Line, Message, Parcel, SentFile, TraceJson
from conduet.engine.channel.parts import Said, Shown, apart, parts_of
from conduet.engine.channel.texts import numbered, shortened, split, titles, with_links
from conduet.engine.channel.upload import MEGABYTE, uploaded
from conduet.engine.fields import control
from conduet.engine.outside import Request
from conduet.engine.service import bearer, find
from conduet.engine.trace import CardButton
from conduet.engine.values import Json

TEXT: Final = 4096
BODY: Final = 1024
CAPTION: Final = 1024
BUTTONS: Final = 3
BUTTON_TITLE: Final = 20
ROWS: Final = 10
ROW_TITLE: Final = 24
BUTTON_ID: Final = 256

STYLE: Final = Style(bold=("*", "*"), italic=("_", "_"), strike=("~", "~"), code=("`", "`"), block=("```", "```"))
STATES: Final[Mapping[str, DeliveryState]] = {"delivered": "delivered", "read": "read", "failed": "failed"}
MEDIA: Final[Mapping[str, str]] = {"image": "image", "video": "video", "audio": "audio", "file": "document"}


SHOWN: Final[Mapping[str, tuple[frozenset[str], int]]] = {
    "image": (frozenset(("image/jpeg", "image/png")), 5 * MEGABYTE),
    "video": (frozenset(("video/mp4", "video/3gpp")), 16 * MEGABYTE),
    "audio": (frozenset(("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg")), 16 * MEGABYTE),
}
"""What is shown as such, and up to which size; anything else is a document."""
KEPT_SECONDS: Final = 29 * 24 * 3600.0


class WhatsApp(HubChannel):
    """WhatsApp, with a number of the WhatsApp Business Platform."""

    type: ClassVar[str] = "whatsapp"
    display_name: ClassVar[str] = "WhatsApp"
    vendor: ClassVar[str] = "WhatsApp"
    object: ClassVar[str] = "whatsapp_business_account"
    example: ClassVar[dict[str, JsonValue]] = {
        "phoneNumberId": "106540352242922",
        "accessToken": "EAAG…",
        "appSecret": "0123456789abcdef0123456789abcdef",
        "verifyToken": "a-word-of-yours",
    }
    per_second: ClassVar[float | None] = 80
    steps: ClassVar[tuple[str, ...]] = (
        "At developers.facebook.com make an app with WhatsApp. App settings, Basic, shows its app secret.",
        (
            "WhatsApp, API setup shows the phone number ID. Make a token that does not expire: a system user of your "
            "business with the right whatsapp_business_messaging."
        ),
        (
            "WhatsApp, Configuration: paste {webhook} as the callback URL and your verify token, then subscribe to the "
            "field messages."
        ),
    )

    phone_number_id: Annotated[
        str,
        Field(
            pattern=r"^[0-9]{1,40}$",
            description="The id of the number, as Meta's dashboard shows it; not the number itself.",
            json_schema_extra=control("text"),
        ),
    ]

    def read_entry(self, entry: Mapping[str, Any]) -> Received:
        messages: list[Incoming] = []
        statuses: list[Status] = []
        for change in objects(entry.get("changes")):
            value = change.get("value")
            if (
                change.get("field") != "messages"
                or text_of(value, "metadata", "phone_number_id") != self.phone_number_id
            ):
                continue
            known = _contacts(value)
            messages += (found for each in objects(find(value, "messages")) if (found := _message(each, known)))
            statuses += (found for each in objects(find(value, "statuses")) if (found := _status(each)))
        return Received(tuple(messages), tuple(statuses))

    def write(self, traces: Sequence[TraceJson]) -> Sequence[Message]:
        return [message for part in apart(parts_of(traces)) for message in _written(part)]

    async def media(self, url: str, line: Line) -> Request | None:
        answer = await self.ask(line, url.removeprefix("whatsapp:"))
        return Request("GET", text_of(answer, "url"), headers=bearer(self.access_token))

    async def check(self, line: Line) -> str | None:
        query = {"fields": "verified_name,display_phone_number"}
        answer = await self.ask(line, self.phone_number_id, query=query)
        names = (text_of(answer, "verified_name"), text_of(answer, "display_phone_number"))
        return ", ".join(name for name in names if name) or self.phone_number_id

    async def send(self, parcel: Parcel, line: Line) -> str | None:
        body = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": parcel.user,
            **await self._within_reach(parcel.content, line),
        }
        answer = await self.ask(line, f"{self.phone_number_id}/messages", body)
        return given_id(self.vendor, answer, "messages", 0, "id")

    async def _within_reach(self, content: Mapping[str, Json], line: Line) -> Mapping[str, Json]:
        """The content, with what WhatsApp cannot fetch by itself uploaded; the address where that cannot be."""
        kind = str(content["type"])
        link = text_of(content.get(kind), "link")
        if not link or line.reaches(link):
            return content

        async def put(file: SentFile) -> str:
            shown, most = SHOWN.get(kind, (frozenset[str](), 0))
            sent_as = kind if file.mime_type in shown and len(file.content) <= most else "document"
            fields = {"messaging_product": "whatsapp", "type": file.mime_type}
            answer = await self.give(line, f"{self.phone_number_id}/media", fields, "file", file)
            return f"{sent_as} {given_id(self.vendor, answer, 'id')} {file.name}"

        found = await uploaded(
            line, link, key=f"{self.account} {self.phone_number_id} {kind}", seconds=KEPT_SECONDS, put=put
        )
        caption = text_of(content[kind], "caption")
        if found is None:
            return _text("\n".join(part for part in (caption, link) if part)).content
        sent_as, media_id, name = found.split(" ", 2)
        media: dict[str, Json] = {"id": media_id}
        if caption and sent_as != "audio":
            media["caption"] = caption
        if sent_as == "document":
            media["filename"] = text_of(content[kind], "filename") or name
        return {"type": sent_as, sent_as: media}


def _contacts(value: Json) -> dict[str, str]:
    """The scoped ids of users by their phone numbers."""
    found = objects(find(value, "contacts"))
    return {str(each["wa_id"]): str(each["user_id"]) for each in found if "wa_id" in each and "user_id" in each}


def _message(told: Mapping[str, Any], known: Mapping[str, str]) -> Incoming | None:
    phone, scoped = text_of(told, "from"), text_of(told, "from_user_id") or text_of(told, "user_id")
    scoped = scoped or known.get(phone, "")
    user, message_id, actions = scoped or phone, text_of(told, "id"), tuple(_actions(told))
    if not (user and message_id and actions):
        return None
    return Incoming(message_id, user, actions, aliases=(phone,) if phone and scoped else ())


def _actions(told: Mapping[str, Any]) -> Iterator[Action]:
    kind = text_of(told, "type")
    match kind:
        case "text":
            yield said(text_of(told, "text", "body"))
        case "button":
            yield pressed(text_of(told, "button", "text"), text_of(told, "button", "payload"))
        case "interactive":
            reply = find(told.get("interactive"), text_of(told, "interactive", "type"))
            yield pressed(text_of(reply, "title"), text_of(reply, "id"))
        case "image" | "video" | "audio" | "document" | "sticker":
            media = told.get(kind)
            yield attached(f"whatsapp:{text_of(media, 'id')}", text_of(media, "mime_type") or None)
            if caption := text_of(media, "caption"):
                yield said(caption)
        case "location":
            place = told.get("location")
            words = ", ".join(part for part in (text_of(place, "name"), text_of(place, "address")) if part)
            point = f"{find(place, 'latitude')}, {find(place, 'longitude')}"
            yield said(f"{words} ({point})" if words else point)
        case "contacts":
            names = (text_of(each, "name", "formatted_name") for each in objects(told.get("contacts")))
            yield said(", ".join(name for name in names if name) or "A contact.")
        case _:
            # Reactions, changes of numbers, and what the vendor itself cannot read are no turn.
            return


def _status(told: Mapping[str, Any]) -> Status | None:
    state, message_id = STATES.get(text_of(told, "status")), text_of(told, "id")
    if state is None or not message_id:
        return None
    error = find(told.get("errors"), 0)
    words = text_of(error, "error_data", "details") or text_of(error, "title")
    return Status(message_id, state, f"{words} ({find(error, 'code')})" if words else None)


def _written(part: Said | Shown) -> Iterator[Message]:
    if isinstance(part, Shown):
        kind = MEDIA[part.kind]
        media: dict[str, Json] = {"link": part.url}
        if part.caption and kind != "audio":
            media["caption"] = shortened(part.caption, CAPTION)
        if part.name and kind == "document":
            media["filename"] = part.name
        yield Message({"type": kind, kind: media})
        return
    text, buttons = with_links(rendered(part.text, STYLE), part.buttons)
    if not buttons:
        yield from (_text(piece) for piece in split(text, TEXT))
        return
    *before, last = split(text or "…", BODY)
    interactive = _interactive(last, buttons)
    if interactive is None:
        *before, last = split(numbered(text, buttons), TEXT)
        yield from (_text(piece) for piece in before)
        yield Message({"type": "text", "text": {"body": last}}, numbered=buttons)
        return
    yield from (_text(piece) for piece in before)
    yield Message({"type": "interactive", "interactive": interactive})


def _interactive(body: str, buttons: Sequence[CardButton]) -> dict[str, Json] | None:
    """Reply buttons, a list where they are too many or too long, or nothing where they do not fit that either."""
    if any(len(button.value) > BUTTON_ID for button in buttons) or len({each.value for each in buttons}) < len(buttons):
        return None
    names = titles(buttons, limit=BUTTON_TITLE)
    if len(buttons) <= BUTTONS and names is not None:
        replies: list[Json] = [
            {"type": "reply", "reply": {"id": button.value, "title": name}}
            for button, name in zip(buttons, names, strict=True)
        ]
        return {"type": "button", "body": {"text": body}, "action": {"buttons": replies}}
    names = titles(buttons, limit=ROW_TITLE)
    if len(buttons) > ROWS or names is None:
        return None
    rows: list[Json] = [{"id": button.value, "title": name} for button, name in zip(buttons, names, strict=True)]
    return {"type": "list", "body": {"text": body}, "action": {"button": "Choose", "sections": [{"rows": rows}]}}


def _text(body: str) -> Message:
    return Message({"type": "text", "text": {"body": body, "preview_url": True}})
