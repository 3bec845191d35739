"""OpenAI's Responses, which keeps what a model thought from one call of a turn to the next.

Sources: https://platform.openai.com/docs/api-reference/responses and …/responses-streaming (requests, events),
https://platform.openai.com/docs/guides/reasoning (encrypted reasoning, sent back by who stores nothing at OpenAI).
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, ClassVar, Final

from pydantic import Field, SecretStr

from conduet.kit.json import Json, dumps
from conduet.llm.errors import BrokenStream, ContentFiltered, Declined
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
from conduet.llm.failure import Complaint, failure_of, read_complaint
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
from conduet.llm.strict import is_strict

OPENAI: Final = "https://api.openai.com/v1"
OVER: Final = frozenset({"response.completed", "response.incomplete", "response.failed"})


class OpenAIResponses(RemoteProvider):
    """OpenAI through its Responses: reasoning is kept within a turn, which makes tools work better and cost less."""

    type: ClassVar[str] = "openai-responses"
    dispensable: ClassVar[Mapping[str, str | None]] = {
        "temperature": None,
        "include": None,
        "prompt_cache_key": None,
        "text": None,
    }

    api_key: Annotated[
        SecretStr | None,
        Field(description="The key; servers on one's own machines often need none."),
        Variable("OPENAI_API_KEY"),
    ] = None
    base_url: Annotated[
        BaseUrl,
        Field(description="Where the server is, as far as `/responses`."),
        Variable("OPENAI_BASE_URL"),
    ] = OPENAI

    def priced_as(self) -> str | None:
        return "openai" if self.base_url == OPENAI else None

    def call(self, model: str, request: ModelRequest) -> Call:
        body: dict[str, Json] = {
            "model": model,
            "input": [item for message in request.messages for item in _items(message, self.full_name(model))],
            "stream": True,
            # Nothing of a conversation is left with the provider, so what the model thought has to travel along.
            "store": False,
            "include": ["reasoning.encrypted_content"],
        }
        if request.tools:
            body["tools"] = [
                {
                    "type": "function",
                    "name": tool.name,
                    "description": tool.description,
                    "parameters": tool.schema,
                    "strict": False,
                }
                for tool in request.tools
            ]
            if request.tool_choice != "auto":
                body["tool_choice"] = _choice(request.tool_choice)
        if request.temperature is not None:
            body["temperature"] = request.temperature
        if request.max_tokens is not None:
            body["max_output_tokens"] = request.max_tokens
        if request.schema is not None:
            schema = dict(request.schema)
            body["text"] = {
                "format": {"type": "json_schema", "name": "answer", "schema": schema, "strict": is_strict(schema)}
            }
        if request.cache_key:
            body["prompt_cache_key"] = request.cache_key
        headers = {"Authorization": f"Bearer {self.api_key.get_secret_value()}"} if self.api_key else {}
        return Call(f"{self.base_url.rstrip('/')}/responses", headers, body)

    def reader(self, model: str) -> Reader:
        return ResponseReader(self.full_name(model))


def _items(message: Message, model: str) -> Iterator[Json]:
    match message:
        case System():
            yield {"role": "system", "content": message.text}
        case User(content=str(text)):
            yield {"role": "user", "content": text}
        case User():
            yield {"role": "user", "content": [_part(part) for part in message.parts]}
        case Assistant() if echo := message.echoed(model):
            yield from echo
        case Assistant():
            if message.text:
                yield {"role": "assistant", "content": message.text}
            for call in message.calls:
                arguments = dumps(call.shown()).decode()
                yield {"type": "function_call", "call_id": call.id, "name": call.name, "arguments": arguments}
        case _:
            yield {"type": "function_call_output", "call_id": message.call_id, "output": message.content}


def _part(part: Part) -> Json:
    if isinstance(part, Image):
        return {"type": "input_image", "image_url": part.url()}
    return {"type": "input_text", "text": part.text}


def _choice(choice: ToolChoice) -> Json:
    return {"type": "function", "name": choice.name} if isinstance(choice, Only) else choice


class ResponseReader:
    """Understands the events of a response."""

    def __init__(self, model: str) -> None:
        self.is_done = False
        self._model = model
        self._items: list[Json] = []
        self._calls: dict[int, int] = {}
        self._refusal = ""
        self._answering = ""
        self._reason: FinishReason | None = None

    def read(self, event: Json) -> Iterator[Event]:
        match look_text(event, "type") if not self.is_done else "":
            case "response.output_text.delta":
                if text := look_text(event, "delta"):
                    yield TextDelta(text)
            case "response.reasoning_summary_text.delta" | "response.reasoning_text.delta":
                if text := look_text(event, "delta"):
                    yield ReasoningDelta(text)
            case "response.function_call_arguments.delta":
                yield from self._arguments(event)
            case "response.output_item.added":
                yield from self._added(look_count(event, "output_index"), look(event, "item"))
            case "response.output_item.done":
                yield from self._ended(look_count(event, "output_index"), look(event, "item"))
            case kind:
                yield from self._rest(kind, event)

    def end(self) -> Iterable[Event]:
        if self._reason is None:
            raise BrokenStream
        if self._refusal:
            raise Declined(said=self._refusal)
        thought = any(look_text(item, "type") == "reasoning" for item in self._items)
        yield Finished(self._reason, Echo(self._model, tuple(self._items)) if thought else None, self._answering)

    def _rest(self, kind: str, event: Json) -> Iterator[Event]:
        if kind in OVER:
            yield from self._over(look(event, "response"))
        elif kind == "response.refusal.delta":
            self._refusal += look_text(event, "delta")
        elif kind == "error":
            raise failure_of(_complaint(event))

    def _arguments(self, event: Json) -> Iterator[Event]:
        index = self._calls.get(look_count(event, "output_index"))
        if index is not None and (delta := look_text(event, "delta")):
            yield CallDelta(index, delta)

    def _added(self, place: int, item: Json) -> Iterator[Event]:
        if look_text(item, "type") == "function_call":
            index = self._calls[place] = len(self._calls)
            yield CallStarted(index, look_text(item, "call_id"), look_text(item, "name"))

    def _ended(self, place: int, item: Json) -> Iterator[Event]:
        if isinstance(item, dict):
            self._items.append({key: value for key, value in item.items() if key != "status"})
        index = self._calls.get(place)
        if index is not None:
            call = ToolCall(look_text(item, "call_id"), look_text(item, "name"), look_text(item, "arguments"))
            yield CallEnded(index, call)

    def _over(self, response: Json) -> Iterator[Event]:
        self.is_done = True
        self._answering = look_text(response, "model")
        if isinstance(usage := look(response, "usage"), dict):
            yield Usage(
                input=look_count(usage, "input_tokens"),
                output=look_count(usage, "output_tokens"),
                cached=look_count(usage, "input_tokens_details", "cached_tokens"),
                cache_written=look_count(usage, "input_tokens_details", "cache_write_tokens"),
                reasoning=look_count(usage, "output_tokens_details", "reasoning_tokens"),
            )
        match look_text(response, "status"):
            case "failed":
                raise failure_of(read_complaint(response))
            case "incomplete" if look(response, "incomplete_details", "reason") == "content_filter":
                raise ContentFiltered
            case "incomplete":
                self._reason = "length"
            case _:
                self._reason = "calls" if self._calls else "stop"


def _complaint(event: Json) -> Complaint:
    """What an `error` event says: at its top, or in an `error` of its own as bodies have it."""
    if isinstance(look(event, "error"), dict):
        return read_complaint(event)
    return Complaint(words=(look_text(event, "code"),), said=look_text(event, "message"))
