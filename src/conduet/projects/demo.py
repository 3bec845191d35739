"""The demo project: a bike shop's front desk, which the first start adds."""

from importlib.resources import files
from typing import cast

from conduet.accounts.principal import AccountScope, ProjectScope
from conduet.errors import Conflict
from conduet.kit.db import Tx
from conduet.kit.json import parse
from conduet.projects import store
from conduet.projects.document import JsonObject, complete
from conduet.projects.draft import Draft

DEMO_ID = "proj_demo"
DEMO_HOST = "demo.conduet.internal"
"""The name by which the demo calls its workshop's calendar, which the server has at a port of its own choice.

`.internal` is reserved: no name server knows it (ICANN, 2024).
"""


def read_demo() -> JsonObject:
    """The demo's document."""
    return complete(cast(JsonObject, parse(files("conduet.projects").joinpath("demo.json").read_bytes())))


def add_demo(tx: Tx, account: AccountScope, *, now_ms: int) -> ProjectScope:
    """Adds the demo to `account`. Raises `Conflict` when it is there already."""
    draft = Draft.new(read_demo(), project_id=DEMO_ID, at=now_ms)
    if not store.add_project(tx, account, draft.summary, draft.stored()):
        raise Conflict("The demo project is there already.")
    return ProjectScope(DEMO_ID)
