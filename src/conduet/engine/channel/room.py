"""Where a team hears of conversations that are handed to it, at one of the project's own channels."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Final

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from pydantic.alias_generators import to_camel

from conduet.engine.fields import control
from conduet.engine.values import Json

SUBJECT: Final = 120


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a room: what the channel calls it, and what else it takes to send there."""

    outside_id: str
    to: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Told:
    """What a team is told of a conversation; `link` leads to it in the inbox."""

    user_id: str
    platform: str
    target: str
    reason: str
    summary: str | None
    link: str

    @property
    def subject(self) -> str:
        """In one line."""
        return f"A conversation waits: {self.reason or self.user_id}"[:SUBJECT]

    @property
    def words(self) -> str:
        """All of it, as markdown."""
        head = f"**A conversation waits for {self.target}** ({self.platform}, {self.user_id})"
        how = f"What is answered here reaches the user. To give it back to the agent: {self.link}"
        return "\n\n".join(part for part in (head, self.reason, self.summary or "", how) if part)


class Room(BaseModel):
    """How a handoff target names a room; a subclass stands in the file of its channel, which has it as `room`."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True, strict=True, defer_build=True)

    example: ClassVar[dict[str, JsonValue]] = {}

    deployment_id: Annotated[
        str | None,
        Field(description="Which of the project's deployments, if not its first.", json_schema_extra=control("text")),
    ] = None

    @abstractmethod
    def places(self) -> Sequence[Place]:
        """Where it is told, each with a thread of its own."""
