"""`POST /projects/{projectId}/evaluate`: what a template or an expression comes to, without a conversation."""

import asyncio
from typing import Annotated, Any, Final, Literal

from fastapi import Path, Request, Response
from pydantic import Field, JsonValue

from conduet.accounts.access import Access
from conduet.engine.document import is_zone
from conduet.engine.expression import SOURCE_BYTES, ExpressionError, compile_expression
from conduet.engine.language.evaluation import Evaluation
from conduet.engine.template import Rendered, compile_template
from conduet.errors import BadRequest
from conduet.kit.json import dumps, parse
from conduet.kit.openapi import failures, success, takes
from conduet.kit.router import Router
from conduet.kit.schema import Wire, parsed

ProjectId = Annotated[str, Path(alias="projectId", examples=["proj_demo"])]

_ASKED: Final[dict[str, Any]] = {
    "kind": "template",
    "source": "Hello {{ name | upper }}, {{ greeting }}",
    "variables": {"name": "Ana"},
    "timeZone": "Europe/Berlin",
}
_TOLD: Final[dict[str, Any]] = {"value": "Hello ANA, ", "missing": ["greeting"], "problems": []}
_HELP: Final = """
Nothing is read or kept: the variables are those of the request, `sys` among them where it is read. A template comes to
a text, or, where it is one `{{ … }}`, to that value; an expression is written without braces. `missing` are the paths
that led nowhere, `problems` says what cannot be computed.
"""


class Evaluating(Wire):
    """What is to be computed."""

    kind: Literal["template", "expression"]
    source: Annotated[str, Field(max_length=SOURCE_BYTES)]
    variables: dict[str, JsonValue] = Field(default_factory=dict)
    time_zone: Annotated[str, Field(description="Where the `date` filter shows a moment: an IANA name.")] = "UTC"


class Evaluated(Wire):
    """What it comes to."""

    value: JsonValue
    missing: list[str]
    problems: list[str]


def evaluate_routes(access: Access) -> Router:
    """The route."""
    router = Router(tags=["Projects"])

    async def evaluate(request: Request, project_id: ProjectId) -> Response:
        await access.by_project(request, project_id)
        asked = parsed(Evaluating, parse(await request.body()))
        told = await asyncio.to_thread(_evaluated, asked)
        return Response(dumps(told.model_dump(by_alias=True)), media_type="application/json")

    router.add_api_route(
        "/projects/{projectId}/evaluate",
        evaluate,
        methods=["POST"],
        summary="See what a template or an expression comes to",
        description=_HELP,
        responses={**success(_TOLD, model=Evaluated), **failures(400, 401, 403, 404, 413, 415, 429)},
        openapi_extra=takes(Evaluating, _ASKED),
    )
    return router


def _evaluated(asked: Evaluating) -> Evaluated:
    if not is_zone(asked.time_zone):
        raise BadRequest.at("timeZone", "A time zone is named as in `Europe/Berlin`.")
    found = _rendered(asked) if asked.kind == "template" else _computed(asked)
    return Evaluated(value=found.value, missing=[*found.missing], problems=[*found.broken])


def _rendered(asked: Evaluating) -> Rendered:
    return compile_template(asked.source).render(asked.variables, zone=asked.time_zone)


def _computed(asked: Evaluating) -> Rendered:
    evaluation = Evaluation(asked.variables, asked.time_zone)
    try:
        value = compile_expression(asked.source).evaluate_in(evaluation)
    except ExpressionError as error:
        return Rendered(None, tuple(evaluation.missing), (str(error),))
    return Rendered(value, tuple(evaluation.missing))
