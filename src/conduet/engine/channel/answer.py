"""What the answer of a channel's API means for the message that was sent."""

from collections.abc import Callable
from typing import Final

from conduet.engine.channel.outbound import SendFailure
from conduet.engine.outside import Response, Unreachable
from conduet.engine.service import find
from conduet.engine.values import Json, to_text

WORDS: Final = 200
MOST_SECONDS: Final = 3600.0


def check_accepted(name: str, response: Response, complaint: Callable[[Json], Json] = lambda _: None) -> None:
    """Raises a `SendFailure` unless the status is 2xx; `complaint` finds the vendor's own words in the answer."""
    if response.is_ok:
        return
    said = _said(response, complaint)
    match response.status:
        case 401 | 403:
            raise SendFailure(f"{name} does not accept the credentials{said}", alarm=True)
        case 429:
            raise SendFailure(
                f"{name} takes no more messages for now{said}", again=True, after_seconds=retry_after(response)
            )
        case status if status >= 500:
            raise SendFailure(f"{name} has a fault of its own (status {status}){said}", again=True)
        case status:
            raise SendFailure(f"{name} refused the message (status {status}){said}")


def given_id(name: str, answer: Json, *steps: str | int) -> str:
    """The id that the vendor gives what it accepts. Raises `Unreachable` where it gives none: who knows then?"""
    found = find(answer, *steps)
    if isinstance(found, str | int) and not isinstance(found, bool) and found != "":
        return str(found)
    raise Unreachable("BAD_RESPONSE", f"{name} gave an answer that cannot be understood.")


def retry_after(response: Response) -> float | None:
    """The seconds that `Retry-After` asks for, within an hour; a date is not read."""
    try:
        seconds = float(response.headers.get("retry-after", ""))
    except ValueError:
        return None
    return min(seconds, MOST_SECONDS) if seconds >= 0 else None


def _said(response: Response, complaint: Callable[[Json], Json]) -> str:
    try:
        words = " ".join(to_text(complaint(response.json())).split())
    except Unreachable:
        words = ""
    return f": {words[:WORDS]}" if words else "."
