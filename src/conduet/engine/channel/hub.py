"""What the channels of Meta have in common: how their webhook is verified and signed, and their API is asked.

Source: https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks
"""

import hmac
from abc import abstractmethod
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final, cast

from pydantic import Field

from conduet.engine.channel.answer import WORDS, check_accepted, retry_after
from conduet.engine.channel.channel import ListeningChannel
from conduet.engine.channel.inbound import Inbound, Incoming, Received, Reply, Status
from conduet.engine.channel.outbound import Line, SendFailure, SentFile
from conduet.engine.channel.signing import check_equal, hex_hmac
from conduet.engine.channel.upload import multipart
from conduet.engine.fields import control
from conduet.engine.outside import NOTHING, Request, Response, Unreachable
from conduet.engine.service import bearer, find, json_request
from conduet.engine.values import Json, to_text
from conduet.errors import Forbidden
from conduet.kit.json import parse

SIGNATURE: Final = "x-hub-signature-256"
THROTTLED: Final = frozenset((4, 80007, 130429, 131048, 131056, 613, 32))
"""Codes of errors that pass by themselves."""
REJECTED: Final = 190
"""The code of an access token that is not taken any more."""

Secret = Annotated[str, Field(min_length=1, max_length=2048, json_schema_extra=control("secret"))]


class HubChannel(ListeningChannel):
    """A channel of Meta."""

    vendor: ClassVar[str] = ""
    object: ClassVar[str] = ""
    window_seconds: ClassVar[float | None] = 24 * 60 * 60

    access_token: Annotated[Secret, Field(description="A token of the app that may send, and does not expire.")]
    app_secret: Annotated[Secret, Field(description="The app's secret, which deliveries are signed with.")]
    verify_token: Annotated[Secret, Field(description="A word of yours that proves the webhook's address as yours.")]
    api_version: Annotated[
        str,
        Field(
            pattern=r"^v[0-9]{1,3}\.[0-9]{1,2}$",
            description="The version of the Graph API.",
            json_schema_extra=control("text"),
        ),
    ] = "v23.0"
    base_url: Annotated[
        str,
        Field(
            pattern=r"^https?://",
            max_length=500,
            description="Where the API is, if not at its vendor's.",
            json_schema_extra=control("text"),
        ),
    ] = "https://graph.facebook.com"

    def greet(self, request: Inbound) -> Reply:
        """The challenge, for who knows the word."""
        shown = request.query.get("hub.verify_token", "").encode()
        if request.query.get("hub.mode") != "subscribe" or not hmac.compare_digest(shown, self.verify_token.encode()):
            raise Forbidden("The verify token is another.")
        return Reply(request.query.get("hub.challenge", ""))

    def verify(self, request: Inbound) -> None:
        check_equal(request.header(SIGNATURE), f"sha256={hex_hmac(self.app_secret, request.body)}")

    def read(self, request: Inbound) -> Received:
        body = parse(request.body)
        if find(body, "object") != self.object:
            return Received()
        messages: list[Incoming] = []
        statuses: list[Status] = []
        for entry in objects(find(body, "entry")):
            received = self.read_entry(entry)
            messages += received.messages
            statuses += received.statuses
        return Received(tuple(messages), tuple(statuses))

    @abstractmethod
    def read_entry(self, entry: Mapping[str, Any]) -> Received:
        """What one entry of a delivery brings."""

    async def ask(
        self, line: Line, path: str, body: Mapping[str, Json] | None = None, *, query: Mapping[str, str] = NOTHING
    ) -> Json:
        """The JSON of a good answer: to a `POST`, or a `GET` without a body. Raises `SendFailure` and `Unreachable`."""
        url, headers = f"{self.base_url.rstrip('/')}/{self.api_version}/{path}", bearer(self.access_token)
        if body is None:
            request = json_request("GET", url, headers=headers, query=query)
        else:
            request = json_request("POST", url, body=dict(body), headers=headers)
        return await self._answered(line, request)

    async def give(self, line: Line, path: str, fields: Mapping[str, str], name: str, file: SentFile) -> Json:
        """The JSON of a good answer to a form with a file. Raises as `ask` does."""
        url, headers = f"{self.base_url.rstrip('/')}/{self.api_version}/{path}", bearer(self.access_token)
        return await self._answered(line, multipart(url, fields, name, file, headers))

    @property
    def account(self) -> str:
        """The account and what proves the right to it, as a key of what the vendor keeps for it."""
        return f"{self.vendor} {self.base_url} {self.access_token}"

    async def _answered(self, line: Line, request: Request) -> Json:
        response = await line.call(request)
        self._check(response)
        check_accepted(self.vendor, response, _complaint)
        return response.json()

    def _check(self, response: Response) -> None:
        """Raises what the code of an error says better than its status, which may be 200."""
        try:
            answer = response.json()
        except Unreachable:
            return
        if find(answer, "error") is None:
            return
        code, words = find(answer, "error", "code"), to_text(_complaint(answer))[:WORDS]
        if code == REJECTED:
            raise SendFailure(f"{self.vendor} does not accept the access token: {words}", alarm=True)
        if isinstance(code, int) and code in THROTTLED:
            told = f"{self.vendor} takes no more messages for now: {words}"
            raise SendFailure(told, again=True, after_seconds=retry_after(response))
        if response.is_ok:
            raise SendFailure(f"{self.vendor} refused the message: {words}")


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; none for anything else."""
    found = cast("list[Any]", value) if isinstance(value, list) else []
    return [cast("dict[str, Any]", each) for each in found if isinstance(each, dict)]


def text_of(value: Any, *steps: str | int) -> str:
    """The text at a place of a delivery; empty where there is none."""
    found = find(value, *steps)
    return found if isinstance(found, str) else ""


def _complaint(answer: Json) -> Json:
    return find(answer, "error", "error_data", "details") or find(answer, "error", "message")
