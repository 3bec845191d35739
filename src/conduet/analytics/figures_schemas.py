"""How figures look on the wire."""

from typing import Annotated, Any, Final

from pydantic import Field
from pydantic.alias_generators import to_camel

from conduet.analytics.figures import Figures
from conduet.analytics.figures_store import Count
from conduet.analytics.use import ModelFigures, Use
from conduet.kit.schema import Wire

FRACTION: Final = 9
"""How many digits of a cost are told behind the point."""


class DailyCount(Wire):
    """One day."""

    date: str
    conversations: int
    messages: int


class Latency(Wire):
    """How long turns took that called a model or a tool or searched, in ms within 1.6 %; `null` where none did."""

    p50: int | None
    p95: int | None


class ModelCalls(Wire):
    """Calls of models."""

    model_calls: Annotated[int, Field(description="Those that failed among them.")]
    failed_calls: Annotated[int, Field(description="Calls that no model answered; what they took is not known.")]
    input_tokens: int
    output_tokens: int
    cached_tokens: Annotated[int, Field(description="Of the input, what the provider had in its cache.")]
    cost_usd: float
    unpriced_calls: Annotated[int, Field(description="Calls whose price is not known; the cost is without them.")]
    retries: int
    fallbacks: Annotated[int, Field(description="Calls that another than the first choice answered.")]


class ModelUsage(ModelCalls):
    """The calls of one model."""

    model: str


class TotalUsage(ModelCalls):
    """What turns took."""

    tool_calls: int
    knowledge_searches: int
    latency_ms: Latency


class DailyUsage(TotalUsage):
    """What the turns of one day took; it is the day of the turn."""

    date: str


class Usage(TotalUsage):
    """What turns took, in all, by day and by model."""

    by_day: list[DailyUsage]
    by_model: list[ModelUsage]


class ToldFigures(Wire):
    """The figures of a project; a conversation belongs to the day that it began on."""

    conversations: int
    messages: int
    resolutions: int
    escalations: int
    daily_counts: list[DailyCount]
    usage: Usage

    @classmethod
    def of(cls, figures: Figures) -> "ToldFigures":
        """As answers show them; days without use are left out of `usage.byDay`."""
        total: Count = figures.total
        used = [(day, use) for day, use in figures.use_by_day.items() if use.latency.counts or use.models]
        models = sorted(figures.use.models.items(), key=lambda each: (-each[1].cost_usd, -each[1].calls, each[0]))
        return cls(
            conversations=total.conversations,
            messages=total.messages,
            resolutions=total.resolutions,
            escalations=total.escalations,
            daily_counts=[
                DailyCount(date=day.isoformat(), conversations=count.conversations, messages=count.messages)
                for day, count in figures.days.items()
            ],
            usage=Usage(
                **_use(figures.use),
                by_day=[DailyUsage(date=day.isoformat(), **_use(use)) for day, use in used],
                by_model=[ModelUsage(model=name, **_calls(calls)) for name, calls in models],
            ),
        )


def told_days(figures: Figures) -> list[dict[str, Any]]:
    """A flat row for each day, as exports hold them."""
    found: list[dict[str, Any]] = []
    for day, count in figures.days.items():
        use = figures.use_by_day[day]
        calls = {to_camel(name): value for name, value in _calls(use.all_models).items()}
        found.append(
            {
                "date": day.isoformat(),
                "conversations": count.conversations,
                "messages": count.messages,
                "resolutions": count.resolutions,
                "escalations": count.escalations,
                **calls,
                "toolCalls": use.tool_calls,
                "knowledgeSearches": use.searches,
                "latencyP50Ms": use.latency.percentile(0.5),
                "latencyP95Ms": use.latency.percentile(0.95),
            }
        )
    return found


def _use(use: Use) -> dict[str, Any]:
    latency = Latency(p50=use.latency.percentile(0.5), p95=use.latency.percentile(0.95))
    counted = {"tool_calls": use.tool_calls, "knowledge_searches": use.searches, "latency_ms": latency}
    return {**_calls(use.all_models), **counted}


def _calls(figures: ModelFigures) -> dict[str, Any]:
    return {
        "model_calls": figures.calls,
        "failed_calls": figures.failures,
        "input_tokens": figures.input_tokens,
        "output_tokens": figures.output_tokens,
        "cached_tokens": figures.cached_tokens,
        "cost_usd": round(figures.cost_usd, FRACTION),
        "unpriced_calls": figures.unpriced,
        "retries": figures.retries,
        "fallbacks": figures.fallbacks,
    }
