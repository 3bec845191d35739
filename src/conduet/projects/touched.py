"""What a save has touched, for others who work on the same project."""

from collections.abc import Mapping
from typing import Any, Final, cast

from conduet.kit.json import Json
from conduet.projects.document import JsonObject

MOST: Final = 200
"""How many steps are named."""

WORKFLOWS: Final = "workflows"


def touched(before: JsonObject, after: JsonObject) -> dict[str, Json]:
    """The ids of steps that were added, changed or removed, by workflow, and the names of the document's other parts.

    Of connections and notes it is told whether any were.

    `isWhole` is false where more steps were touched than are named.
    """
    parts = [name for name in {**before, **after} if name != WORKFLOWS and before.get(name) != after.get(name)]
    old, new = _by_id(before.get(WORKFLOWS)), _by_id(after.get(WORKFLOWS))
    workflows: list[Json] = []
    left, is_whole = MOST, True
    for name in {**old, **new}:
        one, other = old.get(name, {}), new.get(name, {})
        if one == other:
            continue
        steps = _changed(_by_id(one.get("steps")), _by_id(other.get("steps")))
        named: list[Json] = [*steps[:left]]
        is_whole, left = is_whole and len(named) == len(steps), left - len(named)
        others = {part: one.get(part) != other.get(part) for part in ("connections", "notes")}
        workflows.append({"id": name, "steps": named, **others})
    return {WORKFLOWS: workflows, "parts": [*parts], "isWhole": is_whole}


def _changed(old: Mapping[str, JsonObject], new: Mapping[str, JsonObject]) -> list[str]:
    return [name for name in {**old, **new} if old.get(name) != new.get(name)]


def _by_id(items: object) -> dict[str, JsonObject]:
    found = cast("list[Any]", items) if isinstance(items, list) else []
    return {str(item["id"]): item for item in found}
