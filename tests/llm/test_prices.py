"""Calls cost what the table says, and what is not in it costs nobody knows what."""

from datetime import date

import pytest

from conduet.llm.event import Usage
from conduet.llm.prices import bundled

DAY = date(2026, 11, 26)


def cost(provider: str | None, model: str, usage: Usage, *, on: date = DAY) -> float | None:
    return bundled().cost(provider, model, usage, on=on)


def test_each_kind_of_token_has_its_price() -> None:
    usage = Usage(input=1_000_000, output=100_000, cached=600_000, cache_written=100_000)
    assert cost("anthropic", "claude-opus-4-8", usage) == pytest.approx(0.3 * 5 + 0.6 * 0.5 + 0.1 * 6.25 + 0.1 * 25)


def test_what_has_no_price_of_its_own_costs_what_other_input_does() -> None:
    assert cost("openai", "gpt-4-turbo", Usage(input=1000, cached=500)) == pytest.approx(0.01)


def test_a_long_call_is_dearer_as_a_whole() -> None:
    assert cost("openai", "gpt-5.4", Usage(input=272_000)) == pytest.approx(0.272 * 2.5)
    assert cost("openai", "gpt-5.4", Usage(input=272_001)) == pytest.approx(0.272001 * 5)


def test_a_price_holds_from_its_day_on() -> None:
    usage = Usage(input=1_000_000)
    assert cost("google", "gemini-4-argon", usage, on=date(2026, 11, 30)) == 2
    assert cost("google", "gemini-4-argon", usage, on=date(2026, 12, 1)) == 4


@pytest.mark.parametrize("model", ["gpt-5-mini", "gpt-5-mini-2025-08-07", "gpt-5-mini-latest"])
def test_a_snapshot_costs_what_its_model_does(model: str) -> None:
    assert cost("openai", model, Usage(input=1_000_000)) == 0.25


@pytest.mark.parametrize(
    ("provider", "model"),
    [("openai", "gpt-5-mini-search"), ("openai", "gpt"), ("nobody", "gpt-5"), (None, "gpt-5"), ("openai", "")],
)
def test_what_is_not_in_the_table_has_no_cost(provider: str | None, model: str) -> None:
    assert cost(provider, model, Usage(input=1)) is None


def test_the_table_is_dated_and_whole() -> None:
    prices = bundled()
    assert prices.date == DAY
    assert prices.models["local"]["extractive"][0].price.input == 0
    for models in (models for provider, models in prices.models.items() if provider != "local"):
        for name, listed in models.items():
            assert [one.price.since for one in listed] == sorted(one.price.since for one in listed), name
            for one in listed:
                for price in (one.price, one.long or one.price):
                    assert 0 < price.cached <= price.input <= price.output, name
