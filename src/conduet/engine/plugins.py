"""The plugins that a document is made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module

from conduet.engine.channel.channel import Channel, ListeningChannel
from conduet.engine.channel.room import Room
from conduet.engine.channel.target import Target
from conduet.engine.connector import Connector
from conduet.engine.converser import Converser
from conduet.engine.graph import Document
from conduet.engine.step import Step
from conduet.engine.tool import Tool
from conduet.kit.plugin import discover


@dataclass(frozen=True, slots=True)
class Plugins:
    """Step types, tool types, connectors and publishing targets, each by its `type`, the rooms of teams by their
    channels, and what converses where no flow leads."""

    steps: Mapping[str, type[Step]]
    tools: Mapping[str, type[Tool]] = field(default_factory=dict[str, type[Tool]])
    connectors: Mapping[str, type[Connector]] = field(default_factory=dict[str, type[Connector]])
    targets: Mapping[str, type[Target]] = field(default_factory=dict[str, type[Target]])
    rooms: Mapping[str, type[Room]] = field(default_factory=dict[str, type[Room]])
    converser: Callable[[Document], Converser] | None = None

    @classmethod
    def installed(cls) -> "Plugins":
        """Those that come with Conduet and those of installed packages; raises `ValueError` for a `type` twice."""
        return cls(
            discover("conduet.steps", Step),
            discover("conduet.tools", Tool),
            discover("conduet.connectors", Connector),
            discover("conduet.targets", Target),
            _rooms(discover("conduet.channels", Channel)),
            # By its name, as plugins are: the engine knows none of them.
            import_module("conduet.agents.project").ProjectConverser,
        )


def _rooms(channels: Mapping[str, type[Channel]]) -> Mapping[str, type[Room]]:
    listening = {name: kind for name, kind in channels.items() if issubclass(kind, ListeningChannel)}
    return {name: kind.room for name, kind in listening.items() if kind.room is not None}
