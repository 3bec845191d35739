"""Names of headers that a caller may set."""

import re

TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, section 5.6.2
# What frames a message or names its receiver is not the caller's to say.
OWNED = frozenset({
    "accept-encoding", "connection", "content-length", "expect", "host", "keep-alive", "proxy-authorization",
    "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
})  # fmt: skip


def problem_of(name: str) -> str | None:
    """Why no header of that name can be sent along, in a sentence; `None` where one can."""
    if not TOKEN.fullmatch(name):
        return f"{name!r} is not the name of a header."
    if name.lower() in OWNED:
        return f"The header {name} is set by the server itself: leave it out."
    return None
