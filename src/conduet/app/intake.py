"""What may come in: how many bytes, how deep, and of which type; counted as it comes, whatever its headers claim."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive

from conduet.errors import PayloadTooLarge, UnsupportedMedia
from conduet.kit.json import DOCUMENT_LEVELS, LEVELS, parse

KB = 1024
MB = 1024 * KB


@dataclass(frozen=True, slots=True)
class Intake:
    """The largest body of an address in bytes, its deepest nesting, and whether it has to be JSON."""

    limit: int = MB
    levels: int = LEVELS
    json: bool = True


JSON = Intake()
DOCUMENT = Intake(limit=20 * MB, levels=DOCUMENT_LEVELS)
# What is imported is told apart by the importer, not by its content type.
IMPORT = Intake(limit=20 * MB, levels=DOCUMENT_LEVELS, json=False)
# A file, and what multipart puts around it.
UPLOAD = Intake(limit=50 * MB + 64 * KB, json=False)
# Forms of our own pages and what channels send.
FOREIGN = Intake(json=False)

_RULES: tuple[tuple[str, re.Pattern[str], Intake], ...] = (
    ("POST", re.compile(r"(/api)?/v1/projects"), DOCUMENT),
    ("PATCH", re.compile(r"(/api)?/v1/projects/[^/]+"), DOCUMENT),
    ("POST", re.compile(r"(/api)?/v1/projects/[^/]+/persist"), DOCUMENT),
    ("POST", re.compile(r"(/api)?/v1/projects/import"), IMPORT),
    ("POST", re.compile(r"(/api)?/v1/(projects/[^/]+/)?knowledge-base/upload"), UPLOAD),
    ("POST", re.compile(r"/api/v1/channels/.+"), FOREIGN),
    ("POST", re.compile(r"/(?!api/|v1/).*"), FOREIGN),
)


def intake_of(method: str, path: str) -> Intake:
    """What `method` on `path` takes."""
    for known, pattern, intake in _RULES:
        if known == method and pattern.fullmatch(path):
            return intake
    return JSON


def check_type(headers: Mapping[bytes, bytes]) -> None:
    """Raises `UnsupportedMedia` for a body that says it is something else than JSON; one that says nothing passes."""
    said = headers.get(b"content-type", b"").split(b";", 1)[0].strip().lower()
    if said and said != b"application/json" and not (said.startswith(b"application/") and said.endswith(b"+json")):
        raise UnsupportedMedia(f"This endpoint reads application/json, not {said.decode('latin-1')[:100]}.")


class Counted:
    """A request's body that ends with `PayloadTooLarge` at the first byte over `limit`."""

    __slots__ = ("_left", "_receive")

    def __init__(self, receive: Receive, *, limit: int) -> None:
        self._receive = receive
        self._left = limit

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            if self._left < 0:
                # The rest is not read: the connection cannot be used again.
                raise PayloadTooLarge(headers={"Connection": "close"})
        return message


class Checked:
    """A request's body, read whole and found to be strict JSON, then handed on in one piece."""

    __slots__ = ("_body", "_receive")

    def __init__(self, receive: Receive, body: bytes) -> None:
        self._receive = receive
        self._body: bytes | None = body

    @classmethod
    async def read(cls, receive: Receive, *, headers: Mapping[bytes, bytes], levels: int) -> "Checked":
        """Raises what is wrong with the body; an empty one is left to the endpoint."""
        body = b"".join([chunk async for chunk in _chunks(receive)])
        if body:
            check_type(headers)
            parse(body, levels=levels)
        return cls(receive, body)

    async def receive(self) -> Message:
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


async def _chunks(receive: Receive) -> AsyncIterator[bytes]:
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientDisconnect
        yield message.get("body", b"")
        if not message.get("more_body", False):
            return
