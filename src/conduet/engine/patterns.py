"""Regular expressions that a builder writes: RE2's, matched in time linear in the text."""

from functools import lru_cache
from typing import Final, Protocol

import re2

SOURCE_LENGTH: Final = 4096
"""The longest pattern, in characters."""


class PatternError(ValueError):
    """A pattern that RE2 refuses; the text says why, for people."""


class Pattern(Protocol):
    """A compiled pattern; a match is true, no match is `None`."""

    @property
    def pattern(self) -> str: ...

    def search(self, text: str) -> object | None:
        """A match anywhere in the text."""
        ...

    def fullmatch(self, text: str) -> object | None:
        """A match of the whole text."""
        ...


@lru_cache(maxsize=512)
def compile_pattern(source: str) -> Pattern:
    """Compiles `source`, case-sensitive unless it begins with `(?i)`; raises `PatternError`."""
    if len(source) > SOURCE_LENGTH:
        raise PatternError(f"the pattern is longer than {SOURCE_LENGTH:,} characters")
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(source, options)
    except re2.error as refused:
        raise PatternError(_reason(refused)) from None
    except UnicodeEncodeError:
        raise PatternError("the pattern holds half a surrogate pair, which is no text") from None


def _reason(refused: re2.error) -> str:
    """What RE2 says: it hands over its message as bytes."""
    said = refused.args[0]
    return f"RE2 refuses the pattern: {said.decode(errors='replace')}"
