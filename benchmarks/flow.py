"""The scripted conversation that is measured: a document, five actions of a user and what each is answered."""

from typing import Any, Final

Json = Any

VARIABLES: Final = [
    {"name": "name", "type": "text"},
    {"name": "email", "type": "text"},
    {"name": "topic", "type": "text", "default": "a question"},
    {"name": "turns", "type": "number", "default": 0},
]

MENU: Final = [
    {"id": "repair", "label": "A repair", "value": "repair"},
    {"id": "hours", "label": "Opening hours", "value": "hours"},
]
CONFIRM: Final = [
    {"id": "yes", "label": "Yes, please", "value": "yes"},
    {"id": "no", "label": "No", "value": "no"},
]
SLOW_SECONDS: Final = 2


def _count(step_id: str) -> Json:
    return {"id": step_id, "type": "set", "config": {"assignments": [{"variable": "turns", "expression": "turns + 1"}]}}


def _is(variable: str, value: str) -> Json:
    return {"id": "hit", "match": "all", "conditions": [{"variable": variable, "operator": "is", "value": value}]}


_STEPS: Final[list[Json]] = [
    {"id": "start", "type": "start", "config": {}},
    {"id": "greet", "type": "message", "config": {"mode": "scripted", "text": "Hello! This is the bike shop."}},
    _count("count1"),
    {"id": "menu", "type": "buttons", "config": {"text": "What brings you here?", "buttons": MENU}},
    {"id": "topic", "type": "set", "config": {"assignments": [{"variable": "topic", "value": "a repair"}]}},
    {"id": "first", "type": "condition", "config": {"rules": [_is("turns", "1")]}},
    {"id": "sorry", "type": "message", "config": {"mode": "scripted", "text": "Good that you write about {{topic}}."}},
    {"id": "ask-name", "type": "capture", "config": {"text": "What is your name?", "variable": "name", "type": "text"}},
    _count("count2"),
    {"id": "thanks", "type": "message", "config": {"mode": "scripted", "text": "Thank you, {{name}}."}},
    {"id": "ask-email", "type": "capture", "config": {"text": "Your e-mail?", "variable": "email", "type": "email"}},
    _count("count3"),
    {"id": "known", "type": "condition", "config": {"rules": [_is("topic", "a repair")]}},
    {
        "id": "recap",
        "type": "message",
        "config": {
            "mode": "scripted",
            "text": "So {{name|upper}} ({{email}}) comes for {{topic}}, after {{turns}} turns.",
        },
    },
    {"id": "confirm", "type": "buttons", "config": {"text": "Shall we book it?", "buttons": CONFIRM}},
    _count("count4"),
    {"id": "bye", "type": "message", "config": {"mode": "scripted", "text": "See you soon, {{name}}!"}},
    {"id": "end", "type": "end", "config": {"resolved": True}},
    {"id": "pause", "type": "delay", "config": {"seconds": SLOW_SECONDS}},
    {"id": "rested", "type": "message", "config": {"mode": "scripted", "text": "There you are."}},
]

_CONNECTIONS: Final = (
    ("start", "next", "greet"),
    ("greet", "next", "count1"),
    ("count1", "next", "menu"),
    ("menu", "repair", "topic"),
    ("menu", "noMatch", "pause"),
    ("pause", "next", "rested"),
    ("topic", "next", "first"),
    ("first", "hit", "sorry"),
    ("sorry", "next", "ask-name"),
    ("ask-name", "next", "count2"),
    ("count2", "next", "thanks"),
    ("thanks", "next", "ask-email"),
    ("ask-email", "next", "count3"),
    ("count3", "next", "known"),
    ("known", "hit", "recap"),
    ("recap", "next", "confirm"),
    ("confirm", "yes", "count4"),
    ("count4", "next", "bye"),
    ("bye", "next", "end"),
)


def document() -> Json:
    """A merge patch that makes a blank project the one that is measured."""
    workflow = {
        "id": "desk",
        "name": "Front desk",
        "primary": True,
        "steps": [{**step, "position": {"x": 0, "y": 80 * index}} for index, step in enumerate(_STEPS)],
        "connections": [
            {"id": f"c{index}", "source": source, "sourcePort": port, "target": target}
            for index, (source, port, target) in enumerate(_CONNECTIONS)
        ],
    }
    return {"variables": VARIABLES, "workflows": [workflow]}


def _text(message: str) -> Json:
    return {"type": "text", "payload": {"message": message}}


ACTIONS: Final[tuple[Json, ...]] = (
    {"type": "launch", "payload": None},
    {"type": "button", "payload": {"label": "A repair", "value": "repair"}},
    {"type": "text", "payload": "Ada"},
    {"type": "text", "payload": "ada@example.com"},
    {"type": "button", "payload": {"label": "Yes, please", "value": "yes"}},
)
SLOW_ACTION: Final[Json] = {"type": "text", "payload": "Just a moment."}

# Without `time`, which each trace of the server has too.
ANSWERS: Final[tuple[list[Json], ...]] = (
    [
        _text("Hello! This is the bike shop."),
        _text("What brings you here?"),
        {"type": "buttons", "payload": {"buttons": MENU}},
    ],
    [_text("Good that you write about a repair."), _text("What is your name?")],
    [_text("Thank you, Ada."), _text("Your e-mail?")],
    [
        _text("So ADA (ada@example.com) comes for a repair, after 3 turns."),
        _text("Shall we book it?"),
        {"type": "buttons", "payload": {"buttons": CONFIRM}},
    ],
    [
        _text("See you soon, Ada!"),
        {"type": "resolution", "payload": {"reason": "The flow ended with the matter settled."}},
        {"type": "end", "payload": {}},
    ],
)
