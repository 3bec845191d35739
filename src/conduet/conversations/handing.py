"""What a turn that hands the conversation to a person tells that person."""

from collections.abc import Sequence
from typing import Any, Final

import orjson

from conduet.conversations.record import Record
from conduet.conversations.store.inbox import Handed, Late
from conduet.engine.document import Document
from conduet.engine.handing import PERSON, find_target
from conduet.engine.run import is_silent
from conduet.engine.state import State

MINUTE_MS: Final = 60_000


def handed_by(record: Record, events: Sequence[bytes], document: Document, state: State) -> Handed | None:
    """The handoff that `record` has noted last, and what is said to a user who then waits too long.

    Nothing where the turn has left the conversation with the agent.
    """
    if not is_silent(state):
        return None
    if not record.handoffs:
        return Handed(PERSON, "")
    payload: dict[str, Any] = orjson.loads(events[record.handoffs[-1]])["payload"]
    target = str(payload.get("target", PERSON))
    known = find_target(document.facts.behaviour, "" if target == PERSON else target)
    late = None
    # Out of hours the user was told already when somebody is there.
    if known and known.wait_minutes and known.waiting and "opensAt" not in payload:
        late = Late(int(known.wait_minutes * MINUTE_MS), known.waiting)
    connectors = [each.model_dump(mode="json", by_alias=True) for each in known.connectors] if known else []
    return Handed(target, str(payload.get("reason", "")), payload.get("summary"), late, connectors)
