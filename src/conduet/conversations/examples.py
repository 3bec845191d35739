"""What the OpenAPI document shows of conversations."""

from typing import Any, Final

TURN_ID: Final = "turn_18eb6d95dcb1bb2217e2f180dd50d320"
MESSAGE_ID: Final = "msg_18eb6d95dcb1bb2217e2f180dd50d322"
FEEDBACK: Final[dict[str, Any]] = {"rating": "down", "comment": "I asked about my order."}

ACTIONS: Final[dict[str, Any]] = {
    "text": {"action": {"type": "text", "payload": "Hello!"}},
    "launch": {"action": {"type": "launch"}, "versionId": "production"},
    "button": {"action": {"type": "button", "payload": {"label": "Book a repair", "value": "repair"}}},
    "media": {
        "action": {"type": "media", "payload": {"url": "https://example.com/wheel.jpg", "mimeType": "image/jpeg"}}
    },
    "event": {"action": {"type": "event", "payload": {"name": "paid", "payload": {"sum": 40}}}},
    "client": {
        "action": {
            "type": "client",
            "payload": {"callId": "call_0b1c2d3e4f5a6b", "path": "picked", "payload": "Monday"},
        }
    },
    "approval": {"action": {"type": "approval", "payload": {"approvalId": "appr_0b1c2d3e4f5a6b", "approved": True}}},
    "with variables": {"action": {"type": "text", "payload": "Hi"}, "variables": {"name": "Ada"}},
}
TRACES: Final[list[dict[str, Any]]] = [
    {"type": "text", "payload": {"message": "Hello! How can we help?"}, "time": "2026-11-25T12:00:00.021Z"},
    {
        "type": "buttons",
        "payload": {"buttons": [{"id": "repair", "label": "Book a repair", "value": "repair"}]},
        "time": "2026-11-25T12:00:00.021Z",
    },
]
EVENTS: Final = (
    f"id: {TURN_ID}/0\n"
    'data: {"type":"text","payload":{"message":"Hello!"},"time":"2026-11-25T12:00:00.021Z"}\n\n'
    "data: [DONE]\n\n"
)
APPROVAL: Final[dict[str, Any]] = {
    "id": "appr_18eb6d95dcb1bb2217e2f180dd50d320",
    "userId": "user_123",
    "toolName": "refund",
    "arguments": {"order": "o-7", "sum": 40},
    "status": "waiting",
    "askedAt": "2026-11-25T12:00:00.021Z",
    "answeredAt": None,
    "answeredBy": None,
    "note": None,
}
APPROVED: Final[dict[str, Any]] = {
    **APPROVAL,
    "status": "approved",
    "answeredAt": "2026-11-25T12:04:00.000Z",
    "answeredBy": "mem_18eb6d95dcb1bb2217e2f180dd50d320",
    "note": "A regular.",
}
HEARD: Final = (
    "id: 7\n"
    'data: {"type":"handoff","payload":{"target":"agent","reason":"A person has given the conversation back."},'
    '"time":"2026-11-25T12:30:00.000Z"}\n\n'
)
STATE: Final[dict[str, Any]] = {
    "userId": "user_123",
    "versionId": "development",
    "revision": 7,
    "updatedAt": "2026-11-25T12:00:00.023Z",
    "variables": {"name": "Ada"},
    "history": [
        {"role": "user", "content": "Hello!", "createdAt": "2026-11-25T12:00:00.020Z"},
        {"role": "assistant", "content": "Hello! How can we help?", "createdAt": "2026-11-25T12:00:00.021Z"},
    ],
    "internal": {},
}
RECORDED: Final[dict[str, Any]] = {
    "turnId": TURN_ID,
    "versionId": "development",
    "status": "done",
    "startedAt": "2026-11-25T12:00:00.020Z",
    "action": {"type": "text", "payload": "Hello!"},
    "before": {"variables": {"name": "Ada"}, "internal": {}},
    "path": [{"workflowId": "main", "stepId": "start", "port": "next"}],
}
CALLS: Final[list[dict[str, Any]]] = [
    {
        "place": "main/answer#1/call1",
        "kind": "model",
        "startedAt": "2026-11-25T12:00:00.021Z",
        "durationMs": 810.5,
        "model": "openai:gpt-5-mini",
        "prompt": {
            "messages": [
                {"role": "system", "text": "You are Ann of the bike shop."},
                {"role": "user", "text": "Hello!"},
            ],
            "tools": [],
            "temperature": 0.2,
            "maxTokens": None,
        },
        "answer": {"role": "assistant", "text": "Hello! How can we help?", "calls": []},
        "inputTokens": 412,
        "outputTokens": 9,
        "costUsd": 0.00012,
        "request": None,
        "response": None,
        "mocked": False,
        "error": None,
    }
]
REPLAYED: Final[dict[str, Any]] = {
    "traces": TRACES[:1],
    "differences": [{"index": 1, "recorded": TRACES[1], "replayed": None}],
}
CHATS: Final[dict[str, Any]] = {
    "message": {"message": "Hello!"},
    "action": {"userId": "user_123", "action": {"type": "launch"}, "versionId": "production"},
    "from a step": {
        "message": "Hello!",
        "start": {"workflowId": "repair", "stepId": "calendar"},
        "variables": {"mechanic": "Ana", "jobId": "brakes"},
        "mocks": {"calendar": {"status": 200, "body": {"slot": "on Friday at 10:00"}}},
    },
}
