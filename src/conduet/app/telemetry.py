"""Where spans are told: the OpenTelemetry collector that the environment names, else nowhere."""

import asyncio
from collections.abc import Mapping
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from opentelemetry.trace import Tracer

from conduet.llm.tracing import NOT_TRACED, TRACE_ID

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter

ENDPOINT: Final = "OTEL_EXPORTER_OTLP_ENDPOINT"
TRACES_ENDPOINT: Final = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
PROTOCOL: Final = "OTEL_EXPORTER_OTLP_PROTOCOL"
HTTP: Final = "http/protobuf"
VARIABLES: Final[Mapping[str, str]] = {
    ENDPOINT: "The OpenTelemetry collector that spans are told to, without `/v1/traces`; to nobody when it is not set.",
    TRACES_ENDPOINT: "The same as a whole URL; it goes first.",
    PROTOCOL: f"`{HTTP}`, and no other.",
    "OTEL_EXPORTER_OTLP_HEADERS": "Headers that go along, such as a key of the collector: `name=value,…`.",
    "OTEL_SERVICE_NAME": "What the server is called; `conduet` when it is not set.",
    "OTEL_SDK_DISABLED": "`true`: no spans.",
}
"""What can be set, and what it is."""

LAST_SECONDS: Final = 2.0
"""How long a server that stops tries to tell a collector the last spans."""


class Telemetry:
    """`tracer` for all that is worth a span. Close it: what was not told yet is told then.

    Raises `ValueError` naming the variable that has no good value.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.tracer: Tracer = NOT_TRACED
        self._ways: tuple[TracerProvider, SpanExporter] | None = None
        url = endpoint(environment)
        if url:
            self._ways = _ways(url, environment.get("OTEL_SERVICE_NAME") or "conduet")
            self.tracer = self._ways[0].get_tracer("conduet", version("conduet"))

    async def close(self) -> None:
        """Tells the rest, or gives up."""
        if self._ways is None:
            return
        provider, exporter = self._ways
        ending = asyncio.create_task(asyncio.to_thread(provider.shutdown))
        await asyncio.wait([ending], timeout=LAST_SECONDS)
        if not ending.done():
            # Else it goes on trying for as long again as a collector may take to come back.
            exporter.shutdown()
        await ending


def endpoint(environment: Mapping[str, str]) -> str:
    """The URL that spans are posted to, by the rules of OTLP's exporters; empty where they are told to nobody."""
    asked = environment.get("OTEL_TRACES_EXPORTER", "otlp").strip()
    if asked == "none" or environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return ""
    base = environment.get(ENDPOINT, "").strip()
    url = environment.get(TRACES_ENDPOINT, "").strip() or (f"{base.rstrip('/')}/v1/traces" if base else "")
    if url and not url.startswith(("http://", "https://")):
        raise ValueError(f"{TRACES_ENDPOINT if environment.get(TRACES_ENDPOINT) else ENDPOINT}: it is no http URL")
    protocol = environment.get(PROTOCOL, "").strip() or HTTP
    if url and protocol != HTTP:
        raise ValueError(f"{PROTOCOL}: spans are sent by {HTTP} (a collector's port 4318), not by {protocol!r}")
    return url


def _ways(url: str, service: str) -> "tuple[TracerProvider, SpanExporter]":
    # 8 MB and 0.15 s that nobody needs who has no collector.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.sdk.trace.id_generator import RandomIdGenerator

    class Ids(RandomIdGenerator):
        """A turn's trace is called as the turn."""

        def generate_trace_id(self) -> int:
            return TRACE_ID.get() or super().generate_trace_id()

    named = Resource.create({SERVICE_NAME: service})
    provider = TracerProvider(resource=named, id_generator=Ids(), shutdown_on_exit=False)
    exporter = OTLPSpanExporter(url)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider, exporter
