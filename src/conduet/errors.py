"""Every error that a client can see: a class each, with its status and code.

ConduetError            500 INTERNAL
├── BadRequest          400 BAD_REQUEST
├── Unauthorized        401 UNAUTHORIZED
├── Forbidden           403 FORBIDDEN
├── NotFound            404 NOT_FOUND
├── MethodNotAllowed    405 METHOD_NOT_ALLOWED
├── Conflict            409 CONFLICT
├── PreconditionFailed  412 PRECONDITION_FAILED
├── PayloadTooLarge     413 PAYLOAD_TOO_LARGE
├── UnsupportedMedia    415 UNSUPPORTED_MEDIA_TYPE
├── RateLimited         429 RATE_LIMITED
└── Unavailable         503 UNAVAILABLE
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, TypedDict


class Detail(TypedDict):
    """One mistake and where it is, as the error body tells it."""

    path: str
    message: str


@dataclass(frozen=True, slots=True)
class At:
    """A mistake at `path` (`workflows[0].steps[2].config.text`, `query.limit`, `header.If-Match`; empty: the body)."""

    path: str
    message: str

    def wire(self) -> Detail:
        return {"path": self.path, "message": self.message}


class ConduetError(Exception):
    """The root: what went wrong in words for people, where, and the HTTP headers that go with it."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "INTERNAL"
    default: ClassVar[str] = "Something went wrong on our side; the request id finds it in the server's log."

    def __init__(
        self, message: str | None = None, *, details: Sequence[At] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        self.message = message or self.default
        self.details = tuple(details)
        self.headers = dict(headers or {})
        super().__init__(self.message)

    def body(self) -> dict[str, object]:
        """The contract's error body."""
        body: dict[str, object] = {"error": self.message, "code": self.code}
        if self.details:
            body["details"] = [detail.wire() for detail in self.details]
        return body


class BadRequest(ConduetError):
    """The body or a parameter is not what the endpoint takes."""

    status, code, default = 400, "BAD_REQUEST", "The request is not valid."

    @classmethod
    def at(cls, path: str, message: str) -> "BadRequest":
        """One mistake, told in the message and by its path."""
        return cls(f"{path}: {message}" if path else message, details=[At(path, message)])


class Unauthorized(ConduetError):
    """No key, a malformed, revoked or expired one, or one of the other family."""

    status, code, default = 401, "UNAUTHORIZED", "A valid key is needed: Authorization: Bearer …"


class Forbidden(ConduetError):
    """Known, but not allowed to do this."""

    status, code, default = 403, "FORBIDDEN", "Your role does not allow this."


class NotFound(ConduetError):
    """Unknown, or owned by somebody else: the two look the same."""

    status, code, default = 404, "NOT_FOUND", "There is nothing at this address."


class MethodNotAllowed(ConduetError):
    """The path exists, the method does not."""

    status, code, default = 405, "METHOD_NOT_ALLOWED", "This address does not take that method."


class Conflict(ConduetError):
    """The request is at odds with what is there now."""

    status, code, default = 409, "CONFLICT", "This is at odds with the present state."


class PreconditionFailed(ConduetError):
    """`If-Match` names a revision that is no longer the newest."""

    status, code, default = 412, "PRECONDITION_FAILED", "It has changed since you read it: read it again first."


class PayloadTooLarge(ConduetError):
    """A body, a message or a set of variables is over its limit."""

    status, code, default = 413, "PAYLOAD_TOO_LARGE", "The body is larger than this endpoint takes."


class UnsupportedMedia(ConduetError):
    """The content type is not one the endpoint reads."""

    status, code, default = 415, "UNSUPPORTED_MEDIA_TYPE", "Send application/json."


class RateLimited(ConduetError):
    """Too many requests in the window."""

    status, code, default = 429, "RATE_LIMITED", "Too many requests: wait as long as Retry-After says."


class Unavailable(ConduetError):
    """The server cannot serve this just now."""

    status, code, default = 503, "UNAVAILABLE", "Not available just now: try again shortly."
