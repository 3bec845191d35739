"""The Messenger platform, which Messenger and Instagram share: what comes, and how rich messages look there.

Sources: https://developers.facebook.com/docs/messenger-platform/reference/webhook-events/messages for what comes,
…/messenger-platform/send-messages/template/button and /generic for what goes, …/messenger-platform/instagram/features/
attachment-upload for files.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final

from conduet.engine.action import Action
from conduet.engine.channel.answer import given_id
from conduet.engine.channel.hub import HubChannel, objects, text_of
from conduet.engine.channel.inbound import Incoming, Received, Status, attached, pressed, said
from conduet.engine.channel.markdown import rendered
from conduet.engine.channel.outbound import Line, Message, Parcel, SentFile, TraceJson
from conduet.engine.channel.parts import Cards, Said, Shown, ShownCard, parts_of
from conduet.engine.channel.texts import numbered, shortened, split, titles, with_links
from conduet.engine.channel.upload import MEGABYTE, uploaded
from conduet.engine.outside import NOTHING, Request
from conduet.engine.service import find
from conduet.engine.trace import CardButton
from conduet.engine.values import Json, to_json

REPLIES: Final = 13
TITLE: Final = 20
PAYLOAD: Final = 1000
ELEMENTS: Final = 10
ELEMENT_TITLE: Final = 80
ELEMENT_BUTTONS: Final = 3
IMAGE_BYTES: Final = 8 * MEGABYTE
FILE_BYTES: Final = 25 * MEGABYTE
KEPT_SECONDS: Final = 29 * 24 * 3600.0
"""For how long an upload is used again."""

RESPONSE: Final[Mapping[str, Json]] = {"messaging_type": "RESPONSE"}
HUMAN_AGENT: Final[Mapping[str, Json]] = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
"""What says that a person answers, after the window for machines has closed."""

_FILES: Final = frozenset(("image", "audio", "video", "file"))


class MessengerPlatform(HubChannel):
    """A channel of the Messenger platform."""

    per_second: ClassVar[float | None] = 300
    person_window_seconds: ClassVar[float | None] = 7 * 24 * 60 * 60
    text_limit: ClassVar[int] = 2000
    text_size: ClassVar[Callable[[str], int]] = len
    upload_fields: ClassVar[Mapping[str, str]] = NOTHING
    """What an upload says beside the file."""

    async def media(self, url: str, line: Line) -> Request | None:
        # The address is good for a while only, and proves itself.
        return Request("GET", url)

    async def check(self, line: Line) -> str | None:
        answer = await self.ask(line, "me", query={"fields": "id,name"})
        return text_of(answer, "name") or text_of(answer, "id") or self.own_id

    @property
    def own_id(self) -> str:
        """What the platform calls the page or account."""
        raise NotImplementedError

    def read_entry(self, entry: Mapping[str, Any]) -> Received:
        # What another app has in hand comes as `standby`, and is nobody's turn.
        events = objects(entry.get("messaging"))
        events += [
            change["value"]
            for change in objects(entry.get("changes"))
            if change.get("field") == "messages" and isinstance(change.get("value"), dict)
        ]
        messages: list[Incoming] = []
        statuses: list[Status] = []
        for event in events:
            if text_of(event, "recipient", "id") != self.own_id:
                continue
            if (message := _message(event)) is not None:
                messages.append(message)
            delivered = find(event.get("delivery"), "mids")
            statuses += (Status(str(mid), "delivered") for mid in (delivered if isinstance(delivered, list) else ()))
            if mid := text_of(event, "read", "mid"):
                statuses.append(Status(mid, "read"))
        return Received(tuple(messages), tuple(statuses))

    def write(self, traces: Sequence[TraceJson]) -> Sequence[Message]:
        return [message for part in parts_of(traces) for message in self._written(part)]

    async def send(self, parcel: Parcel, line: Line) -> str | None:
        body: dict[str, Json] = {
            "recipient": {"id": parcel.user},
            **(HUMAN_AGENT if parcel.late else RESPONSE),
            "message": dict(await self._within_reach(parcel.content, line)),
        }
        return given_id(self.vendor, await self.ask(line, "me/messages", body), "message_id")

    async def _within_reach(self, content: Mapping[str, Json], line: Line) -> Mapping[str, Json]:
        """The content, with what the platform cannot fetch by itself uploaded; the address where that cannot be."""
        kind, url = text_of(content, "attachment", "type"), text_of(content, "attachment", "payload", "url")
        if not url or line.reaches(url):
            return content

        async def put(file: SentFile) -> str | None:
            is_shown = kind == "file" or file.mime_type.startswith(f"{kind}/")
            if not is_shown or len(file.content) > (IMAGE_BYTES if kind == "image" else FILE_BYTES):
                return None
            told: Json = {"attachment": {"type": kind, "payload": {"is_reusable": True}}}
            fields = {"message": to_json(told), **self.upload_fields}
            answer = await self.give(line, "me/message_attachments", fields, "filedata", file)
            return given_id(self.vendor, answer, "attachment_id")

        found = await uploaded(line, url, key=f"{self.account} {kind}", seconds=KEPT_SECONDS, put=put)
        if found is None:
            return {"text": url}
        return {"attachment": {"type": kind, "payload": {"attachment_id": found}}}

    def _written(self, part: Said | Shown | Cards) -> Iterator[Message]:
        match part:
            case Shown():
                yield Message({"attachment": {"type": part.kind, "payload": {"url": part.url}}})
                if part.caption and part.kind != "image":
                    yield from self._texts(part.caption)
            case Cards():
                yield from self._cards(part.cards)
            case Said():
                yield from self._said(part)

    def _said(self, part: Said) -> Iterator[Message]:
        text, buttons = with_links(rendered(part.text), part.buttons)
        if not buttons:
            yield from self._texts(text)
            return
        names = titles(buttons, limit=TITLE)
        if names is None or len(buttons) > REPLIES or any(len(button.value) > PAYLOAD for button in buttons):
            *before, last = split(numbered(text, buttons), self.text_limit, size=type(self).text_size)
            yield from (Message({"text": piece}) for piece in before)
            yield Message({"text": last}, numbered=buttons)
            return
        *before, last = split(text or "…", self.text_limit, size=type(self).text_size)
        yield from (Message({"text": piece}) for piece in before)
        replies: list[Json] = [
            {"content_type": "text", "title": name, "payload": button.value}
            for name, button in zip(names, buttons, strict=True)
        ]
        yield Message({"text": last, "quick_replies": replies})

    def _cards(self, cards: Sequence[ShownCard]) -> Iterator[Message]:
        for start in range(0, len(cards), ELEMENTS):
            elements: list[Json] = [_element(card) for card in cards[start : start + ELEMENTS]]
            template: dict[str, Json] = {"template_type": "generic", "elements": elements}
            yield Message({"attachment": {"type": "template", "payload": template}})
        for card in cards:
            if len(card.buttons) > ELEMENT_BUTTONS:
                yield from self._said(Said(card.title, card.buttons[ELEMENT_BUTTONS:]))

    def _texts(self, text: str) -> Iterator[Message]:
        return (Message({"text": piece}) for piece in split(text, self.text_limit, size=type(self).text_size))


def _message(event: Mapping[str, Any]) -> Incoming | None:
    user = text_of(event, "sender", "id")
    told = event.get("message") or event.get("postback")
    message_id = text_of(told, "mid")
    if not (user and message_id) or find(told, "is_echo") is True:
        return None
    actions = tuple(_actions(event, told))
    return Incoming(message_id, user, actions) if actions else None


def _actions(event: Mapping[str, Any], told: Any) -> Iterator[Action]:
    if "postback" in event and "message" not in event:
        yield pressed(text_of(told, "title"), text_of(told, "payload"))
        return
    if find(told, "is_deleted") is True or find(told, "is_unsupported") is True:
        return
    reply = text_of(told, "quick_reply", "payload")
    if reply:
        yield pressed(text_of(told, "text"), reply)
        return
    for attachment in objects(find(told, "attachments")):
        url = text_of(attachment, "payload", "url")
        if text_of(attachment, "type") in _FILES and url:
            yield attached(url)
    if text := text_of(told, "text"):
        yield said(text)


def _element(card: ShownCard) -> dict[str, Json]:
    element: dict[str, Json] = {"title": shortened(card.title, ELEMENT_TITLE)}
    if card.description:
        element["subtitle"] = shortened(rendered(card.description), ELEMENT_TITLE)
    if card.image_url:
        element["image_url"] = card.image_url
    if card.url:
        element["default_action"] = {"type": "web_url", "url": card.url}
    buttons: list[Json] = [_element_button(button) for button in card.buttons[:ELEMENT_BUTTONS]]
    return {**element, "buttons": buttons} if buttons else element


def _element_button(button: CardButton) -> Json:
    title = shortened(button.label, TITLE)
    if button.url:
        return {"type": "web_url", "title": title, "url": button.url}
    return {"type": "postback", "title": title, "payload": button.value[:PAYLOAD]}
