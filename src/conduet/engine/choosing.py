"""Which of the buttons that were shown somebody means."""

from collections.abc import Sequence

from pydantic import JsonValue

from conduet.engine.trace import Button
from conduet.engine.wording import fold


def pressed(shown: Sequence[Button], value: JsonValue) -> str | None:
    """The id of the button whose id, else value, else label is what was sent."""
    sent = [*((button.id, button) for button in shown), *((button.value, button) for button in shown)]
    sent += [(button.label, button) for button in shown]
    return next((button.id for said, button in sent if said == value), None)


def written(shown: Sequence[Button], text: str) -> str | None:
    """The id of the button whose label, else value, was written, without regard to case and punctuation."""
    said = fold(text)
    meant = [*((button.label, button) for button in shown), *((button.value, button) for button in shown)]
    return next((button.id for words, button in meant if fold(words) == said), None)
