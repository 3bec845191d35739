"""Bodies of the conversation endpoints: what comes in, checked and told by path."""

import re
from collections.abc import Mapping
from typing import Annotated, Final, Literal, TypeVar, cast

from pydantic import BaseModel, Field, JsonValue, TypeAdapter, ValidationError

from conduet.engine.action import Action, words_of
from conduet.engine.mistakes import mistakes_of
from conduet.engine.values import Json
from conduet.errors import At, BadRequest, PayloadTooLarge
from conduet.kit.json import parse
from conduet.kit.schema import Wire
from conduet.projects.store import DEVELOPMENT

MESSAGE_BYTES: Final = 32 * 1024
"""The longest message of a user, as UTF-8."""

USER_ID: Final = r"^[A-Za-z0-9._:@+-]{1,128}$"
_USER_ID: Final = re.compile(USER_ID.rstrip("$") + r"\Z")

VersionId = Annotated[
    str,
    Field(description="`development` (the draft), `production` (what was published last) or a version's id."),
]
Variables = Annotated[
    dict[str, JsonValue], Field(description="Merged before the turn runs; checked against their declared types.")
]


class Interact(Wire):
    """One action of the user."""

    action: Action
    version_id: VersionId = DEVELOPMENT
    variables: Variables | None = None


class Start(Wire):
    """A step of a workflow."""

    workflow_id: str
    step_id: str


class Chat(Wire):
    """A turn without a widget: either a message or an action. The last three are for turns of `development` alone."""

    user_id: Annotated[
        str | None, Field(pattern=USER_ID, description="Whose conversation; a new one's when left out.")
    ] = None
    message: str | None = None
    action: Action | None = None
    version_id: VersionId = DEVELOPMENT
    start: Annotated[Start | None, Field(description="The step that the turn begins at, whatever was open.")] = None
    variables: Variables | None = None
    mocks: Annotated[
        dict[str, JsonValue] | None,
        Field(description="Answers in place of the world's, by the id of a step (or `workflow/step`) or a tool."),
    ] = None


class HistoryEntry(Wire):
    """A message of the history."""

    role: Literal["user", "assistant", "person"]
    content: str
    created_at: str | None = None


class NewState(Wire):
    """A whole state, as `GET` gives it; what is left out is empty. The last four are taken and ignored."""

    variables: dict[str, JsonValue] = Field(default_factory=dict)
    history: list[HistoryEntry] = Field(default_factory=list[HistoryEntry])
    internal: dict[str, JsonValue] = Field(default_factory=dict, description="Where a flow stands; empty: at rest.")
    user_id: JsonValue = None
    version_id: JsonValue = None
    revision: JsonValue = None
    updated_at: JsonValue = None


class Feedback(Wire):
    """What a reader thinks of a message."""

    rating: Annotated[Literal["up", "down"] | None, Field(description="`null` takes back what was said.")]
    comment: Annotated[str | None, Field(max_length=2000, description="Why.")] = None


class Merging(Wire):
    """Whom a user turns out to be."""

    into: Annotated[str, Field(pattern=USER_ID, description="The user who stays.")]


class Came(Wire):
    """A step that a turn came by, and the port that it went on by; `None` where it waited or went elsewhere."""

    workflow_id: str
    step_id: str
    port: str | None


class Before(Wire):
    """The state that a turn began with, as `PUT` takes it."""

    variables: dict[str, JsonValue]
    internal: dict[str, JsonValue]


class Recorded(Wire):
    """A turn as it is kept: `before` is `None` where there is no journal of it (any more)."""

    turn_id: str
    version_id: str
    status: str
    started_at: str
    action: JsonValue
    before: Before | None
    path: list[Came]


class ModelCall(Wire):
    """A model's call of a tool, its arguments as it wrote them."""

    id: str
    name: str
    arguments: str


class ModelMessage(Wire):
    """A message that a model was shown, or said."""

    role: Literal["system", "user", "assistant", "tool"]
    text: str
    name: Annotated[str | None, Field(description="The tool that this came of.")] = None
    calls: list[ModelCall] = Field(default_factory=list[ModelCall])


class ModelTool(Wire):
    """A tool that a model was offered."""

    name: str
    description: str
    parameters: dict[str, JsonValue]


