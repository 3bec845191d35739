"""The API of what is behind a tool: the tools of an MCP server, and which of them are taken for what they are."""

from typing import Annotated, Any, Final, Literal

from fastapi import Header, Path, Request, Response
from pydantic import Field, JsonValue

from conduet.accounts.access import Access
from conduet.conversations.offers import Offers, ToolOffers
from conduet.conversations.wire import parse_body
from conduet.engine.tool import Offer
from conduet.kit.etag import etag
from conduet.kit.json import dumps
from conduet.kit.openapi import failures, success, takes
from conduet.kit.router import Router
from conduet.kit.schema import Wire

JSON: Final = "application/json"

ProjectId = Annotated[str, Path(alias="projectId", examples=["proj_demo"])]
ToolId = Annotated[str, Path(alias="toolId", examples=["tool_bikes"])]
IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", description="Only when the project is still of the revision that an `ETag` told."),
]

_PIN: Final = "1ab50bd6202086810b64aebc35dc77958c4a928bd5d30d99ecb9e969bc72805c"
_OFFERS: Final[dict[str, Any]] = {
    "tools": [
        {
            "name": "find_bikes",
            "description": "Finds bikes of a size.",
            "inputSchema": {"type": "object", "properties": {"size": {"type": "number"}}, "required": ["size"]},
            "pin": _PIN,
            "state": "changed",
            "used": True,
        }
    ],
    "gone": ["rent"],
    "problem": None,
}
_PINS: Final[dict[str, Any]] = {"pins": {"find_bikes": _PIN}}
_HELP_LISTING: Final = """
The server is asked as a turn of `development` asks it, with the project's secrets and its variables as a conversation
begins with them. `pin` stands for the name, the description and the
schema of a tool. `state` is `pinned` where that is what the tool's `pins` hold it to, `changed` where they hold it to
something else, so that it is not used, and `new` where they say nothing. `used` tells whether the tool's `tools` name
it, or name none. `gone` are those that `tools` or `pins` name and the server has not. Where the server cannot be asked,
`problem` tells why.
"""
_HELP_PINNING: Final = """
Take from the listing the `pin` of each tool whose description and schema you have read: a turn uses it for as long as
it stays so. They are saved in the draft, beside the pins of other tools.
"""


class OfferedTool(Wire):
    """A tool of a server as the server tells of it now."""

    name: str
    description: str
    input_schema: dict[str, JsonValue]
    pin: str
    state: Literal["pinned", "changed", "new"]
    used: bool


class OfferedTools(Wire):
    """The tools of a server."""

    tools: list[OfferedTool]
    gone: list[str]
    problem: str | None


class Pins(Wire):
    """The pins of tools by their names."""

    pins: dict[str, Annotated[str, Field(pattern="^[0-9a-f]{64}$")]]


def offer_routes(access: Access, offers: ToolOffers) -> Router:
    """The routes."""
    router = Router(tags=["Projects"])

    async def listing(request: Request, project_id: ProjectId, tool_id: ToolId) -> Response:
        principal = await access.by_project(request, project_id)
        found = _wire(await offers.list(principal.scope, tool_id))
        return Response(dumps(found.model_dump(by_alias=True)), media_type=JSON)

    async def pin(request: Request, project_id: ProjectId, tool_id: ToolId, if_match: IfMatch = None) -> Response:
        principal = await access.by_project(request, project_id)
        wanted = parse_body(await request.body(), Pins)
        draft, pins = await offers.pin(principal, tool_id, wanted.pins, if_match=if_match)
        told = Pins(pins=dict(pins)).model_dump(by_alias=True)
        return Response(dumps(told), headers={"ETag": etag(draft.summary.revision)}, media_type=JSON)

    path = "/projects/{projectId}/tools/{toolId}"
    router.add_api_route(
        f"{path}/offers",
        listing,
        methods=["GET"],
        summary="List the tools of an MCP server, with what changed since it was pinned",
        description=_HELP_LISTING,
        responses={**success(_OFFERS, model=OfferedTools), **failures(400, 401, 404, 429)},
    )
    router.add_api_route(
        f"{path}/pins",
        pin,
        methods=["POST"],
        summary="Take tools of an MCP server for what they are now",
        description=_HELP_PINNING,
        responses={**success(_PINS, model=Pins), **failures(400, 401, 403, 404, 409, 412, 413, 415, 429)},
        openapi_extra=takes(Pins, _PINS),
    )
    return router


def _wire(offers: Offers) -> OfferedTools:
    return OfferedTools(tools=[_tool(offer) for offer in offers.tools], gone=[*offers.gone], problem=offers.problem)


def _tool(offer: Offer) -> OfferedTool:
    return OfferedTool(
        name=offer.name,
        description=offer.description,
        input_schema=dict(offer.parameters),
        pin=offer.pin,
        state="new" if offer.pinned is None else "pinned" if offer.pinned == offer.pin else "changed",
        used=offer.used,
    )
