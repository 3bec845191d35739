"""The answer of a process that ran code: read as something that the code may have made up."""

from collections.abc import Sequence
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from conduet.errors import BadRequest, PayloadTooLarge
from conduet.kit.json import LEVELS, Json, dumps, parse
from conduet.kit.sandbox.outcome import ConsoleLine, Failure, Level, Outcome, Result

RESULT_BYTES: Final = 256 * 1024
# A result and a console as long as may be, at three bytes a character.
ANSWER_BYTES: Final = 2 * 1024 * 1024
CONSOLE_LINES: Final = 100
CONSOLE_CHARACTERS: Final = 8192
MESSAGE_CHARACTERS: Final = 2000
_TOO_LARGE: Final = f"The result is larger than {RESULT_BYTES // 1024} KB."


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Value(_Model):
    value: object


class _Thrown(_Model):
    thrown: str | None
    line: int | None


class _Stopped(_Model):
    stopped: Literal["timeout", "memory", "too-large", "pending"]
    line: int | None = None


class _Console(_Model):
    lines: list[Annotated[tuple[Level, str, int | None], Field(strict=False)]]
    count: int


class _Answer(_Model):
    spent: bool
    outcome: _Value | _Thrown | _Stopped
    console: _Console


class Bounds(NamedTuple):
    """What the code had."""

    seconds: float
    memory_bytes: int

    @property
    def overrun(self) -> str:
        """What is said of code that ran out of time."""
        return f"The code ran longer than {self.seconds * 1000:,.0f} ms and was stopped."


def read_answer(answer: bytes, bounds: Bounds) -> tuple[Outcome, bool]:
    """The outcome, and whether the process that answered should not be used again."""
    try:
        parsed = _Answer.model_validate(parse(answer, levels=LEVELS + 2))
    except PayloadTooLarge:
        return Failure("too-large", f"The result is nested more than {LEVELS} levels deep."), True
    except (BadRequest, ValidationError):
        return Failure("error", "The code left no result that can be read."), True
    console = tuple(_console(parsed.console))
    match parsed.outcome:
        case _Value(value=value):
            outcome = _result(value, console, written=len(answer))
        case _Thrown(thrown=thrown, line=line):
            outcome = _thrown(thrown, line, console, bounds)
        case stopped:
            outcome = _stopped(stopped.stopped, stopped.line, console, bounds)
    return outcome, parsed.spent


def _result(value: object, console: tuple[ConsoleLine, ...], *, written: int) -> Outcome:
    if written > RESULT_BYTES and len(dumps(value)) > RESULT_BYTES:
        return Failure("too-large", _TOO_LARGE, console=console)
    return Result(_json(value), console)


def _json(value: object) -> Json:
    """`value` as what it is: it came out of a parser of JSON."""
    return value  # pyright: ignore[reportReturnType]  # what was read from JSON is JSON


def _thrown(thrown: str | None, line: int | None, console: tuple[ConsoleLine, ...], bounds: Bounds) -> Failure:
    """What was thrown, which includes what the engine throws at its bounds; `None` when even that took no memory."""
    match thrown:
        case None | "InternalError: out of memory" | "InternalError: string too long":
            return _stopped("memory", line, console, bounds)
        case "InternalError: interrupted":
            return _stopped("timeout", line, console, bounds)
        case _:
            return Failure("error", thrown[:MESSAGE_CHARACTERS] or "Threw an empty text", line, console)


def _stopped(
    why: Literal["timeout", "memory", "too-large", "pending"],
    line: int | None,
    console: tuple[ConsoleLine, ...],
    bounds: Bounds,
) -> Failure:
    match why:
        case "timeout":
            return Failure(why, bounds.overrun, line, console)
        case "memory":
            size = bounds.memory_bytes // (1024 * 1024)
            return Failure(why, f"The code needed more than its {size} MB of memory.", line, console)
        case "too-large":
            return Failure(why, _TOO_LARGE, line, console)
        case _:
            return Failure("error", "The code waits for a promise that nothing will ever keep.", line, console)


def _console(console: _Console) -> Sequence[ConsoleLine]:
    lines = [ConsoleLine(level, text[:CONSOLE_CHARACTERS], line) for level, text, line in console.lines[:CONSOLE_LINES]]
    if console.count > len(lines):
        lines.append(ConsoleLine("warn", f"{console.count - len(lines):,} more lines were left out."))
    return lines
