"""Where vendors call: the address of a deployment, opened by what they can prove and by no key."""

from typing import Annotated, Any, Final

from fastapi import Path, Request, Response
from fastapi.responses import PlainTextResponse

from conduet.deployments.receiving import Receiving
from conduet.deployments.schemas import DEPLOYMENT
from conduet.engine.channel.inbound import Inbound, Reply
from conduet.kit.clock import now
from conduet.kit.exchange import exchange
from conduet.kit.openapi import failures
from conduet.kit.router import Router

PATH: Final = "/channels/{deploymentId}/webhook"

DeploymentId = Annotated[str, Path(alias="deploymentId", examples=[DEPLOYMENT["id"]])]

_TEXT: Final[dict[str, Any]] = {"schema": {"type": "string"}, "example": "1158201444"}
_JSON: Final[dict[str, Any]] = {"schema": {}, "example": {"accepted": True}}
_SAID: Final[dict[str, Any]] = {"userId": "ada", "action": {"type": "text", "payload": "Where is my order?"}}
_HELP: Final = """
Each channel has its own body and its own proof of who sends it: see the guide of the channel. What is answered with 200
is stored, and is worked on once, however often it is sent.
"""


def channel_webhook_routes(receiving: Receiving) -> Router:
    """`/channels/{deploymentId}/webhook`."""
    router = Router(tags=["Deployments"])

    async def greet(request: Request, deployment_id: DeploymentId) -> Response:
        _, channel = await receiving.find(deployment_id)
        return _answer(channel.greet(await _inbound(request)))

    async def take(request: Request, deployment_id: DeploymentId) -> Response:
        deployment, channel = await receiving.find(deployment_id)
        inbound = await _inbound(request)
        return _answer(await receiving.take(deployment, channel, inbound, seen=exchange(request.scope)))

    router.add_api_route(
        PATH,
        greet,
        methods=["GET"],
        response_class=PlainTextResponse,
        summary="Prove to a channel's vendor that the address is ours",
        responses={200: {"content": {"text/plain": _TEXT}}, **failures(400, 403, 404, 429, 503)},
    )
    router.add_api_route(
        PATH,
        take,
        methods=["POST"],
        summary="Take in what people write at a channel",
        description=_HELP,
        responses={
            200: {"content": {"application/json": _JSON, "text/plain": _TEXT, "text/xml": _TEXT}},
            **failures(400, 401, 404, 413, 429, 503),
        },
        openapi_extra={
            "requestBody": {"required": True, "content": {"application/json": {"schema": {}, "example": _SAID}}}
        },
    )
    return router


async def _inbound(request: Request) -> Inbound:
    return Inbound(
        method=request.method,
        url=str(request.url.replace(query="")),
        # What came several times is all of them, as HTTP has it of headers: none is picked out to be believed.
        query={name: ", ".join(request.query_params.getlist(name)) for name in request.query_params},
        headers={name: ", ".join(request.headers.getlist(name)) for name in request.headers},
        body=await request.body(),
        at=now(),
    )


def _answer(reply: Reply) -> Response:
    return Response(reply.body, media_type=reply.media_type)
