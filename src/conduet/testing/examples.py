"""What the OpenAPI document shows of tests."""

from typing import Any

TEST: dict[str, Any] = {
    "id": "books_a_repair",
    "name": "Books a repair",
    "variables": {"name": "Kim"},
    "mocks": {"repair/quote": {"status": 200, "headers": {}, "body": {"price": 18}}},
    "turns": [
        {
            "action": {"type": "launch", "payload": None},
            "expect": [{"contains": "Kim"}, {"trace": {"type": "buttons", "payload": {"buttons": [{"id": "repair"}]}}}],
        },
        {
            "action": {"type": "button", "payload": {"label": "Book a repair", "value": "repair"}},
            "expect": [{"step": "repair/what"}, {"notContains": "sorry"}, {"variable": "bookings", "equals": 0}],
        },
    ],
}
FROM_TRANSCRIPT: dict[str, Any] = {
    "fromTranscript": "txn_18eb6d95dcb1bb2217e2f180dd50d320",
    "name": "Asks for the hours",
}
RUN: dict[str, Any] = {"ids": ["books_a_repair", "tells_the_hours", "is_friendly"], "versionId": "development"}
RESULTS: list[dict[str, Any]] = [
    {"id": "books_a_repair", "name": "Books a repair", "ok": True},
    {
        "id": "tells_the_hours",
        "name": "Tells the opening hours",
        "ok": False,
        "turn": 2,
        "workflowId": "hours",
        "stepId": "tell",
        "expected": 'a text that contains "Sundays"',
        "got": '"We are open Monday to Friday from 9 to 18 o’clock, and on Saturdays from 10 to 14."',
    },
    {
        "id": "is_friendly",
        "name": "Is friendly",
        "ok": True,
        "skipped": 'turn 1: judge needs a model, and none is set up: "It is friendly."',
    },
]
