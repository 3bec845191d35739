"""A connector in a package of its own: messages to phones by ntfy.

Source: https://docs.ntfy.sh/publish/#publish-as-json; errors are `{code, http, error, link}`.
"""

from typing import Annotated, ClassVar, Final

from pydantic import Field, JsonValue

from conduet.engine.connector import Connector, ConnectorAction, Credentials
from conduet.engine.fields import control
from conduet.engine.service import Service, bearer, find, json_request
from conduet.engine.use import ToolUse
from conduet.engine.values import Json

ntfy: Final = Service("ntfy", lambda answer: find(answer, "error"))


class NtfyCredentials(Credentials):
    """A server of ntfy, and what may publish there."""

    token: Annotated[
        str, Field(min_length=1, description="An access token (`tk_…`).", json_schema_extra=control("secret"))
    ]
    server: Annotated[
        str,
        Field(
            pattern=r"^https?://[A-Za-z0-9.-]+(:\d+)?$",
            description="The server's address.",
            json_schema_extra=control("text"),
        ),
    ] = "https://ntfy.sh"


class Publish(ConnectorAction[NtfyCredentials]):
    """Send a message to everybody who listens to a topic."""

    name: ClassVar[str] = "publish"
    example: ClassVar[dict[str, JsonValue]] = {"topic": "bike-orders", "message": "A new order: {{order.id}}"}

    topic: Annotated[
        str, Field(pattern=r"^[\w-]{1,64}$", description="The topic's name.", json_schema_extra=control("text"))
    ]
    message: Annotated[str, Field(min_length=1, description="What it says.", json_schema_extra=control("textarea"))]
    title: Annotated[str | None, Field(description="Its title.", json_schema_extra=control("text"))] = None

    async def run(self, credentials: NtfyCredentials, use: ToolUse) -> Json:
        """`{id}` of the message."""
        body: dict[str, Json] = {"topic": self.topic, "message": self.message}
        if self.title:
            body["title"] = self.title
        request = json_request("POST", credentials.server, body=body, headers=bearer(credentials.token))
        answer = await ntfy.ask(use, request)
        return {"id": ntfy.part(answer, "id")}


class Ntfy(Connector):
    """ntfy: messages to phones and desktops."""

    type: ClassVar[str] = "ntfy"
    credentials = NtfyCredentials
    actions = (Publish,)
