"""The inbox, wired: its jobs and its routes."""

from collections.abc import Sequence

from conduet.accounts.access import Access
from conduet.conversations.approvals import Approvals
from conduet.conversations.inbox.approval_routes import approval_routes
from conduet.conversations.inbox.desk import Desk
from conduet.conversations.inbox.routes import inbox_routes
from conduet.conversations.inbox.saved_routes import saved_reply_routes
from conduet.conversations.inbox.waiting import Waiting
from conduet.conversations.names import Names, name_routes
from conduet.conversations.preset_routes import preset_routes
from conduet.conversations.states import States
from conduet.conversations.turns import Turns
from conduet.jobs.worker import Jobs
from conduet.kit.db import Database
from conduet.kit.router import Router
from conduet.projects.documents import Documents


def inbox(
    access: Access, database: Database, documents: Documents, turns: Turns
) -> tuple[Sequence[Jobs | Approvals], Sequence[Router]]:
    """What works for it as long as the application runs, and the routes."""
    states, approvals = States(database, documents), Approvals(database, turns)
    return (Jobs(database, Waiting(database, states).kinds()), approvals), (
        approval_routes(access, approvals),
        inbox_routes(access, Desk(database, states), states),
        saved_reply_routes(access, database),
        preset_routes(access, database),
        name_routes(access, Names(database, documents)),
    )
