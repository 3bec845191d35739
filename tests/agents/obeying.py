"""A real HTTP server that plays a model, and a world in which it is asked."""

import json
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from conduet.engine.context import Passage
from conduet.kit.json import Json
from conduet.llm.message import ModelRequest
from conduet.llm.models import Models, Patience, Told
from conduet.llm.name import Chain, parse_chain
from conduet.providers.openai import OpenAI
from tests.engine.talk import FakeContext
from tests.providers.playing import Asked, Playing, Reply, direct, playing

Answer: TypeAlias = "str | tuple[tuple[str, dict[str, Any]], ...] | Reply"
"""Words, calls of tools by their names, or any other reply."""


def reply(answer: Answer) -> Reply:
    """An answer as an OpenAI-compatible server streams it."""
    if isinstance(answer, Reply):
        return answer
    if isinstance(answer, str):
        delta: dict[str, Any] = {"role": "assistant", "content": answer}
    else:
        calls = [
            {
                "index": index,
                "id": f"call_{name}_{index}",
                "type": "function",
                "function": {"name": name, "arguments": json.dumps(arguments)},
            }
            for index, (name, arguments) in enumerate(answer)
        ]
        delta = {"role": "assistant", "tool_calls": calls}
    finish = "stop" if isinstance(answer, str) else "tool_calls"
    chunks: list[dict[str, Any]] = [
        {"id": "c", "object": "chat.completion.chunk", "model": "m", "choices": [{"index": 0, "delta": delta}]},
        {
            "id": "c",
            "object": "chat.completion.chunk",
            "model": "m",
            "choices": [{"index": 0, "delta": {}, "finish_reason": finish}],
            "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
        },
    ]
    return Reply("".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks).encode() + b"data: [DONE]\n\n")


@dataclass
class ModelContext(FakeContext):
    """A world whose model is a server that this test plays; `found` is what its knowledge base finds."""

    models: Models = field(default_factory=lambda: Models({}))
    chain: Chain = field(default_factory=lambda: parse_chain("openai:m"))
    server: Playing = field(default_factory=Playing)
    found: Sequence[Passage] = ()
    queries: list[str] = field(default_factory=list[str])
    intent_threshold: float = 0.5
    vectors: Callable[[Sequence[str]], Any] | None = None

    @property
    def asked(self) -> list[Asked]:
        return self.server.asked

    def prompt(self, number: int = -1) -> str:
        """All that a request told the model, as one text."""
        return json.dumps(self.asked[number].body, ensure_ascii=False)

    async def model(self, place: str, chain: Chain, request: ModelRequest, *, seconds: float) -> AsyncGenerator[Told]:
        self.entries[place] = "asked"
        async with aclosing(self.models.stream(chain, request)) as stream:
            async for told in stream:
                yield told

    async def search(
        self,
        place: str,
        query: str,
        *,
        top_k: int = 5,
        min_score: float | None = None,
        metadata: Mapping[str, Json] | None = None,
    ) -> Sequence[Passage]:
        self.queries.append(query)
        self.filters.append(metadata)
        return [each for each in self.found if each.score >= (min_score or 0)][:top_k]

    async def embed(self, texts: Sequence[str]) -> Any:
        assert self.vectors is not None
        return self.vectors(texts)


@asynccontextmanager
async def speaking(*answers: Answer, **more: Any) -> AsyncGenerator[ModelContext]:
    """A world whose model gives these answers one after another, the last one for ever."""
    async with playing(*map(reply, answers)) as server, direct() as opener:
        provider = server.provider(OpenAI, opener)
        models = Models({"openai": provider}, patience=Patience(retries=0))
        context = replace(ModelContext(models=models, server=server), **more)
        context.has_knowledge = bool(context.found)
        yield context
