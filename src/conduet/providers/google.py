"""Google's Gemini, through `generateContent`.

Sources: https://ai.google.dev/api/generate-content (requests, answers, finish reasons),
https://ai.google.dev/gemini-api/docs/function-calling, …/docs/structured-output, …/docs/thought-signatures and
…/docs/troubleshooting (errors).
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, ClassVar, Final
from urllib.parse import quote

from pydantic import Field, SecretStr

from conduet.kit.ids import new_id
from conduet.kit.json import Json, dumps
from conduet.llm.errors import BrokenStream, ContentFiltered, EmptyAnswer, MalformedAnswer, ModelError
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
    ToolResult,
    ToolSpec,
)
from conduet.llm.provider import BaseUrl, Variable
from conduet.llm.remote import Call, Reader, RemoteProvider

GOOGLE: Final = "https://generativelanguage.googleapis.com/v1beta"
DEFAULT_MODEL: Final = "gemini-3.8-flash"

OPENING: Final = "(The conversation begins.)"
"""Sent where nobody has said anything yet: the API wants a user to speak first."""

FOREIGN: Final = "skip_thought_signature_validator"
"""The signature that the documentation gives for calls that another model made; without one they are refused."""

WITHHELD: Final = frozenset({"SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY"})
BROKEN_CALL: Final = frozenset({"MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS"})
MODES: Final = {"auto": "AUTO", "none": "NONE", "required": "ANY"}


class Google(RemoteProvider):
    """Google's Gemini."""

    type: ClassVar[str] = "google"

    api_key: Annotated[SecretStr, Field(description="The key."), Variable("GEMINI_API_KEY", "GOOGLE_API_KEY")]
    base_url: Annotated[
        BaseUrl,
        Field(description="Where the server is, as far as `/models`."),
        Variable("GOOGLE_BASE_URL"),
    ] = GOOGLE

    def default_model(self) -> str | None:
        return DEFAULT_MODEL if self.base_url == GOOGLE else None

    def priced_as(self) -> str | None:
        return self.type if self.base_url == GOOGLE else None

    def call(self, model: str, request: ModelRequest) -> Call:
        system, contents = _contents(request.messages, self.full_name(model))
        config: dict[str, Json] = {}
        if request.temperature is not None:
            config["temperature"] = request.temperature
        if request.max_tokens is not None:
            config["maxOutputTokens"] = request.max_tokens
        if request.schema is not None:
            config |= {"responseMimeType": "application/json", "responseJsonSchema": dict(request.schema)}
        body: dict[str, Json] = {"contents": contents}
        if system:
            body["systemInstruction"] = {"parts": system}
        if config:
            body["generationConfig"] = config
        if request.tools:
            body["tools"] = [{"functionDeclarations": [_declaration(tool) for tool in request.tools]}]
            if request.tool_choice != "auto":
                body["toolConfig"] = {"functionCallingConfig": _choice(request.tool_choice)}
        url = f"{self.base_url.rstrip('/')}/models/{quote(model, safe='')}:streamGenerateContent?alt=sse"
        return Call(url, {"x-goog-api-key": self.api_key.get_secret_value()}, body)

    def reader(self, model: str) -> Reader:
        return ContentReader(self.full_name(model))


def _contents(messages: Sequence[Message], model: str) -> tuple[list[Json], list[Json]]:
    """The instructions, wherever they stand, and what user and model said in turn."""
    system: list[Json] = []
    turns: list[tuple[str, list[Json]]] = []
    for message in messages:
        parts = list(_parts(message, model))
        role = "model" if isinstance(message, Assistant) else "user"
        if isinstance(message, System):
            system += parts
        elif turns and turns[-1][0] == role:
            turns[-1][1].extend(parts)
        elif parts:
            turns.append((role, parts))
    if not turns or turns[0][0] != "user":
        turns.insert(0, ("user", [{"text": OPENING}]))
    return system, [{"role": role, "parts": parts} for role, parts in turns]


def _parts(message: Message, model: str) -> Iterator[Json]:
    match message:
        case System():
            if message.text:
                yield {"text": message.text}
        case Assistant() if echo := message.echoed(model):
            yield from echo
        case Assistant():
            if message.text:
                yield {"text": message.text}
            for index, call in enumerate(message.calls):
                made: dict[str, Json] = {"functionCall": {"id": call.id, "name": call.name, "args": call.shown()}}
                # Of calls side by side the first alone is signed.
                yield made if index else made | {"thoughtSignature": FOREIGN}
        case ToolResult():
            came: dict[str, Json] = {"error" if message.is_error else "result": message.content}
            yield {"functionResponse": {"id": message.call_id, "name": message.name, "response": came}}
        case _:
            yield from map(_part, message.parts)


