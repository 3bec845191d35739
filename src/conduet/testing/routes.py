"""The API of conversation tests."""

from typing import Annotated, Any, Final

from fastapi import Header, Path, Request, Response
from pydantic import BaseModel

from conduet.accounts.access import Access
from conduet.accounts.principal import Principal
from conduet.conversations.wire import parse_body
from conduet.engine.conversation_test import Test
from conduet.kit.etag import etag
from conduet.kit.json import dumps, parse
from conduet.kit.openapi import failures, success
from conduet.kit.router import Router
from conduet.testing import examples
from conduet.testing.result import TestResult
from conduet.testing.schemas import FromTranscript, Run
from conduet.testing.service import Kept, Tests

JSON: Final = "application/json"

ProjectId = Annotated[str, Path(alias="projectId", examples=["proj_demo"])]
TestId = Annotated[str, Path(alias="testId", examples=["books_a_repair"])]
IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", description="Only when the project is still of the revision that an `ETag` told."),
]

_ETAG: Final[dict[str, Any]] = {
    "ETag": {"description": "The project's revision.", "schema": {"type": "string"}, "example": '"7"'}
}
_TEST: Final[dict[str, Any]] = {"model": Test, "headers": _ETAG}
_WHOLE: Final[dict[str, Any]] = {"$ref": "#/components/schemas/Test"}
_SAVES: Final = (400, 401, 403, 404, 409, 412, 413, 415, 429)
_HELP: Final = """
A test is part of the project's document: saving it saves the document, whose revision is the `ETag`. Each turn is an
action and what is expected of it: `contains` or `notContains` (a text, whatever its case), `variable` and `equals`,
`step` (`workflow/step`, or the step's id alone), `trace` (a type, or `{type, payload}` with as much of the payload as
matters), `source`, or `judge` (skipped without a model). A `client` or `approval` action needs no id: it answers what
was asked last.

`mocks` answer in place of steps, their models and tools, by their id (one that two workflows have: `workflow/step`), or
of all models as `model`; where no model is named, the built-in one answers. The clock stands still at `now`, and chance
follows from the test's id. `userId` and `platform` are what a flow may ask for, `internal` is what a state has under
that name; a turn's `journal` answers at its places as the world once did, before one with `handedBack` a person
gives the conversation back to the agent, and its `variables` are set before it as from outside.
"""
_HELP_ADDING: Final = """
Without an `id` it gets one; one that is taken is a 409. With `fromTranscript` it is made of what was said: the same
actions, and what a user saw of the answers expected again; each turn takes its journal along, so that clock, chance and
the world answer as they did; what was set from outside between two turns is in the `variables` of the second.
"""
_NEW: Final[dict[str, Any]] = {
    "schema": {"anyOf": [{"$ref": "#/components/schemas/Test"}, FromTranscript]},
    "examples": {"test": {"value": examples.TEST}, "of a transcript": {"value": examples.FROM_TRANSCRIPT}},
}


def testing_routes(access: Access, tests: Tests) -> Router:
    """The tests of a project as developers see them, and running them."""
    router = Router(tags=["Tests"])
    routes = _Routes(access, tests)
    _add_all(router, routes)
    _add_one(router, routes)
    return router


def _add_all(router: Router, routes: "_Routes") -> None:
    add, path = router.add_api_route, "/projects/{projectId}/tests"
    add(
        path,
        routes.list,
        methods=["GET"],
        summary="List the project's conversation tests, in the order of the document",
        responses={**success([examples.TEST], model=list[Test], headers=_ETAG), **failures(401, 404, 429)},
    )
    add(
        path,
        routes.add,
        methods=["POST"],
        status_code=201,
        summary="Add a conversation test",
        description=_HELP + _HELP_ADDING,
        responses={**success(examples.TEST, status=201, **_TEST), **failures(*_SAVES)},
        openapi_extra={"requestBody": {"required": True, "content": {JSON: _NEW}}},
    )
    add(
        path + "/run",
        routes.run,
        methods=["POST"],
        summary="Run conversation tests of the draft, on the draft or on another version",
        description=(
            "Nothing outside is called and nothing is stored; the same comes out every time. A red test tells the "
            "first thing that is not as expected: the turn, counted from 1, and the step, what was expected and what "
            "came. All tests of one request have two minutes."
        ),
        responses={**success(examples.RESULTS, model=list[TestResult]), **failures(400, 401, 404, 409, 413, 415, 429)},
        openapi_extra=_body(Run, examples.RUN, required=False),
    )


