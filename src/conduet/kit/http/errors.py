"""What can go wrong with an outgoing call: a code, and words for the people who built or use the agent.

OutgoingError          OUTGOING_FAILED
├── InvalidCall        INVALID_CALL        nothing was sent: the method, the URL or a header is wrong
├── Refused            ADDRESS_REFUSED     nothing was sent: the address is not one that may be called
├── Unreachable        UNREACHABLE         nothing was sent: no such name, nobody listens, no network
├── Untrusted          TLS_FAILED          nothing was sent: the other side's certificate is not good
├── Interrupted        INTERRUPTED         the connection broke; the other side may have acted all the same
├── TimedOut           TIMED_OUT           the deadline passed; the other side may have acted all the same
├── BadRedirect        BAD_REDIRECT        too many hops, or one that leads out of http and https
├── BadResponse        BAD_RESPONSE        the answer breaks HTTP, its compression or its own format
└── ResponseTooLarge   RESPONSE_TOO_LARGE  the answer is over its limit

No message tells what an address resolved to or what answers there.
"""

from typing import ClassVar


class OutgoingError(Exception):
    """The root: why a call has no answer."""

    code: ClassVar[str] = "OUTGOING_FAILED"

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class InvalidCall(OutgoingError):
    """The method, the URL or a header cannot be sent."""

    code = "INVALID_CALL"


class Refused(OutgoingError):
    """The address is private, local or otherwise not open to projects."""

    code = "ADDRESS_REFUSED"

    @classmethod
    def host(cls, host: str) -> "Refused":
        """A refusal of `host`, as the caller wrote it."""
        return cls(f"Calls to {host} are not allowed: only addresses on the public internet are.")


class Unreachable(OutgoingError):
    """No connection came about."""

    code = "UNREACHABLE"


class Untrusted(OutgoingError):
    """The other side did not prove that it is who the URL names."""

    code = "TLS_FAILED"


class Interrupted(OutgoingError):
    """The connection broke before the answer was complete."""

    code = "INTERRUPTED"


class TimedOut(OutgoingError):
    """The call took longer than its deadline allows."""

    code = "TIMED_OUT"


class BadRedirect(OutgoingError):
    """The other side sends the call round in circles or somewhere that is no web address."""

    code = "BAD_REDIRECT"


class BadResponse(OutgoingError):
    """The answer cannot be read."""

    code = "BAD_RESPONSE"


class ResponseTooLarge(OutgoingError):
    """The answer is larger than the call takes, before or after decompression."""

    code = "RESPONSE_TOO_LARGE"
