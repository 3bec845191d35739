"""Who converses: a project's own agent, a step's, or a playbook."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from conduet.agents.configuration import HarnessShape, PhaseShape, read_harness
from conduet.engine.facts import Facts
from conduet.engine.flaw import Flaw
from conduet.engine.graph import Document
from conduet.engine.shape import Exit, Guard, Playbook
from conduet.engine.values import Json
from conduet.llm.name import Chain, parse_chain

HISTORY_TOKENS: Final = 16_000
TURN_SECONDS: Final = 110.0
"""A turn has 120 s: what is left is for the words that tell that it took too long."""


@dataclass(frozen=True, slots=True)
class Agent:
    """What it is told, what it may use, how it ends, and its bounds.

    `tool_ids` of `None` are all tools of the project. Without `exits` it talks on for ever; `answers_once` gives the
    conversation back after each answer.
    """

    name: str
    persona: str
    instructions: str
    chain: Chain
    prompts: Mapping[str, str]
    tool_ids: frozenset[str] | None
    playbooks: Mapping[str, Playbook]
    allowed_hosts: tuple[str, ...]
    exits: tuple[Exit, ...] = ()
    answers_once: bool = False
    phases: tuple[PhaseShape, ...] = ()
    snapshot_keys: tuple[str, ...] | None = None
    rich: frozenset[str] = frozenset()
    temperature: float | None = None
    masks_personal: bool = False
    guard: Guard | None = None
    searches: bool = False
    """Whether it may look into the knowledge base, where there is one."""
    only_from_sources: bool = False
    inputs: Mapping[str, Json] = field(default_factory=dict[str, Json])
    """What it was given by the step that it is."""
    max_rounds: int = 8
    max_tool_calls: int = 16
    max_handoffs: int = 2
    turn_tokens: int | None = None
    turn_seconds: float = TURN_SECONDS
    history_tokens: int = HISTORY_TOKENS

    def uses(self, tool_id: str, phase: PhaseShape | None) -> bool:
        """Whether it may use a tool in a phase, whose allowlist only ever takes away."""
        allowed = self.tool_ids is None or tool_id in self.tool_ids
        return allowed and (phase is None or phase.allowed_tool_ids is None or tool_id in phase.allowed_tool_ids)

    def playing(self, playbook: Playbook) -> "Agent":
        """The same agent with a playbook to go by."""
        return replace(
            self,
            name=playbook.name or playbook.id,
            instructions=playbook.instructions,
            chain=named_chain(playbook.model) or self.chain,
            tool_ids=frozenset(playbook.tool_ids),
            playbooks={},
            searches=playbook.knowledge_base,
            exits=playbook.exits,
            answers_once=not playbook.exits,
            phases=(),
            snapshot_keys=None,
            max_rounds=playbook.max_rounds or self.max_rounds,
        )


def project_agent(document: Document, *, server: Chain) -> Agent:
    """The agent of an agentic project; `server` are the models where the project names none.

    Raises `BadRequest` for a configuration of a wrong shape.
    """
    behaviour = document.shape.behaviour_config
    harness = read_harness(behaviour.agent_harness)
    return replace(
        _plain(document.facts, server),
        instructions="",
        searches=True,
        tool_ids=None if harness.allowed_tool_ids is None else frozenset(harness.allowed_tool_ids),
        playbooks=_chosen(document.facts, harness.allowed_playbook_ids),
        phases=harness.phases,
        snapshot_keys=harness.snapshot_keys,
        rich=_rich(harness),
        max_rounds=harness.max_rounds,
        max_tool_calls=harness.max_tool_calls,
        max_handoffs=harness.max_handoffs,
    )


def step_agent(
    facts: Facts,
    *,
    server: Chain,
    instructions: str,
    model: str | tuple[str, ...] | None,
    tool_ids: Iterable[str],
    playbook_ids: Iterable[str],
    exits: tuple[Exit, ...],
    max_rounds: int,
    searches: bool = False,
) -> Agent:
    """The agent of an `agent` step."""
    plain = _plain(facts, server)
    return replace(
        plain,
        instructions=instructions,
        chain=named_chain(model) or plain.chain,
        tool_ids=frozenset(tool_ids),
        playbooks=_chosen(facts, playbook_ids),
        searches=searches,
        exits=exits,
        answers_once=not exits,
        max_rounds=max_rounds,
    )


def _plain(facts: Facts, server: Chain) -> Agent:
    behaviour = facts.behaviour
    budget, guard = behaviour.budget, behaviour.guard
    return Agent(
        name=facts.name or "the assistant",
        persona=behaviour.persona,
        instructions="",
        chain=named_chain(behaviour.model) or server,
        prompts=facts.prompts,
        tool_ids=frozenset(),
        playbooks={},
        allowed_hosts=behaviour.allowed_hosts,
        temperature=behaviour.temperature,
        guard=guard,
        only_from_sources=behaviour.answer_only_from_sources,
        masks_personal=guard is not None and guard.personal_data == "mask",
        turn_tokens=budget.per_turn_tokens if budget else None,
    )


def named_chain(model: str | tuple[str, ...] | None) -> Chain:
    """The models of a choice; none where it is no good, which is told when the document is checked."""
    try:
        return parse_chain(model)
    except ValueError:
        return ()


def model_flaws(model: str | tuple[str, ...] | None, path: str = "model") -> Iterator[Flaw]:
    """Why a choice of models is none."""
    try:
        parse_chain(model)
    except ValueError as error:
        yield Flaw("WRONG_MODEL", f"{error}", path, "Write it as `provider:model`.")


def _chosen(facts: Facts, ids: Iterable[str]) -> dict[str, Playbook]:
    known = facts.playbooks
    return {name: known[name] for name in ids if name in known}


def _rich(harness: HarnessShape) -> frozenset[str]:
    return frozenset(name for name, is_on in harness.ui_builtins.items() if is_on)
