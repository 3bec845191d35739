"""What a command prints: an answer on stdout, everything else on stderr, mistakes as one sentence."""

import json
import sys
from typing import NoReturn

from conduet.kit.json import Json


def out(text: str) -> None:
    """The answer: the only thing that goes to stdout."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def answer(text: str, data: Json, *, as_json: bool) -> None:
    """The answer, as text or with `--json` as JSON."""
    out(json.dumps(data, indent=2, ensure_ascii=False) if as_json else text)


def note(text: str) -> None:
    """A remark beside the answer."""
    sys.stderr.write(text + "\n")


def stop(sentence: str, *, code: int = 1) -> NoReturn:
    """Ends the command: one sentence that says what to do, no traceback."""
    note(f"conduet: {sentence}")
    raise SystemExit(code)
