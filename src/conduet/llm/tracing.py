"""Spans of turns, model calls and tools, by OpenTelemetry's conventions for generative AI.

Those are not settled yet: their names stand here and nowhere else. A span holds names, counts and codes, no words of a
user, a model or a tool.
https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans and …/gen-ai-agent-spans
"""

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from opentelemetry.trace import INVALID_SPAN, NoOpTracer, Span, SpanKind, Status, StatusCode, Tracer, use_span

from conduet.llm.answer import Assembly
from conduet.llm.errors import ModelError
from conduet.llm.event import FinishReason
from conduet.llm.message import ModelRequest
from conduet.llm.name import ModelName

NOT_TRACED: Final[Tracer] = NoOpTracer()

TRACE_ID: Final[ContextVar[int]] = ContextVar("trace_id", default=0)
"""What the next trace shall be called; 0 for whatever comes."""

PROVIDERS: Final[Mapping[str, str]] = {"openai-responses": "openai", "google": "gcp.gemini"}
"""What the conventions call those providers that have another name here."""

FINISHES: Final[Mapping[FinishReason, str]] = {"stop": "stop", "calls": "tool_call", "length": "length"}

_TRACER: Final[ContextVar[Tracer]] = ContextVar("tracer", default=NOT_TRACED)


@contextmanager
def turn_span(tracer: Tracer, turn_id: str, *, project_id: str, name: str) -> Generator[Span]:
    """A turn, which the spans of its models and tools belong to; its trace is called as the turn is."""
    if tracer is NOT_TRACED:
        yield INVALID_SPAN
        return
    called = TRACE_ID.set(int(turn_id.removeprefix("turn_"), 16))
    told = {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.agent.id": project_id,
        "gen_ai.agent.name": name,
        "conduet.turn.id": turn_id,
    }
    span = tracer.start_span(f"invoke_agent {name}".rstrip(), attributes=told)
    TRACE_ID.reset(called)
    before = _TRACER.set(tracer)
    try:
        with use_span(span, end_on_exit=True, record_exception=False, set_status_on_exception=False):
            yield span
    finally:
        _TRACER.reset(before)


def conversed(span: Span, transcript_id: str) -> None:
    """Tells which conversation a turn belonged to."""
    span.set_attribute("gen_ai.conversation.id", transcript_id)


@contextmanager
def tool_span(name: str, call_id: str) -> Generator["ToolSpan"]:
    """A tool that runs in the turn."""
    told = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": name, "gen_ai.tool.call.id": call_id}
    span = _TRACER.get().start_span(f"execute_tool {name}", attributes=told)
    try:
        yield ToolSpan(span)
    finally:
        span.end()


class ToolSpan:
    """The span of a tool while it runs."""

    def __init__(self, span: Span) -> None:
        self._span = span

    def fail(self, code: str) -> None:
        """Tells that it failed, by a code."""
        _fail(self._span, code)


class ModelSpan:
    """A model that is asked, once or, after a failure that may pass, once more."""

    def __init__(self, tracer: Tracer, name: ModelName, request: ModelRequest) -> None:
        self._span: Span = INVALID_SPAN
        if tracer is NOT_TRACED:
            return
        told: dict[str, str | float] = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": PROVIDERS.get(name.provider, name.provider),
            "gen_ai.request.model": name.model,
            "gen_ai.output.type": "text" if request.schema is None else "json",
        }
        if request.temperature is not None:
            told["gen_ai.request.temperature"] = request.temperature
        if request.max_tokens is not None:
            told["gen_ai.request.max_tokens"] = request.max_tokens
        self._span = tracer.start_span(f"chat {name.model}", kind=SpanKind.CLIENT, attributes=told)

    def answered(self, assembly: Assembly) -> None:
        """Tells what came back, and is over."""
        if self._span.is_recording():
            self._span.set_attributes(dict(_response(assembly)))
        self.end()

    def failed(self, error: ModelError, assembly: Assembly) -> None:
        """Tells that nothing came back, or not all, and is over."""
        _fail(self._span, error.code)
        self.answered(assembly)

    def end(self) -> None:
        """It is over."""
        self._span.end()


def _response(assembly: Assembly) -> Iterator[tuple[str, str | int | list[str]]]:
    if assembly.finished is not None:
        yield "gen_ai.response.finish_reasons", [FINISHES[assembly.finished.reason]]
        if assembly.finished.model:
            yield "gen_ai.response.model", assembly.finished.model
    if assembly.usage is not None:
        yield "gen_ai.usage.input_tokens", assembly.usage.input
        yield "gen_ai.usage.output_tokens", assembly.usage.output
        yield "gen_ai.usage.cache_read.input_tokens", assembly.usage.cached
        yield "gen_ai.usage.cache_creation.input_tokens", assembly.usage.cache_written
        yield "gen_ai.usage.reasoning.output_tokens", assembly.usage.reasoning


def _fail(span: Span, code: str) -> None:
    span.set_attribute("error.type", code)
    span.set_status(Status(StatusCode.ERROR))
