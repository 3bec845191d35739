"""What answers have at least, and bodies that are refused by the path beside them."""

from typing import Any, Final

TIME: Final = "<time>"
"""In a shape: ISO 8601 in UTC with milliseconds."""

ANY: Final = "<any>"
"""In a shape: whatever is there."""


PROCESSING: Final = "processing"
"""In a shape: this very word."""

LAUNCH: Final[Any] = {"action": {"type": "launch"}}
TRACES: Final[Any] = [{"type": "", "payload": {}}]
STATE: Final[Any] = {"variables": {"name": "Ada"}, "history": [{"role": "user", "content": "Hi", "createdAt": TIME}]}
FILE: Final = ("returns.txt", b"You can send a bicycle back within 30 days.")
DOCUMENT: Final[Any] = {"id": "", "name": "", "type": "", "status": "", "chunkCount": 0, "createdAt": TIME}
PASSAGE: Final[Any] = {"content": "", "score": 0.5, "documentId": "", "documentName": "", "chunkId": ""}
TRANSCRIPT: Final[Any] = {
    "id": "",
    "userId": "",
    "platform": "",
    "resolved": True,
    "escalated": False,
    "messageCount": 0,
    "startedAt": TIME,
    "endedAt": TIME,
}
LISTED: Final[Any] = {
    "id": "",
    "name": "",
    "description": "",
    "framework": "",
    "language": "",
    "slug": "",
    "createdAt": TIME,
    "updatedAt": TIME,
}
VERSION: Final[Any] = {"id": "", "name": "", "createdAt": TIME}
STEP: Final[Any] = {"id": "", "type": "", "config": {}}
WORKFLOW: Final[Any] = {"id": "", "steps": [STEP], "connections": ANY}
START: Final[Any] = {"id": "s", "type": "start", "config": {}}
MOVED: Final[Any] = {"id": "m", "steps": [START]}
PROJECT: Final[Any] = {
    **LISTED,
    "workflows": [WORKFLOW],
    "playbooks": ANY,
    "tools": ANY,
    "variables": ANY,
    "secrets": ANY,
    "prompts": {},
    "behaviourConfig": {"persona": "", "timeZone": "", "allowedHosts": ANY, "answerOnlyFromSources": False}
    | {"retention": {"transcriptsDays": 0, "journalDays": 0}, "agentHarness": {}},
    "widget": {},
    "revision": 1,
    "schemaVersion": 1,
    "intents": ANY,
    "events": ANY,
    "entities": ANY,
    "pipelines": ANY,
    "tests": ANY,
    "webhooks": ANY,
}
SAVED: Final[Any] = {**PROJECT, "problems": ANY}
DEPLOYMENT: Final[Any] = {"id": "", "channel": "", "name": "", "config": {}, "enabled": True, "webhookUrl": ANY}
KEY: Final[Any] = {
    "id": "",
    "name": "",
    "type": "",
    "prefix": "",
    "allowedOrigins": ANY,
    "requireIdentity": False,
    "expiresAt": ANY,
    "lastUsedAt": ANY,
    "createdAt": TIME,
}
REPORT: Final[Any] = {
    "source": {"format": "", "version": ANY},
    "counts": {"steps": 0, "mapped": 0, "approximated": 0, "dropped": 0},
    "mapped": [{"id": "", "type": "", "name": "", "place": {"workflow": ""}}],
    "approximated": ANY,
    "dropped": ANY,
    "warnings": ANY,
}
FIGURES: Final[Any] = {
    "conversations": 0,
    "messages": 0,
    "resolutions": 0,
    "escalations": 0,
    "dailyCounts": [{"date": "", "conversations": 0, "messages": 0}],
    "usage": {"modelCalls": 0, "inputTokens": 0, "outputTokens": 0, "costUsd": 0.0, "toolCalls": 0}
    | {"knowledgeSearches": 0, "latencyMs": {"p50": ANY, "p95": ANY}, "byDay": ANY, "byModel": ANY},
}
NO_ACTION: Final[list[tuple[Any, str]]] = [({}, "action"), ({"action": {"type": "sing"}}, "action.type")]
NO_SEARCH: Final[list[tuple[Any, str]]] = [({}, "query"), ({"query": "x", "topK": "many"}, "topK")]
NO_TEXT: Final[list[tuple[Any, str]]] = [
    ({}, "name"),
    ({"name": "x", "type": "text"}, "content"),
    ({"name": 1, "content": "x"}, "name"),
]
NO_PAGE: Final[list[tuple[Any, str]]] = [({"name": "x"}, "url"), ({"name": "x", "url": "ftp://x"}, "url")]
