"""The API of transcripts: by a project's secret key, and the same for developers."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final, TypeAlias

import orjson
from fastapi import Path, Request, Response

from conduet.accounts.access import Access
from conduet.accounts.principal import ProjectScope
from conduet.analytics import examples, store
from conduet.analytics.inclusion import included, parameter
from conduet.analytics.people import PeopleOf
from conduet.analytics.schemas import ListedTranscript, TranscriptFile, WholeTranscript
from conduet.analytics.selection import SELECTING, Selection
from conduet.analytics.store import Transcript
from conduet.kit.db import Database, Tx
from conduet.kit.json import dumps
from conduet.kit.openapi import failures
from conduet.kit.page import LINK, PARAMETERS, link, read_page
from conduet.kit.router import Router

JSON: Final = "application/json"
FILES: Final = "files"
TRACES: Final = "traces"

PASSING: Final = frozenset({"typing", "step"})
"""Traces that are for who is there at the moment: no transcript holds them."""

TracesOf: TypeAlias = Callable[[Tx, ProjectScope, Transcript], Sequence[tuple[str, bytes]]]
"""Tells the turns of a transcript in their order: the id of each and its traces, a JSON array."""

FilesOf: TypeAlias = Callable[[Tx, ProjectScope, Transcript], Sequence[TranscriptFile]]
"""Tells what the user sent during a transcript, oldest first."""

INCLUDE: Final = parameter("The traces of all its turns, and the files that the user sent.", TRACES, FILES)

ProjectId = Annotated[str, Path(alias="projectId", examples=["proj_demo"])]
TranscriptId = Annotated[str, Path(alias="transcriptId", examples=[examples.LISTED["id"]])]


def transcript_routes(
    access: Access,
    database: Database,
    selection: Selection,
    *,
    traces_of: TracesOf,
    files_of: FilesOf,
    people_of: PeopleOf,
) -> Router:
    """`/transcripts` and `/transcripts/{transcriptId}`, and both below `/projects/{projectId}`."""
    router = Router(tags=["Transcripts"])
    transcripts = _Transcripts(database, selection, traces_of, files_of, people_of)

    async def list_by_key(request: Request) -> Response:
        return await transcripts.list(request, (await access.by_key(request)).scope)

    async def list_by_developer(request: Request, project_id: ProjectId) -> Response:
        return await transcripts.list(request, (await access.by_project(request, project_id)).scope)

    async def get_by_key(request: Request, transcript_id: TranscriptId) -> Response:
        return await transcripts.get(request, (await access.by_key(request)).scope, transcript_id)

    async def get_by_developer(request: Request, project_id: ProjectId, transcript_id: TranscriptId) -> Response:
        return await transcripts.get(request, (await access.by_project(request, project_id)).scope, transcript_id)

    lists, gets = _listing(), _getting()
    router.add_api_route("/transcripts", list_by_key, **lists)
    router.add_api_route("/projects/{projectId}/transcripts", list_by_developer, **lists)
    router.add_api_route("/transcripts/{transcriptId}", get_by_key, **gets)
    router.add_api_route("/projects/{projectId}/transcripts/{transcriptId}", get_by_developer, **gets)
    return router


class _Transcripts:
    def __init__(
        self, database: Database, selection: Selection, traces_of: TracesOf, files_of: FilesOf, people_of: PeopleOf
    ) -> None:
        self._database = database
        self._selection = selection
        self._traces_of = traces_of
        self._files_of = files_of
        self._people_of = people_of

    async def list(self, request: Request, project: ProjectScope) -> Response:
        wanted, page = await self._selection.read(request, project), read_page(request)
        shown, following = await self._database.read(lambda tx: store.list_transcripts(tx, project, page, wanted))
        body = dumps([ListedTranscript.of(each).model_dump(by_alias=True) for each in shown])
        return Response(body, headers=link(request, following), media_type=JSON)

    async def get(self, request: Request, project: ProjectScope, transcript_id: str) -> Response:
        asked = included(request, (TRACES, FILES))

        def work(tx: Tx) -> tuple[dict[str, Any], Sequence[tuple[str, bytes]]]:
            transcript = store.get_transcript(tx, project, transcript_id)
            said = store.list_said(tx, project, transcript)
            people = self._people_of(tx, project, transcript, said)
            told = WholeTranscript.shown(transcript, said, people.names).model_dump(by_alias=True, exclude_none=True)
            if TRACES in asked:
                told["events"] = [*people.events]
            if FILES in asked:
                told["files"] = [each.model_dump(by_alias=True) for each in self._files_of(tx, project, transcript)]
            return told, self._traces_of(tx, project, transcript) if TRACES in asked else ()

        told, turns = await self._database.read(work)
        if TRACES in asked:
            told["traces"] = [
                {"turnId": turn, **trace}
                for turn, traces in turns
                for trace in orjson.loads(traces)
                if trace["type"] not in PASSING
            ]
        return Response(dumps(told), media_type=JSON)


def _listing() -> dict[str, Any]:
    content = {JSON: {"example": [examples.LISTED]}}
    return {
        "methods": ["GET"],
        "summary": "List transcripts, most recent first",
        "description": "A transcript begins with a user's first turn, and anew after `end`, a reset or 24 h without "
        "a turn. It stays when the conversation is reset. The next page is in the header `Link`. With `contains`, "
        f"`variable` or `versionId` at most {store.LOOKED_THROUGH} are looked through for a page: it may hold fewer "
        "than `limit`, or none, while there are more.",
        "responses": {
            200: {"content": content, "model": list[ListedTranscript], "headers": LINK},
            **failures(400, 401, 404, 429),
        },
        "openapi_extra": {"parameters": [*PARAMETERS, *SELECTING]},
    }


def _getting() -> dict[str, Any]:
    shown = {"said": examples.WHOLE, "files": examples.WITH_FILES, "traces": examples.WITH_TRACES}
    content = {JSON: {"examples": {name: {"value": example} for name, example in shown.items()}}}
    return {
        "methods": ["GET"],
        "summary": "Read a transcript with what was said",
        "responses": {200: {"content": content, "model": WholeTranscript}, **failures(400, 401, 404, 429)},
        "openapi_extra": {"parameters": [INCLUDE]},
    }
