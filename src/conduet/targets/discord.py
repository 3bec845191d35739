"""Discord, by a webhook of a channel: https://discord.com/developers/docs/resources/webhook#execute-webhook.

`wait=true` has it answer with the message; nobody named in generated text is pinged.
"""

from typing import Annotated, ClassVar

from pydantic import Field, JsonValue

from conduet.engine.channel.outbound import Line, SendFailure
from conduet.engine.channel.target import Publication, Rate, Target, check_published
from conduet.engine.fields import control
from conduet.engine.outside import Response, Unreachable
from conduet.engine.service import find, json_request
from conduet.engine.values import Json, to_text


class DiscordTarget(Target):
    """A channel in Discord, by a webhook."""

    type: ClassVar[str] = "discord"
    example: ClassVar[dict[str, JsonValue]] = {"url": "{{secrets.DISCORD_WEBHOOK}}"}
    longest: ClassVar[int] = 2000
    most_images: ClassVar[int] = 10
    rate: ClassVar[Rate | None] = Rate(30, 60)

    url: Annotated[
        str,
        Field(
            pattern=r"^https?://",
            max_length=2000,
            description="The webhook's address (`https://discord.com/api/webhooks/…`), all that it takes to post.",
            json_schema_extra=control("secret"),
        ),
    ]

    async def publish(self, publication: Publication, line: Line) -> str | None:
        post = publication.post
        embeds: list[Json] = [{"image": {"url": url}} for url in post.images]
        body: dict[str, Json] = {"content": post.text, "allowed_mentions": {"parse": []}}
        if embeds:
            body["embeds"] = embeds
        response = await line.call(json_request("POST", self.url, body=body, query={"wait": "true"}))
        if response.status == 429 and (seconds := _seconds(response)) is not None:
            raise SendFailure("Discord takes no more posts for now.", again=True, after_seconds=seconds)
        check_published("Discord", response, lambda answer: find(answer, "message"))
        return to_text(find(response.json(), "id")) or None if response.body else None


def _seconds(response: Response) -> float | None:
    """How long to wait, from the body of a 429."""
    try:
        found = find(response.json(), "retry_after")
    except Unreachable:
        return None
    return float(found) if isinstance(found, int | float) and 0 <= found <= 3600 else None
