"""What people did in a transcript, as far as it is kept."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from conduet.accounts.principal import ProjectScope
from conduet.analytics.store import StoredMessage, Transcript
from conduet.kit.db import Tx


@dataclass(frozen=True, slots=True)
class People:
    """Who said something, by its time in ms since 1970, and the traces that told that people came and went."""

    names: Mapping[int, str]
    events: Sequence[Mapping[str, Any]]


PeopleOf: TypeAlias = Callable[[Tx, ProjectScope, Transcript, Sequence[StoredMessage]], People]
"""Tells what people did in a transcript with these messages."""
