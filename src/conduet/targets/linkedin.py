"""LinkedIn: https://learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api.

A text is *little text*: signs that mean something there are escaped, so that it stands as it was approved. Pictures
are uploaded before anything is public:
https://learn.microsoft.com/linkedin/marketing/community-management/shares/images-api.
"""

import re
from typing import Annotated, ClassVar, Final
from urllib.parse import urlsplit

from pydantic import Field, JsonValue

from conduet.engine.channel.answer import check_accepted, given_id
from conduet.engine.channel.outbound import Line, SendFailure, SentFile
from conduet.engine.channel.target import PictureFiles, Publication, Rate, Target, check_published, unpublished
from conduet.engine.fields import control
from conduet.engine.outside import MOST_CALL_SECONDS, Request, Response, Unreachable
from conduet.engine.service import bearer, find, json_request
from conduet.engine.values import Json

FILES: Final = PictureFiles(
    types={"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF"}, size=5_000_000, alt=4_086
)
"""LinkedIn names no bytes, but pixels (36,152,320): with more than these others were refused."""

_SIGNS: Final = re.compile(r"[\\|{}@\[\]()<>#*_~]")


class LinkedinTarget(Target):
    """A member's or an organization's page on LinkedIn."""

    type: ClassVar[str] = "linkedin"
    display_name: ClassVar[str] = "LinkedIn"
    example: ClassVar[dict[str, JsonValue]] = {
        "accessToken": "{{secrets.LINKEDIN_TOKEN}}",
        "author": "urn:li:organization:5515715",
        "version": "202601",
    }
    longest: ClassVar[int] = 3000
    most_images: ClassVar[int] = 20
    picture_files: ClassVar[PictureFiles | None] = FILES
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
        post = publication.post
        pictures: list[Json] = [
            {
                "id": await self._upload(line, await FILES.file(line, each)),
                **({"altText": each.alt} if each.alt else {}),
            }
            for each in post.pictures
        ]
        body = {**_BODY, "author": self.author, "commentary": little_text(post.text)}
        if pictures:
            body["content"] = {"media": pictures[0]} if len(pictures) == 1 else {"multiImage": {"images": pictures}}
        response = await line.call(self._request("/rest/posts", body))
        if response.status == 422:
            raise SendFailure("LinkedIn refused the post (422): it has the same text already, or does not take it.")
        self._check_version(response)
        check_published("LinkedIn", response, lambda answer: find(answer, "message"))
        if response.status != 201:
            raise Unreachable("BAD_RESPONSE", f"LinkedIn answered with status {response.status} in place of 201.")
        return response.headers.get("x-restli-id")

    async def _upload(self, line: Line, file: SentFile) -> str:
        """LinkedIn's name of a picture."""
        with unpublished():
            asked: Json = {"initializeUploadRequest": {"owner": self.author}}
            begun = await line.call(self._request("/rest/images?action=initializeUpload", asked))
            self._check_version(begun)
            check_accepted("LinkedIn", begun, lambda answer: find(answer, "message"))
            told = begun.json()
            image, place = (
                given_id("LinkedIn", told, "value", "image"),
                given_id("LinkedIn", told, "value", "uploadUrl"),
            )
            if not self._is_its_own(place):
                raise SendFailure("LinkedIn names a place for a picture that is not its own: it gets no token.")
            headers = {**bearer(self.access_token), "Content-Type": file.mime_type}
            put = Request("PUT", place, headers=headers, body=file.content, timeout_seconds=MOST_CALL_SECONDS)
            check_accepted("LinkedIn", await line.call(put))
        return image

    def _request(self, path: str, body: Json) -> Request:
        headers = {
            **bearer(self.access_token),
            "Linkedin-Version": self.version,
            "X-Restli-Protocol-Version": "2.0.0",
        }
        return json_request("POST", f"{self.base_url.rstrip('/')}{path}", body=body, headers=headers)

    def _check_version(self, response: Response) -> None:
        if response.status == 426:
            told = f"LinkedIn no longer takes version {self.version}: set a newer `version`."
            raise SendFailure(told, alarm=True)

    def _is_its_own(self, url: str) -> bool:
        host = urlsplit(url).hostname or ""
        return host == urlsplit(self.base_url).hostname or host.endswith(".linkedin.com")


def little_text(text: str) -> str:
    """A text in which nothing means more than it says."""
    return _SIGNS.sub(lambda match: f"\\{match[0]}", text)


_BODY: Final[dict[str, Json]] = {
    "visibility": "PUBLIC",
    "distribution": {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []},
    "lifecycleState": "PUBLISHED",
    "isReshareDisabledByAuthor": False,
}
