"""What an agent remembers between two turns: its part of the conversation's state."""

from dataclasses import dataclass, field
from typing import Final, Literal

from pydantic import JsonValue, TypeAdapter, ValidationError

from conduet.engine.trace import Button
from conduet.engine.values import Json
from conduet.llm.message import Assistant, Echo, Image, Message, Text, ToolCall, ToolResult, User


@dataclass(frozen=True, slots=True)
class OpenCall:
    """A call that waits for a yes, and since when (ISO 8601)."""

    approval_id: str
    tool_id: str
    args: dict[str, JsonValue]
    by: Literal["user", "person"]
    asked_at: str


@dataclass(frozen=True, slots=True)
class Visiting:
    """The playbook that has the conversation, what it was given, and why."""

    playbook_id: str
    inputs: dict[str, JsonValue]


@dataclass(slots=True)
class Memory:
    """What was said and done so far, and where the agent stands.

    `messages` are those that were not trimmed yet; `summary` tells of what was.
    """

    messages: list[Message] = field(default_factory=list[Message])
    summary: str = ""
    phase: str | None = None
    visiting: Visiting | None = None
    waiting: list[OpenCall] = field(default_factory=list[OpenCall])
    buttons: tuple[Button, ...] = ()

    def write(self) -> dict[str, Json]:
        """As JSON; what is empty is left out."""
        messages: list[Json] = [_written(message) for message in self.messages]
        found: dict[str, Json] = {
            "messages": messages,
            "summary": self.summary,
            "phase": self.phase,
            "visiting": _VISITING.dump_python(self.visiting, mode="json") if self.visiting else None,
            "waiting": _WAITING.dump_python(self.waiting, mode="json") if self.waiting else None,
            "buttons": _BUTTONS.dump_python(self.buttons, mode="json") if self.buttons else None,
        }
        return {name: value for name, value in found.items() if value}

    @classmethod
    def read(cls, value: Json) -> "Memory":
        """What `write` wrote; a client may have sent it: what is anything else counts as nothing."""
        if not isinstance(value, dict):
            return cls()
        phase, summary, messages = value.get("phase"), value.get("summary"), value.get("messages")
        try:
            return cls(
                _whole([_read(each) for each in messages]) if isinstance(messages, list) else [],
                summary if isinstance(summary, str) else "",
                phase if isinstance(phase, str) else None,
                _VISITING.validate_python(value.get("visiting")) if value.get("visiting") else None,
                _WAITING.validate_python(value["waiting"]) if "waiting" in value else [],
                _BUTTONS.validate_python(value["buttons"]) if "buttons" in value else (),
            )
        except (ValidationError, ValueError, TypeError):
            return cls()


_VISITING: Final[TypeAdapter[Visiting]] = TypeAdapter(Visiting)
_WAITING: Final[TypeAdapter[list[OpenCall]]] = TypeAdapter(list[OpenCall])
_BUTTONS: Final[TypeAdapter[tuple[Button, ...]]] = TypeAdapter(tuple[Button, ...])


def _written(message: Message) -> dict[str, Json]:
    match message:
        case User():
            words = "\n".join(part.text for part in message.parts if isinstance(part, Text))
            found: list[Json] = [
                {"url": part.url(), "mimeType": part.mime_type} for part in message.parts if isinstance(part, Image)
            ]
            return {"role": "user", "text": words, **({"images": found} if found else {})}
        case Assistant():
            calls: list[Json] = [
                {"id": call.id, "name": call.name, "arguments": call.arguments} for call in message.calls
            ]
            echo = message.echo
            kept: dict[str, Json] = {"echo": {"model": echo.model, "items": [*echo.items]}} if echo else {}
            return {"role": "assistant", "text": message.text, **({"calls": calls} if calls else {}), **kept}
        case ToolResult():
            told: dict[str, Json] = {"callId": message.call_id, "name": message.name, "text": message.content}
            return {"role": "tool", **told, **({"isError": True} if message.is_error else {})}
        case _:
            raise AssertionError("instructions are no part of a history")


def _read(value: Json) -> Message:
    """Raises `ValueError` for what is no message."""
    match value:
        case {"role": "user", "text": str(text)}:
            return _user(text, value.get("images"))
        case {"role": "assistant", "text": str(text)}:
            return Assistant(text, tuple(_calls(value.get("calls", []))), _echo(value.get("echo")))
        case {"role": "tool", "callId": str(call_id), "name": str(name), "text": str(text)}:
            return ToolResult(call_id, name, text, is_error=value.get("isError") is True)
        case _:
            raise ValueError("no message")


def _user(text: str, images: Json) -> User:
    found: list[Image] = []
    for each in images if isinstance(images, list) else ():
        match each:
            case {"url": str(url), "mimeType": str(mime_type)}:
                found.append(Image(url, mime_type))
            case _:
                raise ValueError("no picture")
    return User((Text(text), *found)) if found else User(text)


def _calls(value: Json) -> list[ToolCall]:
    if not isinstance(value, list):
        raise ValueError("no calls")
    found: list[ToolCall] = []
    for each in value:
        match each:
            case {"id": str(call_id), "name": str(name), "arguments": str(arguments)}:
                found.append(ToolCall(call_id, name, arguments))
            case _:
                raise ValueError("no call")
    return found


def _echo(value: Json) -> Echo | None:
    match value:
        case {"model": str(model), "items": list(items)}:
            return Echo(model, tuple(items))
        case _:
            return None


def _whole(messages: list[Message]) -> list[Message]:
    """Raises `ValueError` where a call and its result do not stand together: every provider refuses that."""
    open_calls: list[str] = []
    for message in messages:
        if isinstance(message, ToolResult):
            open_calls.remove(message.call_id)
        elif open_calls:
            raise ValueError("a call without its result")
        elif isinstance(message, Assistant):
            open_calls = [call.id for call in message.calls]
    if open_calls:
        raise ValueError("a call without its result")
    return messages
