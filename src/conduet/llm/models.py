"""Asking models: the chain to fall back along, trying again, and what it all took."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from opentelemetry.trace import Tracer

from conduet.kit.clock import now
from conduet.llm.answer import Assembly, Attempt, ModelAnswer
from conduet.llm.attempt import attempt
from conduet.llm.errors import ModelError, NotConfigured, OutOfCredit, TimedOut
from conduet.llm.event import Delta, Usage
from conduet.llm.message import ModelRequest
from conduet.llm.name import Chain, ModelName
from conduet.llm.places import Places
from conduet.llm.prices import Prices, bundled
from conduet.llm.provider import Provider
from conduet.llm.tokens import estimate_request, estimate_text
from conduet.llm.tracing import NOT_TRACED, ModelSpan

FIRST_TOKEN_SECONDS: Final = 30.0
TOTAL_SECONDS: Final = 90.0
RETRIES: Final = 1
PAUSE_SECONDS: Final = 0.5
SHORTEST_SECONDS: Final = 0.05
"""With less time left than this nothing is begun any more."""

LONGEST_PAUSE_SECONDS: Final = 10.0
"""Who is asked to wait longer than this by a provider had better tell the user."""

Told: TypeAlias = Delta | ModelAnswer


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a call may take: each attempt until its first token, and all of them together.

    `retries` are of the last model of a chain, when nobody else is left to ask.
    """

    first_token_seconds: float = FIRST_TOKEN_SECONDS
    total_seconds: float = TOTAL_SECONDS
    retries: int = RETRIES
    pause_seconds: float = PAUSE_SECONDS


@dataclass(slots=True)
class _Course:
    """How a call has gone so far; times are of the loop's clock."""

    request: ModelRequest
    project: str
    began_at: float
    ends_at: float
    attempts: list[Attempt] = field(default_factory=list[Attempt])
    first_token_at: float | None = None

    def note(self, assembly: Assembly, since: float, *, at: float, error: ModelError | None = None) -> None:
        code, said = (error.code, error.said) if error else (None, "")
        self.attempts.append(Attempt(assembly.model, at - since, code, said))


class Models:
    """The models that this server can ask, by the type of their provider."""

    def __init__(
        self,
        providers: Mapping[str, Provider],
        *,
        patience: Patience | None = None,
        prices: Prices | None = None,
        tracer: Tracer = NOT_TRACED,
    ) -> None:
        self._providers = providers
        self._places = {name: Places(provider.at_once) for name, provider in providers.items()}
        self._patience = patience or Patience()
        self._prices = prices or bundled()
        self._tracer = tracer

    def knows(self, name: ModelName) -> bool:
        """Whether the provider of that model is configured."""
        return name.provider in self._providers

    def converse(self, chain: Chain) -> bool:
        """Whether the first of these models can be asked anything in words; one that is not known here could."""
        provider = self._providers.get(chain[0].provider) if chain else None
        return bool(chain) and (provider is None or provider.converses)

    def offered(self) -> Chain:
        """For each provider that has one, the model to take when nobody names any."""
        defaults = ((name, provider.default_model()) for name, provider in self._providers.items())
        return tuple(ModelName(name, model) for name, model in defaults if model)

    async def answer(self, chain: Chain, request: ModelRequest, *, project: str = "") -> ModelAnswer:
        """The whole answer; raises as `stream` does."""
        async with aclosing(self.stream(chain, request, project=project)) as stream:
            answers = [told async for told in stream if isinstance(told, ModelAnswer)]
        return answers[0]

    async def stream(
        self, chain: Chain, request: ModelRequest, *, project: str = "", seconds: float | None = None
    ) -> AsyncGenerator[Told]:
        """The answer of the first model of `chain` that gives one, as it is made; the `ModelAnswer` comes last.

        `project` is whose call it is: places are given out to projects in turn. With `seconds` it takes no longer than
        that. Raises a `ModelError`, whose `attempts` are all that was tried. Close the stream when leaving it early.
        """
        clock = asyncio.get_running_loop().time
        most = self._patience.total_seconds
        course = _Course(request, project, clock(), clock() + (most if seconds is None else min(seconds, most)))
        tries = (*chain, *chain[-1:] * self._patience.retries)
        span: ModelSpan | None = None
        try:
            for number, name in enumerate(tries, 1):
                following = tries[number] if number < len(tries) else None
                assembly, since = Assembly(str(name)), clock()
                span = span or ModelSpan(self._tracer, name, request)
                try:
                    async with aclosing(self._attempt(name, course, assembly)) as deltas:
                        async for delta in deltas:
                            if course.first_token_at is None and assembly.is_begun:
                                course.first_token_at = clock()
                            yield delta
                except ModelError as error:
                    error.after_first_token = assembly.is_begun
                    course.note(assembly, since, at=clock(), error=error)
                    error.attempts = tuple(course.attempts)
                    pause = self._pause(error, name, following, left=self._left(course))
                    if pause is None or following != name:
                        span.failed(error, assembly)
                        span = None
                    if pause is None:
                        raise
                else:
                    course.note(assembly, since, at=clock())
                    span.answered(assembly)
                    span = None
                    yield self._whole(name, assembly, course)
                    return
                await asyncio.sleep(pause)
        finally:
            if span is not None:
                span.end()
        raise NotConfigured("No model is named, and none is configured on this server.")

    def _attempt(self, name: ModelName, course: _Course, assembly: Assembly) -> AsyncGenerator[Delta]:
        provider = self._providers.get(name.provider)
        if provider is None:
            raise NotConfigured(f"The provider {name.provider!r} of the model is not configured on this server.")
        return attempt(
            provider,
            name.model,
            course.request,
            into=assembly,
            places=self._places[name.provider],
            project=course.project,
            first_token_seconds=self._patience.first_token_seconds,
            total_seconds=self._left(course),
        )

    def _left(self, course: _Course) -> float:
        """The seconds that a call has left."""
        return course.ends_at - asyncio.get_running_loop().time()

    def _pause(self, error: ModelError, name: ModelName, following: ModelName | None, *, left: float) -> float | None:
        """The seconds to wait before `following` is asked; None when nobody is to be asked any more."""
        if following is None or not error.may_try_another or left < SHORTEST_SECONDS:
            return None
        if following != name:
            return 0.0
        if isinstance(error, TimedOut | OutOfCredit):
            return None
        asked = error.retry_after_seconds
        pause = self._patience.pause_seconds if asked is None else asked
        return pause if pause < min(left, LONGEST_PAUSE_SECONDS) else None

    def _whole(self, name: ModelName, assembly: Assembly, course: _Course) -> ModelAnswer:
        answer = assembly.answer()
        usage = assembly.usage or _estimated(course.request, answer)
        provider = self._providers[name.provider].priced_as()
        first, ended = course.first_token_at, asyncio.get_running_loop().time()
        return replace(
            answer,
            usage=usage,
            cost_usd=self._prices.cost(provider, name.model, usage, on=now().date()),
            first_token_seconds=None if first is None else first - course.began_at,
            duration_seconds=ended - course.began_at,
            attempts=tuple(course.attempts),
        )


def _estimated(request: ModelRequest, answer: ModelAnswer) -> Usage:
    """What a call took of which the provider has not told it."""
    told = sum(estimate_text(call.arguments) for call in answer.calls) + estimate_text(answer.text)
    return Usage(estimate_request(request), told, estimated=True)
