"""The page of errors."""

import inspect
from collections.abc import Iterator

from conduet.errors import ConduetError
from scripts.reference.table import table

HEAD = """# Errors

Every error has the same body, whatever raised it: `{"error": "…", "code": "…"}`, with `details: [{path,
message}]` where single fields are at fault. `path` reads like `workflows[0].steps[2].config.text`;
`query.limit` and `header.If-Match` name other parts of the request, and an empty path the body as a whole.
The header `X-Request-Id` finds the request in the server's log.

"""


def page() -> str:
    """Every error class with its status and code."""
    rows = ((str(kind.status), f"`{kind.code}`", inspect.getdoc(kind) or "") for kind in _kinds())
    return HEAD + table(("status", "code", "when"), sorted(rows))


def _kinds() -> Iterator[type[ConduetError]]:
    for kind in ConduetError.__subclasses__():
        if kind.__module__ == "conduet.errors":
            yield kind
    yield type("Internal", (ConduetError,), {"__doc__": "Our fault; the body tells nothing of the inside."})
