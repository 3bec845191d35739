"""The API of deployments: rows 18 to 21 of the management API, and what came and went at each."""

import asyncio
from typing import Annotated, Any, Final

from fastapi import Path, Request
from pydantic import BaseModel

from conduet.accounts.access import Access
from conduet.deployments.preview import preview
from conduet.deployments.schemas import (
    CHECKED,
    DELIVERY,
    DEPLOYMENT,
    MESSAGE,
    NEW,
    PATCH,
    PREVIEW,
    PREVIEWED,
    PREVIEWING,
    TEST,
    ChannelPreview,
    Checked,
    DeploymentPatch,
    NewDeployment,
    Previewing,
    ReceivedMessage,
    SentDelivery,
    ShownDeployment,
    TestMessage,
)
from conduet.deployments.service import Deployments, Seen
from conduet.errors import PayloadTooLarge
from conduet.kit.json import parse
from conduet.kit.openapi import failures, success
from conduet.kit.router import Router
from conduet.kit.schema import parsed

BASE: Final = "/projects/{projectId}/deployments"
ONE: Final = f"{BASE}/{{deploymentId}}"

ProjectId = Annotated[str, Path(alias="projectId", examples=["proj_demo"])]
DeploymentId = Annotated[str, Path(alias="deploymentId", examples=[DEPLOYMENT["id"]])]
DeliveryId = Annotated[str, Path(alias="deliveryId", examples=[DELIVERY["id"]])]

_READS: Final = (401, 404, 429)
_SAVES: Final = (400, 401, 403, 404, 413, 415, 429, 503)
_FRESH: Final = {**DEPLOYMENT, "lastReceivedAt": None, "lastSentAt": None}


def deployment_routes(access: Access, deployments: Deployments) -> Router:
    """`/projects/{projectId}/deployments` and what lies below."""
    router = Router(tags=["Deployments"])
    routes = _Routes(access, deployments)
    _add_all(router, routes)
    _add_trials(router, routes)
    _add_logs(router, routes)
    return router


def _add_all(router: Router, routes: "_Routes") -> None:
    add = router.add_api_route
    add(
        BASE,
        routes.list,
        methods=["GET"],
        summary="List the channels that the project is on",
        responses={**success([DEPLOYMENT]), **failures(*_READS)},
    )
    add(
        BASE,
        routes.add,
        methods=["POST"],
        status_code=201,
        summary="Put the project on a channel",
        description="Which channels there are, and what each is configured with, is told by `GET /schema`.",
        responses={**success(_FRESH, status=201), **failures(*_SAVES)},
        openapi_extra=_body(NewDeployment, NEW),
    )
    add(
        ONE,
        routes.get,
        methods=["GET"],
        summary="Read a deployment, and how it does",
        responses={**success(DEPLOYMENT), **failures(*_READS)},
    )
    add(
        ONE,
        routes.change,
        methods=["PATCH"],
        summary="Change a deployment, or switch it on or off; it takes effect at once",
        description="`config` is merged: a secret that is left out stays, `null` removes a field.",
        responses={**success({**DEPLOYMENT, "enabled": False, "status": "off"}), **failures(*_SAVES)},
        openapi_extra=_body(DeploymentPatch, PATCH),
    )
    add(
        ONE,
        routes.remove,
        methods=["DELETE"],
        status_code=204,
        summary="Take the project off a channel; conversations stay",
        responses=failures(401, 403, 404, 429),
    )


def _add_trials(router: Router, routes: "_Routes") -> None:
    add = router.add_api_route
    add(
        f"{ONE}/check",
        routes.check,
        methods=["POST"],
        summary="Ask the channel's vendor whether it takes the credentials",
        description="Nobody is written to. Credentials that are taken end `needs attention`.",
        responses={**success(CHECKED), **failures(401, 403, 404, 429, 503)},
    )
    add(
        f"{ONE}/test",
        routes.test,
        methods=["POST"],
        summary="Send somebody at the channel a test message",
        description="It is sent as any other message, and shown among the deliveries.",
        responses={**success({**DELIVERY, "status": "pending", "attempts": 0, "triedAt": None}), **failures(*_SAVES)},
        openapi_extra=_body(TestMessage, TEST),
    )
    add(
        "/projects/{projectId}/channels/{channel}/preview",
        routes.preview,
        methods=["POST"],
        summary="See what was said as a channel would show it",
        description="What has no place there is shown as the channel can: buttons as numbers, cards as text. Nothing "
        "is sent, and no deployment is needed.",
        responses={**success(PREVIEW, model=ChannelPreview), **failures(400, 401, 403, 404, 413, 415, 429)},
        openapi_extra=_body(Previewing.model_json_schema(), PREVIEWING),
    )


