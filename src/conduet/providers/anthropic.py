"""Anthropic's Messages.

Sources: https://platform.claude.com/docs/en/api/messages (requests), …/build-with-claude/streaming (events),
…/build-with-claude/handling-stop-reasons, …/build-with-claude/prompt-caching, …/build-with-claude/structured-outputs
and …/api/errors.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, ClassVar, Final

from pydantic import Field, SecretStr

from conduet.kit.json import Json
from conduet.llm.errors import BrokenStream, Declined
from conduet.llm.event import (
    CallDelta,
    CallEnded,
    CallStarted,
    Event,
    Finished,
    FinishReason,
    ReasoningDelta,
    TextDelta,
    Usage,
)
from conduet.llm.failure import failure_of, read_complaint
from conduet.llm.look import look, look_count, look_text
from conduet.llm.message import (
    Assistant,
    Echo,
    Image,
    Message,
    ModelRequest,
    Only,
    Part,
    System,
    ToolCall,
    ToolChoice,
    User,
)
from conduet.llm.provider import BaseUrl, Variable
from conduet.llm.remote import Call, Reader, RemoteProvider

ANTHROPIC: Final = "https://api.anthropic.com"
VERSION: Final = "2023-06-01"
DEFAULT_MODEL: Final = "claude-sonnet-5-5"
MAX_TOKENS: Final = 8192
"""Sent when the request says nothing, as the API wants a number: a long answer, and what every model takes."""

MARKS: Final = 4
"""How many places of a request can be marked to be kept in the cache."""

OPENING: Final = "(The conversation begins.)"
"""Sent where nobody has said anything yet: the API wants a user to speak first."""


class Anthropic(RemoteProvider):
    """Anthropic's Claude."""

    type: ClassVar[str] = "anthropic"
    dispensable: ClassVar[Mapping[str, str | None]] = {"temperature": None, "output_config": None}

    api_key: Annotated[SecretStr, Field(description="The key."), Variable("ANTHROPIC_API_KEY")]
    base_url: Annotated[
        BaseUrl,
        Field(description="Where the server is, as far as `/v1/messages`."),
        Variable("ANTHROPIC_BASE_URL"),
    ] = ANTHROPIC

    def default_model(self) -> str | None:
        return DEFAULT_MODEL if self.base_url == ANTHROPIC else None

    def priced_as(self) -> str | None:
        return self.type if self.base_url == ANTHROPIC else None

    def call(self, model: str, request: ModelRequest) -> Call:
        system, turns = _turns(request.messages, self.full_name(model))
        body: dict[str, Json] = {
            "model": model,
            "max_tokens": request.max_tokens or MAX_TOKENS,
            "messages": turns,
            "stream": True,
        }
        if system:
            body["system"] = system
        if request.tools:
            body["tools"] = [
                {"name": tool.name, "description": tool.description, "input_schema": tool.schema}
                for tool in request.tools
            ]
            if request.tool_choice != "auto":
                body["tool_choice"] = _choice(request.tool_choice)
        if request.temperature is not None:
            body["temperature"] = request.temperature
        if request.schema is not None:
            body["output_config"] = {"format": {"type": "json_schema", "schema": dict(request.schema)}}
        headers = {"x-api-key": self.api_key.get_secret_value(), "anthropic-version": VERSION}
        return Call(f"{self.base_url.rstrip('/').removesuffix('/v1')}/v1/messages", headers, body)

    def reader(self, model: str) -> Reader:
        return MessageReader(self.full_name(model))


def _turns(messages: Sequence[Message], model: str) -> tuple[list[Json], list[Json]]:
    """The instructions, wherever they stand, and what user and model said in turn.

    The results of calls that were made side by side belong into one message.
    """
    marked = [at for at, message in enumerate(messages) if not isinstance(message, Assistant) and message.again][
        -MARKS:
    ]
    system: list[Json] = []
    turns: list[tuple[str, list[Json]]] = []
    for at, message in enumerate(messages):
        blocks = _blocks(message, model)
        if at in marked and blocks and isinstance(last := blocks[-1], dict):
            last["cache_control"] = {"type": "ephemeral"}
        role = "assistant" if isinstance(message, Assistant) else "user"
        if isinstance(message, System):
            system += blocks
        elif turns and turns[-1][0] == role:
            turns[-1][1].extend(blocks)
        elif blocks:
            turns.append((role, blocks))
    if not turns or turns[0][0] != "user":
        turns.insert(0, ("user", [{"type": "text", "text": OPENING}]))
    return system, [{"role": role, "content": blocks} for role, blocks in turns]


def _blocks(message: Message, model: str) -> list[Json]:
    """What a message holds; the API refuses texts without a character."""
    match message:
        case System():
            return _text(message.text)
        case User():
            return [block for part in message.parts for block in _part(part)]
        case Assistant() if echo := message.echoed(model):
            return list(echo)
        case Assistant():
            calls: list[Json] = [
                {"type": "tool_use", "id": call.id, "name": call.name, "input": call.shown()} for call in message.calls
            ]
            return [*_text(message.text), *calls]
        case _:
            result: dict[str, Json] = {
                "type": "tool_result",
                "tool_use_id": message.call_id,
                "content": message.content,
            }
            if message.is_error:
                result["is_error"] = True
            return [result]


