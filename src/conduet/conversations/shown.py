"""The shape of a state as it is shown, for the OpenAPI document."""

from typing import Any, Final

_TEXT: Final = {"type": "string"}
_MAYBE: Final = {"type": ["string", "null"]}
_MESSAGE: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["role", "content", "createdAt"],
    "properties": {
        "id": {"type": "string", "description": "Told to a widget key, as the next three."},
        "turnId": _MAYBE,
        "rating": {"enum": ["up", "down", None]},
        "comment": _MAYBE,
        "file": {
            "type": "object",
            "description": "A file that the user sent, told to a widget key for as long as files are kept; `content` "
            "is its address, and `id` its turn's.",
            "required": ["url", "mimeType", "name"],
            "properties": {
                "url": _TEXT,
                "mimeType": _MAYBE,
                "name": _MAYBE,
            },
        },
        "role": {"enum": ["user", "assistant", "person"]},
        "content": _TEXT,
        "createdAt": {"type": "string", "format": "date-time"},
    },
}
STATE: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["userId", "versionId", "revision", "updatedAt", "variables", "history"],
    "properties": {
        "userId": _TEXT,
        "versionId": {"type": ["string", "null"], "description": "What the conversation runs on; null: nothing yet."},
        "revision": {"type": "integer", "description": "Counts changes; also the `ETag`."},
        "updatedAt": {"type": ["string", "null"], "format": "date-time"},
        "variables": {"type": "object"},
        "history": {"type": "array", "items": _MESSAGE},
        "internal": {"type": "object", "description": "Where a flow stands; not told to a widget key."},
    },
}
