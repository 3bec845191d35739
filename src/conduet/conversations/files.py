"""Files that users send: uploaded by who talks, and fetched by the address that this gives."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import Path, Request, Response
from pydantic import Field
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException

from conduet.accounts.principal import ProjectScope
from conduet.analytics.schemas import TranscriptFile
from conduet.analytics.store import Transcript
from conduet.conversations.door import Visit
from conduet.conversations.scope import Asker, ConversationScope
from conduet.conversations.store.clock import present
from conduet.conversations.store.files import KEPT_MS, File, add_file, get_file
from conduet.conversations.store.reading import check_sees
from conduet.conversations.store.shared import Shared, list_shared, list_shared_during
from conduet.errors import BadRequest, PayloadTooLarge, UnsupportedMedia
from conduet.kit.clock import from_milliseconds, iso, milliseconds, now
from conduet.kit.db import Database, Tx
from conduet.kit.exchange import exchange
from conduet.kit.media_type import IMAGES, PDF, fitting_name, told_by
from conduet.kit.openapi import failures
from conduet.kit.router import Router
from conduet.kit.schema import Wire
from conduet.limits.wide import WideLimits

FILE_BYTES: Final = 10 * 1024 * 1024
PATH: Final = "/files/{fileId}"
TAKEN: Final = IMAGES | {PDF}
TAKEN_TOLD: Final = "a PNG, JPEG, GIF or WebP picture, or a PDF"
FORM: Final = "multipart/form-data"

HEADERS: Final = {
    # Shown by an `img`, opened by nothing: no page of ours, with our cookies, is made of what somebody sent.
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "private, max-age=86400, immutable",
    "X-Robots-Tag": "noindex",
}
BINARY: Final = {"type": "string", "format": "binary"}
EXAMPLE: Final[dict[str, Any]] = {
    "url": "https://agents.example/api/v1/files/file_Zr3mB8v0kQb5w1nT2hYpXcJd7sLfGuAe9oViRqKt4Mx",
    "mimeType": "image/jpeg",
    "name": "wheel.jpg",
    "size": 48211,
    "expiresAt": "2026-12-25T12:00:00.000Z",
}

FileId = Annotated[str, Path(alias="fileId", examples=[EXAMPLE["url"].rpartition("/")[2]])]


class SentFile(Wire):
    """A file that was taken in: what a `media` action says of it, and how long it is there."""

    url: Annotated[str, Field(description="Where it is, for the `url` of a `media` action; who knows it has the file.")]
    mime_type: Annotated[str, Field(description="What its content is, for the action's `mimeType`.")]
    name: str
    size: Annotated[int, Field(description="In bytes.")]
    expires_at: str


class Files:
    """Takes in what users send."""

    def __init__(self, database: Database, limits: WideLimits) -> None:
        self._database = database
        self._limits = limits

    async def take(self, request: Request, visit: Visit) -> SentFile:
        """Keeps a file for a visitor's user.

        Raises `BadRequest`, `PayloadTooLarge`, `UnsupportedMedia`, `RateLimited`, and `NotFound` when the conversation
        does not exist for the visitor.
        """
        if visit.asker.is_page:
            await self._limits.count_upload(exchange(request.scope), visit.principal.credential_id)
        await self._database.read(partial(check_sees, asker=visit.asker))
        name, content = await _sent(request)
        kind = told_by(content)
        if kind not in TAKEN:
            raise UnsupportedMedia(f"A file is {TAKEN_TOLD}, and this one is none by its content.")
        at, file = milliseconds(now()), File(fitting_name(name, kind), kind, content)
        file_id = await self._database.write(partial(_keep, visit.asker, file, at))
        return SentFile(
            url=f"{request.url.scheme}://{request.url.netloc}/api/v1/files/{file_id}",
            mime_type=kind,
            name=file.name,
            size=len(content),
            expires_at=iso(from_milliseconds(at + KEPT_MS)),
        )


def file_routes(database: Database) -> Router:
    """`/files/{fileId}`."""
    router = Router(tags=["Conversations"])

    async def get(file_id: FileId) -> Response:
        at = milliseconds(now())
        file = await database.read(partial(get_file, file_id=file_id, now=at))
        shown = f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"
        return Response(file.content, media_type=file.mime_type, headers={**HEADERS, "Content-Disposition": shown})

    router.add_api_route(
        PATH,
        get,
        methods=["GET"],
        response_class=Response,
        summary="Fetch a file that a user sent",
        description="By the address that its upload gave, which nobody can guess; kept for 30 days. It is always sent "
        "as an attachment.",
        responses={
            200: {"content": {kind: {"schema": BINARY, "example": "(the bytes)"} for kind in sorted(TAKEN)}},
            **failures(404, 429),
        },
    )
    return router


def list_files(tx: Tx, scope: ConversationScope) -> Sequence[TranscriptFile]:
    """What the user sent in the conversation since it was reset last, oldest first."""
    return [_told(each) for each in list_shared(tx, scope, now=present())]


def list_files_of(tx: Tx, scope: ProjectScope, of: Transcript) -> Sequence[TranscriptFile]:
    """What the user sent during a transcript, oldest first."""
    return [_told(each) for each in list_shared_during(tx, scope, of, now=present())]


def _told(sent: Shared) -> TranscriptFile:
    at = iso(from_milliseconds(sent.sent_at))
    return TranscriptFile(turn_id=sent.turn_id, url=sent.url, mime_type=sent.mime_type, name=sent.name, sent_at=at)


async def _sent(request: Request) -> tuple[str, bytes]:
    if not request.headers.get("content-type", "").lower().startswith(FORM):
        raise UnsupportedMedia(f"Send the file as the field `file` of {FORM}.")
    try:
        async with request.form(max_files=1, max_fields=10) as form:
            file = form.get("file")
            if not isinstance(file, UploadFile) or not file.filename:
                raise BadRequest.at("file", f"Send a file with a name in the field `file` of {FORM}.")
            if (file.size or 0) > FILE_BYTES:
                raise PayloadTooLarge(f"A file has at most {FILE_BYTES // (1024 * 1024)} MB.")
            return file.filename, await file.read()
    except (MultiPartException, HTTPException):
        raise BadRequest.at("", f"The body is no {FORM} that can be read, with one file.") from None


def _keep(asker: Asker, file: File, at: int, tx: Tx) -> str:
    check_sees(tx, asker)
    return add_file(tx, asker.scope, file, now=at)
