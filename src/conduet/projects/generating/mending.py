"""A document that a model wrote, made one of ours: tidied, laid out, and rid of what stays wrong."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias, cast

from conduet.engine.project import ProjectShape
from conduet.kit.json import Json
from conduet.projects.document import JsonObject
from conduet.projects.generating.brief import Brief
from conduet.projects.generating.graph import position
from conduet.projects.generating.plan import Plan

_Place: TypeAlias = tuple[str, int, str, int]
"""A list and an index in it, a list inside and an index in that; -1 where there is none."""

_LEFT_OUT: Final = frozenset({"slug", "tests", "webhooks", "widget"})
_TAKEN: Final = frozenset(field.alias or name for name, field in ProjectShape.model_fields.items()) - _LEFT_OUT
_PATH: Final = re.compile(r"^(?P<list>\w+)\[(?P<index>\d+)\](?:\.(?P<inner>steps|connections)\[(?P<number>\d+)\])?")


def tidied(written: Mapping[str, Json], plan: Plan, brief: Brief) -> JsonObject:
    """What was written as a document: known fields, ids where they go without saying, and steps in their places."""
    document: JsonObject = {name: value for name, value in written.items() if name in _TAKEN and value is not None}
    document["framework"] = brief.framework or plan.framework
    document["name"] = brief.name or document.get("name") or plan.name
    document.setdefault("description", plan.description)
    document.setdefault("language", plan.language)
    behaviour = document.setdefault("behaviourConfig", {})
    if isinstance(behaviour, dict):
        behaviour.setdefault("persona", plan.persona)
    workflows = document.get("workflows")
    for workflow in workflows if isinstance(workflows, list) else ():
        if isinstance(workflow, dict):
            _tidy(workflow)
    return document


def _tidy(workflow: dict[str, Any]) -> None:
    steps = _objects(workflow.setdefault("steps", []))
    connections = _objects(workflow.setdefault("connections", []))
    if steps and not any(step.get("type") == "start" for step in steps):
        first = steps[0].get("id")
        workflow["steps"].insert(0, {"id": "start-here", "type": "start", "config": {}})
        workflow["connections"].insert(0, {"source": "start-here", "sourcePort": "next", "target": first})
        steps, connections = _objects(workflow["steps"]), _objects(workflow["connections"])
    for number, connection in enumerate(connections, 1):
        connection["id"] = f"c{number}"
        connection.setdefault("sourcePort", "next")
    _lay_out(steps, connections)


def _lay_out(steps: list[dict[str, Any]], connections: list[dict[str, Any]]) -> None:
    """Puts each step into the column of its distance from the start, below those that came there before."""
    following: dict[str, list[str]] = {}
    for connection in connections:
        following.setdefault(str(connection.get("source")), []).append(str(connection.get("target")))
    columns: dict[str, int] = {}
    waiting = [str(step.get("id")) for step in steps if step.get("type") == "start"]
    columns.update(dict.fromkeys(waiting, 0))
    for name in waiting:
        for target in following.get(name, ()):
            if target not in columns:
                columns[target] = columns[name] + 1
                waiting.append(target)
    taken: dict[int, int] = {}
    for step in steps:
        column = columns.get(str(step.get("id")), 0)
        row = taken.get(column, 0)
        taken[column] = row + 1
        step["position"] = position(column, row)


def cut(document: JsonObject, paths: Iterable[str]) -> bool:
    """Takes out of the document what lies at these paths; whether there was anything.

    A step goes whole, and what led to it leads where it led; of all else the item of its list goes, or the field.
    """
    gone = False
    # From behind, what is inside before what it is in, so that the numbers of what comes before stay.
    for place in sorted({_place(path) for path in paths}, key=_from_behind):
        gone |= _cut_at(document, *place)
    return gone


def _from_behind(place: _Place) -> tuple[str, int, str, int]:
    name, index, inner, number = place
    return name, -index, inner or "~", -number


def _cut_at(document: JsonObject, name: str, index: int, inner: str, number: int) -> bool:
    if index < 0:
        return _drop(document, name)
    parts = document.get(name)
    if not isinstance(parts, list) or index >= len(parts):
        return False
    part = parts[index]
    if not inner or not isinstance(part, dict):
        del parts[index]
        return True
    items = part.get(inner)
    if not isinstance(items, list) or number >= len(items):
        return False
    gone = items.pop(number)
    if inner == "steps":
        _join_over(part, gone)
    return True


def _place(path: str) -> _Place:
    found = _PATH.match(path)
    if found is None:
        return path, -1, "", -1
    return found["list"], int(found["index"]), found["inner"] or "", int(found["number"] or -1)


def _drop(document: JsonObject, path: str) -> bool:
    """Takes out a field by its path of names."""
    *outer, last = path.replace("[", ".").split(".")
    holder: Any = document
    for name in outer:
        holder = cast("dict[str, Any]", holder).get(name) if isinstance(holder, dict) else None
    if not isinstance(holder, dict) or last not in holder:
        # Somewhere deeper in it: the whole of it, where that is more than a name.
        return bool(outer) and _drop(document, ".".join(outer))
    del cast("dict[str, Any]", holder)[last]
    return True


def _join_over(workflow: JsonObject, gone: Json) -> None:
    """Lets what led to a step that is gone lead where it led."""
    name = gone.get("id") if isinstance(gone, dict) else None
    connections = _objects(workflow.get("connections"))
    ahead = next((each.get("target") for each in connections if each.get("source") == name), None)
    kept: list[Json] = []
    for connection in connections:
        if connection.get("source") == name:
            continue
        if connection.get("target") == name:
            if ahead in (None, name):
                continue
            connection["target"] = ahead
        kept.append(connection)
    workflow["connections"] = kept


def _objects(parts: object) -> list[dict[str, Any]]:
    listed = cast("list[object]", parts) if isinstance(parts, list) else []
    return [cast("dict[str, Any]", each) for each in listed if isinstance(each, dict)]
