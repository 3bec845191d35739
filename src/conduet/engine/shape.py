"""The shape of a project document: every field the contract names, with its JSON type and its limits.

A document that breaks it is refused on save; what is only unfinished is not told here but by `engine.check`. Unknown
fields are kept at every level, because clients and later versions add some.
"""

from datetime import UTC, datetime
from typing import Annotated, Final, Literal, TypeAlias, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    PlainValidator,
    TypeAdapter,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from conduet.engine.action import Action

T = TypeVar("T")

_ACTION: Final[TypeAdapter[Action]] = TypeAdapter(Action)

ID_LENGTH = 200
"""The longest id or name, in characters: they are part of every conversation's state."""

Many: TypeAlias = Annotated[tuple[T, ...], Field(strict=False)]
"""A JSON list of `T`; the list itself may become a tuple, its items stay strict."""

Id: TypeAlias = Annotated[str, Field(min_length=1, max_length=ID_LENGTH)]
Name: TypeAlias = Annotated[str, Field(max_length=ID_LENGTH)]
JsonObject: TypeAlias = dict[str, JsonValue]


class Shape(BaseModel):
    """A part of a document: camelCase, strict JSON types, unknown fields kept."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="allow", strict=True, frozen=True)


class Position(Shape):
    """Where a step lies on the canvas, in pixels."""

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


class WorkflowShape(Shape):
    """A graph of steps."""

    id: Id
    name: str = ""
    primary: bool | None = None
    steps: Many[StepShape] = ()
    connections: Many[Connection] = ()


class Variable(Shape):
    """A variable: its type, and what it is when a conversation begins."""

    name: Annotated[str, Field(min_length=1, max_length=ID_LENGTH)]
    type: Literal["text", "number", "boolean", "list", "object"] = "text"
    default: JsonValue = None
    description: str | None = None
    pii: bool = False
    client: bool = False
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


class Behaviour(Shape):
    """How the project's assistant behaves."""

    persona: str = ""
    model: str | Many[str] | None = None
    temperature: Annotated[float, Field(ge=0)] | None = None
    time_zone: str = "UTC"
    allowed_hosts: Many[str] = ()
    answer_only_from_sources: bool = False
    budget: Budget | None = None
    retention: Retention = Retention()
    guard: Guard | None = None
    agent_harness: JsonObject = {}


class Schedule(Shape):
    """When a pipeline runs."""

    cron: str
    time_zone: str = "UTC"


class Target(Shape):
    """Where a pipeline publishes."""

    connector: str
    config: JsonObject = {}


class Pipeline(Shape):
    """Work without a user: a workflow on a schedule, its text published after an approval."""

    id: Id
    name: Name = ""
    enabled: bool = False
    schedule: Schedule | None = None
    workflow_id: str = ""
    approval: Literal["none", "person"] = "person"
    targets: Many[Target] = ()


def _moment(raw: object) -> datetime:
    try:
        moment = datetime.fromisoformat(raw) if isinstance(raw, str) else None
    except ValueError:
        moment = None
    # Far from both ends of what a date can be, so that a flow may count on from it.
    if moment is None or moment.tzinfo is None or not 1970 <= moment.year < 3000:
        raise PydanticCustomError("moment", "A moment such as `2026-03-01T12:30:00Z` is needed here")
    return moment.astimezone(UTC)


Moment: TypeAlias = Annotated[
    datetime, PlainValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})
]
"""ISO 8601 with an offset, from 1970 to 2999; in UTC."""


class TracePattern(Shape):
    """A trace by its type, and as much of its payload as matters."""

    type: str
    payload: JsonObject = {}


class Expectation(Shape):
    """One thing that must come of a turn; exactly one of the fields says what, `equals` goes with `variable`."""

    contains: str | None = None
    not_contains: str | None = None
    variable: str | None = None
    equals: JsonValue = None
    step: str | None = None
    trace: str | TracePattern | None = None
    source: str | None = None
    judge: str | None = None

    @model_validator(mode="after")
    def _is_one(self) -> "Expectation":
        kinds = (self.contains, self.not_contains, self.variable, self.step, self.trace, self.source, self.judge)
        if len(kinds) - kinds.count(None) != 1:
            told = "One of contains, notContains, variable, step, trace, source and judge is needed here"
            raise PydanticCustomError("expectation", told)
        if (self.variable is not None) != ("equals" in self.model_fields_set):
            raise PydanticCustomError("expectation", "`variable` and `equals` go together")
        return self


class TestTurn(Shape):
    """What the user does, and what must come of it; `journal` answers at its places as the world once did."""

    __test__ = False

    action: Annotated[
        Action,
        WithJsonSchema(
            {"type": "object", "properties": {"type": {"type": "string"}, "payload": {}}, "required": ["type"]}
        ),
    ]
    expect: Annotated[Many[Expectation], Field(max_length=100)] = ()
    journal: JsonObject = {}

    @field_validator("action", mode="plain")
    @classmethod
    def _keep_unknown_fields(cls, raw: object) -> Action:
        return _ACTION.validate_python(raw, extra="allow")


class Place(Shape):
    """A step of a workflow."""

    workflow_id: str
    step_id: str


class Test(Shape):
    """A conversation and what must come of it; the clock stands still at `now`."""

    __test__ = False

    id: Id
    name: Name = ""
    start: Place | None = None
    variables: JsonObject = {}
    mocks: JsonObject = {}
    now: Moment | None = None
    user_id: Annotated[str, Field(min_length=1, max_length=ID_LENGTH)] | None = None
    platform: str | None = None
    turns: Annotated[Many[TestTurn], Field(max_length=500)] = ()


class Webhook(Shape):
    """An address that is told of events."""

    id: Id
    url: str = ""
    events: Many[str] = ()
    enabled: bool = True


class ProjectShape(Shape):
    """The whole document, as much of it as the runtime and its checks read."""

    framework: Literal["agentic", "conversation-flow", "outbound"] = "conversation-flow"
    language: Annotated[str, Field(min_length=1, max_length=35)] = "en"
    name: Annotated[str, Field(min_length=1, max_length=ID_LENGTH)] = ""
    description: Annotated[str, Field(max_length=2_000)] | None = None
    slug: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)] | None = None
    workflows: Many[WorkflowShape] = ()
    playbooks: Many[Playbook] = ()
    tools: Many[ToolShape] = ()
    variables: Many[Variable] = ()
    secrets: Many[Secret] = ()
    prompts: dict[str, str] = {}
    behaviour_config: Behaviour = Behaviour()
    widget: JsonObject = {}
    intents: Many[Intent] = ()
    events: Many[Event] = ()
    entities: Many[Entity] = ()
    pipelines: Many[Pipeline] = ()
    tests: Many[Test] = ()
    webhooks: Many[Webhook] = ()
