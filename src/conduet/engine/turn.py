"""What the steps of one turn share: variables with their declared types, system variables, language, notes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from conduet.engine.action import Action
from conduet.engine.context import Context
from conduet.engine.facts import Facts
from conduet.engine.fitting import LANGUAGE, VARIABLES_BYTES, fitted
from conduet.engine.reply import Reply
from conduet.engine.toolbox import ProjectTool
from conduet.engine.trace import Error, Trace
from conduet.engine.values import MISSING, Json, Mismatch, Missing, json_bytes

Visited: TypeAlias = tuple[str, str, str | None]
"""A workflow, a step of it, and the port that the flow left by; nothing where it waits, empty where it is over."""

Said: TypeAlias = tuple[Literal["user", "assistant", "person", "event"], str]
"""Who said it, and what: a `person` who had the conversation, or nobody, of what happened."""

STEPS: Final = 500
"""How many steps a turn may take."""


@dataclass(slots=True)
class Turn:
    """The memory that a turn, or a branch of it, works on.

    `notes` are traces that wait for the engine to yield them; `before` is what each variable that was set had been
    (`MISSING`: nothing); `prefix` is where the branch lies, before the places of its journal.
    """

    facts: Facts
    tools: Mapping[str, ProjectTool]
    context: Context
    variables: dict[str, Json]
    system: dict[str, Json]
    kept: dict[str, dict[str, Json]]
    prefix: str = ""
    depth: int = 0
    """How many branches lie around it."""
    steps_left: int = STEPS
    watched: bool = False
    """Whether somebody looks on at each step."""
    is_handed_over: bool = False
    """Whether a person has the conversation from now on."""
    asked: Sequence[tuple[str, Json]] = ()
    """The tools that wait for a yes: the place of the step, and what it would use its tool on."""
    names: dict[str, Json] = field(init=False)
    languages: Sequence[str] = field(init=False)
    reply: Reply = field(default_factory=Reply)
    notes: list[Trace] = field(default_factory=list[Trace])
    visits: dict[str, int] = field(default_factory=dict[str, int])
    visited: list[Visited] = field(default_factory=list[Visited])
    """Every step that was visited, in all branches, in the order of leaving them."""
    action: Action | None = None
    """What the user did."""
    history: list[Said] = field(default_factory=list["Said"])
    """What was said so far, the user's words of this turn included; shared by all branches."""
    returned: Json = None
    """What was said while a person had the conversation, until an agent has read it."""
    passages: list[Json] = field(default_factory=list[Json])
    """What was found in the knowledge base for the next call of a model; shared by all branches."""
    sought: str = ""
    """What they were looked for by."""
    before: dict[str, Json | Missing] = field(default_factory=dict[str, Json | Missing])
    size: int | None = None

    def __post_init__(self) -> None:
        self.names = {**self.variables, "sys": self.system}
        self.speak(str(self.system["language"]))

    def branch(self, prefix: str, *, steps: int) -> "Turn":
        """A copy for what runs beside others, which sees nothing of them."""
        kept = {place: dict(memory) for place, memory in self.kept.items()}
        if self.size is None:
            self.size = json_bytes(self.variables)
        return Turn(
            self.facts,
            self.tools,
            self.context,
            dict(self.variables),
            dict(self.system),
            kept,
            prefix=prefix,
            depth=self.depth + 1,
            watched=self.watched,
            steps_left=steps,
            asked=self.asked,
            visited=self.visited,
            action=self.action,
            history=self.history,
            passages=self.passages,
            sought=self.sought,
            size=self.size,
        )

    def merge(self, branches: Sequence["Turn"]) -> None:
        """Takes over what branches have set, one after the other; what each leaves untouched stays."""
        kept = dict(self.kept)
        for branch in branches:
            for name in branch.before:
                value = branch.system["language"] if name == LANGUAGE else branch.variables[name]
                problem = self.assign(name, value)
                if problem is not None:
                    self.notes.append(problem)
            kept |= {place: memory for place, memory in branch.kept.items() if memory != self.kept.get(place, {})}
        self.kept = kept

    def speak(self, language: str) -> None:
        """Goes on in a language."""
        self.system["language"] = language
        self.languages = preferred(language, self.facts.language)

    def assign(self, name: str, value: Json) -> Error | None:
        """Sets a variable, or says why it keeps its old value."""
        try:
            converted = fitted(name, value, self.facts.variables.get(name))
        except Mismatch as error:
            return Error("WRONG_VALUE", f"`{name}` keeps its value: {error}.", handled=True)
        if name == LANGUAGE:
            self.before.setdefault(name, self.system["language"])
            self.speak(str(converted))
            return None
        if self.size is None:
            self.size = json_bytes(self.variables)
        size = self.size + json_bytes(converted)
        size += -json_bytes(self.variables[name]) if name in self.variables else json_bytes(name) + len(":,")
        if size > VARIABLES_BYTES:
            told = f"`{name}` keeps its value: the variables would take more than 256 KB."
            return Error("VARIABLES_TOO_LARGE", told, handled=True)
        self.size = size
        self.before.setdefault(name, self.variables.get(name, MISSING))
        self.variables[name] = self.names[name] = converted
        return None


def preferred(language: str, project: str) -> tuple[str, ...]:
    """The languages to look for, best first: `de-at`, `de`, then the project's."""
    tags = language.casefold().split("-")
    own = ("-".join(tags[:length]) for length in range(len(tags), 0, -1))
    return (*own, project.casefold())
