"""What an agent acts on in one turn: the engine's turn, its own memory, and how far the turn has come."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from conduet.agents.agent import Agent, named_chain
from conduet.agents.configuration import PhaseShape
from conduet.agents.memory import Memory
from conduet.agents.phases import current, settled
from conduet.agents.world import ModelWorld
from conduet.engine.toolbox import ProjectTool
from conduet.engine.trace import Trace
from conduet.engine.turn import Turn
from conduet.engine.values import Json
from conduet.llm.name import Chain


@dataclass(frozen=True, slots=True)
class Answered:
    """The agent has answered and waits for the user; an agent that `answers_once` is done."""


@dataclass(frozen=True, slots=True)
class Exited:
    """An exit was taken, with what was collected."""

    exit_id: str
    collected: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Approving:
    """A call waits for a yes."""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A person goes on."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The model failed or a bound was met; the `error` trace told of it."""

    code: str


Outcome: TypeAlias = Answered | Exited | Approving | HandedOver | Failed


@dataclass(slots=True)
class Stage:
    """One turn of an agent; `key` begins the places of its journal."""

    turn: Turn
    world: ModelWorld
    agent: Agent
    memory: Memory
    key: str
    outcome: Outcome | None = None
    """How the turn ends, once that is settled."""
    has_spoken: bool = False
    listed: dict[str, ProjectTool] = field(default_factory=dict[str, ProjectTool])
    """The tools behind others, such as those of an MCP server, by their ids."""
    asked: int = 0
    """How often a model was asked."""
    rounds: int = 0
    """How often since the agent, or a playbook, took over."""
    calls: int = 0
    handoffs: int = 0
    tokens: int = 0
    passages: list[Json] = field(default_factory=list[Json])
    """What was found in the knowledge base for this turn before the model was asked."""
    failed: set[str] = field(default_factory=set[str])
    """The calls that failed, as they were made."""
    playing: dict[str, Agent] = field(default_factory=dict[str, Agent])
    """The agent going by each playbook that had the conversation in this turn."""

    @property
    def acting(self) -> Agent:
        """Who has the conversation: the agent, or the playbook that it was handed to."""
        visiting = self.memory.visiting
        playbook = self.agent.playbooks.get(visiting.playbook_id) if visiting else None
        if playbook is None:
            return self.agent
        if playbook.id not in self.playing:
            self.playing[playbook.id] = self.agent.playing(playbook)
        return self.playing[playbook.id]

    @property
    def tools(self) -> Mapping[str, ProjectTool]:
        """All tools, by their ids."""
        return {**self.turn.tools, **self.listed} if self.listed else self.turn.tools

    @property
    def phases(self) -> Sequence[PhaseShape]:
        return self.acting.phases

    @property
    def phase(self) -> PhaseShape | None:
        """Where the conversation stands; a phase that is gone is the first."""
        return current(self.phases, self.memory.phase)

    @property
    def chain(self) -> Chain:
        """The models to be asked: the phase's own, else those of who has the conversation."""
        phase = self.phase
        return (named_chain(phase.model) if phase else ()) or self.acting.chain

    @property
    def zone(self) -> str:
        return self.turn.facts.time_zone

    def settle(self) -> Iterator[Trace]:
        """Goes on to the phases whose time has come by an expression."""
        for phase, trace in settled(self.phases, self.phase, self.turn.names, zone=self.zone):
            self.memory.phase = phase.id
            yield trace

    def notes(self) -> Iterator[Trace]:
        """The remarks made meanwhile."""
        noted = [*self.turn.notes]
        self.turn.notes.clear()
        yield from noted
