"""One row of the contract's table of endpoints."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

Shown = Literal["project key", "developer token"]


@dataclass(frozen=True, slots=True)
class Row:
    """An endpoint of the contract; `{…}` in the path are ids of the world that a test asks in.

    `shape` is what its answer has at least: names with a value of the same type; a list of one is of every item, of
    which there is at least one. `wrong` are bodies or queries that are refused by the path beside them.
    """

    group: str
    number: int
    method: str
    path: str
    status: int
    tests: Sequence[str]
    body: Any = None
    file: tuple[str, bytes] | None = None
    shape: Any = None
    wrong: Sequence[tuple[Any, str]] = ()
    wrong_queries: Sequence[tuple[str, str]] = ()
    revision: bool = False
    """Whether it takes `If-Match`."""

    @property
    def name(self) -> str:
        """How it is called in the table and in what pytest prints."""
        return f"{self.group} {self.number}"

    @property
    def shown(self) -> Shown:
        """What opens it."""
        return "developer token" if self.group == "management" else "project key"
