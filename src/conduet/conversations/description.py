"""The conversation endpoints in the OpenAPI document, which FastAPI does not write for them."""

from collections.abc import Mapping
from typing import Any, Final, cast

from pydantic import BaseModel

from conduet.accounts.identity import HEADER as USER_HASH
from conduet.conversations import examples
from conduet.conversations.files import EXAMPLE as FILE
from conduet.conversations.files import FORM, SentFile
from conduet.conversations.idempotency import HEADER as KEY
from conduet.conversations.mcp_server import PATH as MCP_PATH
from conduet.conversations.mcp_server import McpMessage
from conduet.conversations.recorded import CALLS, RECORDED
from conduet.conversations.replies import JSON, REPLAYED
from conduet.conversations.resume import HEADER as LAST_EVENT_ID
from conduet.conversations.shown import STATE
from conduet.conversations.turn import TURN_ID
from conduet.conversations.wire import USER_ID, Chat, Feedback, Interact, Merging, NewState, Replay
from conduet.kit.openapi import failures

Schema = dict[str, Any]
Operation = dict[str, Any]
Statuses = tuple[int, ...]

TAG: Final = "Conversations"
TEXT: Final[Schema] = {"type": "string"}
TRACE: Final[Schema] = {
    "type": "object",
    "required": ["type", "payload", "time"],
    "properties": {
        "type": {"type": "string", "description": "What happened: `text`, `buttons`, `tool-call`, `error`, `end`, …"},
        "payload": {"type": "object", "description": "Depends on the type; over 64 KB an excerpt and a `ref`."},
        "time": {"type": "string", "format": "date-time"},
    },
}
TRACES: Final[Schema] = {"type": "array", "items": TRACE}
DIFFERENCE: Final[Schema] = {
    "type": "object",
    "required": ["index", "recorded", "replayed"],
    "properties": {
        "index": {"type": "integer"},
        "recorded": {"anyOf": [TRACE, {"type": "null"}]},
        "replayed": {"anyOf": [TRACE, {"type": "null"}]},
    },
}
REPLAYED_TURN: Final[Schema] = {
    "type": "object",
    "required": ["traces", "differences"],
    "properties": {"traces": TRACES, "differences": {"type": "array", "items": DIFFERENCE}},
}
CHATTED: Final[Schema] = {
    "type": "object",
    "required": ["userId", "traces"],
    "properties": {"userId": TEXT, "traces": TRACES},
}
VARIABLES: Final[Schema] = {"type": "object", "description": "Variables by name, bare or under `variables` alone."}

_TURN_HEADER: Final = {TURN_ID: {"description": "The turn, to resume or replay it by.", "schema": TEXT}}
_TURN_HEADERS: Final = {
    **_TURN_HEADER,
    REPLAYED: {"description": "`true`: the answer to an earlier request with this key.", "schema": TEXT},
}
_USER_HEADER: Final = {"X-User-Id": {"description": "The user, also one that was made.", "schema": TEXT}}
_ETAG: Final = {"ETag": {"description": "The revision.", "schema": TEXT, "example": '"7"'}}


def conversation_paths() -> dict[str, Any]:
    """The path items by project key, the same by developer, and `chat`."""
    project = _path("projectId", "The project.", example="proj_demo")
    below = "/api/v1/projects/{projectId}"
    return {
        **_paths("/api/v1/conversations/{userId}", more=(_USER_HASH,)),
        **_paths(f"{below}/conversations/{{userId}}", more=(project,), refusals=(403,)),
        **_chat_paths(below, project),
        MCP_PATH: {"post": _mcp()},
    }


def _mcp() -> Operation:
    answer = {"type": "object", "properties": {"jsonrpc": TEXT, "id": {}, "result": {}, "error": {}}}
    example = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    found = {"jsonrpc": "2.0", "id": 1, "result": {"tools": [{"name": "talk", "inputSchema": {"type": "object"}}]}}
    taken = {"202": {"description": "A notification, which has no answer."}}
    return _operation(
        "Talk to the published project as an MCP server",
        (),
        {**_json(answer, found), **taken},
        body=_body(McpMessage, {"list": example}),
        text="Streamable HTTP without sessions, for MCP clients: one tool, `talk`, takes a `message` and the `userId` "
        "of the conversation. Errors of MCP itself are JSON-RPC's.",
    )


