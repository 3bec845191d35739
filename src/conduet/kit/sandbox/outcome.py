"""What became of a piece of code."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from conduet.kit.json import Json

Level: TypeAlias = Literal["debug", "log", "info", "warn", "error"]
Kind: TypeAlias = Literal["timeout", "memory", "error", "too-large", "unavailable"]


@dataclass(frozen=True, slots=True)
class ConsoleLine:
    """What one call of `console.log` or its kin wrote, and the line of the code that did, from 1."""

    level: Level
    text: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What the code returned, as JSON: at most 256 KB and 64 levels of it, `None` for nothing."""

    value: Json
    console: tuple[ConsoleLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no result: `message` is for people, `line` the code's line where it happened, if that is known.

    Of a loop that was stopped, `line` may be where the function around it begins.

    `timeout`, `memory`: the code met one of its bounds. `error`: it threw, cannot be read, or waits for what never
    comes. `too-large`: its result is, or what it was given. `unavailable`: it was not run, as no place came free.
    """

    kind: Kind
    message: str
    line: int | None = None
    console: tuple[ConsoleLine, ...] = ()


Outcome: TypeAlias = Result | Failure
