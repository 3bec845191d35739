"""Files that a vendor keeps before they are sent: where it takes no address, or cannot reach the one that there is."""

import hashlib
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, TypeAlias

from conduet.engine.channel.outbound import Line, SendFailure, SentFile
from conduet.engine.outside import MOST_CALL_SECONDS, Request, Unreachable

MEGABYTE: Final = 1024 * 1024

LINKED_SECONDS: Final = 3600.0
"""How long a file from elsewhere counts as the same: what lies at an address may be changed."""

Put: TypeAlias = Callable[[SentFile], Awaitable[str | None]]
"""Hands a file to the vendor, and comes back with its id there; `None`: it is none that the vendor takes."""


class Untaken(Exception):
    """A file that a vendor does not take, or that cannot be had."""


async def uploaded(line: Line, url: str, *, key: str, seconds: float, put: Put) -> str | None:
    """The vendor's id of a file, which it keeps for `seconds`; `None` where it has to be told by its address.

    `key` names the account, with what proves the right to it. Nothing is sent by that, so that a failure which may
    pass is tried again. Raises `SendFailure`.
    """

    async def make() -> tuple[str, float]:
        found = await put(await file_at(line, url))
        if found is None:
            raise Untaken
        return found, seconds if not line.reaches(url) else min(seconds, LINKED_SECONDS)

    try:
        return await line.kept(f"file:{hashlib.sha256(f'{key} {url}'.encode()).hexdigest()}", make)
    except Untaken:
        return None
    except SendFailure as failure:
        if failure.again or failure.alarm:
            raise
        return None
    except Unreachable as failure:
        raise SendFailure(failure.message, again=True) from None


async def file_at(line: Line, url: str) -> SentFile:
    """A file that goes out. Raises `Untaken` where it cannot be had: it is told by its address."""
    try:
        return await line.file(url)
    except Unreachable:
        raise Untaken from None


def multipart(url: str, fields: Mapping[str, str], name: str, file: SentFile, headers: Mapping[str, str]) -> Request:
    """A request that sends a file as the field `name` of a form (RFC 7578)."""
    boundary = secrets.token_hex(16)
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
        for field, value in fields.items()
    ]
    called = file.name.replace("\\", "_").replace('"', "_")
    head = f'Content-Disposition: form-data; name="{name}"; filename="{called}"\r\nContent-Type: {file.mime_type}'
    parts += (f"--{boundary}\r\n{head}\r\n\r\n".encode(), file.content, f"\r\n--{boundary}--\r\n".encode())
    typed = {**headers, "Content-Type": f"multipart/form-data; boundary={boundary}"}
    return Request("POST", url, headers=typed, body=b"".join(parts), timeout_seconds=MOST_CALL_SECONDS)
