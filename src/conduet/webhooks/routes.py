"""The API of a project's webhooks: their secrets, and what became of each delivery."""

from functools import partial
from typing import Annotated, Any, Final

from fastapi import Path, Request, Response

from conduet.accounts.access import Access
from conduet.kit.crypto import KeyRing
from conduet.kit.db import Database, Tx
from conduet.kit.json import dumps
from conduet.kit.openapi import failures, success
from conduet.kit.page import LINK, PARAMETERS, Page, Place, cut, link, read_page
from conduet.kit.router import Router
from conduet.webhooks import delivery_store, store
from conduet.webhooks.delivery_store import Delivery
from conduet.webhooks.schemas import DELIVERY, WEBHOOK, ShownDelivery, ShownWebhook, WebhookSecret
from conduet.webhooks.signature import new_secret

JSON: Final = "application/json"
PATH: Final = "/projects/{projectId}/webhooks"

ProjectId = Annotated[str, Path(alias="projectId", examples=["proj_demo"])]
WebhookId = Annotated[str, Path(alias="webhookId", examples=[WEBHOOK["id"]])]
DeliveryId = Annotated[str, Path(alias="deliveryId", examples=[DELIVERY["id"]])]


def webhook_routes(access: Access, database: Database, *, ring: KeyRing) -> Router:
    """`/projects/{projectId}/webhooks` and what lies below."""
    router = Router(tags=["Webhooks"])
    webhooks = _Webhooks(access, database, ring)
    add = router.add_api_route
    add(
        PATH,
        webhooks.list,
        methods=["GET"],
        summary="List the project's webhooks",
        description="They are the draft's `webhooks`: a save of the project changes them at once.",
        responses={**success([WEBHOOK]), **failures(401, 404, 429)},
    )
    add(
        f"{PATH}/{{webhookId}}/secret",
        webhooks.rotate,
        methods=["POST"],
        status_code=201,
        summary="Make or rotate the secret that deliveries are signed with, shown once",
        responses={**success({"secret": "5TfQ…"}, status=201), **failures(401, 403, 404, 429)},
    )
    add(
        f"{PATH}/{{webhookId}}/deliveries",
        webhooks.deliveries,
        methods=["GET"],
        summary="List a webhook's deliveries, most recent first",
        description="The next page is in the header `Link`.",
        responses={
            200: {"content": {JSON: {"example": [DELIVERY]}}, "model": list[ShownDelivery], "headers": LINK},
            **failures(400, 401, 404, 429),
        },
        openapi_extra={"parameters": [*PARAMETERS]},
    )
    add(
        f"{PATH}/{{webhookId}}/deliveries/{{deliveryId}}/resend",
        webhooks.resend,
        methods=["POST"],
        summary="Send a delivery again, with the same id and body",
        responses={**success({**DELIVERY, "status": "waiting", "attempts": 0}), **failures(401, 403, 404, 429)},
    )
    return router


class _Webhooks:
    def __init__(self, access: Access, database: Database, ring: KeyRing) -> None:
        self._access = access
        self._database = database
        self._ring = ring

    async def list(self, request: Request, project_id: ProjectId) -> "list[ShownWebhook]":
        principal = await self._access.by_project(request, project_id)
        found = await self._database.read(lambda tx: store.list_webhooks(tx, principal.scope))
        return [ShownWebhook.of(each) for each in found]

    async def rotate(self, request: Request, project_id: ProjectId, webhook_id: WebhookId) -> WebhookSecret:
        principal = await self._access.by_project(request, project_id)
        secret, stored = new_secret(self._ring, principal.scope, webhook_id)
        put = partial(store.set_secret, scope=principal.scope, webhook_id=webhook_id, secret=stored)
        await self._database.write(put)
        return WebhookSecret(secret=secret)

    async def deliveries(self, request: Request, project_id: ProjectId, webhook_id: WebhookId) -> Response:
        principal = await self._access.by_project(request, project_id)
        page = read_page(request)

        def work(tx: Tx, page: Page = page) -> Any:
            store.get_webhook(tx, principal.scope, webhook_id)
            return delivery_store.list_deliveries(tx, principal.scope, webhook_id, page)

        found: list[Delivery] = await self._database.read(work)
        shown, following = cut(found, page, lambda each: Place(each.created_at, each.id))
        body = dumps([ShownDelivery.of(each).model_dump(by_alias=True) for each in shown])
        return Response(body, headers=link(request, following), media_type=JSON)

    async def resend(
        self, request: Request, project_id: ProjectId, webhook_id: WebhookId, delivery_id: DeliveryId
    ) -> ShownDelivery:
        principal = await self._access.by_project(request, project_id)
        resend = partial(delivery_store.resend, scope=principal.scope, webhook_id=webhook_id, delivery_id=delivery_id)
        return ShownDelivery.of(await self._database.write(resend))
