"""Structured logs on standard error: a JSON object a line, or coloured text when a person looks on."""

import logging
import sys
from typing import Any

import orjson
import structlog
from structlog.typing import Processor

SHARED: tuple[Processor, ...] = (
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
)

# Local variables hold requests with their keys, and secrets: structlog's own choice would print them.
TRACEBACK = structlog.dev.RichTracebackFormatter(show_locals=False)


def configure() -> None:
    """Sends every log line of the process, ours and those of libraries, to standard error in one format."""
    people = sys.stderr.isatty()
    renderer: list[Processor] = (
        [structlog.dev.ConsoleRenderer(exception_formatter=TRACEBACK)]
        if people
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(serializer=_serialize)]
    )
    structlog.configure(
        processors=[*SHARED, *renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr)
        if people
        else structlog.BytesLoggerFactory(sys.stderr.buffer),
        cache_logger_on_first_use=True,
    )
    _configure_libraries(renderer)


def _configure_libraries(renderer: list[Processor]) -> None:
    text: list[Processor] = [step for step in renderer if not isinstance(step, structlog.processors.JSONRenderer)]
    if len(text) != len(renderer):
        text.append(
            structlog.processors.JSONRenderer(serializer=lambda *args, **more: _serialize(*args, **more).decode())
        )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=SHARED,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *text],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)


def _serialize(event: Any, **_: Any) -> bytes:
    return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS)
