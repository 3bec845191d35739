"""Shopify's orders.

Source: https://shopify.dev/docs/api/admin-graphql/latest/queries/orders (GraphQL Admin API, version 2026-01), with
…/objects/Order, …/objects/Fulfillment and …/usage/search-syntax. A refusal may come with status 200: `errors` is then a
list of `{message, extensions: {code}}`; with another status it may be one text.
"""

from typing import Annotated, ClassVar, Final

from pydantic import Field, JsonValue

from conduet.engine.connector import Connector, ConnectorAction, Credentials
from conduet.engine.fields import control
from conduet.engine.service import Service, find, json_request
from conduet.engine.use import ToolFailure, ToolUse
from conduet.engine.values import Json

GRAPHQL: Final = "https://{shop}/admin/api/{version}/graphql.json"
CANDIDATES: Final = 10
ORDERS: Final = """
query OrderStatus($first: Int!, $query: String!) {
  orders(first: $first, query: $query, sortKey: CREATED_AT, reverse: true) {
    nodes {
      name email createdAt cancelledAt displayFinancialStatus displayFulfillmentStatus statusPageUrl
      fulfillments(first: 10) { displayStatus estimatedDeliveryAt trackingInfo(first: 10) { company number url } }
    }
  }
}
"""

shopify: Final = Service("Shopify", lambda answer: find(answer, "errors", 0, "message") or find(answer, "errors"))


class ShopifyCredentials(Credentials):
    """A shop, and what may read it."""

    shop: Annotated[
        str,
        Field(
            pattern=r"^[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?\.myshopify\.com$",
            description="The shop's own domain, such as `my-shop.myshopify.com`.",
            json_schema_extra=control("text"),
        ),
    ]
    access_token: Annotated[
        str,
        Field(
            min_length=1,
            description="The Admin API access token of an app, with the scope `read_orders`.",
            json_schema_extra=control("secret"),
        ),
    ]
    api_version: Annotated[
        str,
        Field(
            pattern=r"^20[0-9]{2}-(?:01|04|07|10)$",
            description="The version of the Admin API.",
            json_schema_extra=control("text"),
        ),
    ] = "2026-01"


class OrderStatus(ConnectorAction[ShopifyCredentials]):
    """Look up where an order is."""

    name: ClassVar[str] = "order-status"
    example: ClassVar[dict[str, JsonValue]] = {"order": "{{orderNumber}}", "email": "{{email}}"}

    order: Annotated[
        str,
        Field(
            min_length=1,
            max_length=64,
            description="The order's number as customers see it, such as `#1001`.",
            json_schema_extra=control("text"),
        ),
    ]
    email: Annotated[
        str,
        Field(
            min_length=3,
            max_length=254,
            description="The e-mail address it was ordered with: whoever knows only the number learns nothing.",
            json_schema_extra=control("text"),
        ),
    ]

    async def run(self, credentials: ShopifyCredentials, use: ToolUse) -> Json:
        """`{found: false}`, or the order's status, payment, page and shipments."""
        search = f"name:{_quoted(self.order)} email:{_quoted(self.email)}"
        request = json_request(
            "POST",
            GRAPHQL.format(shop=credentials.shop, version=credentials.api_version),
            body={"query": ORDERS, "variables": {"first": CANDIDATES, "query": search}},
            headers={"X-Shopify-Access-Token": credentials.access_token},
        )
        answer = await shopify.ask(use, request)
        if find(answer, "errors"):
            raise _refusal(answer)
        # A search finds what is alike, too: only the very order of that very customer may be told.
        orders = filter(self._meant, shopify.items(answer, "data", "orders", "nodes"))
        order = next(orders, None)
        return {"found": False} if order is None else _told(order)

    def _meant(self, order: Json) -> bool:
        name, email = find(order, "name"), find(order, "email")
        return (
            isinstance(name, str)
            and isinstance(email, str)
            and name.lstrip("#").casefold() == self.order.strip().lstrip("#").casefold()
            and email.strip().casefold() == self.email.strip().casefold()
        )


class Shopify(Connector):
    """Shopify: orders of a shop."""

    type: ClassVar[str] = "shopify"
    credentials = ShopifyCredentials
    actions = (OrderStatus,)


def _quoted(text: str) -> str:
    """A text as one value of Shopify's search syntax."""
    escaped = text.strip().replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _told(order: Json) -> Json:
    fulfillments = find(order, "fulfillments")
    return {
        "found": True,
        "name": find(order, "name"),
        "status": find(order, "displayFulfillmentStatus"),
        "payment": find(order, "displayFinancialStatus"),
        "createdAt": find(order, "createdAt"),
        "cancelledAt": find(order, "cancelledAt"),
        "statusUrl": find(order, "statusPageUrl"),
        "shipments": [
            {
                "status": find(fulfillment, "displayStatus"),
                "estimatedDeliveryAt": find(fulfillment, "estimatedDeliveryAt"),
                "tracking": find(fulfillment, "trackingInfo"),
            }
            for fulfillment in (fulfillments if isinstance(fulfillments, list) else ())
        ],
    }


def _refusal(answer: Json) -> ToolFailure:
    said = shopify.complaint(answer)
    match find(answer, "errors", 0, "extensions", "code"):
        case "THROTTLED":
            return shopify.failure("RATE_LIMITED", "takes no more calls for now")
        case "ACCESS_DENIED":
            return shopify.failure("UNAUTHORIZED", "does not accept the credentials, or they do not allow this", said)
        case "INTERNAL_SERVER_ERROR":
            return shopify.failure("SERVICE_DOWN", "has a fault of its own", said)
        case _:
            return shopify.failure("REFUSED", "refused the call", said)
