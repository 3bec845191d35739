"""The plugins that a document is made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module

from conduet.engine.connector import Connector
from conduet.engine.converser import Converser
from conduet.engine.graph import Document
from conduet.engine.step import Step
from conduet.engine.tool import Tool
from conduet.kit.plugin import discover


@dataclass(frozen=True, slots=True)
class Plugins:
    """Step types, tool types and connectors, each by its `type`, and what converses where no flow leads."""

    steps: Mapping[str, type[Step]]
    tools: Mapping[str, type[Tool]] = field(default_factory=dict[str, type[Tool]])
    connectors: Mapping[str, type[Connector]] = field(default_factory=dict[str, type[Connector]])
    converser: Callable[[Document], Converser] | None = None

    @classmethod
    def installed(cls) -> "Plugins":
        """Those that come with Conduet and those of installed packages; raises `ValueError` for a `type` twice."""
        return cls(
            discover("conduet.steps", Step),
            discover("conduet.tools", Tool),
            discover("conduet.connectors", Connector),
            # By its name, as plugins are: the engine knows none of them.
            import_module("conduet.agents.project").ProjectConverser,
        )
