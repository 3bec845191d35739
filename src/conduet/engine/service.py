"""How a connector asks its service over HTTP: one JSON answer, or a failure in the service's own words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from conduet.engine.outside import NOTHING, Request, Response, Unreachable
from conduet.engine.use import ToolFailure, ToolUse
from conduet.engine.values import Json, to_json, to_text

WORDS: Final = 300
"""How much of what a service says is passed on, in characters."""

RETRIES: Final = 1
"""Taken only where nothing can happen twice: nobody was reached, or the service asks to come again in time."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service by its name for people; `complaint` finds in the body of an answer what the service says is wrong."""

    name: str
    complaint: Callable[[Json], Json]

    async def ask(self, use: ToolUse, request: Request) -> Json:
        """The JSON of an answer with status 2xx.

        Raises `ToolFailure`: `UNAUTHORIZED` (401, 403), `NOT_FOUND`, `RATE_LIMITED`, `REFUSED` (any other 4xx),
        `SERVICE_DOWN` (5xx), `BAD_RESPONSE`, and the codes of a call without an answer.
        """
        return self.answer(await use.call(request))

    def answer(self, response: Response) -> Json:
        """The JSON of a response with status 2xx; raises as `ask` does."""
        if not response.is_ok:
            raise self._refusal(response)
        try:
            return response.json()
        except Unreachable:
            raise self.nonsense() from None

    def failure(self, code: str, told: str, said: Json = None) -> ToolFailure:
        """A failure in our words, followed by those of the service."""
        words = " ".join(to_text(said).split())
        words = f"{words[:WORDS].rstrip()}…" if len(words) > WORDS else words
        return ToolFailure(code, f"{self.name} {told}: {words}" if words else f"{self.name} {told}.")

    def nonsense(self) -> ToolFailure:
        """The failure of an answer that is not what the service's documentation says it is."""
        return self.failure("BAD_RESPONSE", "gave an answer that cannot be understood")

    def part(self, answer: Json, *steps: str | int) -> Json:
        """What an answer has to hold at that place; raises the failure of `nonsense` where it does not."""
        found = find(answer, *steps)
        if found is None:
            raise self.nonsense()
        return found

    def items(self, answer: Json, *steps: str | int) -> list[Json]:
        """The list that an answer has to hold at that place; raises the failure of `nonsense` where it does not."""
        found = find(answer, *steps)
        if not isinstance(found, list):
            raise self.nonsense()
        return found

    def _refusal(self, response: Response) -> ToolFailure:
        code, told = _told(response)
        return self.failure(code, told, self._said(response))

    def _said(self, response: Response) -> Json:
        """The service's words; a page that a proxy made up is nobody's."""
        try:
            return self.complaint(response.json())
        except Unreachable:
            is_plain = response.headers.get("content-type", "").startswith("text/plain")
            return response.body if is_plain else None


def json_request(
    method: str,
    url: str,
    *,
    body: Json = None,
    headers: Mapping[str, str] = NOTHING,
    query: Mapping[str, str] = NOTHING,
) -> Request:
    """A request whose body, if there is one, and answer are JSON."""
    sent = None if body is None else to_json(body).encode()
    typed = {"Accept": "application/json"} | (
        {} if sent is None else {"Content-Type": "application/json; charset=utf-8"}
    )
    return Request(method, url, headers={**typed, **headers}, query=query, body=sent, retries=RETRIES)


def bearer(token: str) -> dict[str, str]:
    """The header that most services take a token in (RFC 6750)."""
    return {"Authorization": f"Bearer {token}"}


def find(value: Json, *steps: str | int) -> Json:
    """What lies at that place of a JSON value; `None` where nothing does."""
    for step in steps:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and -len(value) <= step < len(value):
            value = value[step]
        else:
            return None
    return value


def _told(response: Response) -> tuple[str, str]:
    """What a status means, as a code and in words that follow the name of the service."""
    match response.status:
        case 401 | 403:
            return "UNAUTHORIZED", "does not accept the credentials, or they do not allow this"
        case 404:
            return "NOT_FOUND", "does not know what was asked for"
        case 429:
            wait = response.headers.get("retry-after", "").strip()
            told = f", and asks to wait {wait} seconds" if wait.isascii() and wait.isdecimal() else ""
            return "RATE_LIMITED", f"takes no more calls for now{told}"
        case status if status >= 500:
            return "SERVICE_DOWN", f"has a fault of its own (status {status})"
        case status:
            return "REFUSED", f"refused the call (status {status})"