def _paths(base: str, *, more: tuple[Schema, ...], refusals: Statuses = ()) -> dict[str, Any]:
    common = (_path("userId", "The end user.", example="user_123", pattern=USER_ID), *more)
    turn = (*common, _path("turnId", "The turn.", example=examples.TURN_ID))
    number = (*turn, _path("n", "The number of the trace, from 0.", example="1", pattern="^[0-9]{1,9}$"))
    turns = _turns(common, refusals)
    return {
        f"{base}/interact": {"post": turns[0]},
        f"{base}/interact/stream": {"post": turns[1]},
        f"{base}/state": _state(common, refusals),
        f"{base}/variables": {"patch": _variables(common, refusals)},
        f"{base}/events": {"get": _follow(common)},
        f"{base}/files": {"post": _send_file(common, refusals)},
        f"{base}/messages/{{messageId}}/feedback": {"put": _rate(common, refusals)},
        f"{base}/merge": {"post": _merge(common, refusals)},
        f"{base}/turns/{{turnId}}": {"get": _read_turn(turn, refusals)},
        f"{base}/turns/{{turnId}}/stream": {"get": _resume(turn)},
        f"{base}/turns/{{turnId}}/traces/{{n}}": {
            "get": _operation("Read one trace of a turn whole", number, _json(TRACE, examples.TRACES[0]))
        },
        f"{base}/turns/{{turnId}}/calls": {"get": _calls(turn, refusals)},
        f"{base}/turns/{{turnId}}/replay": {"post": _replay(turn, refusals)},
    }


def _turns(common: tuple[Schema, ...], refusals: Statuses) -> tuple[Operation, Operation]:
    parameters = (*common, _header(KEY, "Done once however often it is sent: kept 24 h.", example="order-17-hello"))
    body = _body(Interact, examples.ACTIONS)
    more = failures(409, *refusals)
    interact = _operation(
        "Send one action, get all traces of the turn",
        parameters,
        _json(TRACES, examples.TRACES, headers=_TURN_HEADERS),
        more,
        body=body,
    )
    stream = _operation(
        "Send one action, get the turn as Server-Sent Events",
        parameters,
        _events(_TURN_HEADERS),
        more,
        body=body,
        text="The last event is `[DONE]`, sent when the turn is kept. A dropped client resumes by the turn's id.",
    )
    return interact, stream


def _state(common: tuple[Schema, ...], refusals: Statuses) -> dict[str, Operation]:
    changing = (*common, _IF_MATCH)
    shown = _json(STATE, examples.STATE, headers=_ETAG)
    more = failures(409, 412, *refusals)
    return {
        "get": _operation("Read the state of a conversation", common, shown),
        "put": _operation(
            "Replace the state whole",
            changing,
            shown,
            more,
            body=_body(NewState, {"state": examples.STATE}),
            text="Takes what `GET` gave; what is left out is empty.",
        ),
        "delete": _operation(
            "Reset the conversation",
            changing,
            {"204": {"description": "Done; only variables of the scope `user` are left."}},
            more,
        ),
    }


def _variables(common: tuple[Schema, ...], refusals: Statuses) -> Operation:
    return _operation(
        "Merge variables into the state",
        (*common, _IF_MATCH),
        _json(STATE, examples.STATE, headers=_ETAG),
        failures(409, 412, *refusals),
        body=_content(VARIABLES, {"bare": {"name": "Ada"}, "wrapped": {"variables": {"name": "Ada"}}}),
        text="All or none: one value of the wrong type is a 400. A name that is not declared is kept as it came.",
    )


def _resume(turn: tuple[Schema, ...]) -> Operation:
    last = _header(LAST_EVENT_ID, "The `id` of the last event seen; without it, all.", example=f"{examples.TURN_ID}/0")
    return _operation(
        "Follow a turn again, while it runs and after its end",
        (*turn, last),
        _events(_TURN_HEADER),
        text="Events keep their ids. A turn that was interrupted ends with an `error` trace `TURN_INTERRUPTED`.",
    )


