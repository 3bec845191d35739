"""Lists a page at a time: where a page ends is where the next begins, so that each costs the same however far it is."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from starlette.requests import Request

from conduet.errors import BadRequest

LIMIT: Final = 50
MOST: Final = 200

_LIMIT: Final = re.compile("[0-9]{1,9}", re.ASCII)
_CURSOR: Final = re.compile(r"(?P<at>[0-9]{1,18}) (?P<id>[A-Za-z0-9._:@+-]{1,128})", re.ASCII)

PARAMETERS: Final[Sequence[dict[str, Any]]] = (
    {
        "name": "limit",
        "in": "query",
        "description": f"How many of them; at most {MOST}.",
        "schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT},
        "example": 20,
    },
    {
        "name": "cursor",
        "in": "query",
        "description": "Where the page begins: from the `Link` header of the page before.",
        "schema": {"type": "string"},
        "example": "MTc2NDA3MjAwMDAwMCB0eG5fMThlYjZk",
    },
)
"""The parameters in the OpenAPI document."""

LINK: Final[dict[str, Any]] = {
    "Link": {
        "description": 'The next page, `<…?cursor=…>; rel="next"`; none after the last.',
        "schema": {"type": "string"},
        "example": '</api/v1/transcripts?cursor=MTc2NDA3MjAwMDAwMCB0eG5fMThlYjZk>; rel="next"',
    }
}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Place:
    """A row's place in a list that goes from the newest to the oldest: its time in ms since 1970, then its id."""

    at: int
    id: str


@dataclass(frozen=True, slots=True)
class Page:
    """The part of a list that is asked for: so many rows that come behind `after`, from the newest on without it."""

    limit: int
    after: Place | None = None


def read_page(request: Request) -> Page:
    """The page that `limit` and `cursor` of the query ask for. Raises `BadRequest` by path."""
    query = request.query_params
    return Page(_limit(query.get("limit")), _place(query.get("cursor")))


def cut(rows: Sequence[T], page: Page, place_of: Callable[[T], Place]) -> tuple[Sequence[T], Place | None]:
    """The rows of the page, and where the next begins; the store was asked for one row more than fits."""
    shown = rows[: page.limit]
    return shown, place_of(shown[-1]) if len(rows) > page.limit else None


def link(request: Request, following: Place | None) -> Mapping[str, str]:
    """The `Link` header to the next page: the same address with another cursor."""
    if following is None:
        return {}
    cursor = urlsafe_b64encode(f"{following.at} {following.id}".encode()).decode().rstrip("=")
    url = request.url.include_query_params(cursor=cursor)
    return {"Link": f'<{url.path}?{url.query}>; rel="next"'}


def _limit(text: str | None) -> int:
    if text is None:
        return LIMIT
    if not _LIMIT.fullmatch(text) or not 1 <= int(text) <= MOST:
        raise BadRequest.at("query.limit", f"A whole number from 1 to {MOST}.")
    return int(text)


def _place(text: str | None) -> Place | None:
    if text is None:
        return None
    try:
        match = _CURSOR.fullmatch(urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode())
    except (Base64Error, ValueError):
        match = None
    if match is None:
        raise BadRequest.at("query.cursor", "A cursor comes from the `Link` header of the page before.")
    return Place(int(match["at"]), match["id"])
