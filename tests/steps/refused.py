"""Mistakes of shape in each type of step: laid over its example, each is refused at the path beside it alone.

What is merely unfinished stands in `unfinished.py`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

Config: TypeAlias = Mapping[str, Any]

LONG: Final = "x" * 201
"""One character more than an id or a name has."""

YES: Final[Config] = {"id": "yes", "label": "Yes"}
_CARD: Final[Config] = {"title": "A bike"}


def ids(field: str, taken: str | None = None) -> tuple[tuple[str, Config], ...]:
    """What can be wrong with the ids of a list that make ports; `taken` is a port that the step has anyway."""
    rows: tuple[tuple[str, Config], ...] = (
        (field, {field: {"id": "a"}}),
        (f"{field}[0]", {field: ["a"]}),
        (f"{field}[0].id", {field: [{}]}),
        (f"{field}[0].id", {field: [{"id": 7}]}),
        (f"{field}[0].id", {field: [{"id": ""}]}),
        (f"{field}[0].id", {field: [{"id": LONG}]}),
        (f"{field}[2].id", {field: [{"id": "a"}, {"id": "b"}, {"id": "a"}]}),
    )
    return (*rows, (f"{field}[1].id", {field: [{"id": "a"}, {"id": taken}]})) if taken else rows


def scripted(field: str) -> tuple[tuple[str, Config], ...]:
    """What can be wrong with a text that may be in several languages."""
    return (
        (field, {field: 7}),
        (field, {field: None}),
        (field, {field: {}}),
        (f"{field}.de", {field: {"en": "Hello", "de": 7}}),
    )


def whole(field: str, least: int, most: int | None = None) -> tuple[tuple[str, Config], ...]:
    """What can be wrong with a whole number in bounds."""
    rows = ((field, {field: least - 1}), (field, {field: least + 0.5}), (field, {field: "7"}), (field, {field: True}))
    return (*rows, (field, {field: most + 1})) if most is not None else rows


def decimal(field: str, least: int, most: int) -> tuple[tuple[str, Config], ...]:
    """What can be wrong with a number in bounds."""
    return tuple((field, {field: wrong}) for wrong in (least - 0.1, most + 0.1, "0.5", True))


def one_of(field: str) -> tuple[tuple[str, Config], ...]:
    """What can be wrong with a choice."""
    return tuple((field, {field: wrong}) for wrong in ("neither", "", None, 7))


def switch(field: str) -> tuple[tuple[str, Config], ...]:
    """What can be wrong with a yes or no."""
    return tuple((field, {field: wrong}) for wrong in ("yes", 1, None))


def text(field: str) -> tuple[tuple[str, Config], ...]:
    """What can be wrong with a text."""
    return tuple((field, {field: wrong}) for wrong in (7, None, ["x"]))


def texts(field: str) -> tuple[tuple[str, Config], ...]:
    """What can be wrong with a list of texts."""
    return (field, {field: "x"}), (field, {field: None}), (f"{field}[1]", {field: ["x", 7]})


def named(field: str) -> tuple[tuple[str, Config], ...]:
    """What can be wrong with values by name."""
    return tuple((field, {field: wrong}) for wrong in (["x"], "x", None))


def model(field: str, *, chain: bool = False) -> tuple[tuple[str, Config], ...]:
    """What can be wrong with the name of a model, or where a `chain` of them may stand."""
    return (field, {field: 7}), (f"{field}[0]" if chain else field, {field: [7]})


CHANNELS: Final[tuple[tuple[str, Config], ...]] = (
    *named("channels"),
    ("channels.whatsapp", {"channels": {"whatsapp": "Hello"}}),
)

SCRIPT: Final = (*one_of("language"), *text("code"), *whole("timeoutMs", 1, 5_000))

WEB_CALL: Final[tuple[tuple[str, Config], ...]] = (
    *one_of("method"),
    ("method", {"method": "get"}),
    *text("url"),
    *named("headers"),
    *named("query"),
    *one_of("bodyType"),
    *whole("timeoutMs", 1, 60_000),
    *whole("retries", 0, 5),
    ("map", {"map": {"path": "$.a", "variable": "order"}}),
    ("map[0]", {"map": ["$.a"]}),
    ("map[0].path", {"map": [{"path": 7, "variable": "order"}]}),
    ("map[1].variable", {"map": [{"path": "$.a", "variable": "order"}, {"path": "$.a", "variable": ["order"]}]}),
)


def _condition(**fields: Any) -> Config:
    return {"rules": [{"id": "vip", "conditions": [{"variable": "plan", "operator": "is", "value": "gold", **fields}]}]}


def _card_button(**fields: Any) -> Config:
    return {"buttons": [{**YES, **fields}]}


def _carousel(**fields: Any) -> Config:
    return {"kind": "carousel", "buttons": [], "cards": [{**_CARD, **fields}]}


REFUSED: Final[Mapping[str, Sequence[tuple[str, Config]]]] = {
    "start": (),
    "message": (
        *one_of("mode"),
        *scripted("text"),
        ("variants", {"variants": "Welcome"}),
        ("variants[1]", {"variants": ["Welcome", 7]}),
        ("variants[0].de", {"variants": [{"en": "Welcome", "de": 7}]}),
        *text("prompt"),
        *model("model"),
        *CHANNELS,
        ("channels.whatsapp.text", {"channels": {"whatsapp": {"text": 7}}}),
    ),
    "buttons": (
        *scripted("text"),
        *ids("buttons", "noMatch"),
        ("buttons[0].label", {"buttons": [{"id": "yes", "label": 7}]}),
        ("buttons[0].label.de", {"buttons": [{"id": "yes", "label": {"en": "Yes", "de": 7}}]}),
        ("buttons[0].value", {"buttons": [{**YES, "value": 7}]}),
        *switch("allowText"),
        *CHANNELS,
        ("channels.sms.buttons[0].id", {"channels": {"sms": {"buttons": [{"label": "Yes"}]}}}),
    ),
    "capture": (
        *scripted("text"),
        *text("variable"),
        *one_of("type"),
        ("pattern", {"type": "regex", "pattern": 7}),
        ("pattern", {"type": "regex", "pattern": "("}),
        ("pattern", {"type": "regex", "pattern": "(?<=a)b"}),
        *text("entity"),
        *whole("retries", 0, 100),
        *scripted("retryText"),
    ),
    "intent": (
        *scripted("text"),
        *ids("intents", "noMatch"),
        ("intents[0].name", {"intents": [{"id": "a", "name": 7}]}),
        ("intents[0].description", {"intents": [{"id": "a", "name": "a", "description": ["x"]}]}),
        ("intents[0].utterances", {"intents": [{"id": "a", "name": "a", "utterances": "I want it"}]}),
        ("intents[0].utterances[1]", {"intents": [{"id": "a", "name": "a", "utterances": ["I want it", 7]}]}),
        *decimal("threshold", 0, 1),
    ),
    "condition": (
        *ids("rules", "else"),
        ("rules[0].match", {"rules": [{"id": "vip", "match": "none"}]}),
        ("rules[0].conditions", {"rules": [{"id": "vip", "conditions": {"variable": "plan"}}]}),
        ("rules[0].conditions[0]", {"rules": [{"id": "vip", "conditions": ["plan"]}]}),
        ("rules[0].conditions[0].variable", _condition(variable=7)),
        ("rules[0].conditions[0].operator", _condition(operator="equals")),
        ("rules[0].conditions[0].value", _condition(operator="matches", value="(")),
        ("rules[0].expression", {"rules": [{"id": "vip", "expression": True}]}),
    ),
    "set": (
        ("assignments", {"assignments": {"variable": "total", "value": 1}}),
        ("assignments[0]", {"assignments": ["total = 1"]}),
        ("assignments[0].variable", {"assignments": [{"variable": 7, "value": 1}]}),
        ("assignments[0].expression", {"assignments": [{"variable": "total", "expression": 1}]}),
    ),
    "random": (
        *ids("paths"),
        ("paths[0].weight", {"paths": [{"id": "a", "weight": -1}]}),
        ("paths[0].weight", {"paths": [{"id": "a", "weight": 1_000_001}]}),
        ("paths[0].weight", {"paths": [{"id": "a", "weight": "3"}]}),
        *switch("sticky"),
    ),
    "kb-search": (
        *text("query"),
        *whole("topK", 1, 50),
        *decimal("minScore", 0, 1),
        *named("filter"),
        *text("saveTo"),
    ),
    "prompt": (
        *text("system"),
        *text("prompt"),
        *model("model"),
        *decimal("temperature", 0, 2),
        *whole("maxTokens", 1),
        *one_of("output"),
        ("schema", {"schema": ["x"]}),
        *text("saveTo"),
        *switch("say"),
    ),
    "agent": (
        *text("instructions"),
        *model("model", chain=True),
        *texts("toolIds"),
        *switch("knowledgeBase"),
        *texts("playbookIds"),
        *ids("exits", "next"),
        ("exits[0].description", {"exits": [{"id": "chosen", "description": 7}]}),
        ("exits[0].collects", {"exits": [{"id": "chosen", "collects": "model"}]}),
        ("exits[0].collects[1]", {"exits": [{"id": "chosen", "collects": ["model", 7]}]}),
        *whole("maxRounds", 1, 50),
    ),
    "playbook": (
        *text("playbookId"),
        *named("inputs"),
        *named("outputs"),
        ("outputs.day", {"outputs": {"day": 7}}),
    ),
    "api": WEB_CALL,
    "tool": (
        *text("toolId"),
        *named("inputs"),
        *text("saveTo"),
        *named("outputs"),
        ("outputs.order", {"outputs": {"order": 7}}),
    ),
    "code": SCRIPT,
    "workflow": (*text("workflowId"), *named("inputs"), *one_of("mode")),
    "parallel": (
        *ids("branches", "next"),
        ("branches[1].id", {"branches": [{"id": "a"}, {"id": "error"}]}),
        ("branches", {"branches": [{"id": str(number)} for number in range(21)]}),
        *whole("timeoutMs", 1, 120_000),
    ),
    "loop": (
        ("items", {"items": 7}),
        ("items", {"items": {"a": 1}}),
        *text("itemVariable"),
        *whole("maxIterations", 1),
    ),
    "post-process": (*one_of("target"), *one_of("with"), *text("code"), *text("prompt"), *model("model")),
    "media": (
        *one_of("kind"),
        *(row for field in ("title", "description", "imageUrl", "url", "alt") for row in scripted(field)),
        ("mimeType", {"mimeType": 7}),
        *ids("buttons", "next"),
        ("buttons[0].label", _card_button(label=7)),
        ("buttons[0].value", _card_button(value=7)),
        ("buttons[0].url", _card_button(url=7)),
        ("cards", {"cards": _CARD}),
        ("cards[0]", {"cards": ["A bike"]}),
        ("cards[0].title", _carousel(title=7)),
        ("cards[0].description", _carousel(description=7)),
        ("cards[0].imageUrl", _carousel(imageUrl=7)),
        ("cards[0].url", _carousel(url=7)),
        ("cards[0].buttons", _carousel(buttons=YES)),
        ("cards[0].buttons[0].id", _carousel(buttons=[{"label": "Yes"}])),
        ("cards[0].buttons[1].id", _carousel(buttons=[YES, YES])),
        ("cards[1].buttons[0].id", {"kind": "carousel", "buttons": [], "cards": [{**_CARD, "buttons": [YES]}] * 2}),
        ("cards[0].buttons[0].label", _carousel(buttons=[{**YES, "label": 7}])),
        ("cards[0].buttons[0].value", _carousel(buttons=[{**YES, "value": 7}])),
        ("cards[0].buttons[0].url", _carousel(buttons=[{**YES, "url": 7}])),
        *CHANNELS,
        ("channels.whatsapp.kind", {"channels": {"whatsapp": {"kind": "hologram"}}}),
    ),
    "client-action": (
        *text("name"),
        *ids("paths", "next"),
        ("paths[0].label", {"paths": [{"id": "picked", "label": 7}]}),
        *switch("wait"),
        *text("saveTo"),
    ),
    "delay": decimal("seconds", 0, 30),
    "handoff": (*text("target"), *text("reason"), *switch("summary")),
    "end": (*switch("resolved"), *scripted("text")),
}
