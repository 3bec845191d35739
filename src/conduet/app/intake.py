"""What may come in: how many bytes, and of which type; counted as it comes, whatever its headers claim."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache

from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive

from conduet.errors import PayloadTooLarge, UnsupportedMedia
from conduet.kit.json import parse

KB = 1024
MB = 1024 * KB
LINGER_BYTES = 8 * MB
LINGER_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Intake:
    """The largest body of an address in bytes, and whether it has to be JSON of the usual depth."""

    limit: int = MB
    json: bool = True


JSON = Intake()
# Deep, and of several content types: these endpoints read for themselves, off the event loop.
DOCUMENT = Intake(limit=20 * MB, json=False)
# A file, and what multipart puts around it.
UPLOAD_BYTES = 50 * MB
UPLOAD = Intake(limit=UPLOAD_BYTES + 64 * KB, json=False)
# A text of 20 MB, with what JSON puts before its quotes and line ends.
TEXT = Intake(limit=2 * 20 * MB + 64 * KB, json=False)
# A file of a user, and what multipart puts around it.
SENT = Intake(limit=10 * MB + 64 * KB, json=False)
# What channels send: a mail has files in it. Of most there is less, which they say themselves.
FOREIGN = Intake(limit=15 * MB, json=False)

_RULES: tuple[tuple[str, re.Pattern[str], Intake], ...] = (
    ("POST", re.compile(r"/api/v1/projects(/import|/\{\w+\}/persist)?"), DOCUMENT),
    ("PATCH", re.compile(r"/api/v1/projects/\{\w+\}"), DOCUMENT),
    ("POST", re.compile(r"/api/v1/(projects/\{\w+\}/)?knowledge-base/upload"), UPLOAD),
    ("POST", re.compile(r"/api/v1/(projects/\{\w+\}/)?knowledge-base"), TEXT),
    ("POST", re.compile(r"/api/v1/projects/\{\w+\}/tools/import"), DOCUMENT),
    ("POST", re.compile(r"(/api)?/v1/(projects/\{\w+\}/)?conversations/\{\w+\}/files"), SENT),
    ("POST", re.compile(r"/api/v1/channels/.+"), FOREIGN),
)


@cache
def intake_of(method: str, template: str) -> Intake:
    """What `method` on the address of this template takes."""
    for known, pattern, intake in _RULES:
        if known == method and pattern.fullmatch(template):
            return intake
    return JSON


def check_type(headers: Mapping[bytes, bytes]) -> None:
    """Raises `UnsupportedMedia` for a body that says it is something else than JSON; one that says nothing passes."""
    coding = headers.get(b"content-encoding", b"identity").decode("latin-1")[:100]
    if coding.lower() != "identity":
        raise UnsupportedMedia(f"The body says that it is compressed ({coding}): send it uncompressed.")
    said = headers.get(b"content-type", b"")
    if said in (b"application/json", b""):
        return
    said = said.split(b";", 1)[0].strip().lower()
    if said != b"application/json" and not (said.startswith(b"application/") and said.endswith(b"+json")):
        raise UnsupportedMedia(f"This endpoint reads application/json, not {said.decode('latin-1')[:100]}.")


class Counted:
    """A request's body that ends with `PayloadTooLarge` at the first byte over `limit`.

    With `json`, the request's headers, it has to say that it is JSON, or nothing.
    """

    __slots__ = ("_json", "_left", "_receive")

    def __init__(self, receive: Receive, *, limit: int, json: Mapping[bytes, bytes] | None = None) -> None:
        self._receive = receive
        self._left = limit
        self._json = json

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request" and (body := message.get("body", b"")):
            self._left -= len(body)
            if self._left < 0:
                await _linger(self._receive, message)
                raise PayloadTooLarge(headers={"Connection": "close"})
            if self._json is not None:
                check_type(self._json)
                self._json = None
        return message


async def _linger(receive: Receive, message: Message) -> None:
    """Throws away what is still coming, for a moment and within bounds.

    A connection that is closed on bytes nobody has read is reset, which can take the answer away from whoever sends.
    """
    left = LINGER_BYTES
    with suppress(TimeoutError):
        async with asyncio.timeout(LINGER_SECONDS):
            while message["type"] == "http.request" and message.get("more_body", False) and left > 0:
                message = await receive()
                left -= len(message.get("body", b""))


class Checked:
    """A request's body in one piece, found to be strict JSON; an empty one is left to the endpoint.

    It is read when the endpoint first asks for it, so that nothing is read for who may not ask; `receive` raises what
    is wrong with it.
    """

    __slots__ = ("_read", "_receive")

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._read = False

    async def receive(self) -> Message:
        if self._read:
            return await self._receive()
        self._read = True
        body = b"".join([chunk async for chunk in _chunks(self._receive)])
        if body:
            parse(body)
        return {"type": "http.request", "body": body, "more_body": False}


async def _chunks(receive: Receive) -> AsyncIterator[bytes]:
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientDisconnect
        yield message.get("body", b"")
        if not message.get("more_body", False):
            return
