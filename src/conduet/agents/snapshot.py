"""The variables that a model is shown: state is the truth, not what was said."""

from collections.abc import Iterable, Mapping
from typing import Final

from conduet.engine.facts import Facts
from conduet.engine.values import MISSING, Json, resolve, to_json

MASKED: Final = "[known, not shown]"
VALUE_CHARACTERS: Final = 2_000
"""How much of one value is shown, as JSON."""


def snapshot(
    keys: Iterable[str] | None, names: Mapping[str, Json], facts: Facts, *, masks_personal: bool
) -> dict[str, Json]:
    """The variables of these names or paths, those that are declared where none are named; `null` where unknown.

    With `masks_personal`, of a variable that is declared `pii` only whether it is known is told.
    """
    found: dict[str, Json] = {}
    for key in facts.variables if keys is None else keys:
        value = resolve(key, names)
        declared = facts.variables.get(key.partition(".")[0].partition("[")[0])
        if value is MISSING or value is None:
            found[key] = None
        elif masks_personal and declared is not None and declared.pii:
            found[key] = MASKED
        else:
            found[key] = _short(value)
    return found


def _short(value: Json) -> Json:
    written = to_json(value)
    return value if len(written) <= VALUE_CHARACTERS else f"{written[:VALUE_CHARACTERS]}… (cut)"
