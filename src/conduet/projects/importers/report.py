"""What an import tells: what became of every step, by name and place, and what to look at."""

from dataclasses import dataclass, field
from typing import Literal

from conduet.kit.json import Json

Outcome = Literal["mapped", "approximated", "dropped"]


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of one step: `to` is our step type, `reason` why it is not quite what it was, and what to do."""

    id: str
    type: str
    name: str
    workflow: str
    block: str | None = None
    to: str | None = None
    reason: str | None = None

    def wire(self) -> dict[str, Json]:
        """As answers show it."""
        place: dict[str, Json] = {"workflow": self.workflow}
        if self.block:
            place["block"] = self.block
        told: dict[str, Json] = {"id": self.id, "type": self.type, "name": self.name, "place": place}
        return told | ({"to": self.to} if self.to else {}) | ({"reason": self.reason} if self.reason else {})


@dataclass(slots=True)
class Report:
    """What an import came to; `format` and `version` are those of the file."""

    format: str
    version: str | None
    mapped: list[Entry] = field(default_factory=list[Entry])
    approximated: list[Entry] = field(default_factory=list[Entry])
    dropped: list[Entry] = field(default_factory=list[Entry])
    warnings: list[str] = field(default_factory=list[str])

    def add(self, outcome: Outcome, entry: Entry) -> None:
        """Counts a step."""
        {"mapped": self.mapped, "approximated": self.approximated, "dropped": self.dropped}[outcome].append(entry)

    def warn(self, warning: str) -> None:
        """Tells of something that is no step's, once."""
        if warning not in self.warnings:
            self.warnings.append(warning)

    def wire(self) -> dict[str, Json]:
        """As answers show it."""
        mapped, approximated, dropped = len(self.mapped), len(self.approximated), len(self.dropped)
        steps = mapped + approximated + dropped
        return {
            "source": {"format": self.format, "version": self.version},
            "counts": {"steps": steps, "mapped": mapped, "approximated": approximated, "dropped": dropped},
            "mapped": [each.wire() for each in self.mapped],
            "approximated": [each.wire() for each in self.approximated],
            "dropped": [each.wire() for each in self.dropped],
            "warnings": [*self.warnings],
        }