def _follow(common: tuple[Schema, ...]) -> Operation:
    last = _header(LAST_EVENT_ID, "The `id` of the last event seen; without it, all that are kept.", example="7")
    content = {"text/event-stream": {"schema": TEXT, "example": examples.HEARD}}
    return _operation(
        "Follow what happens beside the user's turns, with Server-Sent Events",
        (*common, last),
        {"200": {"description": "Traces, as they come; the stream has no end.", "content": content}},
        text="Whether a person has the conversation (`handoff`; to `agent` is the way back), what that person says "
        "(with `person` in the payload), and the traces of turns that the server runs by itself, after an approval. "
        "Events are numbered and kept 30 days.",
    )


def _send_file(common: tuple[Schema, ...], refusals: Statuses) -> Operation:
    file = {"type": "string", "format": "binary"}
    form: Schema = {"type": "object", "required": ["file"], "properties": {"file": file}}
    taken = {"201": {"description": "Taken in.", "content": {JSON: {"schema": _schema(SentFile), "example": FILE}}}}
    return _operation(
        "Send a file of the user's",
        common,
        taken,
        failures(*refusals),
        body={"required": True, "content": {FORM: {"schema": form, "example": {"file": "(the bytes of wheel.jpg)"}}}},
        text="At most 10 MB, a PNG, JPEG, GIF or WebP picture or a PDF by its content, and 20 an hour of one user. "
        "The answer's `url` and `mimeType` are the payload of a `media` action. It is kept for 30 days.",
    )


def _rate(common: tuple[Schema, ...], refusals: Statuses) -> Operation:
    message = _path("messageId", "The message, or the turn that said it last.", example=examples.MESSAGE_ID)
    bodies = {"up": {"rating": "up"}, "down": examples.FEEDBACK, "back": {"rating": None}}
    fields = {"messageId": TEXT, "rating": {"enum": ["up", "down", None]}, "comment": {"type": ["string", "null"]}}
    rated: Schema = {"type": "object", "required": [*fields], "properties": fields}
    return _operation(
        "Say what the user thinks of a message",
        (*common, message),
        _json(rated, {"messageId": examples.MESSAGE_ID, **examples.FEEDBACK}),
        failures(*refusals),
        body=_body(Feedback, bodies),
        text="Of what the agent or a person said; it replaces what was said of it before.",
    )


def _merge(common: tuple[Schema, ...], refusals: Statuses) -> Operation:
    return _operation(
        "Make one user of two",
        common,
        _json(STATE, {**examples.STATE, "userId": "ada@shop.example"}, headers=_ETAG),
        failures(409, *refusals),
        body=_body(Merging, {"into": {"into": "ada@shop.example"}}),
        text="The user of the address becomes `into`: transcripts, files, and what channels call them. Where `into` is "
        "in no conversation, this one goes on as theirs; else theirs does, with what only this one's variables "
        "know. What a widget key began is then theirs alone whose proof it shows.",
    )


def _read_turn(turn: tuple[Schema, ...], refusals: Statuses) -> Operation:
    return _operation(
        "Read what a turn began with and which way it went",
        turn,
        _json(RECORDED, examples.RECORDED),
        failures(*refusals),
        text="`before` put as the state of another user is the place to try the turn anew.",
    )


def _calls(turn: tuple[Schema, ...], refusals: Statuses) -> Operation:
    return _operation(
        "Read what a turn asked of models and of the world",
        turn,
        _json(CALLS, examples.CALLS),
        failures(409, *refusals),
        text="In its order: what each model was shown, with the tools it was offered, what it answered and what that "
        "took; what was sent elsewhere and what came back. Secrets are masked. Nothing is asked again.",
    )


