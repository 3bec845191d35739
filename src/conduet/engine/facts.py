"""What a document says that its steps may refer to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from conduet.engine.channel.room import Room
from conduet.engine.channel.target import Target
from conduet.engine.connector import Connector
from conduet.engine.shape import Behaviour, Entity, Playbook, ToolShape, Variable

Environment: TypeAlias = Literal["development", "production"]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a document declares, by name; its language, its time zone (an IANA name), and the connectors there are."""

    language: str
    time_zone: str
    variables: Mapping[str, Variable]
    workflow_ids: frozenset[str]
    tools: Mapping[str, ToolShape]
    playbooks: Mapping[str, Playbook]
    secrets: frozenset[str]
    connectors: Mapping[str, type[Connector]]
    targets: Mapping[str, type[Target]] = field(default_factory=dict[str, "type[Target]"])
    rooms: Mapping[str, type[Room]] = field(default_factory=dict[str, "type[Room]"])
    """What pipelines publish to, and where teams hear of what is handed to them, that there is."""
    name: str = ""
    behaviour: Behaviour = field(default_factory=Behaviour)
    prompts: Mapping[str, str] = field(default_factory=dict[str, str])
    entities: Mapping[str, Entity] = field(default_factory=dict[str, Entity])
    """By their ids."""
