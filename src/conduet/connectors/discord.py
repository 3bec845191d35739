"""Discord, through a channel's webhook.

Source: https://discord.com/developers/docs/resources/webhook#execute-webhook (API v10), and for errors and limits
https://discord.com/developers/docs/topics/opcodes-and-status-codes and …/topics/rate-limits (`retry_after`: seconds).
"""

from typing import Annotated, ClassVar, Final

from pydantic import Field, JsonValue

from conduet.engine.connector import Connector, ConnectorAction, Credentials
from conduet.engine.fields import control
from conduet.engine.service import Service, find, json_request
from conduet.engine.use import ToolUse
from conduet.engine.values import Json

WEBHOOK_URL: Final = r"^https://(?:(?:ptb|canary)\.)?discord(?:app)?\.com/api/(?:v[0-9]{1,2}/)?webhooks/[0-9]{1,20}/[A-Za-z0-9_-]{1,100}$"
MOST_CHARACTERS: Final = 2000

discord: Final = Service("Discord", lambda answer: find(answer, "message"))


class DiscordCredentials(Credentials):
    """The address of a webhook, which is all that it takes to post there."""

    webhook_url: Annotated[
        str,
        Field(
            pattern=WEBHOOK_URL,
            description="The webhook's URL, as the channel's settings show it.",
            json_schema_extra=control("secret"),
        ),
    ]


class PostMessage(ConnectorAction[DiscordCredentials]):
    """Post a message to the webhook's channel."""

    name: ClassVar[str] = "post-message"
    example: ClassVar[dict[str, JsonValue]] = {"text": "A new order: {{order.id}}", "username": "Bicycle shop"}

    text: Annotated[
        str,
        Field(
            min_length=1,
            max_length=MOST_CHARACTERS,
            description="What is posted (Markdown); it mentions nobody.",
            json_schema_extra=control("textarea"),
        ),
    ]
    username: Annotated[
        str | None,
        Field(
            max_length=80,
            description="The name it is posted under, instead of the webhook's.",
            json_schema_extra=control("text"),
        ),
    ] = None

    async def run(self, credentials: DiscordCredentials, use: ToolUse) -> Json:
        """`{id, channelId}` of the message."""
        body: dict[str, Json] = {"content": self.text, "allowed_mentions": {"parse": []}}
        if self.username:
            body["username"] = self.username
        # Without `wait` a message that is not kept is a success.
        request = json_request("POST", credentials.webhook_url, body=body, query={"wait": "true"})
        answer = await discord.ask(use, request)
        return {"id": discord.part(answer, "id"), "channelId": find(answer, "channel_id")}


class Discord(Connector):
    """Discord: messages to a channel."""

    type: ClassVar[str] = "discord"
    credentials = DiscordCredentials
    actions = (PostMessage,)
