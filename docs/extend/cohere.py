"""A model provider in a package of its own: Cohere's Chat API, version 2.

Sources: https://docs.cohere.com/reference/chat-stream (requests), https://docs.cohere.com/v2/docs/streaming (events).
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, ClassVar

from pydantic import Field, SecretStr

from conduet.kit.json import Json, dumps
from conduet.llm.errors import BrokenStream, ServerFailed
from conduet.llm.event import CallDelta, CallEnded, CallStarted, Event, Finished, FinishReason, TextDelta, Usage
from conduet.llm.look import look_count, look_text
from conduet.llm.message import Assistant, Image, Message, ModelRequest, System, ToolCall, ToolResult
from conduet.llm.provider import BaseUrl, Variable
from conduet.llm.remote import Call, Reader, RemoteProvider


class Cohere(RemoteProvider):
    """Cohere's Command models."""

    type: ClassVar[str] = "cohere"
    dispensable: ClassVar[Mapping[str, str | None]] = {"temperature": None, "response_format": None}

    api_key: Annotated[SecretStr, Field(description="The key."), Variable("COHERE_API_KEY")]
    base_url: Annotated[BaseUrl, Field(description="Where the server is."), Variable("COHERE_BASE_URL")] = (
        "https://api.cohere.com"
    )

    def call(self, model: str, request: ModelRequest) -> Call:
        body: dict[str, Json] = {
            "model": model,
            "messages": [_message(message) for message in request.messages],
            "stream": True,
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
                # One tool alone cannot be demanded.
                body["tool_choice"] = "NONE" if request.tool_choice == "none" else "REQUIRED"
        if request.temperature is not None:
            body["temperature"] = request.temperature
        if request.max_tokens is not None:
            body["max_tokens"] = request.max_tokens
        if request.schema is not None:
            body["response_format"] = {"type": "json_object", "schema": dict(request.schema)}
        headers = {"Authorization": f"Bearer {self.api_key.get_secret_value()}"}
        return Call(f"{self.base_url.rstrip('/')}/v2/chat", headers, body)

    def reader(self, model: str) -> Reader:
        return ChatReader()


def _message(message: Message) -> Json:
    match message:
        case System():
            return {"role": "system", "content": message.text}
        case Assistant():
            said: dict[str, Json] = {"role": "assistant"}
            if message.text:
                said["content"] = message.text
            if message.calls:
                said["tool_calls"] = [
                    {
                        "id": call.id,
                        "type": "function",
                        "function": {"name": call.name, "arguments": dumps(call.shown()).decode()},
                    }
                    for call in message.calls
                ]
            return said
        case ToolResult():
            return {"role": "tool", "tool_call_id": message.call_id, "content": message.content}
        case _:
            return {
                "role": "user",
                "content": [
                    {"type": "image_url", "image_url": {"url": part.url()}}
                    if isinstance(part, Image)
                    else {"type": "text", "text": part.text}
                    for part in message.parts
                ],
            }


class ChatReader:
    """Understands the events of an answer."""

    def __init__(self) -> None:
        self.is_done = False
        self._calls: dict[int, tuple[str, str, str]] = {}
        self._finish = ""

    def read(self, event: Json) -> Iterator[Event]:
        index = look_count(event, "index")
        match look_text(event, "type"):
            case "content-delta":
                if text := look_text(event, "delta", "message", "content", "text"):
                    yield TextDelta(text)
            case "tool-call-start":
                called = ("delta", "message", "tool_calls")
                identifier, name = look_text(event, *called, "id"), look_text(event, *called, "function", "name")
                self._calls[index] = (identifier, name, "")
                yield CallStarted(index, identifier, name)
            case "tool-call-delta" if index in self._calls:
                more = look_text(event, "delta", "message", "tool_calls", "function", "arguments")
                identifier, name, arguments = self._calls[index]
                self._calls[index] = (identifier, name, arguments + more)
                yield CallDelta(index, more)
            case "tool-call-end" if index in self._calls:
                yield CallEnded(index, ToolCall(*self._calls[index]))
            case "message-end":
                self.is_done = True
                self._finish = look_text(event, "delta", "finish_reason")
                tokens = ("delta", "usage", "tokens")
                yield Usage(look_count(event, *tokens, "input_tokens"), look_count(event, *tokens, "output_tokens"))
            case _:
                pass  # What is new, or of no use here, is passed over.

    def end(self) -> Iterable[Event]:
        if not self.is_done:
            raise BrokenStream
        if self._finish in ("ERROR", "TIMEOUT"):
            raise ServerFailed(said=self._finish)
        reason: FinishReason = "length" if self._finish == "MAX_TOKENS" else "calls" if self._calls else "stop"
        yield Finished(reason)
