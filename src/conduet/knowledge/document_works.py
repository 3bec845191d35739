"""How documents of a knowledge base do, for those who work on its project."""

from collections.abc import Sequence
from typing import Final

from conduet.accounts.principal import ProjectScope
from conduet.kit.db import Tx
from conduet.knowledge.document_store import list_running
from conduet.projects.feed import Work

DOCUMENT: Final = "document"


def list_works(tx: Tx, scope: ProjectScope, known: frozenset[str]) -> Sequence[Work]:
    """The documents that are read just now, and what became of those `known` before."""
    return [Work(DOCUMENT, *row) for row in list_running(tx, scope, known)]
