"""Slack, by an app of a workspace: direct messages to it, and messages that mention it.

Sources: https://docs.slack.dev/authentication/verifying-requests-from-slack for the signature,
https://docs.slack.dev/apis/events-api for what comes, https://docs.slack.dev/reference/methods/chat.postMessage for
what goes. An answer with status 200 and `ok: false` is a refusal.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Annotated, ClassVar, Final
from urllib.parse import parse_qs, urlencode, urlsplit

from pydantic import Field, JsonValue

from conduet.engine.channel.answer import check_accepted, given_id
from conduet.engine.channel.channel import ListeningChannel
from conduet.engine.channel.hub import objects, text_of
from conduet.engine.channel.inbound import Inbound, Incoming, Received, Reply, attached, pressed, said
from conduet.engine.channel.markdown import rendered
from conduet.engine.channel.mrkdwn import STYLE, escaped, link
from conduet.engine.channel.outbound import Line, Message, Parcel, SendFailure, SentFile, TraceJson
from conduet.engine.channel.parts import Said, Shown, apart, parts_of
from conduet.engine.channel.room import Place, Room
from conduet.engine.channel.signing import check_equal, check_recent, hex_hmac
from conduet.engine.channel.texts import numbered, shortened, split
from conduet.engine.channel.upload import Untaken, file_at
from conduet.engine.fields import control
from conduet.engine.outside import MOST_CALL_SECONDS, Request, Response, Unreachable
from conduet.engine.service import bearer, find, json_request
from conduet.engine.trace import CardButton
from conduet.engine.values import Json, to_json
from conduet.kit.json import parse

TEXT: Final = 2900
"""Letters of a section: 3,000 as it is sent, with what escaping takes."""
BUTTONS: Final = 25
LABEL: Final = 75
VALUE: Final = 2000

ALARMS: Final = frozenset(
    ("account_inactive", "invalid_auth", "missing_scope", "not_authed", "token_expired", "token_revoked")
)
LATER: Final = frozenset(("ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable"))

_MARKED: Final = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")


class SlackRoom(Room):
    """A channel of the workspace, where each conversation is a thread."""

    example: ClassVar[dict[str, JsonValue]] = {"channel": "C024BE91L"}

    channel: Annotated[
        str,
        Field(
            pattern=r"^[CG][A-Z0-9]{1,30}$",
            description="The channel's id; the app has to be in it.",
            json_schema_extra=control("text"),
        ),
    ]

    def places(self) -> Sequence[Place]:
        return (Place(self.channel, {"channel": self.channel}),)


class Slack(ListeningChannel):
    """Slack, where people write to your app, or mention it."""

    type: ClassVar[str] = "slack"
    example: ClassVar[dict[str, JsonValue]] = {
        "botToken": "xoxb-…",
        "signingSecret": "0123456789abcdef0123456789abcdef",
    }
    per_person_a_second: ClassVar[float | None] = 1
    steps: ClassVar[tuple[str, ...]] = (
        "At api.slack.com/apps make an app. Basic information shows its signing secret.",
        (
            "OAuth & Permissions: add the bot scopes chat:write, files:write, im:history and app_mentions:read, "
            "install the app, and copy the bot token."
        ),
        (
            "Event Subscriptions and Interactivity: paste {webhook}, and subscribe to the bot events message.im and "
            "app_mention."
        ),
    )

    room = SlackRoom

    bot_token: Annotated[
        str,
        Field(
            min_length=1,
            max_length=512,
            description="The app's bot token (`xoxb-…`), with the scope `chat:write`.",
            json_schema_extra=control("secret"),
        ),
    ]
    signing_secret: Annotated[
        str,
        Field(
            min_length=16,
            max_length=256,
            description="The app's signing secret, which deliveries are signed with.",
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
    ] = "https://slack.com"

    def verify(self, request: Inbound) -> None:
        timestamp = request.header("x-slack-request-timestamp")
        signed = b":".join((b"v0", timestamp.encode("latin-1", "replace"), request.body))
        check_equal(request.header("x-slack-signature"), f"v0={hex_hmac(self.signing_secret, signed)}")
        check_recent(timestamp, now_seconds=request.at.timestamp())

    def read(self, request: Inbound) -> Received:
        if request.header("content-type").startswith("application/x-www-form-urlencoded"):
            form = parse_qs(request.body.decode("utf-8", "replace"))
            return _interaction(parse(form["payload"][0].encode())) if "payload" in form else Received()
        told = parse(request.body)
        if find(told, "type") == "url_verification":
            return Received(reply=Reply(text_of(told, "challenge")))
        return _event(told)

    def write(self, traces: Sequence[TraceJson]) -> Sequence[Message]:
        return [message for part in apart(parts_of(traces)) for message in _written(part)]

    async def media(self, url: str, line: Line) -> Request | None:
        # The token goes to the vendor alone.
        host = urlsplit(url).hostname or ""
        is_vendors = host.endswith(".slack.com") or host == urlsplit(self.base_url).hostname
        return Request("GET", url, headers=bearer(self.bot_token)) if is_vendors else None

    async def check(self, line: Line) -> str | None:
        url = f"{self.base_url.rstrip('/')}/api/auth.test"
        response = await line.call(json_request("POST", url, body={}, headers=bearer(self.bot_token)))
        answer = _taken(response)
        return f"{text_of(answer, 'user')} in {text_of(answer, 'team')}"

    async def send(self, parcel: Parcel, line: Line) -> str | None:
        content = dict(parcel.content)
        at, called = text_of(file := content.pop("file", None), "at"), text_of(file, "called")
        if at and not line.reaches(at):
            with suppress(Untaken):
                return await self._share(line, _address(parcel), await file_at(line, at), called)
        url = f"{self.base_url.rstrip('/')}/api/chat.postMessage"
        body: dict[str, Json] = {**_address(parcel), **content, "unfurl_links": False}
        response = await line.call(json_request("POST", url, body=body, headers=bearer(self.bot_token)))
        return given_id("Slack", _taken(response), "ts")

    async def _share(self, line: Line, address: Mapping[str, Json], file: SentFile, called: str) -> str:
        """Uploads a file, and shares it; comes back with its id. Raises `Untaken` where the app may not."""
        channel = str(address["channel"])
        if channel[:1] not in "CDG":
            # A file is shared with a channel, not with a person.
            raise Untaken
        try:
            asked = {"filename": file.name, "length": str(len(file.content))}
            place = await self._ask(line, "files.getUploadURLExternal", asked)
            given = Request("POST", text_of(place, "upload_url"), body=file.content, timeout_seconds=MOST_CALL_SECONDS)
            check_accepted("Slack", await line.call(given))
        except Unreachable as failure:
            # Nothing is shared yet.
            raise SendFailure(failure.message, again=True) from None
        file_id = given_id("Slack", place, "file_id")
        files: Json = [{"id": file_id, "title": called or file.name}]
        thread = {"thread_ts": str(address["thread_ts"])} if "thread_ts" in address else {}
        done = {"files": to_json(files), "channel_id": channel, **thread}
        await self._ask(line, "files.completeUploadExternal", done)
        return file_id

    async def _ask(self, line: Line, method: str, form: Mapping[str, str]) -> Json:
        """The answer to a form. Raises as `send` does, and `Untaken` where the app has no right to files."""
        url, kind = f"{self.base_url.rstrip('/')}/api/{method}", "application/x-www-form-urlencoded"
        headers = {**bearer(self.bot_token), "Content-Type": kind}
        response = await line.call(Request("POST", url, headers=headers, body=urlencode(form).encode()))
        if response.is_ok and find(response.value(), "error") == "missing_scope":
            raise Untaken
        return _taken(response)

    async def name_of(self, user: str, line: Line) -> str:
        """With the scope `users:read`; without it they are somebody of the team."""
        url = f"{self.base_url.rstrip('/')}/api/users.info"
        asked = json_request("GET", url, query={"user": user.partition(":")[0]}, headers=bearer(self.bot_token))
        profile = find((await line.call(asked)).value(), "user", "profile")
        return text_of(profile, "display_name") or text_of(profile, "real_name") or "The team"


def _taken(response: Response) -> Json:
    """The answer. Raises `SendFailure`: one of 200 may be a refusal."""
    check_accepted("Slack", response, lambda answer: find(answer, "error"))
    answer = response.json()
    if find(answer, "ok") is not True:
        error = given_id("Slack", answer, "error")
        raise SendFailure(f"Slack refused it ({error}).", again=error in LATER, alarm=error in ALARMS)
    return answer


def _address(parcel: Parcel) -> dict[str, Json]:
    """Where a message goes: to a channel or a person, or into a thread."""
    channel = text_of(parcel.to, "channel") or parcel.user
    thread = text_of(parcel.to, "thread_ts") or text_of(parcel.to, "thread")
    return {"channel": channel, "thread_ts": thread} if thread else {"channel": channel}


def _event(told: Json) -> Received:
    """A direct message, or one that mentions the app; a thread in a channel is a conversation of its own."""
    event = find(told, "event")
    kind, subtype = text_of(event, "type"), text_of(event, "subtype")
    is_direct = kind == "message" and text_of(event, "channel_type") == "im"
    user, channel, number = text_of(event, "user"), text_of(event, "channel"), text_of(told, "event_id")
    thread = text_of(event, "thread_ts")
    # In a thread of a channel somebody of the team may answer a user; one who mentions the app there comes twice.
    is_answer = bool(thread) and not is_direct
    is_stray = is_answer and kind == "message"
    is_known = is_direct or kind == "app_mention" or is_stray
    if not is_known or find(event, "bot_id") or subtype not in ("", "file_share"):
        return Received()
    if not (user and channel and number):
        return Received()
    number = f"{channel}/{text_of(event, 'ts')}" if is_answer else number
    actions = [
        attached(text_of(file, "url_private"), text_of(file, "mimetype")) for file in objects(find(event, "files"))
    ]
    words = _plain(text_of(event, "text"), mention=kind == "app_mention" or is_answer)
    spoken = [said(words)] if words else []
    answers = (thread,) if is_answer else ()
    thread = thread or ("" if is_direct else text_of(event, "ts"))
    name = user if is_direct else f"{user}:{channel}:{thread}"
    to: dict[str, Json] = {"channel": channel, "thread_ts": thread} if thread else {"channel": channel}
    found = (*actions, *spoken)
    return Received((Incoming(number, name, found, to=to, answers=answers, stray=is_stray),)) if found else Received()


def _interaction(told: Json) -> Received:
    action = find(told, "actions", 0)
    user, channel = text_of(told, "user", "id"), text_of(told, "channel", "id")
    number = text_of(told, "trigger_id") or text_of(action, "action_ts")
    if text_of(told, "type") != "block_actions" or not (user and channel and number) or not text_of(action, "value"):
        return Received()
    thread = text_of(told, "message", "thread_ts")
    is_direct = channel.startswith("D")
    name = user if is_direct else f"{user}:{channel}:{thread or text_of(told, 'message', 'ts')}"
    to: dict[str, Json] = {"channel": channel, "thread_ts": thread} if thread else {"channel": channel}
    press = pressed(text_of(action, "text", "text"), text_of(action, "value"))
    return Received((Incoming(number, name, (press,), to=to),))


def _plain(text: str, *, mention: bool) -> str:
    """What somebody wrote, without Slack's marks; who the message is to is no part of it."""
    if mention:
        text = re.sub(r"^\s*<@[A-Z0-9]+(\|[^>]*)?>", "", text)
    plain = _MARKED.sub(lambda match: match[2] or match[1], text)
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def _written(part: Said | Shown) -> Iterator[Message]:
    if isinstance(part, Shown):
        words = part.caption or part.name or part.url
        file: Json = {"at": part.url, "called": part.caption or part.name}
        if part.kind == "image":
            image: dict[str, Json] = {"type": "image", "image_url": part.url, "alt_text": shortened(words, TEXT)}
            yield Message({"text": escaped(words), "blocks": [image], "file": file})
        else:
            yield Message({"text": link(escaped(words), part.url), "file": file})
        return
    elements = _elements(part.buttons)
    is_numbered = bool(part.buttons) and elements is None
    text = numbered(part.text, part.buttons) if is_numbered else part.text
    *before, last = [rendered(piece, STYLE) for piece in split(text or "…", TEXT)]
    yield from (Message({"text": piece}) for piece in before)
    content: dict[str, Json] = {"text": last}
    if elements:
        section: Json = {"type": "section", "text": {"type": "mrkdwn", "text": last}}
        content["blocks"] = [section, {"type": "actions", "elements": elements}]
    yield Message(content, numbered=part.buttons if is_numbered else ())


def _elements(buttons: Sequence[CardButton]) -> list[Json] | None:
    """The buttons as Slack shows them; nothing where they are too many, or a value is too long."""
    if not buttons or len(buttons) > BUTTONS or any(len(button.value) > VALUE for button in buttons):
        return None
    return [_element(number, button) for number, button in enumerate(buttons)]


def _element(number: int, button: CardButton) -> Json:
    label: Json = {"type": "plain_text", "text": shortened(button.label, LABEL)}
    element: dict[str, Json] = {"type": "button", "action_id": f"b{number}", "text": label}
    return {**element, "url": button.url} if button.url else {**element, "value": button.value}
