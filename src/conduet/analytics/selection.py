"""Which transcripts a query asks for: by user, platform, outcome, time, words, version and variable."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, Final

from starlette.requests import Request

from conduet.accounts.principal import ProjectScope
from conduet.analytics import period
from conduet.analytics.examples import LISTED
from conduet.analytics.figures import Analytics
from conduet.analytics.inclusion import included, parameter
from conduet.analytics.period import read_period
from conduet.analytics.store import DASHBOARD, Sieve, Transcript, Wanted, list_said
from conduet.errors import BadRequest
from conduet.kit.db import Tx

_YES: Final = {"true": True, "false": False}
RATINGS: Final = ("up", "down")
MOST_IDS: Final = 200
MOST_LETTERS: Final = 200
MOST_OF_VARIABLE: Final = 300

_VERSION: Final = re.compile("development|ver_[0-9a-f]{32}", re.ASCII)


def _parameter(name: str, text: str, example: object, **schema: object) -> dict[str, Any]:
    shape = {"type": "string", **schema}
    return {"name": name, "in": "query", "description": text, "schema": shape, "example": example}


_IDS: Final[dict[str, Any]] = {
    "name": "id",
    "in": "query",
    "description": "Only these: it may be given several times.",
    "schema": {"type": "array", "items": {"type": "string"}, "maxItems": MOST_IDS},
    "example": [LISTED["id"]],
}
SELECTING: Final[Sequence[dict[str, Any]]] = (
    _IDS,
    _parameter("userId", "Only this user's.", "user_123"),
    _parameter("platform", "Only those of this platform, such as `web`.", "web"),
    _parameter("resolved", "Only those that were resolved, or only those that were not.", True, type="boolean"),
    _parameter("escalated", "Only those that were escalated, or only those that were not.", True, type="boolean"),
    _parameter("rating", "Only those in which a message was rated so by its reader.", "down", enum=[*RATINGS]),
    _parameter(
        "versionId",
        "Only those in which this version answered: its id, or `development`.",
        "ver_18eb6d95dcb1bb2217e2f180dd50d320",
    ),
    _parameter(
        "contains",
        "Only those in which the user was told or said this, in small letters or capital ones.",
        "opening hours",
        minLength=1,
        maxLength=MOST_LETTERS,
    ),
    _parameter(
        "variable",
        "Only the latest transcript of each user, where a variable of the conversation, as text, is this now: "
        "`name=value`.",
        "tier=gold",
        maxLength=MOST_OF_VARIABLE,
    ),
    *period.PARAMETERS,
    parameter("Also what was tried out with `chat`.", DASHBOARD),
)
"""The parameters in the OpenAPI document."""


class Selection:
    """Reads queries; days are those of the project's time zone.

    `answered_by` makes a sieve that leaves the transcripts in which a version answered, `left_with` one for those
    that have left a variable with a value.
    """

    def __init__(
        self, analytics: Analytics, *, answered_by: Callable[[str], Sieve], left_with: Callable[[str, str], Sieve]
    ) -> None:
        self._analytics = analytics
        self._answered_by = answered_by
        self._left_with = left_with

    async def read(self, request: Request, scope: ProjectScope) -> Wanted:
        """What is asked for. Raises `BadRequest` by path."""
        query = request.query_params
        asked = included(request, (DASHBOARD,))
        resolved, escalated = _flag(request, "resolved"), _flag(request, "escalated")
        rating = query.get("rating")
        if rating not in (None, *RATINGS):
            raise BadRequest.at("query.rating", "`up` or `down`.")
        ids = query.getlist("id")
        if len(ids) > MOST_IDS:
            raise BadRequest.at("query.id", f"At most {MOST_IDS} are taken; there are {len(ids)}.")
        began = None
        if "from" in query or "to" in query:
            began = read_period(request, await self._analytics.zone(scope))
        return Wanted(
            ids=tuple(ids),
            user_id=query.get("userId"),
            platform=query.get("platform"),
            resolved=resolved,
            escalated=escalated,
            rating=rating,
            begins=began and began.begins,
            ends=began and began.ends,
            with_dashboard=DASHBOARD in asked,
            sieves=(*self._sieves(request),),
        )

    def _sieves(self, request: Request) -> Iterator[Sieve]:
        query = request.query_params
        version_id, variable, words = query.get("versionId"), query.get("variable"), query.get("contains")
        if version_id is not None:
            if not _VERSION.fullmatch(version_id):
                raise BadRequest.at("query.versionId", "The id of a version, as `ver_…`, or `development`.")
            yield self._answered_by(version_id)
        if variable is not None:
            name, sign, value = variable.partition("=")
            if not name or not sign or len(variable) > MOST_OF_VARIABLE:
                raise BadRequest.at("query.variable", f"As `name=value`, at most {MOST_OF_VARIABLE} characters.")
            yield self._left_with(name, value)
        if words is not None:
            if not words.strip() or len(words) > MOST_LETTERS:
                raise BadRequest.at("query.contains", f"1 to {MOST_LETTERS} characters, not all of them spaces.")
            yield _saying(words.strip())


def _saying(words: str) -> Sieve:
    """Leaves those in which somebody said these words, in small letters or capital ones."""
    sought = words.casefold()

    def left(tx: Tx, scope: ProjectScope, of: Sequence[Transcript]) -> Collection[str]:
        return {each.id for each in of if any(sought in said.content.casefold() for said in list_said(tx, scope, each))}

    return left


def _flag(request: Request, name: str) -> bool | None:
    text = request.query_params.get(name)
    if text is None:
        return None
    if text not in _YES:
        raise BadRequest.at(f"query.{name}", "`true` or `false`.")
    return _YES[text]
