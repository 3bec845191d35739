"""What a collector of OpenTelemetry is told of turns, by a real HTTP server that takes OTLP."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from conduet.app.telemetry import endpoint
from conduet.settings import Settings
from tests.agents.talking import tool
from tests.conversations.agentic import House, housing
from tests.conversations.agentic_wire import MODELS
from tests.providers.playing import Reply, wire

PROVIDERS = {
    "openai": "openai",
    "openai_responses": "openai",
    "anthropic": "anthropic",
    "google": "gcp.gemini",
}


@dataclass
class Collector:
    """The spans that came, by their names, and the bytes they came as."""

    url: str = ""
    came: list[bytes] = field(default_factory=list[bytes])

    @property
    def spans(self) -> list[Span]:
        found = [ExportTraceServiceRequest.FromString(body) for body in self.came]
        return sorted(
            (s for each in found for r in each.resource_spans for scope in r.scope_spans for s in scope.spans),
            key=lambda span: span.start_time_unix_nano,
        )

    @property
    def services(self) -> set[str]:
        found = [ExportTraceServiceRequest.FromString(body) for body in self.came]
        return {told(r.resource.attributes)["service.name"] for each in found for r in each.resource_spans}

    async def wait(self, count: int) -> list[Span]:
        """The spans, once so many have come."""
        async with asyncio.timeout(30):
            while True:
                if len(self.spans) >= count:
                    return self.spans
                await asyncio.sleep(0.01)

    async def take(self, request: web.Request) -> web.Response:
        assert request.path == "/v1/traces"
        self.came.append(await request.read())
        return web.Response(body=b"", content_type="application/x-protobuf")


@asynccontextmanager
async def collecting() -> AsyncGenerator[Collector]:
    """Serves around a block."""
    collector = Collector()
    app = web.Application()
    app.router.add_post("/{path:.*}", collector.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    collector.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield collector
    finally:
        await runner.cleanup()


@pytest.fixture(scope="module")
async def listening(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[House, Collector]]:
    """An application that tells a collector at once of what it does."""
    async with collecting() as collector:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("OTEL_BSP_SCHEDULE_DELAY", "10")
            settings = Settings(data=tmp_path_factory.mktemp("traced"), demo=False)
            async with housing(settings, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url) as house:
                yield house, collector


@pytest.fixture
def house(listening: tuple[House, Collector]) -> House:
    return listening[0]


@pytest.fixture
def collector(listening: tuple[House, Collector]) -> Collector:
    """What is told from now on."""
    listening[1].came.clear()
    return listening[1]


def told(attributes: Any) -> dict[str, Any]:
    """Attributes as Python has them."""
    return {each.key: _value(each.value) for each in attributes}


def _value(value: AnyValue) -> Any:
    kind = value.WhichOneof("value")
    assert kind is not None
    found = getattr(value, kind)
    return [_value(each) for each in found.values] if kind == "array_value" else found


@pytest.mark.parametrize("kind", MODELS)
async def test_a_turn_its_models_and_its_tools_are_spans_of_one_trace(
    kind: str, house: House, collector: Collector
) -> None:
    place = await house.agent(kind, (("price", {"of": "roadster"}),), "Eight euros.", tools=[tool("price")])
    ben = place.talker()
    await ben.say("What is it?")
    [transcript] = (await place.project.client.get("/api/v1/transcripts")).json()
    turn, first, used, second = await collector.wait(4)
    names = [span.name for span in (turn, first, used, second)]
    assert names == ["invoke_agent Test", "chat m", "execute_tool price", "chat m"]
    assert {each.trace_id.hex() for each in (turn, first, used, second)} == {ben.turn_id.removeprefix("turn_")}
    assert {each.parent_span_id for each in (first, used, second)} == {turn.span_id}
    assert told(turn.attributes) == {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.agent.id": place.project.id,
        "gen_ai.agent.name": "Test",
        "gen_ai.conversation.id": transcript["id"],
        "conduet.turn.id": ben.turn_id,
    }
    assert first.kind == Span.SPAN_KIND_CLIENT
    assert told(first.attributes) == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": PROVIDERS[kind],
        "gen_ai.request.model": "m",
        "gen_ai.output.type": "text",
        "gen_ai.response.model": "m" if kind == "openai" else "m-2026",
        "gen_ai.response.finish_reasons": ["tool_call"],
        "gen_ai.usage.input_tokens": 10,
        "gen_ai.usage.output_tokens": 5,
        "gen_ai.usage.cache_read.input_tokens": 0,
        "gen_ai.usage.cache_creation.input_tokens": 0,
        "gen_ai.usage.reasoning.output_tokens": 0,
    }
    assert told(second.attributes)["gen_ai.response.finish_reasons"] == ["stop"]
    assert told(used.attributes)["gen_ai.tool.name"] == "price"
    sent = b"".join(collector.came)
    assert not [words for words in (b"What is it?", b"Eight euros.", b"roadster", b"user_1") if words in sent]


def failures(spans: list[Span]) -> list[tuple[str, str | None]]:
    """The spans by name, each with the code that it failed with."""
    for span in spans:
        assert (span.status.code == Status.STATUS_CODE_ERROR) == ("error.type" in told(span.attributes))
    return [(span.name, told(span.attributes).get("error.type")) for span in spans]


async def test_what_fails_is_told_by_its_code_and_a_retry_is_the_same_span(house: House, collector: Collector) -> None:
    stock = tool("stock", config={"language": "javascript", "code": "throw 1"})
    busy = Reply(b"{}", 429, {"Retry-After": "0"})
    place = await house.agent("openai", Reply(b"{}", 500), (("stock", {}),), busy, busy, "None.", tools=[stock])
    await place.save(behaviourConfig={"model": ["openai:a", "openai:b"]})
    assert (await place.talker().say("Any left?"))[-1] == "None."
    assert failures(await collector.wait(6)) == [
        ("invoke_agent Test", None),
        ("chat a", "MODEL_SERVER_FAILED"),
        ("chat b", None),
        ("execute_tool stock", "CODE_FAILED"),
        ("chat a", "MODEL_RATE_LIMITED"),
        ("chat b", None),
    ]


async def test_an_answer_that_breaks_off_is_told_with_its_error(house: House, collector: Collector) -> None:
    place = await house.agent("openai", Reply(wire("openai/failing")))
    await place.talker().say("Hi")
    assert failures(await collector.wait(2)) == [("invoke_agent Test", None), ("chat m", "MODEL_SERVER_FAILED")]


async def test_the_last_spans_are_told_when_the_server_stops(tmp_path: Path) -> None:
    async with collecting() as collector:
        async with housing(Settings(data=tmp_path, demo=False), OTEL_EXPORTER_OTLP_ENDPOINT=collector.url) as house:
            await (await house.agent("openai", "Hello.")).talker().say("Hi")
        assert failures(collector.spans) == [("invoke_agent Test", None), ("chat m", None)]
        assert collector.services == {"conduet"}


async def test_nobody_waits_for_a_collector_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conduet.app.telemetry.LAST_SECONDS", 0.1)
    async with collecting() as gone:
        url = gone.url
    async with asyncio.timeout(30):
        async with housing(Settings(data=tmp_path, demo=False), OTEL_EXPORTER_OTLP_ENDPOINT=url) as house:
            place = await house.agent("openai", "Hello.")
            assert await place.talker().say("Hi") == ["Hello."]


@pytest.mark.parametrize(
    ("environment", "url"),
    [
        ({}, ""),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318/"}, "http://127.0.0.1:4318/v1/traces"),
        (
            {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:1/in", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://x"},
            "http://127.0.0.1:1/in",
        ),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318", "OTEL_SDK_DISABLED": "true"}, ""),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318", "OTEL_TRACES_EXPORTER": "none"}, ""),
    ],
)
def test_spans_go_where_the_environment_says(environment: dict[str, str], url: str) -> None:
    assert endpoint(environment) == url


@pytest.mark.parametrize(
    ("more", "variable"),
    [({"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, "PROTOCOL"), ({"OTEL_EXPORTER_OTLP_ENDPOINT": "x:4318"}, "ENDPOINT")],
)
def test_what_cannot_be_is_told_by_its_variable(more: dict[str, str], variable: str) -> None:
    with pytest.raises(ValueError, match=f"^OTEL_EXPORTER_OTLP_{variable}: "):
        endpoint({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4317", **more})
