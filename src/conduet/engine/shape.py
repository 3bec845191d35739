"""The shapes of a project document's parts: every field the contract names, with its JSON type and its limits.

A document that breaks it is refused on save; what is only unfinished is not told here but by `engine.check`. Unknown
fields are kept at every level, because clients and later versions add some.
"""

from typing import Annotated, Literal, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from pydantic.alias_generators import to_camel

T = TypeVar("T")

ID_LENGTH = 200
"""The longest id or name, in characters: they are part of every conversation's state."""

NOTE_LENGTH = 4_000
"""The longest text of a note, in characters."""

NOTES = 500
"""How many notes and frames a workflow has at most."""

Many: TypeAlias = Annotated[tuple[T, ...], Field(strict=False)]
"""A JSON list of `T`; the list itself may become a tuple, its items stay strict."""

CLOCK = "^([01][0-9]|2[0-3]):[0-5][0-9]$"
"""A time of day."""

Id: TypeAlias = Annotated[str, Field(min_length=1, max_length=ID_LENGTH)]
Name: TypeAlias = Annotated[str, Field(max_length=ID_LENGTH)]
JsonObject: TypeAlias = dict[str, JsonValue]


class Shape(BaseModel):
    """A part of a document: camelCase, strict JSON types, unknown fields kept."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="allow", strict=True, frozen=True, defer_build=True
    )


class Position(Shape):
    """Where something lies on the canvas, in pixels."""

    x: float = 0
    y: float = 0


class StepShape(Shape):
    """A step; `config` is checked by the class of its `type`."""

    id: Id
    type: str
    name: str | None = None
    config: dict[str, object] = {}
    position: Position = Position()


class Connection(Shape):
    """A line from a port of one step to another step of the same workflow."""

    id: Id
    source: str
    source_port: str
    target: str
    target_port: str | None = None


Length: TypeAlias = Annotated[float, Field(ge=40, le=20_000)]


class Size(Shape):
    """How large something is on the canvas, in pixels."""

    width: Length = 240
    height: Length = 120


class Note(Shape):
    """A note on the canvas, or a frame, a box with a title around steps: for whoever draws, and never run."""

    id: Id
    kind: Literal["note", "frame"] = "note"
    text: Annotated[str, Field(max_length=NOTE_LENGTH)] = ""
    position: Position = Position()
    size: Size = Size()
    color: Annotated[
        Literal["talk", "listen", "logic", "ai", "data", "flow"] | None, Field(description="That of a step's family.")
    ] = None


class WorkflowShape(Shape):
    """A graph of steps."""

    id: Id
    name: str = ""
    primary: bool | None = None
    steps: Many[StepShape] = ()
    connections: Many[Connection] = ()
    notes: Annotated[Many[Note], Field(max_length=NOTES)] = ()


class Variable(Shape):
    """A variable: its type, and what it is when a conversation begins."""

    name: Annotated[str, Field(min_length=1, max_length=ID_LENGTH)]
    type: Literal["text", "number", "boolean", "list", "object"] = "text"
    default: JsonValue = None
    description: str | None = None
    pii: bool = False
    client: bool = False
    person_name: bool = False
    scope: Literal["conversation", "user"] = "conversation"
    environments: JsonObject = {}


class Secret(Shape):
    """A secret's name; its value is never in the document."""

    name: Id


class Intent(Shape):
    """What a user may want at any time, and the workflow that sees to it."""

    id: Id
    name: Name = ""
    description: str | None = None
    utterances: Many[str] = ()
    workflow_id: str = ""
    local: bool = False


class Event(Shape):
    """What may happen outside the conversation, and the workflow that it starts."""

    name: Id
    workflow_id: str = ""
    client: bool = False


class EntityValue(Shape):
    """One value of an entity and the words that mean it."""

    value: str
    synonyms: Many[str] = ()


class Entity(Shape):
    """A closed list of things a user may name."""

    id: Id
    name: Name = ""
    values: Many[EntityValue] = ()


