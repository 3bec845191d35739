"""What the OpenAPI document shows of transcripts and figures."""

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
            "rating": "down",
            "comment": "I asked about my order.",
        },
    ],
}
FILE: Final[dict[str, Any]] = {
    "turnId": "turn_18eb6d95dcb1bb2217e2f180dd50d320",
    "url": "https://agents.example/api/v1/files/file_Zr3mB8v0kQb5w1nT2hYpXcJd7sLfGuAe9oViRqKt4Mx",
    "mimeType": "image/jpeg",
    "name": "wheel.jpg",
    "sentAt": "2026-11-25T12:01:00.000Z",
}
WITH_FILES: Final[dict[str, Any]] = {**WHOLE, "files": [FILE]}
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
    "events": [
        {
            "type": "handoff",
            "payload": {"target": "Ana", "reason": "A person has taken the conversation.", "person": {"name": "Ana"}},
            "time": "2026-11-25T12:00:00.022Z",
        }
    ],
}
CALLS: Final[dict[str, Any]] = {
    "modelCalls": 3,
    "failedCalls": 0,
    "inputTokens": 4200,
    "outputTokens": 310,
    "cachedTokens": 2048,
    "costUsd": 0.00186,
    "unpricedCalls": 0,
    "retries": 0,
    "fallbacks": 0,
}
DAY: Final[dict[str, Any]] = {
    "date": "2026-11-25",
    "conversations": 2,
    "messages": 9,
    "resolutions": 1,
    "escalations": 0,
    **CALLS,
    "toolCalls": 1,
    "knowledgeSearches": 2,
    "latencyP50Ms": 1184,
    "latencyP95Ms": 2400,
}
USE: Final[dict[str, Any]] = {
    **CALLS,
    "toolCalls": 1,
    "knowledgeSearches": 2,
    "latencyMs": {"p50": 1184, "p95": 2400},
}
FIGURES: Final[dict[str, Any]] = {
    "conversations": 2,
    "messages": 9,
    "resolutions": 1,
    "escalations": 0,
    "dailyCounts": [{"date": "2026-11-25", "conversations": 2, "messages": 9}],
    "usage": {
        **USE,
        "byDay": [{"date": "2026-11-25", **USE}],
        "byModel": [{"model": "openai:gpt-5-mini", **CALLS}],
    },
}
