"""How endpoints are described in the OpenAPI document: their errors and examples, the same words everywhere."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from pydantic import BaseModel, Field

from conduet.errors import ConduetError

Responses = dict[int | str, dict[str, Any]]


class ErrorDetail(BaseModel):
    """One mistake, and where it is."""

    path: str = Field(examples=["workflows[0].steps[2].config.text"])
    message: str = Field(examples=["Input should be a valid string"])


class ErrorBody(BaseModel):
    """The body of every error."""

    error: str = Field(description="What went wrong, for people.")
    code: str = Field(description="What went wrong, for programs.", examples=["BAD_REQUEST"])
    details: list[ErrorDetail] | None = Field(None, description="Each mistake by its path; only where there are any.")


def success(example: Any, *, status: int = 200, **more: Any) -> Responses:
    """A successful answer by an example of its body; `more` is whatever else is known of it (`model`, `headers`)."""
    return {status: {"content": {"application/json": {"example": example}}, **more}}


def takes(kind: type[BaseModel], example: Any) -> dict[str, Any]:
    """The JSON body of an endpoint that reads it for itself, as `openapi_extra`.

    Its schema is the model itself, which app/openapi.py writes out.
    """
    content = {"application/json": {"schema": kind, "example": example}}
    return {"requestBody": {"required": True, "content": content}}


def failures(*statuses: int) -> Responses:
    """The errors that an endpoint may answer with, by status; a 500 is always possible."""
    return {status: _failure(_KINDS[status]) for status in sorted({*statuses, 500})}


def all_failures() -> Responses:
    """Every error there is, by its status."""
    return failures(*_KINDS)


@cache
def _failure(kind: type[ConduetError]) -> dict[str, Any]:
    example = {"error": kind.default, "code": kind.code}
    # Without its model, which FastAPI would build anew for every route: app/openapi.py lays it in once.
    return {"description": kind.default, "content": {"application/json": {"example": example}}}


def _kinds(kind: type[ConduetError]) -> Iterator[type[ConduetError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _kinds(child)


_KINDS = {kind.status: kind for kind in _kinds(ConduetError)}
