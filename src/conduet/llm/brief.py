"""What an agent's request is about, as data: for a model that reads no instructions."""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["text", "number", "boolean", "list", "object"]
"""The types of variables."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A variable that is to be found out; `is_known`: it has a value already."""

    name: str
    kind: Kind = "text"
    description: str = ""
    is_known: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """An exit, or a phase that may follow: when it is taken in words, and what has to be found out before."""

    id: str
    description: str = ""
    collects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Brief:
    """What the words of a request say, once more as data.

    `now` is ISO 8601, `zone` an IANA name, languages are tags. `reads` are the tools that change nothing, `replies` the
    labels of the buttons that stand under each answer. A remote provider leaves it alone: everything in it that a model
    may know stands in the messages too. With `asked` it is no agent's round but a request for an answer to those words
    out of the passages that come with it.
    """

    name: str
    language: str = "en"
    project_language: str = "en"
    zone: str = "UTC"
    now: str = ""
    wanted: tuple[Wanted, ...] = ()
    exits: tuple[Way, ...] = ()
    phases: tuple[Way, ...] = ()
    replies: tuple[str, ...] = ()
    reads: frozenset[str] = field(default_factory=frozenset[str])
    asked: str = ""
