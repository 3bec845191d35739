"""What the steps of one turn share: variables with their declared types, system variables, language, notes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from conduet.engine.context import Context
from conduet.engine.facts import Facts
from conduet.engine.shape import Variable
from conduet.engine.trace import Error, Trace
from conduet.engine.values import Json, Mismatch, convert, json_bytes

VARIABLES_BYTES: Final = 256 * 1024
"""The bound of a conversation's variables together, as compact JSON."""

LEVELS: Final = 56
"""How deep a value may be nested: a state that holds it is at most 64 levels deep, as every body of the API."""

LANGUAGE: Final = "sys.language"
"""The one system variable that may be set."""

_LANGUAGE_TAG: Final = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}")


@dataclass(slots=True)
class Turn:
    """The memory that a turn works on; `notes` are traces that wait for the engine to yield them."""

    facts: Facts
    context: Context
    variables: dict[str, Json]
    system: dict[str, Json]
    kept: dict[str, dict[str, Json]]
    names: dict[str, Json] = field(init=False)
    languages: Sequence[str] = field(init=False)
    notes: list[Trace] = field(default_factory=list[Trace])
    visits: dict[str, int] = field(default_factory=dict[str, int])
    size: int | None = None

    def __post_init__(self) -> None:
        self.names = {**self.variables, "sys": self.system}
        self.speak(str(self.system["language"]))

    def speak(self, language: str) -> None:
        """Goes on in a language."""
        self.system["language"] = language
        self.languages = preferred(language, self.facts.language)

    def assign(self, name: str, value: Json) -> Error | None:
        """Sets a variable, or says why it keeps its old value."""
        try:
            converted = fitted(name, value, self.facts.variables.get(name))
        except Mismatch as error:
            return Error("WRONG_VALUE", f"`{name}` keeps its value: {error}.")
        if name == LANGUAGE:
            self.speak(str(converted))
            return None
        if self.size is None:
            self.size = json_bytes(self.variables)
        size = self.size + json_bytes(converted)
        size += -json_bytes(self.variables[name]) if name in self.variables else json_bytes(name) + len(":,")
        if size > VARIABLES_BYTES:
            return Error("VARIABLES_TOO_LARGE", f"`{name}` keeps its value: the variables would take more than 256 KB.")
        self.size = size
        self.variables[name] = self.names[name] = converted
        return None


def fitted(name: str, value: Json, declared: Variable | None) -> Json:
    """The value as a variable of that name may hold it; raises `Mismatch`, for people."""
    if name == LANGUAGE:
        if not isinstance(value, str) or not _LANGUAGE_TAG.fullmatch(value):
            raise Mismatch("expected a language tag such as `de` or `de-AT`")
        return value
    if name == "sys" or name.startswith("sys."):
        raise Mismatch(f"of the system variables only `{LANGUAGE}` can be set")
    return storable(convert(value, declared.type) if declared else value)


def storable(value: Json, levels: int = LEVELS) -> Json:
    """The value as every JSON reader takes it: integers beyond 64 bits become floats.

    Raises `Mismatch` for one that is too large for that, and for a value nested more than `levels` deep.
    """
    if isinstance(value, list | dict) and not levels:
        raise Mismatch(f"the value is nested more than {LEVELS} levels deep")
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        try:
            return float(value)
        except OverflowError:
            raise Mismatch("the number is too large") from None
    if isinstance(value, list):
        return [storable(item, levels - 1) for item in value]
    if isinstance(value, dict):
        return {name: storable(item, levels - 1) for name, item in value.items()}
    return value


def preferred(language: str, project: str) -> tuple[str, ...]:
    """The languages to look for, best first: `de-at`, `de`, then the project's."""
    tags = language.casefold().split("-")
    own = ("-".join(tags[:length]) for length in range(len(tags), 0, -1))
    return (*own, project.casefold())