def _add_logs(router: Router, routes: "_Routes") -> None:
    add = router.add_api_route
    add(
        f"{ONE}/messages",
        routes.messages,
        methods=["GET"],
        summary="List the last 20 messages that came in, most recent first",
        responses={**success([MESSAGE]), **failures(*_READS)},
    )
    add(
        f"{ONE}/deliveries",
        routes.deliveries,
        methods=["GET"],
        summary="List the last 20 messages that went out, most recent first",
        responses={**success([DELIVERY]), **failures(*_READS)},
    )
    add(
        f"{ONE}/deliveries/{{deliveryId}}/resend",
        routes.resend,
        methods=["POST"],
        summary="Send a message again that failed, or of which it is not known",
        responses={
            **success({**DELIVERY, "status": "pending", "attempts": 0}),
            **failures(401, 403, 404, 409, 429),
        },
    )


class _Routes:
    def __init__(self, access: Access, deployments: Deployments) -> None:
        self._access = access
        self._deployments = deployments

    async def list(self, request: Request, project_id: ProjectId) -> "list[ShownDeployment]":
        principal = await self._access.by_project(request, project_id)
        return [_shown(seen) for seen in await self._deployments.list(principal.scope)]

    async def add(self, request: Request, project_id: ProjectId) -> ShownDeployment:
        principal = await self._access.by_project(request, project_id)
        new = parsed(NewDeployment, parse(await request.body()))
        return _shown(await self._deployments.add(principal, new))

    async def get(self, request: Request, project_id: ProjectId, deployment_id: DeploymentId) -> ShownDeployment:
        principal = await self._access.by_project(request, project_id)
        return _shown(await self._deployments.get(principal.scope, deployment_id))

    async def change(self, request: Request, project_id: ProjectId, deployment_id: DeploymentId) -> ShownDeployment:
        principal = await self._access.by_project(request, project_id)
        patch = parsed(DeploymentPatch, parse(await request.body()))
        return _shown(await self._deployments.change(principal, deployment_id, patch))

    async def remove(self, request: Request, project_id: ProjectId, deployment_id: DeploymentId) -> None:
        principal = await self._access.by_project(request, project_id)
        await self._deployments.remove(principal, deployment_id)

    async def check(self, request: Request, project_id: ProjectId, deployment_id: DeploymentId) -> Checked:
        principal = await self._access.by_project(request, project_id)
        return await self._deployments.check(principal.scope, deployment_id)

    async def test(self, request: Request, project_id: ProjectId, deployment_id: DeploymentId) -> SentDelivery:
        principal = await self._access.by_project(request, project_id)
        asked = parsed(TestMessage, parse(await request.body()))
        return SentDelivery.of(await self._deployments.test(principal.scope, deployment_id, asked))

    async def preview(
        self, request: Request, project_id: ProjectId, channel: Annotated[str, Path(examples=["messenger"])]
    ) -> ChannelPreview:
        await self._access.by_project(request, project_id)
        body = await request.body()
        if len(body) > PREVIEWED:
            raise PayloadTooLarge(f"What is previewed may have {PREVIEWED // 1024} KB.")
        return await asyncio.to_thread(preview, self._deployments.kind(channel), parsed(Previewing, parse(body)))

    async def messages(
        self, request: Request, project_id: ProjectId, deployment_id: DeploymentId
    ) -> "list[ReceivedMessage]":
        principal = await self._access.by_project(request, project_id)
        return [ReceivedMessage.of(each) for each in await self._deployments.messages(principal.scope, deployment_id)]

    async def deliveries(
        self, request: Request, project_id: ProjectId, deployment_id: DeploymentId
    ) -> "list[SentDelivery]":
        principal = await self._access.by_project(request, project_id)
        return [SentDelivery.of(each) for each in await self._deployments.deliveries(principal.scope, deployment_id)]

    async def resend(
        self, request: Request, project_id: ProjectId, deployment_id: DeploymentId, delivery_id: DeliveryId
    ) -> SentDelivery:
        principal = await self._access.by_project(request, project_id)
        return SentDelivery.of(await self._deployments.resend(principal.scope, deployment_id, delivery_id))


def _shown(seen: Seen) -> ShownDeployment:
    secrets_set = [*seen.secrets_set]
    return ShownDeployment.of(
        seen.deployment, seen.health, secrets_set=secrets_set, listens=seen.listens, page=seen.page
    )


def _body(schema: dict[str, Any] | type[BaseModel], example: dict[str, Any]) -> dict[str, Any]:
    content = {"application/json": {"schema": schema, "example": example}}
    return {"requestBody": {"required": True, "content": content}}
