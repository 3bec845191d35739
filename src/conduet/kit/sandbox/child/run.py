"""One piece of code, run in a context of the engine that nothing ran in before and nothing runs in after."""

import json
import re
import time
from pathlib import Path
from typing import NoReturn, Protocol, TypedDict, cast

CONSOLE_LINES = 100
CONSOLE_CHARACTERS = 8192
CONSOLE_TOTAL_CHARACTERS = 256 * 1024
RESULT_CHARACTERS = 256 * 1024
MESSAGE_CHARACTERS = 2000
STACK_BYTES = 512 * 1024
# What the realm gets to say what was written to the console, after code was stopped.
LAST_WORDS_SECONDS = 0.05

# On one line, so that the code can begin on the second: a stack then tells which is which.
REALM = " ".join(
    line.strip()
    for line in Path(__file__).with_name("realm.js").read_text(encoding="utf-8").splitlines()
    if not line.lstrip().startswith("//")
)


class Request(TypedDict):
    """One piece of code: `inputs` is the JSON of a list, in the order of `names`; times in milliseconds and seconds."""

    code: str
    names: list[str]
    inputs: str
    now_ms: int
    seed: int
    timeout_seconds: float
    memory_bytes: int


class Realm(Protocol):
    """The function that `realm.js` makes."""

    def __call__(self, question: str, code: object = None, inputs: object = None, /) -> str | None: ...


class MakeRealm(Protocol):
    """What the text of `realm.js` is: a function that furnishes the context it is called in."""

    def __call__(self, now_ms: float, seed: float, lines: int, line: int, console: int, result: int, /) -> Realm: ...


class Context(Protocol):
    """What of a context of the engine is used here."""

    def eval(self, code: str, /) -> object: ...
    def parse_json(self, text: str, /) -> object: ...
    def execute_pending_job(self) -> bool: ...
    def set_time_limit(self, seconds: float, /) -> None: ...
    def set_memory_limit(self, size: int, /) -> None: ...
    def set_max_stack_size(self, size: int, /) -> None: ...


class Engine(Protocol):
    """The engine's extension module."""

    Object: type
    JSException: type[Exception]

    def Context(self) -> Context: ...  # noqa: N802  # its name there


class Stopped(Exception):
    """Why code did not come to its end, as the answer tells it."""

    def __init__(self, **outcome: object) -> None:
        self.outcome = outcome


def run(engine: Engine, request: Request) -> tuple[str, bool]:
    """The answer as JSON, and whether the engine came through it unharmed.

    The answer is `{"outcome": …, "console": {"lines": [[level, text, line]], "count"}}`, where the outcome is one of
    `{"value"}`, `{"thrown", "line"}` (`null`: nothing that could be told), `{"stopped": why, "line"?}`.
    """
    context = engine.Context()
    context.set_max_stack_size(STACK_BYTES)
    realm = cast(MakeRealm, context.eval(REALM))(
        float(request["now_ms"]),
        float(request["seed"]),
        CONSOLE_LINES,
        CONSOLE_CHARACTERS,
        CONSOLE_TOTAL_CHARACTERS,
        RESULT_CHARACTERS,
    )
    context.set_memory_limit(request["memory_bytes"])
    unharmed = True
    try:
        outcome = _outcome(engine, context, realm, request)
    except Stopped as stopped:
        outcome = json.dumps(stopped.outcome)
        unharmed = stopped.outcome.get("stopped") not in {"timeout", "memory"}
    return _whole(f'{{"outcome":{outcome},"console":{_console(engine, context, realm)}}}'), unharmed


def _outcome(engine: Engine, context: Context, realm: Realm, request: Request) -> str:
    deadline = time.monotonic() + request["timeout_seconds"]
    try:
        context.set_time_limit(_left(deadline))
        inputs = context.parse_json(request["inputs"])
        code = context.eval(f"(async function ({', '.join(request['names'])}) {{\n{request['code']}\n}})")
        if not isinstance(code, engine.Object):
            raise Stopped(thrown="SyntaxError: this is not the body of a function", line=None)
        outcome = realm("launch", code, inputs)
        while outcome is None:
            # The engine counts processor time, and from zero for each call.
            context.set_time_limit(_left(deadline))
            if not context.execute_pending_job():
                raise Stopped(stopped="pending")
            outcome = realm("poll")
    except engine.JSException as error:
        _explain(str(error), request["code"])
    except (ValueError, TypeError) as error:  # what the engine's module cannot turn into text, or out of it
        raise Stopped(thrown=f"{type(error).__name__}: {error}", line=None) from None
    return outcome


# Half of a character and NUL, as `JSON.stringify` writes them.
_NO_TEXT = re.compile(r"(?<!\\)((?:\\\\)*+)\\u(?:d[89a-f][0-9a-f]{2}|0000)")


def _whole(answer: str) -> str:
    """`answer` with U+FFFD for what no text may hold: one cut in the middle of an emoji is no reason to fail."""
    return _NO_TEXT.sub("\\1\ufffd", answer) if "\\u" in answer else answer


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise Stopped(stopped="timeout", line=None)
    return left


def _explain(error: str, code: str) -> NoReturn:
    """An exception that passed all of the code: it was stopped, or could not be read to begin with."""
    message, _, stack = error.partition("\n    at ")
    lines = [int(number) - 1 for number in re.findall(r"<input>:([0-9]+)", stack)]
    # What is missing at the end is missed on the line after it.
    line = next((min(line, code.count("\n") + 1) for line in lines if line > 0), None)
    if message.startswith("InternalError: interrupted"):
        raise Stopped(stopped="timeout", line=line)
    if message.startswith(("InternalError: out of memory", "(Failed obtaining", "null")):
        raise Stopped(stopped="memory", line=line)
    raise Stopped(thrown=message.strip()[:MESSAGE_CHARACTERS], line=line)


def _console(engine: Engine, context: Context, realm: Realm) -> str:
    try:
        context.set_time_limit(LAST_WORDS_SECONDS)
        written = realm("console")
    except (engine.JSException, ValueError, TypeError):
        written = None
    return written or '{"lines":[],"count":0}'
