"""What people did in a transcript: told from what its user heard of them."""

from collections.abc import Sequence
from typing import Any, cast

import orjson

from conduet.accounts.principal import ProjectScope
from conduet.analytics.people import People
from conduet.analytics.store import StoredMessage, Transcript, find_next_start
from conduet.conversations.inbox.telling import AGENT
from conduet.conversations.scope import ConversationScope
from conduet.conversations.store import events
from conduet.kit.db import Tx


def list_people(tx: Tx, scope: ProjectScope, of: Transcript, said: Sequence[StoredMessage]) -> People:
    """Who said something in a transcript with these messages, and that people came and went."""
    # What begins a transcript is a little older than it.
    begins = min([of.started_at, *(each.created_at for each in said[:1])])
    names: dict[int, str] = {}
    told: list[dict[str, Any]] = []
    heard = events.list_between(tx, ConversationScope(scope, of.user_id), begins, find_next_start(tx, scope, of))
    for at, body in heard:
        trace = orjson.loads(body)
        payload = _object(trace["payload"])
        person = _object(payload.get("person"))
        if trace["type"] == "handoff":
            if person or payload.get("target") == AGENT:
                told.append(trace)
        # A flow may tell a trace of its own making with anything in it.
        elif isinstance(person.get("name"), str):
            names[at] = person["name"]
    return People(names, told)


def _object(value: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}
