"""OpenAI's Chat Completions, which most other servers speak too.

Sources: https://platform.openai.com/docs/api-reference/chat (requests, chunks) and
https://platform.openai.com/docs/guides/error-codes; with what others do differently: vLLM, Ollama, llama.cpp, Azure
(https://learn.microsoft.com/azure/ai-foundry/openai/latest), OpenRouter (https://openrouter.ai/docs/api-reference),
Groq, Mistral and DeepSeek (https://api-docs.deepseek.com/guides/thinking_mode).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, ClassVar, Final
from urllib.parse import urlsplit, urlunsplit

from pydantic import Field, SecretStr

from conduet.kit.ids import new_id
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
from conduet.llm.failure import failure_of, read_complaint
from conduet.llm.look import look, look_count, look_list, look_text
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
from conduet.llm.remote import Call, Reader
from conduet.llm.remote_embedding import EmbeddingProvider
from conduet.llm.strict import is_strict

OPENAI: Final = "https://api.openai.com/v1"
DEFAULT_MODEL: Final = "gpt-6.1-terra"


class OpenAI(EmbeddingProvider):
    """OpenAI, and whatever speaks its Chat Completions: vLLM, Ollama, llama.cpp, Azure, OpenRouter, Groq, DeepSeek …"""

    type: ClassVar[str] = "openai"
    dispensable: ClassVar[Mapping[str, str | None]] = {
        "temperature": None,
        "max_completion_tokens": "max_tokens",
        "max_tokens": "max_completion_tokens",
        "stream_options": None,
        "prompt_cache_key": None,
        "response_format": None,
    }

    api_key: Annotated[
        SecretStr | None,
        Field(description="The key; servers on one's own machines often need none."),
        Variable("OPENAI_API_KEY"),
    ] = None
    base_url: Annotated[
        BaseUrl,
        Field(description="Where the server is, as far as `/chat/completions`."),
        Variable("OPENAI_BASE_URL"),
    ] = OPENAI

    def default_model(self) -> str | None:
        return DEFAULT_MODEL if self._is_openai else None

    def priced_as(self) -> str | None:
        return self.type if self._is_openai else None

    def call(self, model: str, request: ModelRequest) -> Call:
        body: dict[str, Json] = {
            "model": model,
            "messages": [_message(message, self.full_name(model)) for message in request.messages],
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if request.tools:
            body["tools"] = [
                {
                    "type": "function",
                    "function": {"name": tool.name, "description": tool.description, "parameters": tool.schema},
                }
                for tool in request.tools
            ]
            if request.tool_choice != "auto":
                body["tool_choice"] = _choice(request.tool_choice)
        if request.temperature is not None:
            body["temperature"] = request.temperature
        if request.max_tokens is not None:
            # Reasoning models of OpenAI know only the one name, most other servers only the other.
            body["max_completion_tokens" if self._is_openai else "max_tokens"] = request.max_tokens
        if request.schema is not None:
            schema = dict(request.schema)
            body["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": "answer", "schema": schema, "strict": is_strict(schema)},
            }
        if request.cache_key and self._is_openai:
            body["prompt_cache_key"] = request.cache_key
        return Call(_endpoint(self.base_url, "chat/completions"), self._headers(), body)

    def embedding_call(self, model: str, texts: Sequence[str]) -> Call:
        body: dict[str, Json] = {"model": model, "input": [*texts], "encoding_format": "float"}
        return Call(_endpoint(self.base_url, "embeddings"), self._headers(), body)

    def read_vectors(self, answer: Json) -> Sequence[Json]:
        rows = look_list(answer, "data")
        return [look(row, "embedding") for row in sorted(rows, key=lambda row: look_count(row, "index"))]

    def reader(self, model: str) -> Reader:
        return ChunkReader(self.full_name(model))

    @property
    def _is_openai(self) -> bool:
        host = _host(self.base_url)
        return host == "api.openai.com" or host.endswith(".azure.com")

    def _headers(self) -> dict[str, str]:
        if self.api_key is None:
            return {}
        key = self.api_key.get_secret_value()
        azure = {"api-key": key} if _host(self.base_url).endswith(".azure.com") else {}
        return {"Authorization": f"Bearer {key}", **azure}


@cache
def _host(base_url: str) -> str:
    return urlsplit(base_url).hostname or ""


@cache
def _endpoint(base_url: str, name: str) -> str:
    """The address of what is asked for; a query, such as Azure's `api-version`, stays."""
    scheme, host, path, query, _ = urlsplit(base_url)
    return urlunsplit((scheme, host, f"{path.rstrip('/')}/{name}", query, ""))


def _message(message: Message, model: str) -> Json:
    match message:
        case System():
            return {"role": "system", "content": message.text}
        case User(content=str(text)):
            return {"role": "user", "content": text}
        case User():
            return {"role": "user", "content": _content(message.parts)}
        case Assistant():
            said: dict[str, Json] = {"role": "assistant", "content": message.text or None}
            if message.calls:
                said["tool_calls"] = [_call(call) for call in message.calls]
            for item in message.echoed(model):
                said.update(item if isinstance(item, dict) else {})
            return said
        case _:
            return {"role": "tool", "tool_call_id": message.call_id, "content": message.content}