def _add_one(router: Router, routes: "_Routes") -> None:
    add, path = router.add_api_route, "/projects/{projectId}/tests/{testId}"
    add(
        path,
        routes.get,
        methods=["GET"],
        summary="Read a conversation test",
        responses={**success(examples.TEST, **_TEST), **failures(401, 404, 429)},
    )
    add(
        path,
        routes.replace,
        methods=["PUT"],
        summary="Replace a conversation test",
        description=_HELP,
        responses={**success(examples.TEST, **_TEST), **failures(*_SAVES)},
        openapi_extra=_body(_WHOLE, examples.TEST),
    )
    add(
        path,
        routes.remove,
        methods=["DELETE"],
        status_code=204,
        summary="Remove a conversation test",
        responses={204: {"headers": _ETAG}, **failures(400, 401, 403, 404, 409, 412, 429)},
    )


class _Routes:
    def __init__(self, access: Access, tests: Tests) -> None:
        self._access = access
        self._tests = tests

    async def list(self, request: Request, project_id: ProjectId) -> Response:
        principal = await self._access.by_project(request, project_id)
        tests, revision = await self._tests.list(principal.scope)
        return Response(dumps(tests), headers=_revision(revision), media_type=JSON)

    async def add(self, request: Request, project_id: ProjectId, if_match: IfMatch = None) -> Response:
        principal, body = await self._read(request, project_id)
        kept = await self._tests.add(principal.account, principal.scope, parse(body), if_match=if_match)
        return _answer(kept, status=201)

    async def get(self, request: Request, project_id: ProjectId, test_id: TestId) -> Response:
        principal = await self._access.by_project(request, project_id)
        return _answer(await self._tests.get(principal.scope, test_id))

    async def replace(
        self, request: Request, project_id: ProjectId, test_id: TestId, if_match: IfMatch = None
    ) -> Response:
        principal, body = await self._read(request, project_id)
        kept = await self._tests.replace(principal.account, principal.scope, test_id, parse(body), if_match=if_match)
        return _answer(kept)

    async def remove(
        self, request: Request, project_id: ProjectId, test_id: TestId, if_match: IfMatch = None
    ) -> Response:
        principal = await self._access.by_project(request, project_id)
        revision = await self._tests.remove(principal.account, principal.scope, test_id, if_match=if_match)
        return Response(status_code=204, headers=_revision(revision))

    async def run(self, request: Request, project_id: ProjectId) -> Response:
        principal, body = await self._read(request, project_id)
        results = await self._tests.run(principal.scope, parse_body(body or b"{}", Run))
        return Response(dumps([result.wire() for result in results]), media_type=JSON)

    async def _read(self, request: Request, project_id: str) -> tuple[Principal, bytes]:
        """The body, once it is known who asks."""
        principal = await self._access.by_project(request, project_id)
        return principal, await request.body()


def _answer(kept: Kept, *, status: int = 200) -> Response:
    return Response(dumps(kept.test), status, _revision(kept.revision), media_type=JSON)


def _revision(revision: int) -> dict[str, str]:
    return {"ETag": etag(revision)}


def _body(schema: dict[str, Any] | type[BaseModel], example: Any, *, required: bool = True) -> dict[str, Any]:
    return {"requestBody": {"required": required, "content": {JSON: {"schema": schema, "example": example}}}}
