"""People say yes or no to tools that wait for it, and the server takes the turn; after a day it says no by itself."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Final

import structlog

from conduet.accounts.principal import ProjectScope
from conduet.conversations.approving import Verdict
from conduet.conversations.scope import DEVELOPER, Asker, ConversationScope
from conduet.conversations.store import approvals as store
from conduet.conversations.store.approvals import Over, StoredApproval
from conduet.conversations.store.clock import present
from conduet.conversations.turn import Ask
from conduet.conversations.turns import Turns
from conduet.engine.action import ApprovalAction, action_json
from conduet.errors import ConduetError, Conflict, Unavailable
from conduet.kit.db import Database
from conduet.kit.exchange import Exchange
from conduet.kit.ids import new_id
from conduet.kit.json import Json, dumps
from conduet.kit.page import Page
from conduet.projects.store import DEVELOPMENT

LOOK_SECONDS: Final = 30.0
"""How often it is looked for approvals whose time is over."""

WAITING: Final = "waiting"
OVER: Final = "Nobody said yes within 24 hours."

log = structlog.get_logger()


class Approvals:
    """The approvals of all projects, each seen through its scope."""

    def __init__(self, database: Database, turns: Turns) -> None:
        self._database = database
        self._turns = turns
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begins to look for those whose time is over."""
        self._task = asyncio.create_task(self._watch())

    async def close(self) -> None:
        """Looks no more."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def list(self, scope: ProjectScope, page: Page, *, status: str | None) -> Sequence[StoredApproval]:
        """A page of the project's approvals, most recent first, and one more where there are more."""
        return await self._database.read(lambda tx: store.list_approvals(tx, scope, page, status=status))

    async def answer(
        self, scope: ProjectScope, approval_id: str, *, approved: bool, note: str | None, by: str | None, seen: Exchange
    ) -> StoredApproval:
        """Takes the turn that a yes or no leads to, and comes back with the approval as it is then.

        Raises `NotFound`, and `Conflict` for one that was answered, whose time is over, or that cannot be answered as
        long as a person has the conversation.
        """
        found = await self._database.read(partial(store.get_approval, scope=scope, approval_id=approval_id))
        if found.status != WAITING:
            raise Conflict(f"The approval is {found.status}.")
        said: dict[str, Json] = {"approvalId": found.id, "approved": approved, "note": note}
        await self._take(scope, found, said, by=by, seen=seen)
        after = await self._database.read(partial(store.get_approval, scope=scope, approval_id=approval_id))
        if after.status == WAITING:
            raise Conflict("It still waits: a person has the conversation, or the turn failed. Try again later.")
        return after

    async def look(self) -> None:
        """Says no in place of those who have not answered in time."""
        for over in await self._database.read(lambda tx: store.list_over(tx, now=present())):
            try:
                await self._say_no(over)
            except Unavailable:
                raise
            except ConduetError as error:
                log.info("approval is over", approval=over.id, error=error.message)
            await self._database.write(partial(store.expire, over=over, now=present()))

    async def _say_no(self, over: Over) -> None:
        scope = over.project
        found = await self._database.read(partial(store.get_approval, scope=scope, approval_id=over.id))
        seen = Exchange(new_id("req"), "")
        said: dict[str, Json] = {"approvalId": over.id, "approved": False, "note": OVER}
        await self._take(scope, found, said, by=None, seen=seen)

    async def _take(
        self, scope: ProjectScope, found: StoredApproval, said: dict[str, Json], *, by: str | None, seen: Exchange
    ) -> None:
        action = ApprovalAction.model_validate({"type": "approval", "payload": said})
        asker = Asker(ConversationScope(scope, found.user_id), found.platform, DEVELOPER)
        version_id = found.version_id or DEVELOPMENT
        ask = Ask(asker, version_id, action, dumps(action_json(action)), verdict=Verdict(found.id, by))
        await self._turns.take(ask, seen).answer()

    async def _watch(self) -> None:
        while True:
            try:
                await self.look()
            except Unavailable as error:
                log.warning("database unavailable", work="approvals", error=error.message)
            await asyncio.sleep(LOOK_SECONDS)
