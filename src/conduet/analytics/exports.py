"""Transcripts and figures as files: JSON Lines, exact, and CSV, for spreadsheets."""

import csv
import io
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from typing import Annotated, Any, Final

from fastapi import Path, Request
from starlette.responses import Response, StreamingResponse

from conduet.accounts.access import Access
from conduet.accounts.principal import ProjectScope
from conduet.analytics import examples, period, store
from conduet.analytics.figures import Analytics
from conduet.analytics.figures_schemas import told_days
from conduet.analytics.inclusion import included, parameter
from conduet.analytics.period import read_period
from conduet.analytics.schemas import WholeTranscript
from conduet.analytics.selection import SELECTING, Selection
from conduet.analytics.store import DASHBOARD, Wanted
from conduet.errors import BadRequest
from conduet.kit.db import Database, Tx
from conduet.kit.json import dumps
from conduet.kit.openapi import failures
from conduet.kit.page import Page, Place
from conduet.kit.router import Router

PIECE: Final = 50
"""How many transcripts are read at once: a file of any length takes the same memory."""

TYPES: Final = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}

DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r")
"""What makes a formula of a cell, in the spreadsheet of whoever opens what a stranger wrote."""

ProjectId = Annotated[str, Path(alias="projectId", examples=["proj_demo"])]

Row = dict[str, Any]

_MESSAGE: Final = ("id", "role", "content", "createdAt")
_HEAD: Final = ["transcriptId", *[*examples.LISTED][1:], "messageId", "role", "content", "createdAt"]


def export_routes(access: Access, database: Database, analytics: Analytics, selection: Selection) -> Router:
    """`/transcripts/export` and `/analytics/export`, and both below `/projects/{projectId}`."""
    router = Router()

    async def transcripts(request: Request, scope: ProjectScope) -> Response:
        kind, wanted = _format(request), await selection.read(request, scope)
        pieces = _pieces(database, scope, wanted)
        return _file("transcripts", kind, _transcript_lines(pieces, kind))

    async def figures(request: Request, scope: ProjectScope) -> Response:
        kind, zone = _format(request), await analytics.zone(scope)
        with_dashboard = DASHBOARD in included(request, (DASHBOARD,))
        told = await analytics.figures(scope, read_period(request, zone), zone, with_dashboard=with_dashboard)
        return _file("analytics", kind, _day_lines(told_days(told), kind))

    async def transcripts_by_key(request: Request) -> Response:
        return await transcripts(request, (await access.by_key(request)).scope)

    async def transcripts_by_developer(request: Request, project_id: ProjectId) -> Response:
        return await transcripts(request, (await access.by_project(request, project_id)).scope)

    async def figures_by_key(request: Request) -> Response:
        return await figures(request, (await access.by_key(request)).scope)

    async def figures_by_developer(request: Request, project_id: ProjectId) -> Response:
        return await figures(request, (await access.by_project(request, project_id)).scope)

    said = _described(
        "Transcripts",
        "Export transcripts with what was said",
        examples.WHOLE,
        _csv([_HEAD, *_rows(examples.WHOLE)]),
        SELECTING,
    )
    days = [*period.PARAMETERS, parameter("Also what was tried out with `chat`.", DASHBOARD)]
    counted = _described(
        "Analytics",
        "Export the figures of each day",
        examples.DAY,
        _csv([[*examples.DAY], [*examples.DAY.values()]]),
        days,
    )
    router.add_api_route("/transcripts/export", transcripts_by_key, **said)
    router.add_api_route("/projects/{projectId}/transcripts/export", transcripts_by_developer, **said)
    router.add_api_route("/analytics/export", figures_by_key, **counted)
    router.add_api_route("/projects/{projectId}/analytics/export", figures_by_developer, **counted)
    return router


def _format(request: Request) -> str:
    kind = request.query_params.get("format", "jsonl")
    if kind not in TYPES:
        raise BadRequest.at("query.format", "`csv` or `jsonl`.")
    return kind


def _file(name: str, kind: str, lines: AsyncIterator[bytes]) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    return StreamingResponse(lines, headers=headers, media_type=TYPES[kind])


async def _pieces(database: Database, scope: ProjectScope, wanted: Wanted) -> AsyncIterator[Sequence[Row]]:
    """The transcripts with their messages, most recent first, some at a time; none that begins meanwhile."""
    page = Page(PIECE)
    while True:

        def work(tx: Tx, page: Page = page) -> tuple[Place | None, list[Row]]:
            found, following = store.list_transcripts(tx, scope, page, wanted)
            shown = [WholeTranscript.shown(each, store.list_said(tx, scope, each)) for each in found]
            return following, [each.model_dump(by_alias=True, exclude_none=True) for each in shown]

        following, shown = await database.read(work)
        yield shown
        if following is None:
            return
        page = Page(PIECE, following)


async def _transcript_lines(pieces: AsyncIterator[Sequence[Row]], kind: str) -> AsyncIterator[bytes]:
    if kind == "csv":
        yield _csv([_HEAD])
    async for piece in pieces:
        if kind == "jsonl":
            yield b"".join(dumps(each) + b"\n" for each in piece)
        else:
            yield _csv(row for each in piece for row in _rows(each))


def _rows(transcript: Row) -> Iterator[Sequence[Any]]:
    """Each message with the transcript that it stands in; one without messages has a row of its own."""
    nothing: Row = {}
    of: Sequence[Any] = [transcript[name] for name in examples.LISTED]
    said: Sequence[Row] = transcript["messages"] or [nothing]
    for each in said:
        yield [*of, *(each.get(name, "") for name in _MESSAGE)]


async def _day_lines(days: Sequence[Row], kind: str) -> AsyncIterator[bytes]:
    if kind == "jsonl":
        yield b"".join(dumps(day) + b"\n" for day in days)
    else:
        yield _csv([[*examples.DAY], *([*day.values()] for day in days)])


def _csv(rows: Iterable[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode()


def _cell(value: Any) -> Any:
    """A value as spreadsheets read it; what would be a formula is told to be text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"'{value}" if isinstance(value, str) and value.startswith(DANGEROUS) else value


def _described(
    tag: str, summary: str, example: Row, table: bytes, parameters: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    text = {"type": "string"}
    kinds = {"type": "string", "enum": [*TYPES], "default": "jsonl"}
    told = {"name": "format", "in": "query", "description": "CSV, or JSON Lines.", "schema": kinds, "example": "csv"}
    content: dict[str, Any] = {
        "application/jsonl": {"schema": text, "example": dumps(example).decode() + "\n"},
        "text/csv": {"schema": text, "example": table.decode()},
    }
    return {
        "methods": ["GET"],
        "tags": [tag],
        "summary": summary,
        "description": "All of them, as a file that is written while it is read. JSON Lines is exact; in CSV a text "
        "that a spreadsheet would take for a formula has a `'` before it.",
        "response_class": Response,
        "responses": {200: {"content": content}, **failures(400, 401, 404, 429)},
        "openapi_extra": {"parameters": [told, *parameters]},
    }
