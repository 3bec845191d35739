"""Where two JSON values differ, down to the fields."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from conduet.engine.values import MISSING, Json, Missing
from conduet.kit.schema import path_of

Path = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that is another now: `before` is missing where it was added, `after` where it was removed.

    `path` is the field's place after the change; before it, where it was removed.
    """

    path: str
    before: Json | Missing
    after: Json | Missing


def differences(before: Json | Missing, after: Json | Missing, path: Path = ()) -> Iterator[FieldChange]:
    """The fields that differ, in the order of `after`, those that are gone last.

    Objects are gone into, and lists whose items have an `id` or are as many as before; `1` and `1.0` are the same.
    """
    if isinstance(before, dict) and isinstance(after, dict):
        for name in (*after, *(name for name in before if name not in after)):
            yield from differences(before.get(name, MISSING), after.get(name, MISSING), (*path, name))
    elif isinstance(before, list) and isinstance(after, list):
        yield from _in_lists(before, after, path)
    elif not _same(before, after):
        yield FieldChange(path_of(path), before, after)


def _in_lists(before: Sequence[Json], after: Sequence[Json], path: Path) -> Iterator[FieldChange]:
    old, new = _by_id(before), _by_id(after)
    if old is None or new is None:
        if len(before) == len(after):
            for index, (left, right) in enumerate(zip(before, after, strict=True)):
                yield from differences(left, right, (*path, index))
        else:
            yield FieldChange(path_of(path), [*before], [*after])
        return
    for index, name in enumerate(new):
        yield from differences(old.get(name, MISSING), new[name], (*path, index))
    for index, name in enumerate(old):
        if name not in new:
            yield FieldChange(path_of((*path, index)), old[name], MISSING)
    if [name for name in new if name in old] != [name for name in old if name in new]:
        yield FieldChange(path_of(path), [*old], [*new])


def _by_id(items: Sequence[Json]) -> Mapping[str, Json] | None:
    """The items by their id; nothing where one has none, or two have the same."""
    found = {str(item["id"]): item for item in items if isinstance(item, dict) and "id" in item}
    return found if found and len(found) == len(items) else None


def _same(left: Json | Missing, right: Json | Missing) -> bool:
    return left == right and isinstance(left, bool) == isinstance(right, bool)
