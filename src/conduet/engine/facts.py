"""What a document says that its steps may refer to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from conduet.engine.shape import Variable

Environment: TypeAlias = Literal["development", "production"]


@dataclass(frozen=True, slots=True)
class Facts:
    """The names a document declares, its language, and the IANA name of its time zone."""

    language: str
    time_zone: str
    variables: Mapping[str, Variable]
    workflow_ids: frozenset[str]
    tool_ids: frozenset[str]
    playbook_ids: frozenset[str]
