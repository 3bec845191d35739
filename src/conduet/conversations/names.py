"""The API of what people are called: by the variables of a project that hold a person's name."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

import orjson
from fastapi import Path, Request, Response
from pydantic import Field

from conduet.accounts.access import Access
from conduet.accounts.principal import ProjectScope
from conduet.conversations.store.reading import list_states
from conduet.conversations.wire import parse_user_id
from conduet.errors import BadRequest
from conduet.kit.db import Database
from conduet.kit.json import dumps
from conduet.kit.openapi import failures, success
from conduet.kit.router import Router
from conduet.kit.schema import Wire
from conduet.projects.documents import Documents
from conduet.projects.store import DEVELOPMENT, resolve_version

JSON: Final = "application/json"
MOST: Final = 200
LONGEST: Final = 200
"""How much of a name is told."""

ProjectId = Annotated[str, Path(alias="projectId", examples=["proj_demo"])]

_USERS: Final[list[dict[str, Any]]] = [{"userId": "user_123", "name": "Ada Lovelace"}]
_ASKED: Final[dict[str, Any]] = {
    "name": "userId",
    "in": "query",
    "required": True,
    "description": "Whose: it may be given several times.",
    "schema": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": MOST},
    "example": ["user_123"],
}
_HELP: Final = """
A variable with `personName` holds it. Told is what the first of them, in the order of the draft, holds in the user's
conversation as it is now; users of whom nothing is known are left out.
"""


class NamedUser(Wire):
    """A user, and what they are called."""

    user_id: str
    name: Annotated[str, Field(max_length=LONGEST)]


class Names:
    """Knows what the users of projects are called."""

    def __init__(self, database: Database, documents: Documents) -> None:
        self._database = database
        self._documents = documents

    async def list(self, scope: ProjectScope, user_ids: Sequence[str]) -> Mapping[str, str]:
        """The names that are known, by user."""
        draft = await self._database.read(lambda tx: resolve_version(tx, scope, DEVELOPMENT))
        document = await self._documents.get(scope, draft.revision)
        holding = [each.name for each in document.shape.variables if each.person_name]
        if not holding:
            return {}
        states = await self._database.read(lambda tx: list_states(tx, scope, user_ids))
        found = {user_id: _name(state, holding) for user_id, state in states.items()}
        return {user_id: name for user_id, name in found.items() if name}


def name_routes(access: Access, names: Names) -> Router:
    """`GET /projects/{projectId}/users`."""
    router = Router(tags=["Users"])

    async def listing(request: Request, project_id: ProjectId) -> Response:
        principal = await access.by_project(request, project_id)
        asked = [parse_user_id(each) for each in dict.fromkeys(request.query_params.getlist("userId"))]
        if not 1 <= len(asked) <= MOST:
            raise BadRequest.at("query.userId", f"One to {MOST} users; there are {len(asked)}.")
        found = await names.list(principal.scope, asked)
        told = [NamedUser(user_id=each, name=found[each]) for each in asked if each in found]
        return Response(dumps([each.model_dump(by_alias=True) for each in told]), media_type=JSON)

    router.add_api_route(
        "/projects/{projectId}/users",
        listing,
        methods=["GET"],
        summary="Tell what users are called",
        description=_HELP,
        responses={**success(_USERS, model=list[NamedUser]), **failures(400, 401, 404, 429)},
        openapi_extra={"parameters": [_ASKED]},
    )
    return router


def _name(state: bytes, holding: Sequence[str]) -> str:
    variables: dict[str, Any] = orjson.loads(state)["variables"] if state else {}
    said = (variables.get(name) for name in holding)
    return next((" ".join(each.split())[:LONGEST] for each in said if isinstance(each, str) and each.strip()), "")
