"""What a query's `include` asks for beside what is told anyway."""

from collections.abc import Collection, Sequence
from itertools import permutations
from typing import Any

from starlette.requests import Request

from conduet.errors import BadRequest


def included(request: Request, known: Sequence[str]) -> Collection[str]:
    """What `include` names, separated by commas. Raises `BadRequest` for what there is not."""
    named = {name for name in request.query_params.get("include", "").split(",") if name}
    if not named <= {*known}:
        raise BadRequest.at("query.include", f"There is {' and '.join(f'`{name}`' for name in known)} to include.")
    return named


def parameter(text: str, *names: str) -> dict[str, Any]:
    """The parameter in the OpenAPI document, with every way to name some of them."""
    ways = [",".join(way) for count in range(1, len(names) + 1) for way in permutations(names, count)]
    schema = {"type": "string", "enum": ways}
    return {"name": "include", "in": "query", "description": text, "schema": schema, "example": names[0]}
