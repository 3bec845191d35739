"""What the OpenAPI document shows of the inbox."""

from typing import Any, Final

from conduet.analytics.examples import FILE

ANA: Final = {"id": "mem_18bd2f7a9c3e41d0a1b2c3d4e5f60718", "name": "Ana"}

WAITING: Final[dict[str, Any]] = {
    "userId": "user_123",
    "status": "waiting",
    "target": "Workshop",
    "reason": "Asks for a repair that is not on the list.",
    "summary": "Kim wants a tandem's rear brake mended by Friday.",
    "platform": "web",
    "member": None,
    "handedAt": "2026-11-26T12:00:00.000Z",
    "waitingSince": "2026-11-26T12:00:00.000Z",
    "snoozedUntil": None,
    "lastMessage": {"role": "user", "text": "Is anybody there?"},
    "updatedAt": "2026-11-26T12:01:00.000Z",
}
TAKEN: Final[dict[str, Any]] = {**WAITING, "status": "taken", "member": ANA, "updatedAt": "2026-11-26T12:02:00.000Z"}
MESSAGE: Final[dict[str, Any]] = {
    "role": "person",
    "content": "Bring it in on Thursday.",
    "createdAt": "2026-11-26T12:03:00.000Z",
}
ANSWERED: Final[dict[str, Any]] = {
    "entry": {
        **TAKEN,
        "waitingSince": None,
        "lastMessage": {"role": "person", "text": MESSAGE["content"]},
        "updatedAt": MESSAGE["createdAt"],
    },
    "message": MESSAGE,
}
NOTE: Final[dict[str, Any]] = {
    "id": "note_18bd2f7a9c3e41d0a1b2c3d4e5f60718",
    "member": ANA,
    "text": "Pads are in stock.",
    "createdAt": "2026-11-26T12:02:30.000Z",
}
CONVERSATION: Final[dict[str, Any]] = {
    "entry": ANSWERED["entry"],
    "messages": [MESSAGE],
    "files": [FILE],
    "notes": [NOTE],
}
SNOOZED: Final[dict[str, Any]] = {**TAKEN, "snoozedUntil": "2026-11-27T08:00:00.000Z"}
RESOLVED: Final[dict[str, Any]] = {**ANSWERED["entry"], "status": "resolved"}
QUEUES: Final[dict[str, Any]] = {
    "waiting": {"count": 1, "waitingSince": "2026-11-26T12:00:00.000Z"},
    "mine": {"count": 0, "waitingSince": None},
    "all": {"count": 1, "waitingSince": "2026-11-26T12:00:00.000Z"},
    "snoozed": {"count": 0, "waitingSince": None},
    "resolved": {"count": 0, "waitingSince": None},
}
INBOX: Final[dict[str, Any]] = {"queues": QUEUES, "entries": [WAITING]}
SAVED: Final[dict[str, Any]] = {
    "id": "rep_18bd2f7a9c3e41d0a1b2c3d4e5f60718",
    "name": "hours",
    "text": "We are here on weekdays from 9 to 17.",
    "createdAt": "2026-11-26T12:00:00.000Z",
    "updatedAt": "2026-11-26T12:00:00.000Z",
}
