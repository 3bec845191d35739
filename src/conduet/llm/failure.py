"""From a provider's complaint (a status, its words, what it says) to one of our errors."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from conduet.kit.http.patience import parse_retry_after
from conduet.kit.json import Json
from conduet.llm import errors
from conduet.llm.errors import ModelError
from conduet.llm.look import look, look_list, look_text

SAID: Final = 500
"""How much of what a provider says is kept, in characters."""

WORDS: Final[Mapping[str, type[ModelError]]] = {
    # OpenAI and those that follow it: `error.code`, then `error.type`.
    "context_length_exceeded": errors.ContextTooLong,
    "content_filter": errors.ContentFiltered,
    "content_policy_violation": errors.ContentFiltered,
    "insufficient_quota": errors.OutOfCredit,
    "invalid_api_key": errors.Unauthorized,
    "model_not_found": errors.UnknownModel,
    "rate_limit_exceeded": errors.RateLimited,
    "server_error": errors.ServerFailed,
    "server_is_overloaded": errors.Overloaded,
    "slow_down": errors.Overloaded,
    "exceed_context_size_error": errors.ContextTooLong,
    # Anthropic: `error.type`.
    "api_error": errors.ServerFailed,
    "authentication_error": errors.Unauthorized,
    "billing_error": errors.OutOfCredit,
    "not_found_error": errors.UnknownModel,
    "overloaded_error": errors.Overloaded,
    "permission_error": errors.Unauthorized,
    "rate_limit_error": errors.RateLimited,
    "request_too_large": errors.ContextTooLong,
    "timeout_error": errors.TimedOut,
    # Google: `error.status`, the names of gRPC.
    "DEADLINE_EXCEEDED": errors.TimedOut,
    "INTERNAL": errors.ServerFailed,
    "NOT_FOUND": errors.UnknownModel,
    "PERMISSION_DENIED": errors.Unauthorized,
    "RESOURCE_EXHAUSTED": errors.RateLimited,
    "UNAUTHENTICATED": errors.Unauthorized,
    "UNAVAILABLE": errors.Overloaded,
}

STATUSES: Final[Mapping[int, type[ModelError]]] = {
    401: errors.Unauthorized,
    402: errors.OutOfCredit,
    403: errors.Unauthorized,
    404: errors.UnknownModel,
    408: errors.TimedOut,
    413: errors.ContextTooLong,
    429: errors.RateLimited,
    503: errors.Overloaded,
    504: errors.TimedOut,
    529: errors.Overloaded,
}

# No provider but OpenAI has a code for it; each pattern is the sentence of one or two of them.
TOO_LONG: Final = re.compile(
    r"prompt is too long|exceed context limit|maximum context length|context (window|size|length)"
    r"|input token count.{0,40}exceeds|too many (input )?tokens",
    re.IGNORECASE,
)
BAD_KEY: Final = re.compile(r"api[ _-]key (not valid|expired|not found)|API_KEY_INVALID", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a provider says is wrong: its words for programs, its words for people, and the parameter it names."""

    words: tuple[str, ...] = ()
    said: str = ""
    parameter: str = ""
    retry_after_seconds: float | None = None


def read_complaint(body: Json) -> Complaint:
    """The complaint that an error body is, in the shape of any of the providers: OpenAI, Anthropic, Google, FastAPI."""
    body = look(body, 0) if isinstance(body, list) else body
    error = look(body, "error")
    if isinstance(error, str):
        return Complaint(said=_short(error))
    error = body if error is None else error
    words = (look_text(error, "code"), look_text(error, "status"), look_text(error, "type"))
    delays = [look_text(detail, "retryDelay") for detail in look_list(error, "details")]
    return Complaint(
        words=tuple(word for word in words if word),
        said=_short(look_text(error, "message") or look_text(error, "detail")),
        parameter=look_text(error, "param"),
        retry_after_seconds=next((_seconds(delay) for delay in delays if delay), None),
    )


def _short(text: str) -> str:
    return " ".join(text.split())[:SAID]


def failure_of(
    complaint: Complaint, *, status: int | None = None, headers: Mapping[str, str] | None = None
) -> ModelError:
    """The error that a complaint stands for; `headers` have lower-case names."""
    kind = _kind(complaint, status)
    after = _asked(headers or {}) if headers else None
    return kind(
        said=complaint.said,
        status=status,
        retry_after_seconds=after if after is not None else complaint.retry_after_seconds,
    )


def _kind(complaint: Complaint, status: int | None) -> type[ModelError]:
    if TOO_LONG.search(complaint.said) and status in (None, 400, 413, 422, 500):
        return errors.ContextTooLong
    if BAD_KEY.search(complaint.said):
        return errors.Unauthorized
    for word in complaint.words:
        if word in WORDS:
            return WORDS[word]
    if status is None:
        return errors.ServerFailed
    if status in STATUSES:
        return STATUSES[status]
    if status >= 500:
        return errors.ServerFailed
    return errors.RequestRejected if status >= 400 else errors.MalformedAnswer


def _asked(headers: Mapping[str, str]) -> float | None:
    """How long the provider asks to wait, in seconds."""
    exact = headers.get("retry-after-ms", "")
    if exact.isascii() and exact.isdecimal():
        return int(exact[:9]) / 1000
    return parse_retry_after(headers.get("retry-after"))


def _seconds(text: str) -> float | None:
    """The seconds of a duration as Google writes it: `36s`, `0.5s`."""
    try:
        return float(text.removesuffix("s"))
    except ValueError:
        return None