def _content(parts: Sequence[Part]) -> Json:
    """Parts where there is a picture; words alone are one text, as not every server that speaks this takes parts."""
    words = [part.text for part in parts if not isinstance(part, Image)]
    return "\n\n".join(words) if len(words) == len(parts) else [_part(part) for part in parts]


def _part(part: Part) -> Json:
    if isinstance(part, Image):
        return {"type": "image_url", "image_url": {"url": part.url()}}
    return {"type": "text", "text": part.text}


def _call(call: ToolCall) -> Json:
    arguments = dumps(call.shown()).decode()
    return {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": arguments}}


def _choice(choice: ToolChoice) -> Json:
    return {"type": "function", "function": {"name": choice.name}} if isinstance(choice, Only) else choice


@dataclass(slots=True)
class _Call:
    """A call that is being streamed."""

    index: int
    id: str
    name: str
    arguments: str = ""


class ChunkReader:
    """Understands the chunks of a completion."""

    def __init__(self, model: str) -> None:
        self.is_done = False
        self._model = model
        self._calls: list[_Call] = []
        self._numbered: dict[int, _Call] = {}
        self._finish: str | None = None
        self._refusal = ""
        self._answering = ""
        self._echo: dict[str, Json] = {}

    def read(self, event: Json) -> Iterable[Event]:
        if self.is_done:
            return ()
        if words := _words(event):
            return (TextDelta(words),)
        return self._read(event)

    def end(self) -> Iterable[Event]:
        if self._finish is None:
            raise BrokenStream
        if self._finish == "content_filter":
            raise ContentFiltered
        if self._refusal:
            raise Declined(said=self._refusal)
        for call in self._calls:
            yield CallEnded(call.index, ToolCall(call.id, call.name, call.arguments))
        reason: FinishReason = "length" if self._finish == "length" else "calls" if self._calls else "stop"
        echo = Echo(self._model, (self._echo,)) if self._echo and self._calls else None
        yield Finished(reason, echo, self._answering)

    def _read(self, event: Json) -> Iterator[Event]:
        if event == "[DONE]":
            self.is_done = True
            self._finish = self._finish or "stop"
        if look(event, "error"):
            raise failure_of(read_complaint(event))
        self._answering = look_text(event, "model") or self._answering
        choice = look(event, "choices", 0)
        delta = look(choice, "delta")
        yield from self._reasoning(delta)
        if text := look_text(delta, "content"):
            yield TextDelta(text)
        self._refusal += look_text(delta, "refusal")
        for part in look_list(delta, "tool_calls"):
            yield from self._call(part)
        self._finish = look_text(choice, "finish_reason") or self._finish
        if isinstance(usage := look(event, "usage"), dict):
            yield _usage(usage)

    def _reasoning(self, delta: Json) -> Iterator[Event]:
        """What the model thinks, which OpenAI keeps to itself; DeepSeek and OpenRouter want it back with a call."""
        content = look_text(delta, "reasoning_content")
        if text := content or look_text(delta, "reasoning"):
            yield ReasoningDelta(text)
        if content:
            self._echo["reasoning_content"] = look_text(self._echo, "reasoning_content") + content
        if details := look_list(delta, "reasoning_details"):
            self._echo["reasoning_details"] = [*look_list(self._echo, "reasoning_details"), *details]

    def _call(self, part: Json) -> Iterator[Event]:
        identifier, name = look_text(part, "id"), look_text(part, "function", "name")
        call = self._known(part, identifier)
        if call is None:
            if not name:
                return
            call = _Call(len(self._calls), identifier or new_id("call"), name)
            self._numbered[look_count(part, "index")] = call
            self._calls.append(call)
            yield CallStarted(call.index, call.id, name)
        if arguments := look_text(part, "function", "arguments"):
            call.arguments += arguments
            yield CallDelta(call.index, arguments)

    def _known(self, part: Json, identifier: str) -> _Call | None:
        """The call that a part belongs to; None for the first part of one.

        Some servers number no calls, or all of them 0, and send each whole: there only the id tells them apart.
        """
        if identifier:
            return next((call for call in self._calls if call.id == identifier), None)
        if look(part, "index") is None:
            return self._calls[-1] if self._calls else None
        return self._numbered.get(look_count(part, "index"))


def _words(event: Json) -> str:
    """The text of a chunk that holds nothing else, as nearly all do: a streamed answer costs a third less for it."""
    if not isinstance(event, dict) or "error" in event or event.get("usage"):
        return ""
    choices = event.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    if not isinstance(choice, dict) or choice.get("finish_reason"):
        return ""
    delta = choice.get("delta")
    text = delta.get("content") if isinstance(delta, dict) and len(delta) == 1 else None
    return text if isinstance(text, str) else ""


def _usage(usage: Json) -> Usage:
    return Usage(
        input=look_count(usage, "prompt_tokens"),
        output=look_count(usage, "completion_tokens"),
        cached=look_count(usage, "prompt_tokens_details", "cached_tokens")
        or look_count(usage, "prompt_cache_hit_tokens"),
        cache_written=look_count(usage, "prompt_tokens_details", "cache_write_tokens"),
        reasoning=look_count(usage, "completion_tokens_details", "reasoning_tokens"),
    )
