"""Any system that can send and take JSON over HTTP, signed both ways.

In both directions `X-Conduet-Signature` is `sha256=` and the hex HMAC-SHA256, under the secret, of the timestamp, a dot
and the body; `X-Conduet-Timestamp` is in seconds since 1970; `X-Conduet-Delivery` is the same for each try of one
delivery, so that a double can be dropped.

In: `{"userId", "action": {"type", "payload"}}` or `{"userId", "message": "…"}`, with optional `variables`. Out: one
delivery for all that is to be said, `{"id", "type": "traces", "createdAt", "data": {"userId", "inReplyTo", "traces"}}`.
"""

import re
from collections.abc import Sequence
from typing import Annotated, ClassVar, Final

from pydantic import Field, JsonValue

from conduet.engine.action import Action, TextAction
from conduet.engine.channel.answer import retry_after
from conduet.engine.channel.channel import ListeningChannel
from conduet.engine.channel.inbound import Inbound, Incoming, Received, Reply
from conduet.engine.channel.outbound import Line, Message, Parcel, SendFailure, TraceJson
from conduet.engine.channel.signing import DELIVERY, SIGNATURE, TIMESTAMP, check_own, own_signature
from conduet.engine.fields import control
from conduet.engine.outside import Request
from conduet.errors import BadRequest
from conduet.kit.clock import iso, now
from conduet.kit.json import dumps, parse
from conduet.kit.schema import Wire, parsed

TRY_SECONDS: Final = 10.0

_ID: Final = re.compile(r"[\x21-\x7e]{1,128}")


class Said(Wire):
    """What a customer's system tells of one of its users."""

    user_id: Annotated[str, Field(min_length=1, max_length=512)]
    message: str | None = None
    action: Action | None = None
    variables: dict[str, JsonValue] | None = None


class Webhook(ListeningChannel):
    """Any system of your own, by signed JSON over HTTP both ways."""

    type: ClassVar[str] = "webhook"
    example: ClassVar[dict[str, JsonValue]] = {
        "url": "https://chat.shop.example/conduet",
        "secret": "a-secret-that-both-sides-know",
    }
    steps: ClassVar[tuple[str, ...]] = (
        "Think of a secret of at least 16 characters that both sides sign with.",
        "Have your system post what people write to {webhook}, and take answers at your URL.",
    )
    pauses: ClassVar[Sequence[float]] = (1, 5, 30, 300, 1_800, 7_200, 21_600, 43_200)
    repeats: ClassVar[bool] = True

    url: Annotated[
        str,
        Field(
            pattern=r"^https?://",
            max_length=8192,
            description="The address that answers are sent to.",
            json_schema_extra=control("text"),
        ),
    ]
    secret: Annotated[
        str,
        Field(
            min_length=16,
            max_length=1024,
            description="What both sides sign with: at least 16 characters.",
            json_schema_extra=control("secret"),
        ),
    ]

    def verify(self, request: Inbound) -> None:
        check_own(request, self.secret)

    def read(self, request: Inbound) -> Received:
        delivery = request.header(DELIVERY.lower())
        if not _ID.fullmatch(delivery):
            told = "It is needed, 1 to 128 printable ASCII characters: the same for each try of one delivery."
            raise BadRequest.at(f"header.{DELIVERY}", told)
        said = parsed(Said, parse(request.body))
        if (said.message is None) == (said.action is None):
            raise BadRequest.at("message", "Send either a `message` or an `action`.")
        action = said.action or TextAction(type="text", payload=said.message or "")
        incoming = Incoming(delivery, said.user_id, (action,), to=delivery, variables=said.variables)
        return Received((incoming,), reply=Reply('{"accepted":true}', "application/json"))

    def write(self, traces: Sequence[TraceJson]) -> Sequence[Message]:
        shown: list[JsonValue] = [dict(trace) for trace in traces if trace["type"] != "debug"]
        return (Message({"traces": shown}),) if shown else ()

    async def send(self, parcel: Parcel, line: Line) -> str | None:
        data = {"userId": parcel.user, "inReplyTo": parcel.to, "traces": parcel.content["traces"]}
        body = dumps({"id": parcel.id, "type": "traces", "createdAt": iso(parcel.created_at), "data": data})
        timestamp = str(int(now().timestamp()))
        headers = {
            "Content-Type": "application/json",
            DELIVERY: parcel.id,
            TIMESTAMP: timestamp,
            SIGNATURE: own_signature(self.secret, timestamp, body),
        }
        response = await line.call(Request("POST", self.url, headers=headers, body=body, timeout_seconds=TRY_SECONDS))
        if not response.is_ok:
            told = f"It was answered with status {response.status}; any 2xx counts."
            raise SendFailure(told, again=True, after_seconds=retry_after(response))
        return None
