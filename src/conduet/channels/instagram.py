"""Instagram, for people who write to a professional account.

Source: https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/messaging-api; a text
has at most 1,000 bytes of UTF-8.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, ClassVar

from pydantic import Field, JsonValue

from conduet.engine.channel.messenger import MessengerPlatform
from conduet.engine.channel.texts import in_bytes
from conduet.engine.fields import control


class Instagram(MessengerPlatform):
    """Instagram, where people write to your professional account."""

    type: ClassVar[str] = "instagram"
    vendor: ClassVar[str] = "Instagram"
    object: ClassVar[str] = "instagram"
    text_limit: ClassVar[int] = 1000
    text_size: ClassVar[Callable[[str], int]] = in_bytes
    upload_fields: ClassVar[Mapping[str, str]] = {"platform": "instagram"}
    example: ClassVar[dict[str, JsonValue]] = {
        "accountId": "17841405822304914",
        "accessToken": "IGAA…",
        "appSecret": "0123456789abcdef0123456789abcdef",
        "verifyToken": "a-word-of-yours",
    }
    steps: ClassVar[tuple[str, ...]] = (
        "At developers.facebook.com make an app with the product Instagram, and connect a professional account.",
        (
            "Copy the account's ID and make a token of it. An account that is connected through a page takes "
            "https://graph.facebook.com as its base URL."
        ),
        "Below Webhooks paste {webhook} and your verify token, then subscribe to the field messages.",
    )

    account_id: Annotated[
        str,
        Field(
            pattern=r"^[0-9]{1,40}$",
            description="The id of the professional account.",
            json_schema_extra=control("text"),
        ),
    ]
    base_url: Annotated[
        str,
        Field(
            pattern=r"^https?://",
            max_length=500,
            description="Where the API is: of Facebook, for an account that is connected to a page, another.",
            json_schema_extra=control("text"),
        ),
    ] = "https://graph.instagram.com"

    @property
    def own_id(self) -> str:
        return self.account_id
