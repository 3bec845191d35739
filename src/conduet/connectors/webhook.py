"""Any system that takes JSON over HTTP and knows who sent it by a signature.

`X-Conduet-Signature` is `sha256=` and the hex HMAC-SHA256, under the secret, of the timestamp, a dot and the body;
`X-Conduet-Timestamp` is in seconds since 1970, so that an old call can be turned down; `X-Conduet-Delivery` is the same
for each try of one call, so that a double can be dropped.
"""

import hmac
from datetime import datetime
from typing import Annotated, ClassVar, Final

from pydantic import Field, JsonValue

from conduet.engine.connector import Connector, ConnectorAction, Credentials
from conduet.engine.fields import Value, control
from conduet.engine.outside import Request
from conduet.engine.service import RETRIES, Service, find
from conduet.engine.use import ToolUse
from conduet.engine.values import Json, to_json
from conduet.kit.ids import new_id

NOW: Final = Value("{{sys.now}}")

webhook: Final = Service("The webhook", lambda answer: find(answer, "error", "message") or find(answer, "error"))


class WebhookCredentials(Credentials):
    """Where it goes, and the secret that both sides know."""

    url: Annotated[
        str,
        Field(
            pattern=r"^https?://",
            max_length=8192,
            description="The address that is called.",
            json_schema_extra=control("text"),
        ),
    ]
    secret: Annotated[
        str, Field(min_length=16, description="What calls are signed with.", json_schema_extra=control("secret"))
    ]


class Send(ConnectorAction[WebhookCredentials]):
    """Send JSON, signed."""

    name: ClassVar[str] = "send"
    example: ClassVar[dict[str, JsonValue]] = {"payload": {"event": "order.placed", "order": "{{order}}"}}

    payload: Annotated[
        dict[str, JsonValue], Field(description="The JSON object that is sent.", json_schema_extra=control("json"))
    ]

    async def run(self, credentials: WebhookCredentials, use: ToolUse) -> Json:
        """`{status, body}` of the answer, which is any 2xx; the body is JSON where it is JSON."""
        body = to_json(self.payload).encode()
        timestamp = str(int(datetime.fromisoformat(use.text(NOW)).timestamp()))
        signed = hmac.digest(credentials.secret.encode(), f"{timestamp}.".encode() + body, "sha256").hex()
        headers = {
            "Content-Type": "application/json",
            "X-Conduet-Delivery": new_id("dlv"),
            "X-Conduet-Timestamp": timestamp,
            "X-Conduet-Signature": f"sha256={signed}",
        }
        response = await use.call(Request("POST", credentials.url, headers=headers, body=body, retries=RETRIES))
        if not response.is_ok:
            webhook.answer(response)
        return {"status": response.status, "body": response.value()}


class Webhook(Connector):
    """A webhook: JSON to any system, signed."""

    type: ClassVar[str] = "webhook"
    credentials = WebhookCredentials
    actions = (Send,)
