"""Steps and workflows in short."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from conduet.kit.json import Json
from conduet.projects.document import JsonObject

COLUMN: Final = 300
ROW: Final = 160
"""How far apart steps lie, in pixels."""

Wire = tuple[str, str, str]
"""From a step, by a port, to a step."""


def step(
    step_id: str, kind: str, config: Mapping[str, Any], *, at: tuple[float, float], name: str | None = None
) -> Json:
    """A step in a column and a row."""
    named: JsonObject = {"name": name} if name else {}
    return {"id": step_id, "type": kind, **named, "config": {**config}, "position": position(*at)}


def position(column: float, row: float) -> JsonObject:
    """Where a column and a row meet."""
    return {"x": 80 + COLUMN * column, "y": 120 + ROW * row}


def primary(workflow_id: str, name: str, steps: Sequence[Json], wires: Iterable[Wire]) -> JsonObject:
    """The primary workflow of a document."""
    connections: list[Json] = [
        {"id": f"c{number}", "source": source, "sourcePort": port, "target": target}
        for number, (source, port, target) in enumerate(wires, 1)
    ]
    return {"id": workflow_id, "name": name, "primary": True, "steps": [*steps], "connections": connections}