def _part(part: Part) -> Json:
    if not isinstance(part, Image):
        return {"text": part.text}
    if isinstance(part.source, str):
        return {"fileData": {"mimeType": part.mime_type, "fileUri": part.source}}
    return {"inlineData": {"mimeType": part.mime_type, "data": part.base64()}}


def _declaration(tool: ToolSpec) -> Json:
    """The tool; an object without properties is refused as parameters."""
    declared: dict[str, Json] = {"name": tool.name, "description": tool.description}
    if tool.schema["properties"]:
        declared["parametersJsonSchema"] = tool.schema
    return declared


def _choice(choice: ToolChoice) -> Json:
    if isinstance(choice, Only):
        return {"mode": "ANY", "allowedFunctionNames": [choice.name]}
    return {"mode": MODES[choice]}


class ContentReader:
    """Understands the pieces of an answer; each piece is one, and there is no mark at the end."""

    def __init__(self, model: str) -> None:
        self.is_done = False
        self._model = model
        self._parts: list[Json] = []
        self._count = 0
        self._usage: Usage | None = None
        self._finish = ""
        self._said = ""
        self._answering = ""

    def read(self, event: Json) -> Iterator[Event]:
        if look(event, "error"):
            raise failure_of(read_complaint(event))
        if reason := look_text(event, "promptFeedback", "blockReason"):
            raise ContentFiltered(said=reason)
        if isinstance(usage := look(event, "usageMetadata"), dict):
            self._usage = _usage(usage)
        self._answering = look_text(event, "modelVersion") or self._answering
        candidate = look(event, "candidates", 0)
        for part in look_list(candidate, "content", "parts"):
            self._keep(part)
            if call := look(part, "functionCall"):
                yield from self._call(call)
            elif text := look_text(part, "text"):
                yield ReasoningDelta(text) if look(part, "thought") is True else TextDelta(text)
        self._finish = look_text(candidate, "finishReason") or self._finish
        self._said = look_text(candidate, "finishMessage") or self._said

    def end(self) -> Iterable[Event]:
        if failure := self._failure():
            raise failure
        if self._usage:
            yield self._usage
        reason: FinishReason = "length" if self._finish == "MAX_TOKENS" else "calls" if self._count else "stop"
        signed = any(look_text(part, "thoughtSignature") for part in self._parts)
        yield Finished(reason, Echo(self._model, tuple(self._parts)) if signed else None, self._answering)

    def _failure(self) -> ModelError | None:
        """What the reason to finish stands for when it is no good one."""
        if not self._finish:
            return BrokenStream()
        if self._finish in WITHHELD:
            return ContentFiltered(said=self._said or self._finish)
        if self._finish in BROKEN_CALL:
            return MalformedAnswer("The model's tool call could not be understood.", said=self._said or self._finish)
        return None if self._finish in ("STOP", "MAX_TOKENS") or self._parts else EmptyAnswer(said=self._finish)

    def _call(self, call: Json) -> Iterator[Event]:
        index, self._count = self._count, self._count + 1
        identifier = look_text(call, "id") or new_id("call")
        made = ToolCall(identifier, look_text(call, "name"), dumps(look(call, "args") or {}).decode())
        yield CallStarted(index, made.id, made.name)
        yield CallDelta(index, made.arguments)
        yield CallEnded(index, made)

    def _keep(self, part: Json) -> None:
        """Keeps a part as it came, plain texts joined: a signature holds for the part it came with."""
        last = self._parts[-1] if self._parts else None
        if part == {"text": ""}:
            return
        if isinstance(last, dict) and isinstance(part, dict) and _is_plain(last) and _is_plain(part):
            last["text"] = look_text(last, "text") + look_text(part, "text")
        elif isinstance(part, dict):
            self._parts.append(dict(part))


def _is_plain(part: dict[str, Json]) -> bool:
    return part.keys() == {"text"}


def _usage(usage: Json) -> Usage:
    """Gemini counts what it thought apart from what it said."""
    thought = look_count(usage, "thoughtsTokenCount")
    return Usage(
        input=look_count(usage, "promptTokenCount") + look_count(usage, "toolUsePromptTokenCount"),
        output=look_count(usage, "candidatesTokenCount") + thought,
        cached=look_count(usage, "cachedContentTokenCount"),
        reasoning=thought,
    )
