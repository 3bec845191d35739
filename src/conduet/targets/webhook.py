"""Any system of your own: a signed `POST` of JSON, with the headers of the `webhook` channel.

`{"id", "type": "post", "createdAt", "data": {"text", "images"}}`. `X-Conduet-Delivery` is the same for each try, so
that a double can be dropped: where it is not known whether one arrived, it is sent again.
"""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Final

from pydantic import Field, JsonValue

from conduet.engine.channel.answer import retry_after
from conduet.engine.channel.outbound import Line, SendFailure
from conduet.engine.channel.signing import DELIVERY, SIGNATURE, TIMESTAMP, own_signature
from conduet.engine.channel.target import Publication, Target
from conduet.engine.fields import control
from conduet.engine.outside import Request
from conduet.kit.clock import iso, now
from conduet.kit.json import dumps

TRY_SECONDS: Final = 10.0


class WebhookTarget(Target):
    """Any system of your own, by signed JSON over HTTP."""

    type: ClassVar[str] = "webhook"
    example: ClassVar[dict[str, JsonValue]] = {
        "url": "https://cms.shop.example/posts",
        "secret": "{{secrets.CMS_SECRET}}",
    }
    longest: ClassVar[int] = 100_000
    most_images: ClassVar[int] = 20
    pauses: ClassVar[Sequence[float]] = (1, 5, 30, 300, 1_800, 7_200)
    repeats: ClassVar[bool] = True

    url: Annotated[
        str,
        Field(
            pattern=r"^https?://",
            max_length=8192,
            description="The address that posts are sent to.",
            json_schema_extra=control("text"),
        ),
    ]
    secret: Annotated[
        str,
        Field(
            min_length=16,
            max_length=1024,
            description="What posts are signed with: at least 16 characters.",
            json_schema_extra=control("secret"),
        ),
    ]

    async def publish(self, publication: Publication, line: Line) -> str | None:
        post = publication.post
        data = {"text": post.text, "images": [*post.images]}
        made = iso(publication.created_at)
        body = dumps({"id": publication.id, "type": "post", "createdAt": made, "data": data})
        timestamp = str(int(now().timestamp()))
        headers = {
            "Content-Type": "application/json",
            DELIVERY: publication.id,
            TIMESTAMP: timestamp,
            SIGNATURE: own_signature(self.secret, timestamp, body),
        }
        response = await line.call(Request("POST", self.url, headers=headers, body=body, timeout_seconds=TRY_SECONDS))
        if not response.is_ok:
            told = f"It was answered with status {response.status}; any 2xx counts."
            raise SendFailure(told, again=True, after_seconds=retry_after(response))
        return None
