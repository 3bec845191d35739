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


def stop(sentence: str) -> NoReturn:
    """Ends the command, which cannot do what it was told: one sentence that says what to do, no traceback.

    The exit code is 2, as for flags that there are not. 1 is for commands that were done, and whose answer is no.
    """
    note(f"conduet: {printable(sentence)}")
    raise SystemExit(2)


def printable(line: str) -> str:
    """The line without what a terminal would take for a command."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in line)
