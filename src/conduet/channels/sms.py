"""Text messages, by a number of Twilio's.

Sources: https://www.twilio.com/docs/usage/security#validating-requests for the signature,
https://www.twilio.com/docs/messaging/guides/webhook-request for what comes,
https://www.twilio.com/docs/messaging/api/message-resource for what goes.
"""

import hmac
from base64 import b64encode
from collections.abc import Iterator, Sequence
from typing import Annotated, ClassVar, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from pydantic import Field, JsonValue

from conduet.engine.action import Action
from conduet.engine.channel.answer import check_accepted, given_id
from conduet.engine.channel.channel import ListeningChannel
from conduet.engine.channel.hub import text_of
from conduet.engine.channel.inbound import DeliveryState, Inbound, Incoming, Received, Reply, Status, attached, said
from conduet.engine.channel.markdown import rendered
from conduet.engine.channel.outbound import Line, Message, Parcel, SendFailure, TraceJson
from conduet.engine.channel.parts import Said, Shown, apart, parts_of
from conduet.engine.channel.signing import check_equal
from conduet.engine.channel.texts import numbered, split, with_links
from conduet.engine.fields import control
from conduet.engine.outside import Request
from conduet.engine.service import find
from conduet.errors import BadRequest

TEXT: Final = 1600
MOST_FILES: Final = 10
MOST_FIELDS: Final = 500
EMPTY: Final = Reply("<Response/>", "text/xml")
STATES: Final[dict[str, DeliveryState]] = {
    "delivered": "delivered",
    "read": "read",
    "failed": "failed",
    "undelivered": "failed",
}


class Sms(ListeningChannel):
    """Text messages (SMS) to a number of yours at Twilio."""

    type: ClassVar[str] = "sms"
    display_name: ClassVar[str] = "SMS"
    example: ClassVar[dict[str, JsonValue]] = {
        "accountSid": "AC0123456789abcdef0123456789abcdef",
        "authToken": "0123456789abcdef0123456789abcdef",
        "from": "+15017122661",
    }
    per_second: ClassVar[float | None] = 1
    steps: ClassVar[tuple[str, ...]] = (
        "The first page of your Twilio console shows the account SID and the auth token.",
        "Open Phone Numbers, your number. At A message comes in choose Webhook, POST, and paste {webhook}.",
        "Behind a proxy fill in the public URL too, the address as Twilio calls it: it is part of what is signed.",
    )

    account_sid: Annotated[
        str,
        Field(pattern=r"^AC[0-9a-f]{32}$", description="The account's SID.", json_schema_extra=control("text")),
    ]
    auth_token: Annotated[
        str,
        Field(
            min_length=1,
            max_length=256,
            description="The account's auth token, which deliveries are signed with too.",
            json_schema_extra=control("secret"),
        ),
    ]
    sender: Annotated[
        str,
        Field(
            alias="from",
            pattern=r"^(\+[0-9]{6,15}|MG[0-9a-f]{32}|[A-Za-z0-9 ]{1,11})$",
            description="The number, sender or messaging service that answers come from.",
            json_schema_extra=control("text"),
        ),
    ]
    public_url: Annotated[
        str | None,
        Field(
            pattern=r"^https?://",
            max_length=8192,
            description="The webhook's address as Twilio calls it, where the server cannot tell it: it is signed.",
            json_schema_extra=control("text"),
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
    ] = "https://api.twilio.com"

    def verify(self, request: Inbound) -> None:
        url = self.public_url or request.url
        if request.query and self.public_url is None:
            url = f"{url}?{urlencode(request.query)}"
        signed = url + "".join(name + value for name, value in sorted(_form(request)))
        digest = hmac.digest(self.auth_token.encode(), signed.encode(), "sha1")
        check_equal(request.header("x-twilio-signature"), b64encode(digest).decode())

    def read(self, request: Inbound) -> Received:
        form = dict(_form(request))
        number = form.get("MessageSid", "")
        state = STATES.get(form.get("MessageStatus", ""))
        if number and state is not None:
            code = form.get("ErrorCode")
            status = Status(number, state, f"Twilio's error {code}." if code else None)
            return Received(statuses=(status,), reply=EMPTY)
        user, actions = form.get("From", ""), tuple(_actions(form))
        if not (number and user and actions) or "MessageStatus" in form:
            return Received(reply=EMPTY)
        return Received((Incoming(number, user, actions),), reply=EMPTY)

    def write(self, traces: Sequence[TraceJson]) -> Sequence[Message]:
        return [message for part in apart(parts_of(traces)) for message in _written(part)]

    async def media(self, url: str, line: Line) -> Request | None:
        # The credentials go to the vendor alone.
        is_vendors = urlsplit(url).hostname == urlsplit(self.base_url).hostname
        return Request("GET", url, headers=self._known()) if is_vendors else None

    async def check(self, line: Line) -> str | None:
        response = await line.call(Request("GET", f"{self._account}.json", headers=self._known()))
        check_accepted("Twilio", response, lambda answer: find(answer, "message"))
        return text_of(response.json(), "friendly_name") or self.account_sid

    @property
    def _account(self) -> str:
        return f"{self.base_url.rstrip('/')}/2010-04-01/Accounts/{self.account_sid}"

    def _known(self) -> dict[str, str]:
        return {"Authorization": f"Basic {b64encode(f'{self.account_sid}:{self.auth_token}'.encode()).decode()}"}

    async def send(self, parcel: Parcel, line: Line) -> str | None:
        via = "MessagingServiceSid" if self.sender.startswith("MG") else "From"
        form = {via: self.sender, "To": parcel.user, "Body": str(parcel.content["text"])}
        if self.public_url is not None:
            form["StatusCallback"] = self.public_url
        headers = {**self._known(), "Content-Type": "application/x-www-form-urlencoded"}
        url = f"{self._account}/Messages.json"
        response = await line.call(Request("POST", url, headers=headers, body=urlencode(form).encode()))
        check_accepted("Twilio", response, lambda answer: find(answer, "message"))
        answer = response.json()
        if code := find(answer, "error_code") or find(answer, "code"):
            words = text_of(answer, "error_message") or text_of(answer, "message")
            raise SendFailure(f"Twilio refused the message: {words or 'no reason told'} ({code}).")
        return given_id("Twilio", answer, "sid")


def _form(request: Inbound) -> list[tuple[str, str]]:
    """The fields. Raises `BadRequest` for more than Twilio ever sends: it is read before it is believed."""
    try:
        return parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise BadRequest("The form has too many fields.") from None


def _actions(form: dict[str, str]) -> Iterator[Action]:
    count = form.get("NumMedia", "0")
    for number in range(min(int(count), MOST_FILES) if count.isascii() and count.isdecimal() else 0):
        if url := form.get(f"MediaUrl{number}"):
            yield attached(url, form.get(f"MediaContentType{number}"))
    if body := form.get("Body", "").strip():
        yield said(body)


def _written(part: Said | Shown) -> Iterator[Message]:
    if isinstance(part, Shown):
        yield Message({"text": "\n".join(each for each in (part.caption, part.url) if each)})
        return
    text, buttons = with_links(rendered(part.text), part.buttons)
    *before, last = split(numbered(text, buttons) if buttons else text or "…", TEXT)
    yield from (Message({"text": piece}) for piece in before)
    yield Message({"text": last}, numbered=buttons)
