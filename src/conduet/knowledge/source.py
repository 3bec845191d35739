"""A crawl as it is kept: what it reads, how often, and how the last time went."""

from dataclasses import asdict, dataclass
from typing import Final, Literal, TypeAlias

import orjson
from pydantic import TypeAdapter

from conduet.knowledge.crawl import Known
from conduet.knowledge.crawl_plan import Plan

Refresh: TypeAlias = Literal["never", "daily", "weekly"]

REFRESH_SECONDS: Final = {"never": None, "daily": 86_400, "weekly": 604_800}


@dataclass(frozen=True, slots=True)
class Source(Plan):
    """A plan that is followed again and again; `ended_at` in ms since 1970, 0 before it first ended.

    `dropped` are addresses of pages that somebody deleted: they stay away. `problem` is what could not be read the
    last time, for people.
    """

    refresh: Refresh = "never"
    dropped: tuple[str, ...] = ()
    ended_at: int = 0
    problem: str | None = None

    @property
    def every(self) -> int | None:
        """Seconds from one end to the next beginning; `None` for once."""
        return REFRESH_SECONDS[self.refresh]


_SOURCE: Final = TypeAdapter(Source)
_KNOWN: Final = TypeAdapter(Known)


def write_source(source: Source) -> str:
    """As it is stored."""
    return orjson.dumps(asdict(source)).decode()


def read_source(stored: str, *, url: str | None) -> Source:
    """Of what `write_source` wrote; `url` is that of its document, where it says none itself."""
    return _SOURCE.validate_python({"url": url or "", **orjson.loads(stored)})


def write_known(known: Known) -> str:
    """As it is stored."""
    return orjson.dumps(asdict(known)).decode()


def read_known(stored: str) -> Known:
    """Of what `write_known` wrote."""
    return _KNOWN.validate_json(stored)
