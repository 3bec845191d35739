"""Reading what a provider sends without trusting its shape: what is not there, or is something else, is nothing."""

from collections.abc import Sequence

from conduet.kit.json import Json

NOTHING: Sequence[Json] = ()


def look(value: Json, *steps: str | int) -> Json:
    """What lies at that place of a JSON value; `None` where nothing does."""
    for step in steps:
        if isinstance(value, dict):
            value = value.get(step) if isinstance(step, str) else None
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def look_text(value: Json, *steps: str | int) -> str:
    """The text there; empty for anything else."""
    found = look(value, *steps)
    return found if isinstance(found, str) else ""


def look_count(value: Json, *steps: str | int) -> int:
    """The whole number there; 0 for anything else."""
    found = look(value, *steps)
    return found if isinstance(found, int) and found > 0 else 0


def look_list(value: Json, *steps: str | int) -> Sequence[Json]:
    """The list there; empty for anything else."""
    found = look(value, *steps)
    return found if isinstance(found, list) else NOTHING