def _text(text: str) -> list[Json]:
    return [{"type": "text", "text": text}] if text.strip() else []


def _part(part: Part) -> list[Json]:
    if not isinstance(part, Image):
        return _text(part.text)
    if isinstance(part.source, str):
        return [{"type": "image", "source": {"type": "url", "url": part.source}}]
    return [{"type": "image", "source": {"type": "base64", "media_type": part.mime_type, "data": part.base64()}}]


def _choice(choice: ToolChoice) -> Json:
    if isinstance(choice, Only):
        return {"type": "tool", "name": choice.name}
    return {"type": "any" if choice == "required" else choice}


class MessageReader:
    """Understands the events of a message."""

    def __init__(self, model: str) -> None:
        self.is_done = False
        self._model = model
        self._blocks: dict[int, dict[str, Json]] = {}
        self._json: dict[int, str] = {}
        self._calls: dict[int, int] = {}
        self._usage: dict[str, int] = {}
        self._stop: str = ""
        self._answering = ""
        self._details: Json = None

    def read(self, event: Json) -> Iterator[Event]:
        at = look_count(event, "index")
        match look_text(event, "type") if not self.is_done else "":
            case "content_block_delta":
                yield from self._delta(at, look(event, "delta"))
            case "content_block_start":
                yield from self._begun(at, look(event, "content_block"))
            case "content_block_stop":
                yield from self._ended(at)
            case "message_start":
                self._answering = look_text(event, "message", "model")
                self._count(look(event, "message", "usage"))
            case "message_delta":
                self._stop = look_text(event, "delta", "stop_reason") or self._stop
                self._details = look(event, "delta", "stop_details") or self._details
                self._count(look(event, "usage"))
            case "message_stop":
                self.is_done = True
            case "error":
                raise failure_of(read_complaint(event))
            case _:
                pass

    def end(self) -> Iterable[Event]:
        if not self.is_done:
            raise BrokenStream
        if self._stop == "refusal":
            raise Declined(said=look_text(self._details, "explanation"))
        cached, written = (
            self._usage.get("cache_read_input_tokens", 0),
            self._usage.get("cache_creation_input_tokens", 0),
        )
        yield Usage(
            input=self._usage.get("input_tokens", 0) + cached + written,
            output=self._usage.get("output_tokens", 0),
            cached=cached,
            cache_written=written,
            reasoning=self._usage.get("thinking_tokens", 0),
        )
        is_cut = self._stop in ("max_tokens", "model_context_window_exceeded")
        reason: FinishReason = "length" if is_cut else "calls" if self._calls else "stop"
        yield Finished(reason, self._echo(), self._answering)

    def _begun(self, at: int, block: Json) -> Iterator[Event]:
        self._blocks[at] = dict(block) if isinstance(block, dict) else {}
        if look_text(block, "type") == "tool_use":
            index = self._calls[at] = len(self._calls)
            self._json[at] = ""
            yield CallStarted(index, look_text(block, "id"), look_text(block, "name"))
        elif text := look_text(block, "text"):
            yield TextDelta(text)

    def _delta(self, at: int, delta: Json) -> Iterator[Event]:
        block = self._blocks.setdefault(at, {})
        match look_text(delta, "type"):
            case "text_delta":
                yield from map(TextDelta, _added(block, "text", look_text(delta, "text")))
            case "thinking_delta":
                yield from map(ReasoningDelta, _added(block, "thinking", look_text(delta, "thinking")))
            case "signature_delta":
                _added(block, "signature", look_text(delta, "signature"))
            case "input_json_delta":
                if at in self._calls and (text := look_text(delta, "partial_json")):
                    self._json[at] += text
                    yield CallDelta(self._calls[at], text)
            case _:
                pass

    def _ended(self, at: int) -> Iterator[Event]:
        if at in self._calls:
            block = self._blocks[at]
            call = ToolCall(look_text(block, "id"), look_text(block, "name"), self._json[at])
            block["input"] = call.shown()
            yield CallEnded(self._calls[at], call)

    def _count(self, usage: Json) -> None:
        """Counts are of all so far, and not every event has all of them."""
        for name, value in usage.items() if isinstance(usage, dict) else ():
            if isinstance(value, int):
                self._usage[name] = value
        if thought := look_count(usage, "output_tokens_details", "thinking_tokens"):
            self._usage["thinking_tokens"] = thought

    def _echo(self) -> Echo | None:
        """The message as it came, when it holds signed thoughts; they go back in their place."""
        blocks = [self._blocks[at] for at in sorted(self._blocks)]
        if not any(block.get("type") in ("thinking", "redacted_thinking") for block in blocks):
            return None
        kept: list[Json] = [block for block in blocks if block.get("type") != "text" or block.get("text")]
        return Echo(self._model, tuple(kept))


def _added(block: dict[str, Json], name: str, text: str) -> tuple[str, ...]:
    """The text, if there is any, now also in the block."""
    block[name] = look_text(block, name) + text
    return (text,) if text else ()
