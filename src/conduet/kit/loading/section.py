"""A section: a paragraph, an item or a row of a document, with where it stands."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["text", "list", "table", "code"]


@dataclass(frozen=True, slots=True)
class Section:
    """The smallest piece that a loader tells: of a table one row, which carries its headers.

    `heading` is the path of headings above it, from the outermost on; `page` counts from 1, `None` where a format has
    no pages.
    """

    text: str
    heading: tuple[str, ...] = ()
    page: int | None = None
    kind: Kind = "text"


class LoadFailed(Exception):
    """The document cannot be read: a sentence that whoever uploaded it can act on."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)
