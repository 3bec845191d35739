"""The API that forgets a user: by a project's secret key, and the same for developers."""

from typing import Annotated, Any, Final

from fastapi import Path, Request

from conduet.accounts.access import Access
from conduet.accounts.audit_store import Deed, add_entry
from conduet.accounts.principal import Principal
from conduet.conversations.scope import ConversationScope
from conduet.conversations.store.forget import forget_user
from conduet.conversations.store.inbox import tell_gone
from conduet.conversations.wire import parse_user_id
from conduet.kit.db import Database, Tx
from conduet.kit.openapi import failures
from conduet.kit.router import Router

ProjectId = Annotated[str, Path(alias="projectId", examples=["proj_demo"])]
UserId = Annotated[str, Path(alias="userId", examples=["user_123"])]

_DESCRIBED: Final[dict[str, Any]] = {
    "methods": ["DELETE"],
    "status_code": 204,
    "summary": "Forget a user: state, transcripts, traces, journals, everything",
    "description": "Nothing of the user is kept. Figures stay as they were: they count conversations and lead to "
    "nobody. A user who was never seen is forgotten all the same.",
    "responses": failures(400, 401, 403, 404, 429),
}


def erasure_routes(access: Access, database: Database) -> Router:
    """`DELETE /users/{userId}`, and the same below `/projects/{projectId}`."""
    router = Router(tags=["Users"])

    async def forget(principal: Principal, user_id: str) -> None:
        user = ConversationScope(principal.scope, parse_user_id(user_id))

        def work(tx: Tx) -> None:
            forget_user(tx, user)
            tell_gone(tx, principal.scope)
            # Whom is forgotten here, too.
            add_entry(tx, principal, Deed("user.forgotten"))

        await database.write(work)

    async def by_key(request: Request, user_id: UserId) -> None:
        await forget(await access.by_key(request), user_id)

    async def by_developer(request: Request, project_id: ProjectId, user_id: UserId) -> None:
        await forget(await access.by_project(request, project_id), user_id)

    router.add_api_route("/users/{userId}", by_key, **_DESCRIBED)
    router.add_api_route("/projects/{projectId}/users/{userId}", by_developer, **_DESCRIBED)
    return router
