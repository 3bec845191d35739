"""What is unfinished or doubtful in each type of step: laid over its example, each is told at its path alone.

`[code, path, config]`; `WORLD` is the project that the examples are finished in.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

Config: TypeAlias = Mapping[str, Any]
Rows: TypeAlias = tuple[tuple[str, str, Config], ...]

_NAMES: Final = (
    "name email model days day orderId order orderState firstDay greeting total price line passages sorted letter plan "
    "text vip purpose found member"
)

WORLD: Final[Mapping[str, Any]] = {
    "variables": [{"name": name} for name in _NAMES.split()],
    "secrets": [{"name": name, "value": "s3cr3t"} for name in ("BIKES_KEY", "BIKES_MCP", "SLACK_TOKEN")],
    "entities": [{"id": "sizes", "name": "size", "values": [{"value": "S"}]}],
    "playbooks": [{"id": "pb_booking", "name": "booking"}],
    "tools": [
        {
            "id": tool_id,
            "name": tool_id,
            "description": "Finds it.",
            "type": "function",
            "enabled": tool_id != "tool_off",
            "parameters": {"type": "object", "properties": {"order": {}}},
            "config": {"code": "return { state: 'sent' }"},
        }
        for tool_id in ("tool_order", "tool_bikes", "tool_off")
    ],
}

NOWHERE: Final = "{{nowhere}}"


def template(field: str) -> Rows:
    """What can be wrong with a template."""
    return (
        ("UNKNOWN_VARIABLE", field, {field: "Hello {{nowhere.name}}"}),
        ("UNREADABLE", field, {field: "Hello {{name +}}"}),
        ("SECRET_OUT_OF_PLACE", field, {field: "{{secrets.BIKES_KEY}}"}),
    )


def scripted(field: str) -> Rows:
    """What can be wrong with a template in several languages."""
    return (*template(field), ("UNKNOWN_VARIABLE", field, {field: {"en": "Hello", "de": NOWHERE}}))


def told_models(field: str) -> Rows:
    """What can be wrong with what a model is told."""
    return (*template(field), ("UNKNOWN_PROMPT", field, {field: "{{prompts.nowhere}}"}))


def by_name(field: str, *, secrets: bool = False) -> Rows:
    """What can be wrong with templates by name."""
    wrong = {"UNKNOWN_VARIABLE": NOWHERE, "UNREADABLE": "{{name +}}"}
    wrong |= {"UNKNOWN_SECRET": "{{secrets.NOWHERE}}"} if secrets else {"SECRET_OUT_OF_PLACE": "{{secrets.BIKES_KEY}}"}
    return tuple((code, f"{field}.order", {field: {"order": value}}) for code, value in wrong.items())


def needed(field: str, empty: Any = "") -> Rows:
    """Nothing where something is needed; a text of blanks is nothing."""
    return (("REQUIRED", field, {field: empty}),)


def variable(field: str) -> Rows:
    """A variable that nobody declared, or that nobody sets."""
    return tuple(("UNKNOWN_VARIABLE", field, {field: name}) for name in ("nowhere", "sys.now"))


UNKNOWN_FIELD: Final = ("UNKNOWN_FIELD", "colour", {"colour": "blue"})
"""Of every step."""


def web_call() -> Rows:
    """What can be wrong with a call to another system."""
    return (
        *needed("url"),
        *needed("url", "  "),
        ("BAD_URL", "url", {"url": "ftp://bikes.example"}),
        ("UNKNOWN_VARIABLE", "url", {"url": "https://bikes.example/{{nowhere}}"}),
        ("UNREADABLE", "url", {"url": "https://bikes.example/{{name +}}"}),
        *by_name("headers", secrets=True),
        ("BAD_HEADER", "headers.X Y", {"headers": {"X Y": "1"}}),
        ("BAD_HEADER", "headers.Host", {"headers": {"Host": "evil.example"}}),
        *by_name("query", secrets=True),
        ("UNKNOWN_VARIABLE", "body", {"body": {"lines": [NOWHERE]}}),
        ("UNREADABLE", "body", {"body": '{"days": {{days}}}'}),
        ("UNREADABLE", "body", {"body": "days=1", "bodyType": "form"}),
        ("UNREADABLE", "body", {"body": [1], "bodyType": "form"}),
        ("REQUIRED", "map[0].path", {"map": [{"variable": "order"}]}),
        ("UNREADABLE", "map[0].path", {"map": [{"path": "$.a[", "variable": "order"}]}),
        ("REQUIRED", "map[0].variable", {"map": [{"path": "$.a"}]}),
        ("UNKNOWN_VARIABLE", "map[0].variable", {"map": [{"path": "$.a", "variable": "nowhere"}]}),
    )


def _rule(**fields: Any) -> Config:
    return {"rules": [{"id": "vip", **fields}]}


def _condition(**fields: Any) -> Config:
    return _rule(conditions=[{"variable": "plan", "operator": "is", "value": "gold", **fields}])


def _button(**fields: Any) -> Config:
    return {"buttons": [{"id": "yes", "label": "Yes", **fields}]}


def _carousel(**fields: Any) -> Config:
    return {"kind": "carousel", "buttons": [], "cards": [{"title": "A bike"}, {"title": "Another", **fields}]}


def _card_buttons(place: str, button: Any) -> Rows:
    """What can be wrong with the buttons of a card."""
    return (
        ("REQUIRED", f"{place}.label", button(label="")),
        ("UNKNOWN_VARIABLE", f"{place}.label", button(label=NOWHERE)),
        ("UNKNOWN_VARIABLE", f"{place}.value", button(value=NOWHERE)),
        ("UNKNOWN_VARIABLE", f"{place}.url", button(url=NOWHERE)),
    )


UNFINISHED: Final[Mapping[str, Sequence[tuple[str, str, Config]]]] = {
    "start": (),
    "message": (
        *scripted("text"),
        ("REQUIRED", "text", {"text": "", "variants": []}),
        ("REQUIRED", "text", {"text": {"en": " ", "de": ""}, "variants": [" "]}),
        ("UNKNOWN_VARIABLE", "variants[1]", {"variants": ["Hello", NOWHERE]}),
        ("REQUIRED", "prompt", {"mode": "generated"}),
        ("UNKNOWN_VARIABLE", "prompt", {"mode": "generated", "prompt": NOWHERE}),
        ("UNKNOWN_PROMPT", "prompt", {"mode": "generated", "prompt": "{{prompts.nowhere}}"}),
        ("WRONG_MODEL", "model", {"mode": "generated", "prompt": "Greet.", "model": "nobody"}),
        ("UNKNOWN_VARIABLE", "channels.sms.text", {"channels": {"sms": {"text": NOWHERE}}}),
        ("UNKNOWN_FIELD", "channels.sms.colour", {"channels": {"sms": {"colour": "blue"}}}),
    ),
    "buttons": (
        *scripted("text"),
        *needed("buttons", []),
        ("REQUIRED", "buttons[0].label", {"buttons": [{"id": "yes"}]}),
        ("REQUIRED", "buttons[0].label", _button(label={"en": " "})),
        ("UNKNOWN_VARIABLE", "buttons[0].label", _button(label=NOWHERE)),
        ("UNREADABLE", "buttons[0].value", _button(value="{{name +}}")),
        ("UNKNOWN_FIELD", "buttons[0].colour", _button(colour="blue")),
        ("REQUIRED", "channels.sms.buttons", {"channels": {"sms": {"buttons": []}}}),
    ),
    "capture": (
        *scripted("text"),
        *needed("variable"),
        *variable("variable"),
        ("REQUIRED", "pattern", {"type": "regex"}),
        ("UNKNOWN_ENTITY", "entity", {"type": "entity"}),
        ("UNKNOWN_ENTITY", "entity", {"type": "entity", "entity": "colours"}),
        *scripted("retryText"),
    ),
    "intent": (
        *scripted("text"),
        ("REQUIRED", "intents[0].name", {"intents": [{"id": "book"}]}),
        ("UNKNOWN_FIELD", "intents[0].colour", {"intents": [{"id": "book", "name": "book", "colour": "blue"}]}),
    ),
    "condition": (
        *needed("rules", []),
        ("REQUIRED", "rules[0]", _rule()),
        ("REQUIRED", "rules[0]", _rule(expression=" ")),
        ("AMBIGUOUS", "rules[0]", {"rules": [{**_condition()["rules"][0], "expression": "total > 1"}]}),
        ("REQUIRED", "rules[0].conditions[0].variable", _condition(variable="")),
        ("UNKNOWN_VARIABLE", "rules[0].conditions[0].variable", _condition(variable="nowhere.name")),
        ("REQUIRED", "rules[0].conditions[0].value", _condition(value=None)),
        ("UNKNOWN_VARIABLE", "rules[0].conditions[0].value", _condition(value=NOWHERE)),
        ("UNKNOWN_FIELD", "rules[0].conditions[0].colour", _condition(colour="blue")),
        ("UNREADABLE", "rules[0].expression", _rule(expression="total >")),
        ("UNKNOWN_VARIABLE", "rules[0].expression", _rule(expression="nowhere > 1")),
    ),
    "set": (
        *needed("assignments", []),
        ("REQUIRED", "assignments[0].variable", {"assignments": [{"value": 1}]}),
        ("UNKNOWN_VARIABLE", "assignments[0].variable", {"assignments": [{"variable": "nowhere", "value": 1}]}),
        ("UNKNOWN_VARIABLE", "assignments[0].variable", {"assignments": [{"variable": "sys.now", "value": 1}]}),
        ("REQUIRED", "assignments[0]", {"assignments": [{"variable": "total"}]}),
        ("REQUIRED", "assignments[0]", {"assignments": [{"variable": "total", "expression": ""}]}),
        ("AMBIGUOUS", "assignments[0]", {"assignments": [{"variable": "total", "value": 1, "expression": "2"}]}),
        ("UNKNOWN_VARIABLE", "assignments[0].value", {"assignments": [{"variable": "total", "value": [NOWHERE]}]}),
        ("UNREADABLE", "assignments[0].expression", {"assignments": [{"variable": "total", "expression": "1 +"}]}),
    ),
    "random": (
        *needed("paths", []),
        ("NO_WEIGHT", "paths", {"paths": [{"id": "a", "weight": 0}]}),
        ("UNKNOWN_FIELD", "paths[0].colour", {"paths": [{"id": "a", "colour": "blue"}]}),
    ),
    "kb-search": (*template("query"), *by_name("filter"), *variable("saveTo")),
    "prompt": (
        *told_models("system"),
        *needed("prompt"),
        *needed("prompt", " "),
        *told_models("prompt"),
        ("WRONG_MODEL", "model", {"model": "nobody"}),
        ("WRONG_SCHEMA", "schema", {"schema": {"type": "nothing"}}),
        *variable("saveTo"),
    ),
    "agent": (
        *needed("instructions"),
        *told_models("instructions"),
        ("WRONG_MODEL", "model", {"model": ["nobody"]}),
        ("UNKNOWN_TOOL", "toolIds[1]", {"toolIds": ["tool_bikes", "gone"]}),
        ("UNKNOWN_PLAYBOOK", "playbookIds[1]", {"playbookIds": ["pb_booking", "gone"]}),
        ("UNKNOWN_VARIABLE", "exits[0].collects[1]", {"exits": [{"id": "e", "collects": ["model", "nowhere"]}]}),
    ),
    "playbook": (
        *needed("playbookId"),
        ("UNKNOWN_PLAYBOOK", "playbookId", {"playbookId": "gone"}),
        *by_name("inputs"),
        ("UNKNOWN_VARIABLE", "outputs.nowhere", {"outputs": {"day": "day", "nowhere": "day"}}),
    ),
    "api": web_call(),
    "tool": (
        *needed("toolId"),
        ("UNKNOWN_TOOL", "toolId", {"toolId": "gone"}),
        ("TOOL_DISABLED", "toolId", {"toolId": "tool_off"}),
        *by_name("inputs"),
        ("UNKNOWN_PARAMETER", "inputs.colour", {"inputs": {"colour": "blue"}}),
        *variable("saveTo"),
        ("UNKNOWN_VARIABLE", "outputs.nowhere", {"outputs": {"nowhere": "state"}}),
    ),
    "code": (*needed("code"), ("UNREADABLE", "code", {"code": "return (1"})),
    "workflow": (
        *needed("workflowId"),
        ("UNKNOWN_WORKFLOW", "workflowId", {"workflowId": "gone"}),
        ("UNKNOWN_VARIABLE", "inputs.nowhere", {"inputs": {"nowhere": "x"}}),
        ("UNKNOWN_VARIABLE", "inputs.purpose", {"inputs": {"purpose": NOWHERE}}),
        ("UNREADABLE", "inputs.purpose", {"inputs": {"purpose": "{{name +}}"}}),
    ),
    "parallel": needed("branches", []),
    "loop": (
        *needed("items"),
        *needed("items", []),
        ("UNREADABLE", "items", {"items": "order."}),
        ("UNKNOWN_VARIABLE", "items", {"items": "nowhere.lines"}),
        ("UNKNOWN_VARIABLE", "items", {"items": ["a", NOWHERE]}),
        *needed("itemVariable"),
        *variable("itemVariable"),
    ),
    "post-process": (
        ("REQUIRED", "code", {"code": " "}),
        ("UNREADABLE", "code", {"code": "const text = 1"}),
        ("REQUIRED", "prompt", {"with": "prompt"}),
        ("UNKNOWN_VARIABLE", "prompt", {"with": "prompt", "prompt": NOWHERE}),
        ("UNREADABLE", "prompt", {"with": "prompt", "prompt": "{{name +}}"}),
        ("WRONG_MODEL", "model", {"with": "prompt", "prompt": "Be kind.", "model": "nobody"}),
    ),
    "media": (
        ("REQUIRED", "url", {"kind": "video", "title": "", "buttons": []}),
        ("REQUIRED", "title", {"title": " "}),
        ("REQUIRED", "cards", {"kind": "carousel", "buttons": []}),
        ("REQUIRED", "cards[1].title", _carousel(title="")),
        *(
            ("UNKNOWN_VARIABLE", field, {field: NOWHERE})
            for field in ("title", "description", "imageUrl", "url", "alt")
        ),
        *(
            ("UNKNOWN_VARIABLE", f"cards[1].{field}", _carousel(**{field: NOWHERE}))
            for field in ("title", "description", "imageUrl", "url")
        ),
        *_card_buttons("buttons[0]", _button),
        *_card_buttons("cards[1].buttons[0]", lambda **fields: _carousel(**_button(**fields))),  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType]  # fields of any kind
        ("UNKNOWN_FIELD", "buttons[0].colour", _button(colour="blue")),
        ("UNKNOWN_VARIABLE", "channels.sms.title", {"channels": {"sms": {"title": NOWHERE}}}),
    ),
    "client-action": (
        *needed("name"),
        *template("name"),
        ("UNKNOWN_VARIABLE", "payload", {"payload": {"from": [NOWHERE]}}),
        ("UNREADABLE", "payload", {"payload": "{{name +}}"}),
        ("UNKNOWN_VARIABLE", "paths[0].label", {"paths": [{"id": "picked", "label": NOWHERE}]}),
        ("NO_ANSWER", "paths", {"wait": False}),
        *variable("saveTo"),
    ),
    "delay": (),
    "handoff": (*template("target"), *template("reason")),
    "end": scripted("text"),
}
