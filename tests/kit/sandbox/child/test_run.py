"""One piece of code in the engine itself, without a process around it."""

import importlib
import json
from typing import Any, cast

import pytest

from conduet.kit.sandbox.child.run import Engine, Request, run

ENGINE = cast(Engine, importlib.import_module("_quickjs"))


def answer(code: str, *, inputs: str = "[]", names: tuple[str, ...] = (), **bounds: Any) -> tuple[dict[str, Any], bool]:
    request: dict[str, Any] = {
        "code": code,
        "names": [*names],
        "inputs": inputs,
        "now_ms": 0,
        "seed": 1,
        "timeout_seconds": 10,
        "memory_bytes": 32 * 1024 * 1024,
        **bounds,
    }
    text, unharmed = run(ENGINE, cast(Request, request))
    return json.loads(text), unharmed


@pytest.mark.parametrize(
    ("code", "outcome", "unharmed"),
    [
        ("return a + b", {"value": 3}, True),
        ("throw null", {"thrown": None, "line": None}, True),
        ("return (", {"thrown": "SyntaxError: unexpected token in expression: '}'", "line": 1}, True),
        ("}); void ({", {"thrown": "SyntaxError: this is not the body of a function", "line": None}, True),
        ("return '\0'", {"thrown": "ValueError: embedded null character", "line": None}, True),
        ("await new Promise(() => {})", {"stopped": "pending"}, True),
        ("return 'x'.repeat(300000)", {"stopped": "too-large"}, True),
        ("return ['\\ud800', '\\0', '\\\\u0000']", {"value": ["\ufffd", "\ufffd", "\\u0000"]}, True),
    ],
)
def test_an_outcome_is_told(code: str, outcome: object, unharmed: bool):
    told, still_unharmed = answer(code, inputs="[1, 2]", names=("a", "b"))
    assert told == {"outcome": outcome, "console": {"lines": [], "count": 0}}
    assert still_unharmed == unharmed


def test_time_that_is_up_is_told_whether_or_not_the_code_is_between_two_steps():
    for code in ("console.log(1); for (;;);", "const on = () => queueMicrotask(on); on(); await new Promise(() => {})"):
        told, unharmed = answer(code, timeout_seconds=0.1)
        assert told["outcome"]["stopped"] == "timeout"
        assert not unharmed
    assert answer("return 1", timeout_seconds=0)[0]["outcome"] == {"stopped": "timeout", "line": None}


@pytest.mark.parametrize("size", [10_000, 50_000, 100_000, 200_000, 300_000])
def test_memory_that_does_not_even_hold_the_code_is_told(size: int):
    told, unharmed = answer("return variables", inputs=json.dumps(["x" * 500_000]), names=("a",), memory_bytes=size)
    assert told == {"outcome": {"stopped": "memory", "line": None}, "console": {"lines": [], "count": 0}}
    assert not unharmed


def test_memory_that_ends_in_the_code_is_told():
    told, _ = answer("const all = []; console.log(1); for (;;) all.push(all.slice())")
    assert told["outcome"]["thrown"] in {"InternalError: out of memory", None}
    assert told["console"] == {"lines": [["log", "1", 1]], "count": 1}