class ModelPrompt(Wire):
    """All that a model was given."""

    messages: list[ModelMessage]
    tools: list[ModelTool]
    temperature: float | None = None
    max_tokens: int | None = None


class TurnCall(Wire):
    """What a turn asked of the world, and what came of it; no secret stands in it.

    `prompt`, `answer`, `model`, tokens and cost are those of a model, `request` and `response` of whatever else.
    """

    place: Annotated[str, Field(description="Who asked: `workflow/step#visit` and what was asked there.")]
    kind: Literal["model", "http", "mail", "mcp", "search", "code"]
    started_at: str | None = None
    duration_ms: float | None = None
    model: str | None = None
    prompt: ModelPrompt | None = None
    answer: ModelMessage | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost_usd: Annotated[float | None, Field(description="`null`: its price is not known.")] = None
    request: JsonValue = None
    response: JsonValue = None
    mocked: Annotated[bool, Field(description="A mock answered in its place.")] = False
    error: str | None = None


class Replay(Wire):
    """How a turn is run again."""

    version_id: Annotated[str | None, Field(description="On this version instead of the one it ran on.")] = None
    models: Annotated[
        Literal["recorded", "live"], Field(description="Whether models answer as they did, or are asked again.")
    ] = "recorded"
    patch: Annotated[dict[str, JsonValue] | None, Field(description="A merge patch over the version's document.")] = (
        None
    )


M = TypeVar("M", bound=BaseModel)

_interact: Final = TypeAdapter(Interact)
_MESSAGES: Final = {"union_tag_not_found": "An action needs a `type`"}


def parse_user_id(text: str) -> str:
    """Raises `BadRequest` for what is no user id."""
    if not _USER_ID.match(text):
        raise BadRequest.at("userId", "A user id is 1 to 128 letters, digits and . _ : @ + -")
    return text


def parse_interact(body: bytes) -> tuple[Interact, Json]:
    """The action that is asked for, checked, and beside it the action's JSON as it came, but its type first: by that a
    turn with a file is found.

    Raises `BadRequest` by path, and `PayloadTooLarge` for a message of more than 32 KB.
    """
    raw = parse(body)
    try:
        found = _interact.validate_python(raw)
    except ValidationError as error:
        raise _refused(error, raw) from None
    if len(body) > MESSAGE_BYTES:
        check_message(found.action)
    action = cast("dict[str, dict[str, Json]]", raw)["action"]
    return found, {"type": action["type"], **action}


def parse_body(body: bytes, model: type[M]) -> M:
    """`body` as `model`. Raises `BadRequest` by path."""
    raw = parse(body)
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        raise _refused(error, raw) from None


def parse_variables(body: bytes) -> Mapping[str, Json]:
    """A map of variables, bare or as `{"variables": {…}}` alone. Raises `BadRequest`."""
    raw = parse(body)
    if not isinstance(raw, dict):
        raise BadRequest.at("", 'A map of variables is needed: {"name": value}.')
    inner = raw.get("variables")
    return inner if len(raw) == 1 and isinstance(inner, dict) else raw


def check_message(action: Action) -> None:
    """Raises `PayloadTooLarge` when what the user said is longer than 32 KB."""
    words = words_of(action)
    if words is not None and len(words.encode()) > MESSAGE_BYTES:
        raise PayloadTooLarge(
            f"A message has at most {MESSAGE_BYTES // 1024} KB.",
            details=[At("action.payload", f"At most {MESSAGE_BYTES} bytes of UTF-8.")],
        )


def _refused(error: ValidationError, raw: Json) -> BadRequest:
    first = error.errors(include_url=False, include_input=False)[0]
    if first["type"] in ("union_tag_invalid", "union_tag_not_found"):
        known = first.get("ctx", {}).get("expected_tags", "").replace("'", "`")
        told = f"There is no such action: there are {known}." if known else "An action has a `type`."
        return BadRequest.at("action.type", told)
    mistakes = mistakes_of(error, raw)
    return BadRequest(
        f"{mistakes[0].path}: {mistakes[0].message}" if mistakes[0].path else mistakes[0].message, details=mistakes
    )
