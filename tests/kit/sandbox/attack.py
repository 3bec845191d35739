"""Attempts on the sandbox, as the files of `attacks/` tell them: name, where it is described, its end, the code."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from conduet.kit.json import Json
from conduet.kit.sandbox.outcome import Failure, Outcome, Result

FOLDER = Path(__file__).with_name("attacks")
HEAD = re.compile(
    r"^// # (?P<name>.+)\n// source: (?P<source>.+)\n// (?:ends: (?P<ends>.+)|gets: (?P<gets>.+))\n", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Attack:
    """One attempt: it either ends as a failure of a kind in `ends`, or gets no more than the JSON `gets`."""

    name: str
    source: str
    code: str
    ends: tuple[str, ...]
    gets: Json

    @property
    def seconds(self) -> float:
        """A short time for what uses up all it has, and more than enough for what should end by itself."""
        return 0.3 if self.ends == ("timeout",) else 10.0

    def came_to(self, outcome: Outcome) -> bool:
        match outcome:
            case Failure(kind=kind):
                return kind in self.ends
            case Result(value=value):
                return not self.ends and value == self.gets


def read() -> list[Attack]:
    """All attacks, in the order of the files."""
    return [attack for path in sorted(FOLDER.glob("*.js")) for attack in _attacks(path.read_text(encoding="utf-8"))]


def _attacks(text: str) -> list[Attack]:
    heads = [*HEAD.finditer(text)]
    ends = [head.start() for head in heads[1:]] + [len(text)]
    return [
        Attack(
            name=head["name"],
            source=head["source"],
            code=text[head.end() : end].strip(),
            ends=tuple(head["ends"].split(" or ")) if head["ends"] else (),
            gets=json.loads(head["gets"] or "null"),
        )
        for head, end in zip(heads, ends, strict=True)
    ]


ATTACKS = read()
