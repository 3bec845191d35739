"""What a model says in each wire format as its server would stream it, and what a request in each of them told it."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from tests.agents.obeying import Answer
from tests.agents.obeying import reply as completion
from tests.providers.playing import Asked, Reply

Calls = tuple[tuple[str, dict[str, Any]], ...]

MODELS: Final = {
    "openai": "openai:m",
    "openai_responses": "openai-responses:m",
    "anthropic": "anthropic:m",
    "google": "google:m",
}
"""The model of each wire format."""


def answered(kind: str, answer: Answer) -> Reply:
    """Words, or calls of tools by their names, in that format; 10 tokens in, 5 out."""
    if isinstance(answer, Reply):
        return answer
    text, calls = (answer, ()) if isinstance(answer, str) else ("", answer)
    return completion(answer) if kind == "openai" else _streamed(WRITERS[kind](text, calls))


def _streamed(events: Iterable[Mapping[str, Any]]) -> Reply:
    return Reply("".join(f"data: {json.dumps(event)}\n\n" for event in events).encode())


def _response(text: str, calls: Calls) -> Iterable[Mapping[str, Any]]:
    if text:
        yield {"type": "response.output_text.delta", "output_index": 0, "content_index": 0, "delta": text}
    for index, (name, arguments) in enumerate(calls):
        item = {"type": "function_call", "id": f"fc_{index}", "call_id": f"call_{name}_{index}", "name": name}
        written = json.dumps(arguments)
        yield {"type": "response.output_item.added", "output_index": index, "item": {**item, "arguments": ""}}
        yield {"type": "response.function_call_arguments.delta", "output_index": index, "delta": written}
        yield {"type": "response.output_item.done", "output_index": index, "item": {**item, "arguments": written}}
    usage = {"input_tokens": 10, "output_tokens": 5, "total_tokens": 15}
    yield {"type": "response.completed", "response": {"status": "completed", "model": "m-2026", "usage": usage}}


def _message(text: str, calls: Calls) -> Iterable[Mapping[str, Any]]:
    yield {"type": "message_start", "message": {"model": "m-2026", "usage": {"input_tokens": 10, "output_tokens": 1}}}
    if text:
        yield {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
        yield {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}}
        yield {"type": "content_block_stop", "index": 0}
    for index, (name, arguments) in enumerate(calls):
        block: dict[str, Any] = {"type": "tool_use", "id": f"call_{name}_{index}", "name": name, "input": {}}
        delta = {"type": "input_json_delta", "partial_json": json.dumps(arguments)}
        yield {"type": "content_block_start", "index": index, "content_block": block}
        yield {"type": "content_block_delta", "index": index, "delta": delta}
        yield {"type": "content_block_stop", "index": index}
    stop = "tool_use" if calls else "end_turn"
    yield {"type": "message_delta", "delta": {"stop_reason": stop}, "usage": {"output_tokens": 5}}
    yield {"type": "message_stop"}


def _content(text: str, calls: Calls) -> Iterable[Mapping[str, Any]]:
    parts: list[dict[str, Any]] = [{"text": text}] if text else []
    parts += [
        {"functionCall": {"id": f"call_{name}_{index}", "name": name, "args": arguments}}
        for index, (name, arguments) in enumerate(calls)
    ]
    usage = {"promptTokenCount": 10, "candidatesTokenCount": 5, "totalTokenCount": 15}
    said = {"candidates": [{"content": {"role": "model", "parts": parts}, "finishReason": "STOP"}]}
    yield {**said, "usageMetadata": usage, "modelVersion": "m-2026"}


WRITERS: Final[Mapping[str, Callable[[str, Calls], Iterable[Mapping[str, Any]]]]] = {
    "openai_responses": _response,
    "anthropic": _message,
    "google": _content,
}


def model_of(kind: str, asked: Asked) -> str:
    """Which model a request asks."""
    return asked.path.rpartition("/")[2].partition(":")[0] if kind == "google" else asked.body["model"]


def tools_of(kind: str, asked: Asked) -> list[str]:
    """The names of the tools that a request offers."""
    tools = asked.body.get("tools", [])
    match kind:
        case "openai":
            return [tool["function"]["name"] for tool in tools]
        case "google":
            return [tool["name"] for each in tools for tool in each["functionDeclarations"]]
        case _:
            return [tool["name"] for tool in tools]


def results_of(kind: str, asked: Asked) -> list[str]:
    """What the calls that a request tells of came to, in their order."""
    body = asked.body
    match kind:
        case "openai":
            return [each["content"] for each in body["messages"] if each["role"] == "tool"]
        case "openai_responses":
            return [each["output"] for each in body["input"] if each.get("type") == "function_call_output"]
        case "anthropic":
            blocks = [block for each in body["messages"] for block in each["content"]]
            return [_words(block["content"]) for block in blocks if block["type"] == "tool_result"]
        case _:
            found = [part.get("functionResponse") for each in body["contents"] for part in each["parts"]]
            return ["".join(each["response"].values()) for each in found if each]


def _words(content: Any) -> str:
    return content if isinstance(content, str) else "".join(block["text"] for block in content)


def text_of(asked: Asked) -> str:
    """All that a request told the model."""
    return json.dumps(asked.body, ensure_ascii=False)
