"""LinkedIn: https://learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api.

A text is *little text*: signs that mean something there are escaped, so that it stands as it was approved.
"""

import re
from typing import Annotated, ClassVar, Final

from pydantic import Field, JsonValue

from conduet.engine.channel.outbound import Line, SendFailure
from conduet.engine.channel.target import Publication, Rate, Target, check_published
from conduet.engine.fields import control
from conduet.engine.outside import Unreachable
from conduet.engine.service import bearer, find, json_request
from conduet.engine.values import Json

_SIGNS: Final = re.compile(r"[\\|{}@\[\]()<>#*_~]")


class LinkedinTarget(Target):
    """A member's or an organization's page on LinkedIn."""

    type: ClassVar[str] = "linkedin"
    example: ClassVar[dict[str, JsonValue]] = {
        "accessToken": "{{secrets.LINKEDIN_TOKEN}}",
        "author": "urn:li:organization:5515715",
        "version": "202601",
    }
    longest: ClassVar[int] = 3000
    rate: ClassVar[Rate | None] = Rate(100, 86_400)

    access_token: Annotated[
        str,
        Field(
            min_length=1,
            max_length=4096,
            description="A token with `w_member_social`, or `w_organization_social` for an organization.",
            json_schema_extra=control("secret"),
        ),
    ]
    author: Annotated[
        str,
        Field(
            pattern=r"^urn:li:(person|organization):[A-Za-z0-9_-]{1,100}$",
            description="Who posts: `urn:li:person:…` or `urn:li:organization:…`.",
            json_schema_extra=control("text"),
        ),
    ]
    version: Annotated[
        str,
        Field(
            pattern=r"^20[0-9]{4}$",
            description="The API's version, `YYYYMM`; one lives about a year.",
            json_schema_extra=control("text"),
        ),
    ] = "202601"
    base_url: Annotated[
        str,
        Field(
            pattern=r"^https?://",
            max_length=500,
            description="Where the API is, if not at its vendor's.",
            json_schema_extra=control("text"),
        ),
    ] = "https://api.linkedin.com"

    async def publish(self, publication: Publication, line: Line) -> str | None:
        headers = {
            **bearer(self.access_token),
            "Linkedin-Version": self.version,
            "X-Restli-Protocol-Version": "2.0.0",
        }
        url = f"{self.base_url.rstrip('/')}/rest/posts"
        body = {**_BODY, "author": self.author, "commentary": little_text(publication.post.text)}
        response = await line.call(json_request("POST", url, body=body, headers=headers))
        if response.status == 422:
            raise SendFailure("LinkedIn refused the post (422): it has the same text already, or does not take it.")
        if response.status == 426:
            told = f"LinkedIn no longer takes version {self.version}: set a newer `version`."
            raise SendFailure(told, alarm=True)
        check_published("LinkedIn", response, lambda answer: find(answer, "message"))
        if response.status != 201:
            raise Unreachable("BAD_RESPONSE", f"LinkedIn answered with status {response.status} in place of 201.")
        return response.headers.get("x-restli-id")


def little_text(text: str) -> str:
    """A text in which nothing means more than it says."""
    return _SIGNS.sub(lambda match: f"\\{match[0]}", text)


_BODY: Final[dict[str, Json]] = {
    "visibility": "PUBLIC",
    "distribution": {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []},
    "lifecycleState": "PUBLISHED",
    "isReshareDisabledByAuthor": False,
}
