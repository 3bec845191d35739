"""The shape of a conversation test: what a user does, turn by turn, and what must come of it."""

from datetime import UTC, datetime
from typing import Annotated, Any, Final, TypeAlias

from pydantic import Field, JsonValue, PlainValidator, TypeAdapter, WithJsonSchema, field_validator, model_validator
from pydantic_core import PydanticCustomError

from conduet.engine.action import Action
from conduet.engine.shape import ID_LENGTH, Id, JsonObject, Many, Name, Shape

_ACTION: Final[TypeAdapter[Action]] = TypeAdapter(Action)


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
    payload: Annotated[JsonObject, Field(default_factory=dict)]


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
    """What the user does, and what must come of it; `journal` answers at its places as the world once did.

    With `handed_back` a person who had the conversation gives it back to the agent first; `variables` are set before
    it, as from outside. With `internal` the whole state is replaced before it, as `PUT` does: by that part and the
    `variables`.
    """

    __test__ = False

    action: Annotated[
        Action,
        WithJsonSchema(
            {"type": "object", "properties": {"type": {"type": "string"}, "payload": {}}, "required": ["type"]}
        ),
    ]
    expect: Annotated[Many[Expectation], Field(max_length=100)] = ()
    journal: Annotated[JsonObject, Field(default_factory=dict)]
    handed_back: bool = False
    variables: Annotated[JsonObject, Field(default_factory=dict)]
    internal: JsonObject | None = None

    @field_validator("action", mode="plain")
    @classmethod
    def _read_action(cls, raw: object) -> Action:
        return _ACTION.validate_python(_with_id(raw), extra="allow")


def _with_id(raw: Any) -> Any:
    """An action whose answer names no call: nobody knows its id before it is asked."""
    match raw:
        case {"type": "client", "payload": dict()}:
            return {**raw, "payload": {"callId": "", **raw["payload"]}}
        case {"type": "approval", "payload": dict()}:
            return {**raw, "payload": {"approvalId": "", **raw["payload"]}}
        case _:
            return raw


class Place(Shape):
    """A step of a workflow."""

    workflow_id: str
    step_id: str


class Test(Shape):
    """A conversation and what must come of it; the clock stands still at `now`.

    `internal` is what the conversation begins with beside its variables, as the part of that name of a state.
    """

    __test__ = False

    id: Id
    name: Name = ""
    start: Place | None = None
    variables: Annotated[JsonObject, Field(default_factory=dict)]
    internal: Annotated[JsonObject, Field(default_factory=dict)]
    mocks: Annotated[JsonObject, Field(default_factory=dict)]
    now: Moment | None = None
    user_id: Annotated[str, Field(min_length=1, max_length=ID_LENGTH)] | None = None
    platform: str | None = None
    turns: Annotated[Many[TestTurn], Field(max_length=500)] = ()
