"""What the OpenAPI document shows of transcripts."""

from typing import Any, Final

LISTED: Final[dict[str, Any]] = {
    "id": "txn_18eb6d95dcb1bb2217e2f180dd50d320",
    "userId": "user_123",
    "platform": "web",
    "resolved": True,
    "escalated": False,
    "messageCount": 2,
    "startedAt": "2026-11-25T12:00:00.020Z",
    "endedAt": "2026-11-25T12:00:00.023Z",
}
WHOLE: Final[dict[str, Any]] = {
    **LISTED,
    "messages": [
        {
            "id": "msg_18eb6d95dcb1bb2217e2f180dd50d321",
            "role": "user",
            "content": "Hello!",
            "createdAt": "2026-11-25T12:00:00.020Z",
        },
        {
            "id": "msg_18eb6d95dcb1bb2217e2f180dd50d322",
            "role": "assistant",
            "content": "Hello! How can we help?",
            "createdAt": "2026-11-25T12:00:00.021Z",
        },
    ],
}
WITH_TRACES: Final[dict[str, Any]] = {
    **WHOLE,
    "traces": [
        {
            "turnId": "turn_18eb6d95dcb1bb2217e2f180dd50d320",
            "type": "text",
            "payload": {"message": "Hello! How can we help?"},
            "time": "2026-11-25T12:00:00.021Z",
        }
    ],
}
