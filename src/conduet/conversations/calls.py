"""What a turn asked of the world, call by call: what a model was shown, what was sent, what came back."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

from pydantic import JsonValue

from conduet.conversations.wire import ModelCall, ModelMessage, ModelPrompt, ModelTool, TurnCall
from conduet.engine.context import Passage
from conduet.engine.journal import ReplayContext
from conduet.engine.outside import Code, Computed, Mail, McpRequest, Request, Response
from conduet.engine.values import Json
from conduet.llm.errors import ModelError
from conduet.llm.message import Assistant, Image, Message, ModelRequest, ToolResult, User
from conduet.llm.models import Told
from conduet.llm.name import Chain
from conduet.llm.record import read_answer

Kind: TypeAlias = Literal["model", "http", "mail", "mcp", "search", "code"]


@dataclass(frozen=True, slots=True)
class Heard:
    """Something was asked at a place: a `prompt` of a model, or words of whatever else it was."""

    place: str
    kind: Kind
    prompt: ModelRequest | None = None
    request: JsonValue = None


class HearingContext(ReplayContext):
    """Answers as was recorded, and keeps in `heard` what is asked."""

    __slots__ = ("heard",)

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # pyright: ignore[reportArgumentType]  # as they come
        self.heard: list[Heard] = []

    async def model(self, place: str, chain: Chain, request: ModelRequest, *, seconds: float) -> AsyncGenerator[Told]:
        self.heard.append(Heard(place, "model", prompt=request))
        async with aclosing(super().model(place, chain, request, seconds=seconds)) as stream:
            async for told in stream:
                yield told

    async def call(self, place: str, request: Request) -> Response:
        self.heard.append(Heard(place, "http"))
        return await super().call(place, request)

    async def compute(self, place: str, code: Code) -> Computed:
        self.heard.append(Heard(place, "code", request=code.source))
        return await super().compute(place, code)

    async def mail(self, place: str, mail: Mail) -> None:
        self.heard.append(Heard(place, "mail"))
        await super().mail(place, mail)

    async def mcp(self, place: str, request: McpRequest) -> Json:
        self.heard.append(Heard(place, "mcp"))
        return await super().mcp(place, request)

    async def search(
        self,
        place: str,
        query: str,
        *,
        top_k: int = 5,
        min_score: float | None = None,
        metadata: Mapping[str, Json] | None = None,
    ) -> Sequence[Passage]:
        asked: dict[str, JsonValue] = {"query": query, "topK": top_k, "minScore": min_score}
        self.heard.append(Heard(place, "search", request=asked))
        return await super().search(place, query, top_k=top_k, min_score=min_score, metadata=metadata)


def calls_of(heard: Sequence[Heard], entries: Mapping[str, Json]) -> list[TurnCall]:
    """The calls in their order, each with what the journal knows of it."""
    return [_call(each, cast("dict[str, Json]", entries.get(each.place) or {})) for each in heard]


def _call(heard: Heard, entry: Mapping[str, Json]) -> TurnCall:
    took, failed = entry.get("took"), entry.get("unreachable") or entry.get("modelFailed")
    answer = entry.get("answer")
    found = TurnCall(
        place=heard.place,
        kind=heard.kind,
        prompt=_prompted(heard.prompt) if heard.prompt else None,
        request=entry.get("request", heard.request),
        response=entry.get("mock", answer),
        mocked="mock" in entry,
        error=_failure(failed) or _broken(heard, answer),
        started_at=str(took["at"]) if isinstance(took, dict) else None,
        duration_ms=float(cast("float", took["ms"])) if isinstance(took, dict) else None,
    )
    return _answered(found, entry["model"]) if "model" in entry else found


def _answered(call: TurnCall, written: Json) -> TurnCall:
    answer = read_answer(cast("dict[str, JsonValue]", written))
    turned = [ModelCall(id=each.id, name=each.name, arguments=each.arguments) for each in answer.calls]
    return call.model_copy(
        update={
            "model": answer.model,
            "answer": ModelMessage(role="assistant", text=answer.text, calls=turned),
            "input_tokens": answer.usage.input,
            "output_tokens": answer.usage.output,
            "cost_usd": answer.cost_usd,
            "duration_ms": round(answer.duration_seconds * 1000, 3) or call.duration_ms,
        }
    )


def _failure(failed: Json) -> str | None:
    if not isinstance(failed, dict):
        return None
    return f"{failed.get('code', ModelError.code)}: {failed.get('message', '')}"


def _broken(heard: Heard, answer: Json) -> str | None:
    broken = answer.get("failure") if heard.kind == "code" and isinstance(answer, dict) else None
    return str(broken.get("message", "")) if isinstance(broken, dict) else None


def _prompted(request: ModelRequest) -> ModelPrompt:
    return ModelPrompt(
        messages=[_shown(each) for each in request.messages],
        tools=[
            ModelTool(name=each.name, description=each.description, parameters=dict(each.schema))
            for each in request.tools
        ],
        temperature=request.temperature,
        max_tokens=request.max_tokens,
    )


def _shown(message: Message) -> ModelMessage:
    match message:
        case User():
            parts = ("(a picture)" if isinstance(part, Image) else part.text for part in message.parts)
            return ModelMessage(role="user", text="\n".join(parts))
        case Assistant(text=text, calls=calls):
            turned = [ModelCall(id=each.id, name=each.name, arguments=each.arguments) for each in calls]
            return ModelMessage(role="assistant", text=text, calls=turned)
        case ToolResult(name=name, content=content):
            return ModelMessage(role="tool", text=content, name=name)
        case _:
            return ModelMessage(role="system", text=message.text)
