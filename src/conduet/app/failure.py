"""From whatever was raised to the one error that a client sees."""

from collections.abc import Iterator, Mapping
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from conduet.errors import At, BadRequest, ConduetError
from conduet.kit.schema import message_of, path_of

SHOWN = 100


def failure(error: BaseException) -> ConduetError:
    """The error to answer with; a plain `ConduetError` (a 500) stands for everything that is a bug of ours."""
    if isinstance(error, ConduetError):
        return error
    if isinstance(error, RequestValidationError):
        return _invalid(list(_details(error.errors())))
    if isinstance(error, HTTPException):
        # FastAPI wraps what is raised while it reads a body.
        if isinstance(error.__cause__, ConduetError):
            return error.__cause__
        if error.status_code < 500:
            kind = _BY_STATUS.get(error.status_code, BadRequest)
            return kind(error.detail if kind is BadRequest else None, headers=error.headers)
    return ConduetError()


def _kinds(kind: type[ConduetError]) -> Iterator[type[ConduetError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _kinds(child)


_BY_STATUS: Mapping[int, type[ConduetError]] = {
    kind.status: kind for kind in _kinds(ConduetError) if ConduetError in kind.__bases__
}


def _invalid(details: list[At]) -> BadRequest:
    first = details[0]
    more = f" (and {len(details) - 1} more)" if len(details) > 1 else ""
    return BadRequest(
        (f"{first.path}: {first.message}" if first.path else first.message) + more, details=details[:SHOWN]
    )


def _details(errors: Iterator[Any] | Any) -> Iterator[At]:
    for error in errors:
        where, *parts = error["loc"]
        message = message_of(error)
        if error["type"] == "json_invalid":
            yield At("", f"The body is not valid JSON: {error['ctx']['error']}.")
        elif where == "body":
            yield At(path_of(parts), message if parts else _body(error["type"], message))
        elif where == "header":
            yield At(path_of(("header", "-".join(word.capitalize() for word in str(parts[0]).split("-")))), message)
        else:
            yield At(path_of((where, *parts)), message)


def _body(kind: str, message: str) -> str:
    return "A JSON body is needed." if kind == "missing" else message
