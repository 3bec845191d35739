"""Slack, as an app of a workspace.

Source: https://docs.slack.dev/reference/methods/chat.postMessage (Web API; `chat.postMessage` has no version), with
https://docs.slack.dev/messaging/formatting-message-text for what has to be escaped. An answer with status 200 and
`ok: false` is a refusal.
"""

from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field, JsonValue

from conduet.engine.connector import Connector, ConnectorAction, Credentials
from conduet.engine.fields import control
from conduet.engine.service import Service, bearer, find, json_request
from conduet.engine.use import ToolFailure, ToolUse
from conduet.engine.values import Json

POST_MESSAGE: Final = "https://slack.com/api/chat.postMessage"
MOST_CHARACTERS: Final = 40_000
ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
BAD_TOKEN: Final = frozenset(
    {"account_inactive", "invalid_auth", "missing_scope", "not_authed", "token_expired", "token_revoked"}
)
WORDS: Final = {
    "channel_not_found": "there is no such channel, or the app may not see it (channel_not_found)",
    "is_archived": "the channel is archived (is_archived)",
    "missing_scope": "the app lacks the scope chat:write (missing_scope)",
    "not_in_channel": "the app is not in the channel; invite it there (not_in_channel)",
}

slack: Final = Service("Slack", lambda answer: find(answer, "error"))


class SlackCredentials(Credentials):
    """What a Slack app is known by."""

    token: Annotated[
        str,
        Field(
            min_length=1,
            description="The app's bot token (`xoxb-…`), with the scope `chat:write`.",
            json_schema_extra=control("secret"),
        ),
    ]


class PostMessage(ConnectorAction[SlackCredentials]):
    """Post a message to a channel."""

    name: ClassVar[str] = "post-message"
    example: ClassVar[dict[str, JsonValue]] = {"channel": "C0123456789", "text": "A new order: {{order.id}}"}

    channel: Annotated[
        str, Field(min_length=1, description="The channel's id, or its name.", json_schema_extra=control("text"))
    ]
    text: Annotated[
        str,
        Field(
            min_length=1,
            max_length=MOST_CHARACTERS,
            description="What is posted.",
            json_schema_extra=control("textarea"),
        ),
    ]
    format: Annotated[
        Literal["plain", "mrkdwn"],
        Field(
            description="`plain` shows the text as it is; `mrkdwn` lets it format, link, and mention people.",
            json_schema_extra=control("select"),
        ),
    ] = "plain"
    thread_ts: Annotated[
        str | None,
        Field(
            description="The `ts` of the message that this one answers in its thread.",
            json_schema_extra=control("text"),
        ),
    ] = None

    async def run(self, credentials: SlackCredentials, use: ToolUse) -> Json:
        """`{channel, ts}` of the message."""
        marked = self.format == "mrkdwn"
        body: dict[str, Json] = {
            "channel": self.channel,
            # Else `<!channel>` in what a user wrote rings for everybody.
            "text": self.text if marked else self.text.translate(ESCAPES),
            "mrkdwn": marked,
        }
        if self.thread_ts:
            body["thread_ts"] = self.thread_ts
        answer = await slack.ask(use, json_request("POST", POST_MESSAGE, body=body, headers=bearer(credentials.token)))
        if find(answer, "ok") is not True:
            raise _refusal(slack.part(answer, "error"))
        return {"channel": slack.part(answer, "channel"), "ts": slack.part(answer, "ts")}


class Slack(Connector):
    """Slack: messages to a team's channels."""

    type: ClassVar[str] = "slack"
    credentials = SlackCredentials
    actions = (PostMessage,)


def _refusal(error: Json) -> ToolFailure:
    word = str(error)
    if word in BAD_TOKEN:
        return slack.failure(
            "UNAUTHORIZED", "does not accept the credentials, or they do not allow this", WORDS.get(word, word)
        )
    if word in {"ratelimited", "rate_limited"}:
        return slack.failure("RATE_LIMITED", "takes no more calls for now")
    return slack.failure("REFUSED", "refused the message", WORDS.get(word, word))
