"""What is different between two documents of a project: part by part, in words and field by field."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, cast

from conduet.engine.values import MISSING, Json, Missing
from conduet.kit.json import dumps
from conduet.kit.schema import path_of
from conduet.projects.differing import FieldChange, differences
from conduet.projects.document import JsonObject

Kind = Literal["added", "removed", "changed", "moved"]

SHOWN_LETTERS: Final = 80
"""How much of a value stands in the words."""

SHOWN_FIELDS: Final = 4
"""How many fields of one part are told in words; all are in `fields`."""

_PARTS: Final[Mapping[str, tuple[str, str]]] = {
    "playbooks": ("playbook", "id"),
    "tools": ("tool", "id"),
    "intents": ("intent", "id"),
    "entities": ("entity", "id"),
    "pipelines": ("pipeline", "id"),
    "tests": ("test", "id"),
    "webhooks": ("webhook", "id"),
    "variables": ("variable", "name"),
    "secrets": ("secret", "name"),
    "events": ("event", "name"),
}
"""Lists of a document: what one of their parts is called, and the field that tells which it is."""


@dataclass(frozen=True, slots=True)
class PartChange:
    """A part that was added, removed, changed or moved; `path` is where it is after, before where it was removed."""

    kind: Kind
    what: str
    id: str
    name: str
    path: str
    words: str
    fields: Sequence[FieldChange] = ()
    workflow_id: str | None = None


@dataclass(frozen=True, slots=True)
class _Of:
    """Whose parts are compared: of the project, or of a workflow."""

    what: str
    path: tuple[int | str, ...] = ()
    workflow_id: str | None = None
    label: str = ""


def compare(before: JsonObject, after: JsonObject) -> list[PartChange]:
    """Every difference once, in the order of the document: its own fields, workflows with their steps, the other parts.

    A step or note that only lies elsewhere was moved. In which order the parts of a list stand is no difference.
    """
    return [*_own_fields(before, after), *_workflows(before, after), *_prompts(before, after), *_lists(before, after)]


def counts(changes: Iterable[PartChange]) -> dict[str, int]:
    """How many parts were added, removed, changed and moved."""
    found = Counter(change.kind for change in changes)
    return {kind: found[kind] for kind in ("added", "removed", "changed", "moved")}


def _own_fields(before: JsonObject, after: JsonObject) -> Iterator[PartChange]:
    apart = {"workflows", "prompts", *_PARTS}
    for name in (*after, *(name for name in before if name not in after)):
        if name in apart:
            continue
        fields = [*differences(before.get(name, MISSING), after.get(name, MISSING), (name,))]
        if fields:
            yield PartChange("changed", "project", name, name, name, f"Project: {_told(fields)}.", fields)


def _workflows(before: JsonObject, after: JsonObject) -> Iterator[PartChange]:
    old, new = _by(before.get("workflows"), "id"), _by(after.get("workflows"), "id")
    yield from _parts(old, new, "id", _Of("workflow", ("workflows",)), apart=("steps", "connections", "notes"))
    for index, (name, workflow) in enumerate(new.items()):
        former = old.get(name)
        if former is None:
            continue
        label = f"{workflow.get('name') or name}: "
        steps = _Of("step", ("workflows", index, "steps"), name, label)
        yield from _parts(
            _by(former.get("steps"), "id"), _by(workflow.get("steps"), "id"), "id", steps, places=("position",)
        )
        yield from _connections(former, workflow, _Of("connection", ("workflows", index, "connections"), name, label))
        notes = _Of("note", ("workflows", index, "notes"), name, label)
        yield from _parts(
            _by(former.get("notes"), "id"), _by(workflow.get("notes"), "id"), "id", notes, places=("position", "size")
        )


def _connections(before: JsonObject, after: JsonObject, of: _Of) -> Iterator[PartChange]:
    """A port that leads elsewhere was changed, whatever the connection's id."""
    old, new = _by_port(before), _by_port(after)
    steps = {**_by(before.get("steps"), "id"), **_by(after.get("steps"), "id")}
    names = {step: _name(step, part) for step, part in steps.items()}
    for port in (*new, *(port for port in old if port not in new)):
        was, now = old.get(port), new.get(port)
        goes = None if now is None else str(now[1].get("target"))
        went = None if was is None else str(was[1].get("target"))
        if goes == went:
            continue
        source = f"{of.label}“{names.get(port[0], port[0])}” by `{port[1]}`"
        index, connection = cast("tuple[int, JsonObject]", now or was)
        kind: Kind = "changed" if was and now else "added" if now else "removed"
        yield PartChange(
            kind,
            of.what,
            str(connection.get("id", "")),
            f"{port[0]}.{port[1]}",
            path_of((*of.path, index)),
            f"{source} {_leads(went, goes, names)}.",
            [FieldChange("target", MISSING if went is None else went, MISSING if goes is None else goes)],
            of.workflow_id,
        )


