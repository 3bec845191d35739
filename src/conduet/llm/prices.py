"""What a call costs: a table of prices by model, with its date."""

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from conduet.llm.event import Usage

MILLION: Final = 1_000_000

SUFFIX: Final = r"(-latest|-\d{4}-\d\d-\d\d|-\d{8}|-\d{3})?"
"""What may follow a model's name without making it another: the snapshot that is meant."""


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars a million tokens."""

    input: float
    output: float
    cached: float
    cache_written: float
    since: dt.date = dt.date.min

    def of(self, usage: Usage) -> float:
        """The cost of a call, in US dollars."""
        fresh = usage.input - usage.cached - usage.cache_written
        total = (
            fresh * self.input
            + usage.cached * self.cached
            + usage.cache_written * self.cache_written
            + usage.output * self.output
        )
        return total / MILLION


@dataclass(frozen=True, slots=True)
class Listed:
    """A model's price, and the one of calls whose input is `above` that many tokens."""

    price: Price
    above: int | None = None
    long: Price | None = None

    def of(self, usage: Usage) -> float:
        """The cost of a call, in US dollars."""
        is_long = self.above is not None and usage.input > self.above
        return (self.long if is_long and self.long else self.price).of(usage)


@dataclass(frozen=True, slots=True)
class Prices:
    """The table: for each provider, each model's prices from the oldest to the newest."""

    date: dt.date
    models: Mapping[str, Mapping[str, tuple[Listed, ...]]]

    def cost(self, provider: str | None, model: str, usage: Usage, *, on: dt.date) -> float | None:
        """What that usage cost on that day, in US dollars; None for a model that is not in the table."""
        models = self.models.get(provider or "", {})
        found = models.get(model) or next(
            (listed for name, listed in models.items() if re.fullmatch(re.escape(name) + SUFFIX, model)), ()
        )
        valid = [listed for listed in found if listed.price.since <= on]
        return round(valid[-1].of(usage), 9) if valid else None


@cache
def bundled() -> Prices:
    """The table that comes with this version."""
    table = tomllib.loads(files("conduet.llm").joinpath("prices.toml").read_text(encoding="utf-8"))
    day = table.pop("date")
    return Prices(day, {provider: {name: _listed(entry) for name, entry in m.items()} for provider, m in table.items()})


def _listed(entry: dict[str, Any] | list[dict[str, Any]]) -> tuple[Listed, ...]:
    return tuple(_one(one) for one in (entry if isinstance(entry, list) else [entry]))


def _one(entry: dict[str, Any]) -> Listed:
    long = entry.get("long")
    since = entry.get("from", dt.date.min)
    if long is None:
        return Listed(_price(entry, since))
    return Listed(_price(entry, since), long["above"], _price(long, since))


def _price(entry: dict[str, Any], since: dt.date) -> Price:
    given = entry["input"]
    return Price(given, entry["output"], entry.get("cached", given), entry.get("cache_written", given), since)
