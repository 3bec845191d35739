"""Use added up: of models, tools and the knowledge base, over turns or over whole days."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import orjson

EXACT: Final = 6
"""How many leading binary digits of a duration are kept: it is told within 1.6 %."""


class Durations:
    """How often each duration came, in ms; it can be added to another, and tells percentiles."""

    __slots__ = ("counts",)

    def __init__(self, counts: Mapping[int, int] | None = None) -> None:
        self.counts: dict[int, int] = {**(counts or {})}

    def add(self, duration_ms: int, count: int = 1) -> None:
        """Counts a duration so many times."""
        cut = max(0, duration_ms.bit_length() - EXACT - 1)
        kept = duration_ms >> cut << cut
        self.counts[kept] = self.counts.get(kept, 0) + count

    def merge(self, other: "Durations") -> None:
        """Counts all that another has counted."""
        for duration, count in other.counts.items():
            self.counts[duration] = self.counts.get(duration, 0) + count

    def percentile(self, share: float) -> int | None:
        """The duration that `share` of them do not go over; nothing where there are none."""
        left = sum(self.counts.values()) * share
        for duration in sorted(self.counts):
            left -= self.counts[duration]
            if left <= 0:
                return duration
        return None


@dataclass(slots=True)
class ModelFigures:
    """Calls of one model. `unpriced` are those whose price is not known, `failures` those that came to nothing:
    `cost_usd` is without both.
    """

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    cost_usd: float = 0.0
    unpriced: int = 0
    retries: int = 0
    fallbacks: int = 0
    failures: int = 0

    def merge(self, other: "ModelFigures") -> None:
        """Adds another's calls."""
        self.calls += other.calls
        self.input_tokens += other.input_tokens
        self.output_tokens += other.output_tokens
        self.cached_tokens += other.cached_tokens
        self.cost_usd += other.cost_usd
        self.unpriced += other.unpriced
        self.retries += other.retries
        self.fallbacks += other.fallbacks
        self.failures += other.failures


@dataclass(slots=True)
class Use:
    """What turns took."""

    tool_calls: int = 0
    searches: int = 0
    latency: Durations = field(default_factory=Durations)
    models: dict[str, ModelFigures] = field(default_factory=dict[str, ModelFigures])

    def merge(self, other: "Use") -> None:
        """Adds what other turns took."""
        self.tool_calls += other.tool_calls
        self.searches += other.searches
        self.latency.merge(other.latency)
        for name, figures in other.models.items():
            self.model(name).merge(figures)

    def model(self, name: str) -> ModelFigures:
        """The figures of a model, to be added to."""
        return self.models.setdefault(name, ModelFigures())

    @property
    def all_models(self) -> ModelFigures:
        """The figures of all models together."""
        together = ModelFigures()
        for figures in self.models.values():
            together.merge(figures)
        return together

    def told(self) -> dict[str, Any]:
        """As it is kept."""
        counts = self.latency.counts
        # Not as pairs: a year of them is read at once.
        latency = [[*counts.keys()], [*counts.values()]]
        models = {name: asdict(figures) for name, figures in self.models.items()}
        return {"tool_calls": self.tool_calls, "searches": self.searches, "latency": latency, "models": models}


Uses = dict[str, Use]
"""What the turns of each platform took."""


def write_day(day: Mapping[str, Use]) -> bytes:
    """A day's use as it is kept."""
    return orjson.dumps({platform: use.told() for platform, use in day.items()})


def read_day(body: bytes) -> Iterator[tuple[str, Use]]:
    """What `write_day` wrote."""
    for platform, told in orjson.loads(body).items():
        models = {name: ModelFigures(**figures) for name, figures in told["models"].items()}
        yield (
            platform,
            Use(told["tool_calls"], told["searches"], Durations(dict(zip(*told["latency"], strict=True))), models),
        )