def _leads(went: str | None, goes: str | None, names: Mapping[str, str]) -> str:
    now, was = (None if step is None else f"“{names.get(step, step)}”" for step in (goes, went))
    if was is None:
        return f"leads to {now}"
    return f"no longer leads to {was}" if now is None else f"leads to {now}, before to {was}"


def _by_port(workflow: JsonObject) -> dict[tuple[str, str], tuple[int, JsonObject]]:
    """The connections that are taken: of several that leave from one port, the first."""
    found: dict[tuple[str, str], tuple[int, JsonObject]] = {}
    for index, each in enumerate(_objects(workflow.get("connections"))):
        found.setdefault((str(each.get("source")), str(each.get("sourcePort"))), (index, each))
    return found


def _prompts(before: JsonObject, after: JsonObject) -> Iterator[PartChange]:
    old, new = (_texts(document.get("prompts")) for document in (before, after))
    yield from _parts(old, new, "name", _Of("prompt", ("prompts",)), by_name=True)


def _lists(before: JsonObject, after: JsonObject) -> Iterator[PartChange]:
    for field, (what, key) in _PARTS.items():
        yield from _parts(_by(before.get(field), key), _by(after.get(field), key), key, _Of(what, (field,)))


def _parts(
    old: Mapping[str, JsonObject],
    new: Mapping[str, JsonObject],
    key: str,
    of: _Of,
    *,
    apart: Sequence[str] = (),
    places: Sequence[str] = (),
    by_name: bool = False,
) -> Iterator[PartChange]:
    """The parts of two lists by what tells them apart: those there are now, then those that are gone.

    Fields that are `apart` are not looked at; those that only tell where a part lies make it moved.
    """
    for index, (name, part) in enumerate(new.items()):
        path, former = (*of.path, name if by_name else index), old.get(name)
        if former is None:
            yield _whole("added", name, part, of, path)
            continue
        fields = [
            field
            for field in differences(_without(former, apart), _without(part, apart))
            if field.path.split(".")[0] not in (*places, key)
        ]
        if fields:
            words = f"{of.label}{_called(name, part, of)}: {_told(fields)}."
            yield PartChange("changed", of.what, name, _name(name, part), path_of(path), words, fields, of.workflow_id)
        elif moved := [each for place in places for each in differences(former.get(place), part.get(place), (place,))]:
            told = "moved" if moved[0].path.startswith("position") else "resized"
            words = f"{of.label}{_called(name, part, of)} was {told}."
            yield PartChange("moved", of.what, name, _name(name, part), path_of(path), words, moved, of.workflow_id)
    for index, (name, part) in enumerate(old.items()):
        if name not in new:
            yield _whole("removed", name, part, of, (*of.path, name if by_name else index))


def _whole(kind: Kind, name: str, part: JsonObject, of: _Of, path: tuple[int | str, ...]) -> PartChange:
    words = f"{of.label}{_called(name, part, of)} was {kind}."
    before, after = (MISSING, part) if kind == "added" else (part, MISSING)
    return PartChange(
        kind, of.what, name, _name(name, part), path_of(path), words, [FieldChange("", before, after)], of.workflow_id
    )


def _called(name: str, part: JsonObject, of: _Of) -> str:
    if of.what == "note":
        return f"{part.get('kind', 'note')} {_value(part.get('text') or name)}"
    kind = f" ({part['type']})" if of.what in ("step", "tool") and "type" in part else ""
    return f"{of.what} “{_name(name, part)}”{kind}"


def _name(name: str, part: JsonObject) -> str:
    return str(part.get("name") or name)


def _told(fields: Sequence[FieldChange]) -> str:
    told = [_said(field) for field in fields[:SHOWN_FIELDS]]
    more = len(fields) - len(told)
    return "; ".join(told) + (f"; and {more} more" if more else "")


def _said(field: FieldChange) -> str:
    name = f"`{field.path.removeprefix('config.')}`"
    if field.before is MISSING:
        return f"{name} is {_value(field.after)}"
    return f"{name} is gone" if field.after is MISSING else f"{name} {_value(field.before)} → {_value(field.after)}"


def _value(value: Json | Missing) -> str:
    text = f"“{value}”" if isinstance(value, str) else dumps(value).decode()
    line = " ".join(text.split())
    return line if len(line) <= SHOWN_LETTERS else line[: SHOWN_LETTERS - 1] + "…"


def _without(part: JsonObject, names: Sequence[str]) -> JsonObject:
    return {name: value for name, value in part.items() if name not in names} if names else part


def _by(parts: Json | Missing, key: str) -> dict[str, JsonObject]:
    return {str(each.get(key)): each for each in _objects(parts)}


def _texts(prompts: Json | Missing) -> dict[str, JsonObject]:
    return {name: {"text": text} for name, text in prompts.items()} if isinstance(prompts, dict) else {}


def _objects(parts: Json | Missing) -> list[JsonObject]:
    return [each for each in parts if isinstance(each, dict)] if isinstance(parts, list) else []
