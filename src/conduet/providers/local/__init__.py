"""The built-in model, `local:extractive`: it quotes, asks and looks up by fixed rules, and needs no key."""

import re
from collections.abc import AsyncGenerator, Iterator, Mapping
from typing import Annotated, ClassVar, Final, Self

from pydantic import Field, PrivateAttr, SkipValidation

from conduet.llm.embedding import Embedder
from conduet.llm.errors import NotConfigured, UnknownModel
from conduet.llm.event import CallDelta, CallEnded, CallStarted, Event, Finished, TextDelta, Usage
from conduet.llm.message import ModelRequest, ToolCall
from conduet.llm.name import Chain, ModelName
from conduet.llm.provider import Provider, Setting
from conduet.llm.transport import Opener
from conduet.providers.local.deciding import Deciding
from conduet.providers.local.nearness import Nearness
from conduet.providers.local.scene import seen
from conduet.providers.local.words import FIX

EXTRACTIVE: Final = "extractive"
BUILT_IN: Final[Chain] = (ModelName("local", EXTRACTIVE),)
"""The model where nobody names one and no key is set."""

PIECE: Final = re.compile(r".*?(?:[.!?…:]\s+|\n+|$)", re.DOTALL)
"""A sentence with the space after it."""


class Local(Provider):
    """Answers without a language model, in the server's own process: by quoting, and by rules that are always the same.

    It is no language model and does not pass for one: what it cannot do it says, and for what is beyond it (generated
    copy, JSON, free instructions) it raises `NotConfigured`, which names the fix. An answer that stands in passages it
    quotes, whatever the instructions say of how it is to be told.
    """

    type: ClassVar[str] = "local"
    converses: ClassVar[bool] = False

    embedder: Annotated[SkipValidation[Embedder | None], Field(exclude=True, repr=False)] = None
    """What sentences are compared by; by their words without it."""

    _nearness: Nearness = PrivateAttr()

    def model_post_init(self, context: object, /) -> None:
        self._nearness = Nearness(self.embedder)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], opener: Opener) -> Self | None:
        """Nothing: there is nothing to set. Who wires the server adds one, with the server's embedding model."""
        return None

    @classmethod
    def settings(cls) -> tuple[Setting, ...]:
        """Nothing: it is always there."""
        return ()

    async def stream(self, model: str, request: ModelRequest) -> AsyncGenerator[Event]:
        if model != EXTRACTIVE:
            raise UnknownModel(f"There is no built-in model {model!r}: there is local:{EXTRACTIVE}.")
        if request.brief is None:
            raise NotConfigured(FIX)
        deciding = Deciding(seen(request, request.brief), self._nearness)
        answer = await (deciding.quote() if request.brief.asked else deciding.answer())
        if answer is None:
            raise NotConfigured(FIX)
        for piece in PIECE.findall(answer.text):
            if piece:
                yield TextDelta(piece)
        if answer.call is not None:
            for event in _called(answer.call):
                yield event
        yield Usage()
        yield Finished("stop" if answer.call is None else "calls")


def _called(call: ToolCall) -> Iterator[Event]:
    yield CallStarted(0, call.id, call.name)
    yield CallDelta(0, call.arguments)
    yield CallEnded(0, call)
