"""A brief: what somebody wants of a project, in plain language."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from conduet.engine.shape import ID_LENGTH

Framework = Literal["agentic", "conversation-flow", "outbound"]

DESCRIPTION_LETTERS: Final = 300
PERSONA_LETTERS: Final = 4_000
NAME_LETTERS: Final = 60

_CAPITAL: Final = r"[A-ZÄÖÜ][\w&'’.-]*(?:\s+(?:&|of|the|und|and|de)?\s*[A-ZÄÖÜ][\w&'’.-]*){0,4}"
_QUOTED: Final = re.compile(r"[\"“„«]([^\"“”„«»\n]{2,60})[\"”“»]")
_CALLED: Final = re.compile(rf"\b(?:called|named|namens|heißt)\s+({_CAPITAL})")
_OF: Final = re.compile(rf"\b(?:for|at|of|für|bei|von)\s+(?:(?:our|my|the|a|an)\s+)?({_CAPITAL})")


@dataclass(frozen=True, slots=True)
class Brief:
    """`text` is what was written; nothing of it is a template, whatever braces it has."""

    text: str
    framework: Framework | None = None
    name: str | None = None

    def called(self, default: str) -> str:
        """The project's name: as it was asked for, else as the brief names it, else the default."""
        if self.name:
            return self.name
        for pattern in (_QUOTED, _CALLED, _OF):
            if found := pattern.search(self.text):
                return found[1].strip(" .")[:NAME_LETTERS] or default
        return default[:ID_LENGTH]

    @property
    def description(self) -> str:
        """The brief in one line, cut where it is long."""
        line = " ".join(self.text.split())
        return line if len(line) <= DESCRIPTION_LETTERS else line[: DESCRIPTION_LETTERS - 1] + "…"

    def persona(self, name: str) -> str:
        """What a model is told that it is."""
        return f"You are the assistant of {plain(name)}. What you are there for:\n{plain(self.text)[:PERSONA_LETTERS]}"


def plain(words: str) -> str:
    """Words as a template that says just them."""
    return words.replace("{{", "{ {").replace("}}", "} }")
