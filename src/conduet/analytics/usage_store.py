"""The SQL of use: what a turn took, written in the transaction that ends it."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from conduet.accounts.principal import ProjectScope
from conduet.analytics.tables import model_use, turn_use
from conduet.kit.db import Statement, Tx
from conduet.llm.answer import ModelAnswer
from conduet.llm.errors import ModelError


@dataclass(frozen=True, slots=True)
class ModelUse:
    """One call of a model; times in milliseconds, `cost_usd` is `None` where the price is not known.

    `retries` counts the attempts before the last, `fallback` tells whether another than the first choice answered. Of a
    call that has failed, `error` is the code, and nobody tells what it took.
    """

    model: str
    input_tokens: int
    output_tokens: int
    cached_tokens: int
    cost_usd: float | None
    first_token_ms: int | None
    duration_ms: int
    retries: int = 0
    fallback: bool = False
    error: str | None = None

    @classmethod
    def of(cls, answer: ModelAnswer) -> "ModelUse":
        """What an answer took."""
        first, usage = answer.first_token_seconds, answer.usage
        return cls(
            model=answer.model,
            input_tokens=usage.input,
            output_tokens=usage.output,
            cached_tokens=usage.cached,
            cost_usd=answer.cost_usd,
            first_token_ms=None if first is None else round(first * 1000),
            duration_ms=round(answer.duration_seconds * 1000),
            retries=max(0, len(answer.attempts) - 1),
            fallback=bool(answer.attempts) and answer.attempts[0].model != answer.model,
        )

    @classmethod
    def failed(cls, error: ModelError, model: str, *, seconds: float) -> "ModelUse":
        """A call that came to nothing; `model` is the one that was asked last."""
        return cls(
            model=model,
            input_tokens=0,
            output_tokens=0,
            cached_tokens=0,
            cost_usd=None,
            first_token_ms=None,
            duration_ms=round(seconds * 1000),
            retries=max(0, len(error.attempts) - 1),
            error=error.code,
        )


@dataclass(frozen=True, slots=True)
class Uses:
    """What a turn took, or other work that asks models (`turn_id` is then its id); `at` in milliseconds since 1970."""

    turn_id: str
    platform: str
    at: int
    duration_ms: int
    models: Sequence[ModelUse] = ()
    tool_calls: int = 0
    searches: int = 0

    def __bool__(self) -> bool:
        return bool(self.models or self.tool_calls or self.searches)


_ADD_TURN = Statement(
    sa.insert(turn_use).values(
        project_id=sa.bindparam("project"),
        at=sa.bindparam("at"),
        turn_id=sa.bindparam("turn"),
        platform=sa.bindparam("platform"),
        duration_ms=sa.bindparam("duration"),
        tool_calls=sa.bindparam("tool_calls"),
        searches=sa.bindparam("searches"),
    )
)
_ADD_MODEL = Statement(
    sa.insert(model_use).values(
        project_id=sa.bindparam("project"),
        at=sa.bindparam("at"),
        turn_id=sa.bindparam("turn"),
        number=sa.bindparam("number"),
        platform=sa.bindparam("platform"),
        model=sa.bindparam("model"),
        input_tokens=sa.bindparam("input"),
        output_tokens=sa.bindparam("output"),
        cached_tokens=sa.bindparam("cached"),
        cost_usd=sa.bindparam("cost"),
        first_token_ms=sa.bindparam("first_token"),
        duration_ms=sa.bindparam("duration"),
        retries=sa.bindparam("retries"),
        fallback=sa.bindparam("fallback"),
        error=sa.bindparam("error"),
    )
)


def add_uses(tx: Tx, scope: ProjectScope, uses: Uses) -> None:
    """Adds what a turn took: a row for it and one for each call of a model; nothing for one that took nothing."""
    if not uses:
        return
    tx.change(
        _ADD_TURN,
        project=scope.project_id,
        at=uses.at,
        turn=uses.turn_id,
        platform=uses.platform,
        duration=uses.duration_ms,
        tool_calls=uses.tool_calls,
        searches=uses.searches,
    )
    for number, use in enumerate(uses.models):
        tx.change(
            _ADD_MODEL,
            project=scope.project_id,
            at=uses.at,
            turn=uses.turn_id,
            number=number,
            platform=uses.platform,
            model=use.model,
            input=use.input_tokens,
            output=use.output_tokens,
            cached=use.cached_tokens,
            cost=use.cost_usd,
            first_token=use.first_token_ms,
            duration=use.duration_ms,
            retries=use.retries,
            fallback=use.fallback,
            error=use.error,
        )


def spent_since(tx: Tx, scope: ProjectScope, *, since: int) -> float:
    """What the project's models have cost since then, in US dollars, as far as prices are known."""
    of = model_use.c
    wanted = sa.select(sa.func.coalesce(sa.func.sum(of.cost_usd), 0.0))
    return float(tx.execute(wanted.where(of.project_id == scope.project_id, of.at >= since)).scalar_one())
