"""Slack, by an incoming webhook or by an app's bot token.

Sources: https://api.slack.com/changelog/2016-05-17-changes-to-errors-for-incoming-webhooks,
https://docs.slack.dev/reference/methods/chat.postMessage, https://docs.slack.dev/apis/web-api/rate-limits. An answer of
`chat.postMessage` with status 200 and `ok: false` is a refusal.
"""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Final

from pydantic import Field, JsonValue

from conduet.engine.channel.markdown import rendered
from conduet.engine.channel.mrkdwn import STYLE
from conduet.engine.channel.outbound import Line, SendFailure
from conduet.engine.channel.target import Post, Publication, Rate, Target, check_published
from conduet.engine.fields import control
from conduet.engine.outside import Unreachable
from conduet.engine.service import bearer, find, json_request
from conduet.engine.values import Json, to_text

LONGEST: Final = 40_000
SECTION: Final = 2900
"""Letters of a text that stands above pictures: 3,000 as it is sent, with what escaping takes."""
IMAGES: Final = 20
ALT: Final = 2_000
"""The longest alternative text that Slack takes: a longer one is cut, not refused."""

ALARMS: Final = frozenset(
    ("account_inactive", "invalid_auth", "missing_scope", "not_authed", "token_expired", "token_revoked")
)
LATER: Final = frozenset(("ratelimited", "rate_limited", "service_unavailable"))
DOUBTFUL: Final = frozenset(("internal_error", "fatal_error"))


def _content(post: Post) -> dict[str, Json]:
    text = rendered(post.text, STYLE)
    if not post.images:
        return {"text": text}
    said: Json = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    shown: list[Json] = [
        {"type": "image", "image_url": each.url, "alt_text": each.alt[:ALT] or "image"} for each in post.pictures
    ]
    return {"text": text, "blocks": [said, *shown]}


class _Slack(Target):
    longest: ClassVar[int] = LONGEST
    most_images: ClassVar[int] = IMAGES
    rate: ClassVar[Rate | None] = Rate(1, 1)

    def length(self, text: str) -> int:
        return len(rendered(text, STYLE))

    def problems(self, post: Post) -> Iterator[str]:
        yield from super().problems(post)
        if post.images and self.length(post.text) > SECTION:
            yield f"Above pictures Slack takes {SECTION:,} characters."


class SlackWebhook(_Slack):
    """A channel in Slack, by an incoming webhook."""

    type: ClassVar[str] = "slack-webhook"
    display_name: ClassVar[str] = "Slack (incoming webhook)"
    example: ClassVar[dict[str, JsonValue]] = {"url": "{{secrets.SLACK_WEBHOOK}}"}

    url: Annotated[
        str,
        Field(
            pattern=r"^https?://",
            max_length=2000,
            description="The webhook's address, which is all that it takes to post.",
            json_schema_extra=control("secret"),
        ),
    ]

    async def publish(self, publication: Publication, line: Line) -> str | None:
        response = await line.call(json_request("POST", self.url, body=_content(publication.post)))
        if response.status in (400, 403, 404, 410):
            words = " ".join(response.body.split())[:200]
            raise SendFailure(f"Slack refused the post ({words}).", alarm=response.status != 400)
        check_published("Slack", response)
        if response.body.strip() != "ok":
            raise Unreachable("BAD_RESPONSE", "Slack gave an answer that cannot be understood.")
        return None


class SlackTarget(_Slack):
    """A channel in Slack, by an app of yours."""

    type: ClassVar[str] = "slack"
    example: ClassVar[dict[str, JsonValue]] = {"botToken": "{{secrets.SLACK_TOKEN}}", "channel": "C0123456789"}

    bot_token: Annotated[
        str,
        Field(
            min_length=1,
            max_length=512,
            description="The app's bot token (`xoxb-…`), with the scope `chat:write`.",
            json_schema_extra=control("secret"),
        ),
    ]
    channel: Annotated[
        str,
        Field(
            min_length=1,
            max_length=200,
            description="The channel's id; the app has to be in it.",
            json_schema_extra=control("text"),
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

    async def publish(self, publication: Publication, line: Line) -> str | None:
        url = f"{self.base_url.rstrip('/')}/api/chat.postMessage"
        body: dict[str, Json] = {"channel": self.channel, **_content(publication.post)}
        response = await line.call(json_request("POST", url, body=body, headers=bearer(self.bot_token)))
        check_published("Slack", response, lambda answer: find(answer, "error"))
        answer = response.json()
        if find(answer, "ok") is not True:
            error = to_text(find(answer, "error")) or "no reason told"
            if error in DOUBTFUL:
                raise Unreachable("SERVER_FAULT", f"Slack has a fault of its own ({error}).")
            raise SendFailure(f"Slack refused the post ({error}).", again=error in LATER, alarm=error in ALARMS)
        return to_text(find(answer, "ts")) or None