def _replay(turn: tuple[Schema, ...], refusals: Statuses) -> Operation:
    replays = {"as it was": {"models": "recorded"}, "patched": {"patch": {"behaviourConfig": {"persona": "Brief."}}}}
    return _operation(
        "Run a turn again from its recorded state",
        turn,
        _json(REPLAYED_TURN, examples.REPLAYED),
        failures(409, *refusals),
        body=_body(Replay, replays, required=False),
        text="Nothing outside is called: clock, chance, models and tools answer as they did. Nothing of it is kept.",
    )


def _chat_paths(below: str, project: Schema) -> dict[str, Any]:
    body = _body(Chat, examples.CHATS)
    headers = {**_TURN_HEADER, **_USER_HEADER}
    return {
        f"{below}/chat": {
            "post": _operation(
                "Talk to the project",
                (project,),
                _json(CHATTED, {"userId": "user_123", "traces": examples.TRACES}, headers=headers),
                failures(403, 409),
                body=body,
                text="In a turn of `development` a `step` trace tells what each step did.",
            )
        },
        f"{below}/chat/stream": {
            "post": _operation(
                "Talk to the project, with Server-Sent Events",
                (project,),
                _events(headers),
                failures(403, 409),
                body=body,
            )
        },
    }


def _operation(
    summary: str,
    parameters: tuple[Schema, ...],
    answer: dict[str, Any],
    more: Mapping[int | str, Any] | None = None,
    *,
    body: Schema | None = None,
    text: str = "",
) -> Operation:
    told = {
        str(status): {name: value for name, value in failure.items() if name != "model"}
        for status, failure in (more or {}).items()
    }
    described: Operation = {
        "tags": [TAG],
        "summary": summary,
        "parameters": [*parameters],
        "responses": {**answer, **told},
    }
    return described | ({"description": text} if text else {}) | ({"requestBody": body} if body else {})


def _json(schema: Schema, example: Any, *, headers: Schema | None = None) -> dict[str, Any]:
    content = {JSON: {"schema": schema, "example": example}}
    return {"200": {"description": "Done.", "content": content, **({"headers": {**headers}} if headers else {})}}


def _events(headers: Schema) -> dict[str, Any]:
    content = {"text/event-stream": {"schema": TEXT, "example": examples.EVENTS}}
    return {"200": {"description": "The turn's events.", "content": content, "headers": {**headers}}}


def _body(model: type[BaseModel], bodies: Mapping[str, Any], *, required: bool = True) -> Schema:
    schema = model.model_json_schema()
    return _content(_inlined(schema, schema.pop("$defs", {})), bodies, required=required)


def _schema(model: type[BaseModel]) -> Schema:
    return _inlined(model.model_json_schema(by_alias=True), {})


def _content(schema: Schema, bodies: Mapping[str, Any], *, required: bool = True) -> Schema:
    told = {name: {"value": body} for name, body in bodies.items()}
    return {"required": required, "content": {JSON: {"schema": schema, "examples": told}}}


def _inlined(schema: Any, definitions: Schema) -> Any:
    """A schema without references: these models do not contain themselves."""
    if isinstance(schema, list):
        return [_inlined(part, definitions) for part in cast("list[Any]", schema)]
    if not isinstance(schema, dict):
        return schema
    parts = cast("Schema", schema)
    if "$ref" in parts:
        parts = {**definitions[parts["$ref"].removeprefix("#/$defs/")], **parts}
    left_out = ("$ref", "discriminator")
    return {name: _inlined(part, definitions) for name, part in parts.items() if name not in left_out}


def _path(name: str, text: str, *, example: str, pattern: str | None = None) -> Schema:
    schema = {**TEXT, **({"pattern": pattern} if pattern else {})}
    return {"name": name, "in": "path", "required": True, "description": text, "schema": schema, "example": example}


def _header(name: str, text: str, *, example: str) -> Schema:
    return {"name": name, "in": "header", "required": False, "description": text, "schema": TEXT, "example": example}


_USER_HASH: Final = _header(USER_HASH, "Proof of the user, for a widget key: hex HMAC-SHA256.", example="5f3c…")
_IF_MATCH: Final = _header("If-Match", "Only when the state is still of this revision.", example='"7"')