class ToolShape(Shape):
    """What a model may call; `description` is what it reads, `config` is checked by the class of its `type`."""

    id: Id
    name: Annotated[str, Field(pattern=r"^[a-zA-Z0-9_-]{1,64}$")]
    description: str = ""
    type: str
    parameters: JsonObject = {}
    config: JsonObject = {}
    enabled: bool = True
    approval: Literal["none", "user", "person"] = "none"


class Input(Shape):
    """What a playbook is given."""

    name: Name
    description: str | None = None


class Exit(Shape):
    """A way out of an agent, and what it must have collected by then."""

    id: Id
    description: str = ""
    collects: Many[str] = ()


class Playbook(Shape):
    """A reusable agent."""

    id: Id
    name: Name = ""
    description: str = ""
    instructions: str = ""
    model: str | Many[str] | None = None
    tool_ids: Many[str] = ()
    knowledge_base: bool = False
    inputs: Many[Input | str] = ()
    exits: Many[Exit] = ()
    max_rounds: Annotated[int, Field(ge=1)] | None = None


class Budget(Shape):
    """What may be spent."""

    per_day_usd: Annotated[float, Field(ge=0)] | None = None
    per_turn_tokens: Annotated[int, Field(ge=0)] | None = None


class Retention(Shape):
    """How long what was said is kept, in days."""

    transcripts_days: Annotated[int, Field(ge=0)] = 365
    journal_days: Annotated[int, Field(ge=0)] = 30


class Guard(Shape):
    """What the assistant keeps away from."""

    blocked_topics: Many[str] = ()
    personal_data: Literal["off", "mask", "block"] = "off"


class Hours(Shape):
    """When somebody is there, on some days of the week; hours that close before they open end on the next day."""

    days: Many[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]] = ("mon", "tue", "wed", "thu", "fri")
    opens: Annotated[str, Field(pattern=CLOCK)] = "09:00"
    closes: Annotated[str, Field(pattern=CLOCK)] = "17:00"


class Target(Shape):
    """Where a pipeline publishes, or a team hears of what is handed to it."""

    connector: str
    config: JsonObject = {}


class HandoffTarget(Shape):
    """Whom conversations are handed to: when somebody is there, how long users wait, and what they are told then.

    One without a name is for every target that has none of its own. Without `hours` somebody is always there. By its
    `connectors` they hear of it, and answer, elsewhere than in the inbox.
    """

    name: Name = ""
    hours: Many[Hours] = ()
    time_zone: str | None = None
    closed: str = ""
    wait_minutes: Annotated[float, Field(gt=0, le=1_440)] | None = None
    waiting: str = ""
    connectors: Many[Target] = ()


class Handoff(Shape):
    """How conversations are handed to people."""

    targets: Many[HandoffTarget] = ()


class Behaviour(Shape):
    """How the project's assistant behaves."""

    persona: str = ""
    model: str | Many[str] | None = None
    temperature: Annotated[float, Field(ge=0)] | None = None
    time_zone: str = "UTC"
    allowed_hosts: Many[str] = ()
    answer_only_from_sources: bool = False
    knowledge_filter: JsonObject = {}
    budget: Budget | None = None
    retention: Retention = Retention()
    guard: Guard | None = None
    handoff: Handoff | None = None
    agent_harness: JsonObject = {}


class Schedule(Shape):
    """When a pipeline runs."""

    cron: str
    time_zone: str = "UTC"


class Pipeline(Shape):
    """Work without a user: a workflow on a schedule, its text published after an approval."""

    id: Id
    name: Name = ""
    enabled: bool = False
    schedule: Schedule | None = None
    workflow_id: str = ""
    approval: Literal["none", "person"] = "person"
    targets: Many[Target] = ()


class Webhook(Shape):
    """An address that is told of events."""

    id: Id
    url: str = ""
    events: Many[str] = ()
    enabled: bool = True
