"""Nodes that decide and compute."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from conduet.engine.expression import ExpressionError, compile_expression
from conduet.kit.json import Json, dumps
from conduet.projects.importers.voiceflow.export import Export, Object, items, obj, objects, text
from conduet.projects.importers.voiceflow.made import Dropped, Made, Reader, Reading, Step, chain
from conduet.projects.importers.voiceflow.words import referring, reprompt, template

_OPERATORS: Final[Mapping[str, str]] = {
    "equals": "is", "is": "is", "not_equal": "isNot", "is_not": "isNot", "not_equals": "isNot",
    "greater": "greaterThan", "greater_than": "greaterThan", "greater_or_equal": "atLeast",
    "greater_than_or_equal": "atLeast", "less": "lessThan", "less_than": "lessThan", "less_or_equal": "atMost",
    "less_than_or_equal": "atMost", "contains": "contains", "not_contain": "notContains",
    "not_contains": "notContains", "starts_with": "startsWith", "ends_with": "endsWith",
    "has_value": "isNotEmpty", "is_not_empty": "isNotEmpty", "is_empty": "isEmpty",
}  # fmt: skip
_BARE: Final = frozenset({"isEmpty", "isNotEmpty"})
_IDENTIFIER: Final = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")


def _conditions(reading: Reading) -> Made | Dropped:
    rules: list[Json] = []
    ports: dict[str, str | None] = {"else": reading.ports.get("else", "noMatch")}
    notes: list[str] = []
    for index, row in enumerate(objects(reading.node.data.get("expressions"))):
        key = f"path-{index + 1}"
        rule, note = _rule(reading.export, row)
        rules.append({"id": key, **rule})
        notes += [note] if note else []
        ports[key] = reading.ports.at(index)
    return _condition(rules, ports, [*notes, *_missed(reading)])


def _newer(reading: Reading) -> Made | Dropped:
    condition = obj(reading.node.data.get("condition"))
    rules: list[Json] = []
    ports: dict[str, str | None] = {"else": reading.ports.get("else")}
    notes: list[str] = []
    for index, row in enumerate(objects(condition.get("items"))):
        key, value = text(row.get("id")) or f"path-{index + 1}", obj(row.get("value"))
        asserted = [_assertion(reading.export, each) for each in objects(value.get("assertions"))]
        if not asserted or any(each is None for each in asserted) or text(value.get("type")) == "script":
            notes.append(f"Rule {index + 1} was written in JavaScript or for a model: write it anew. {_source(value)}")
            rules.append({"id": key, "expression": "false"})
        else:
            match = "all" if value.get("matchAll") is not False else "any"
            rules.append({"id": key, "match": match, "conditions": [each for each in asserted if each]})
        ports[key] = reading.ports.get(key) or reading.ports.at(index)
    return _condition(rules, ports, [*notes, *_missed(reading)])


def _condition(rules: list[Json], ports: dict[str, str | None], notes: list[str]) -> Made | Dropped:
    if not rules:
        return Dropped("It has no rules.")
    return Made([Step("condition", {"rules": rules}, ports)], " ".join(notes) or None)


def _missed(reading: Reading) -> list[str]:
    said = reprompt(reading.export, reading.node.data.get("noMatch"))
    return [f"What it said without a match was left out: {said!r}."] if said else []


def _rule(export: Export, row: Object) -> tuple[dict[str, Json], str | None]:
    parts = objects(row.get("value"))
    simple = [_logic(export, part) for part in parts]
    if parts and all(simple):
        match = "any" if text(row.get("type")) == "or" else "all"
        return {"match": match, "conditions": [each for each in simple if each]}, None
    whole = _expression(export, row)
    if whole is not None:
        return {"expression": whole}, None
    return {"expression": "false"}, f"A rule was written in JavaScript: write it anew. {_source(row)}"


def _logic(export: Export, part: Object) -> Json:
    """A comparison of a variable; nothing for what is none."""
    operator, sides = _OPERATORS.get(text(part.get("type"))), objects(part.get("value"))
    if operator is None or not sides or text(sides[0].get("type")) != "variable":
        return None
    told: dict[str, Json] = {"variable": export.variable(sides[0].get("value")), "operator": operator}
    return told if operator in _BARE or len(sides) < 2 else told | {"value": _side(export, sides[1])}


def _assertion(export: Export, row: Object) -> Json:
    operator, left = _OPERATORS.get(text(row.get("operation"))), obj(row.get("lhs"))
    if operator is None or not left.get("variableID"):
        return None
    told: dict[str, Json] = {"variable": export.variable(left["variableID"]), "operator": operator}
    return told if operator in _BARE else told | {"value": template(export, row.get("rhs"))}


def _side(export: Export, side: Object) -> Json:
    value = side.get("value")
    if text(side.get("type")) == "variable":
        return "{{" + export.variable(value) + "}}"
    return referring(export, value) if isinstance(value, str) else value


def _expression(export: Export, part: Object) -> str | None:
    """A group of comparisons as one expression; nothing where there is JavaScript in it."""
    kind = text(part.get("type"))
    if part.get("logicInterface") == "logic_group" or kind in ("and", "or") or part.get("type") is None:
        inner = [_expression(export, each) for each in objects(part.get("value"))]
        if not inner or any(each is None for each in inner):
            return None
        return "(" + (" or " if kind == "or" else " and ").join(each for each in inner if each) + ")"
    sides = objects(part.get("value"))
    if not sides or text(sides[0].get("type")) != "variable":
        return None
    left = export.variable(sides[0].get("value"))
    right = _literal(export, sides[1]) if len(sides) > 1 else '""'
    return _COMPARED[kind].format(left=left, right=right) if kind in _COMPARED else None


_COMPARED: Final[Mapping[str, str]] = {
    "equals": "{left}|lower == {right}|lower", "not_equal": "{left}|lower != {right}|lower",
    "greater": "{left} > {right}", "greater_or_equal": "{left} >= {right}",
    "less": "{left} < {right}", "less_or_equal": "{left} <= {right}",
    "contains": "{right}|lower in {left}|lower", "not_contain": "not ({right}|lower in {left}|lower)",
    "has_value": "{left}|default('') != ''", "is_empty": "{left}|default('') == ''",
}  # fmt: skip


def _literal(export: Export, side: Object) -> str:
    value = side.get("value")
    if text(side.get("type")) == "variable":
        return export.variable(value)
    return dumps(text(value)).decode()


def _source(row: Object) -> str:
    return f"It was: {dumps(dict(row)).decode()[:500]}"


def _set(reading: Reading) -> Made | Dropped:
    data, export = reading.node.data, reading.export
    rows = [*objects(data.get("sets")), *objects(data.get("items"))]
    steps: list[Step] = []
    notes: list[str] = []
    for row in rows:
        name = export.name_of(row.get("variable") or row.get("variableID"))
        if name:
            steps.append(_assignment(export, name, row, notes))
    return chain(*_with_next(_merged(steps), reading), reason=" ".join(notes) or None) if steps else _nothing()


def _nothing() -> Dropped:
    return Dropped("It sets nothing.")


def _assignment(export: Export, name: str, row: Object, notes: list[str]) -> Step:
    kind, value = text(row.get("type")), row.get("value", row.get("expression"))
    if kind == "prompt":
        notes.append(f"A model decides on `{name}`.")
        return Step("prompt", {"prompt": template(export, row.get("value")), "saveTo": name})
    if kind != "advance" and (isinstance(value, list) or kind in ("value", "")):
        said = template(export, value) if isinstance(value, list | dict | str) else value
        return Step("set", {"assignments": [{"variable": name, "value": said}]})
    inner = obj(value)
    if inner and text(inner.get("type")) == "value":
        return Step("set", {"assignments": [{"variable": name, "value": _side(export, inner)}]})
    source = text(inner.get("value")) if inner else template(export, value)
    script = re.sub(r"\{\{?([A-Za-z_][\w.]*)\}\}?", r"\1", source).strip()
    try:
        compile_expression(script)
    except ExpressionError:
        notes.append(f"`{name}` is computed by code, as it was: {script[:200]!r}.")
        return Step("code", {"language": "javascript", "code": _assigning(export, name, script)})
    return Step("set", {"assignments": [{"variable": name, "expression": script}]})


def _merged(steps: list[Step]) -> list[Step]:
    """Assignments that follow one another are one step."""
    merged: list[Step] = []
    for step in steps:
        if merged and step.type == merged[-1].type == "set":
            before = items(merged[-1].config["assignments"])
            merged[-1] = Step("set", {"assignments": [*before, *items(step.config["assignments"])]})
        else:
            merged.append(step)
    return merged


def _with_next(steps: list[Step], reading: Reading) -> list[Step]:
    return [Step(each.type, each.config, {**each.ports, **reading.on()}) for each in steps]


def _assigning(export: Export, name: str, script: str) -> str:
    return f"{_locals(export, script)}\nreturn {{ variables: {{ {dumps(name).decode()}: ({script}) }} }}"


def _names_in(export: Export, script: str) -> Iterator[str]:
    known = {*export.variable_names.values(), *(text(each) for each in items(export.version.get("variables")))}
    for name in dict.fromkeys(_IDENTIFIER.findall(script)):
        if name in known:
            yield name


def _locals(export: Export, script: str) -> str:
    names = ", ".join(_names_in(export, script))
    return f"let {{ {names} }} = variables" if names else ""


def _code(reading: Reading) -> Made | Dropped:
    """Voiceflow's code reads and assigns bare names, and returns the label of a path."""
    data, export = reading.node.data, reading.export
    script = text(data.get("code"))
    names = ", ".join(_names_in(export, script))
    wrapped = "\n".join(
        (
            _locals(export, script),
            "const port = await (async () => {",
            script,
            "})()",
            f"return {{ variables: {{ {names} }}, port: port ?? undefined }}",
        )
    )
    ports: dict[str, str | None] = {"next": reading.next, "error": reading.ports.get("fail")}
    for index, path in enumerate(objects(data.get("paths"))):
        label = text(path.get("label"))
        if label:
            ports[label] = reading.ports.get(text(path.get("key"))) or reading.ports.at(index)
    notes = ["Its variables are read before it and written after it."]
    if re.search(r"\b(fetch|Buffer|require|XMLHttpRequest)\b", script):
        notes.append("Code cannot reach the network or files here: use an `api` step.")
    config: dict[str, Json] = {"language": "javascript", "code": wrapped.strip()}
    return Made([Step("code", config, ports)], " ".join(notes))


def _random(reading: Reading) -> Made | Dropped:
    data, ports = reading.node.data, reading.ports
    rows = objects(data.get("namedPaths"))
    count = len(rows) or len(ports.dynamic) or int(text(data.get("paths")) or 0)
    paths: list[Json] = [{"id": f"path-{index + 1}", "weight": 1} for index in range(count)]
    if not paths:
        return Dropped("It has no paths.")
    targets = {f"path-{i + 1}": ports.at(i) or ports.get(text(rows[i].get("id")) if rows else "") for i in range(count)}
    reason = "A path may be taken twice running." if data.get("noDuplicates") else None
    return Made([Step("random", {"paths": paths}, targets)], reason)


READERS: Mapping[str, Reader] = {
    "if": _conditions, "ifV2": _conditions, "condition-v3": _newer, "set": _set, "setV2": _set, "set-v3": _set,
    "code": _code, "random": _random, "randomV2": _random,
}  # fmt: skip
