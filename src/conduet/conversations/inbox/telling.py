"""What a user hears of the people in their conversation, as traces in JSON."""

from collections.abc import Iterator, Sequence
from typing import Final

from conduet.accounts.store import UNNAMED
from conduet.conversations.inbox.schemas import Attachment, Reply
from conduet.conversations.record import trace_json
from conduet.engine.trace import MEDIA, Handoff, Text
from conduet.engine.values import Json
from conduet.engine.wording import pieces
from conduet.kit.clock import iso, now
from conduet.kit.json import dumps

AGENT: Final = "agent"
"""Whom a conversation is handed to when a person gives it back."""


SOMEBODY: Final = "Someone from the team"


def came(name: str) -> bytes:
    """A person has the conversation now."""
    taken = Handoff(_called(name), "A person has taken the conversation.")
    return _by(trace_json(taken, time=iso(now())), name)


def way_back(*, resolved: bool) -> bytes:
    """The agent has it again."""
    told = "A person has settled the matter." if resolved else "A person has given the conversation back."
    return dumps(trace_json(Handoff(AGENT, told), time=iso(now())))


def told(text: str) -> list[bytes]:
    """Words of the project's own."""
    return [dumps(trace_json(Text(piece), time=iso(now()))) for piece in pieces(text)]


def said(reply: Reply, name: str) -> Sequence[bytes]:
    """A person's reply."""
    time = iso(now())
    words = [_by(trace_json(Text(piece), time=time), name) for piece in pieces(reply.text)] if reply.text else []
    return [*words, *(_by(shown, name) for shown in _shown(reply.attachments, time))]


def content(reply: Reply) -> str:
    """What of a reply stands in the transcript."""
    return "\n".join((*([reply.text] if reply.text else []), *(each.url for each in reply.attachments)))


def _shown(attachments: Sequence[Attachment], time: str) -> Iterator[dict[str, Json]]:
    for each in attachments:
        kind = (each.mime_type or "").partition("/")[0]
        facts: dict[str, Json] = {"url": each.url, "mimeType": each.mime_type, "name": each.name}
        payload: dict[str, Json] = {name: value for name, value in facts.items() if value is not None}
        yield {"type": kind if kind in MEDIA else "file", "payload": payload, "time": time}


def _called(name: str) -> str:
    """What users hear a person called: an account that was just made has an owner without a name."""
    return SOMEBODY if name == UNNAMED else name


def _by(trace: dict[str, Json], name: str) -> bytes:
    payload = trace["payload"]
    person: dict[str, Json] = {"name": _called(name)}
    return dumps({**trace, "payload": {**payload, "person": person} if isinstance(payload, dict) else payload})
