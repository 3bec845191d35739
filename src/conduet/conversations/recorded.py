"""The shape of a turn as it is kept, for the OpenAPI document."""

from typing import Any, Final

from pydantic import TypeAdapter

from conduet.conversations.wire import TurnCall

_TEXT: Final = {"type": "string"}

RECORDED: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["turnId", "versionId", "status", "startedAt", "action", "before", "path"],
    "properties": {
        "turnId": _TEXT,
        "versionId": _TEXT,
        "status": {"enum": ["running", "done", "interrupted"]},
        "startedAt": {"type": "string", "format": "date-time"},
        "action": {"type": "object", "required": ["type"], "properties": {"type": _TEXT, "payload": {}}},
        "before": {
            "description": "The state that it began with, as `PUT` of a state takes it; `null` without a journal.",
            "anyOf": [
                {
                    "type": "object",
                    "required": ["variables", "internal"],
                    "properties": {"variables": {"type": "object"}, "internal": {"type": "object"}},
                },
                {"type": "null"},
            ],
        },
        "path": {
            "type": "array",
            "description": "The steps that it came by, in their order.",
            "items": {
                "type": "object",
                "required": ["workflowId", "stepId", "port"],
                "properties": {
                    "workflowId": _TEXT,
                    "stepId": _TEXT,
                    "port": {"type": ["string", "null"], "description": "Where it went on; `null`: it waited."},
                },
            },
        },
    },
}

CALLS: Final[dict[str, Any]] = TypeAdapter(list[TurnCall]).json_schema(by_alias=True, mode="serialization")
