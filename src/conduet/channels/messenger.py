"""Messenger, for people who write to a Facebook page."""

from typing import Annotated, ClassVar

from pydantic import Field, JsonValue

from conduet.engine.channel.messenger import MessengerPlatform
from conduet.engine.fields import control


class Messenger(MessengerPlatform):
    """Messenger, where people write to your Facebook page."""

    type: ClassVar[str] = "messenger"
    vendor: ClassVar[str] = "Messenger"
    object: ClassVar[str] = "page"
    example: ClassVar[dict[str, JsonValue]] = {
        "pageId": "1067280970047460",
        "accessToken": "EAAG…",
        "appSecret": "0123456789abcdef0123456789abcdef",
        "verifyToken": "a-word-of-yours",
    }
    steps: ClassVar[tuple[str, ...]] = (
        "At developers.facebook.com make an app with Messenger. App settings, Basic, shows its app secret.",
        "Messenger, Settings: connect your page and make a token of it. The page's ID stands beside it.",
        (
            "Below Webhooks paste {webhook} and your verify token, then subscribe to messages, messaging_postbacks, "
            "message_deliveries and message_reads."
        ),
    )

    page_id: Annotated[
        str,
        Field(pattern=r"^[0-9]{1,40}$", description="The id of the page.", json_schema_extra=control("text")),
    ]

    @property
    def own_id(self) -> str:
        return self.page_id
