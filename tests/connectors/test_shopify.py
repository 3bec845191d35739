from typing import Any

import pytest
from pydantic import ValidationError

from conduet.engine.values import Json
from tests.connectors.cases import SECRET
from tests.connectors.playing import Answer, Service, failing


async def look_up(service: Service, order: Json = "#1001", email: Json = "ann@shop.example", **more: Json) -> Any:
    credentials: dict[str, Json] = {"shop": "bikes.myshopify.com", "accessToken": SECRET, **more}
    return await service.use(
        "shopify", "order-status", credentials=credentials, inputs={"order": order, "email": email}
    )


def orders(*nodes: Json) -> Answer:
    return Answer(body={"data": {"orders": {"nodes": list(nodes)}}})


def order(name: str, email: str | None) -> Json:
    return {"name": name, "email": email, "displayFulfillmentStatus": "UNFULFILLED"}


async def test_an_order_is_looked_up_as_the_documentation_has_it(service: Service) -> None:
    service.script = [orders()]
    assert await look_up(service) == {"found": False}
    (sent,) = service.sent
    assert (sent.method, sent.url) == ("POST", "https://bikes.myshopify.com/admin/api/2026-01/graphql.json")
    assert sent.headers["X-Shopify-Access-Token"] == SECRET
    assert sent.json["variables"] == {"first": 10, "query": 'name:"#1001" email:"ann@shop.example"'}
    assert "query OrderStatus($first: Int!, $query: String!)" in sent.json["query"]


async def test_what_somebody_typed_cannot_ask_for_more(service: Service) -> None:
    service.script = [orders()]
    await look_up(service, '1" OR status:any OR name:"\\', 'a@b.example" OR email:"*')
    query = service.sent[0].json["variables"]["query"]
    assert query == r'name:"1\" OR status:any OR name:\"\\" email:"a@b.example\" OR email:\"*"'


@pytest.mark.parametrize(
    ("name", "email"),
    [("#1001", "ANN@shop.example "), ("1001", "ann@shop.example")],
)
async def test_the_order_of_that_customer_is_told(service: Service, name: str, email: str) -> None:
    service.script = [orders(order("#10012", "ann@shop.example"), order(name, email))]
    found = await look_up(service)
    assert (found["found"], found["name"], found["shipments"]) == (True, name, [])


@pytest.mark.parametrize(
    "node", [order("#1001", "bob@shop.example"), order("#1001", None), order("#1002", "ann@shop.example"), None, "?"]
)
async def test_nobody_else_s_order_is_told(service: Service, node: Json) -> None:
    service.script = [orders(node)]
    assert await look_up(service) == {"found": False}


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ({"message": "Throttled", "extensions": {"code": "THROTTLED"}}, "RATE_LIMITED"),
        ({"message": "Access denied for orders field.", "extensions": {"code": "ACCESS_DENIED"}}, "UNAUTHORIZED"),
        ({"message": "Internal error.", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}, "SERVICE_DOWN"),
        ({"message": "Field 'x' doesn't exist on type 'Order'"}, "REFUSED"),
    ],
)
async def test_an_error_with_status_200_is_one(service: Service, error: Json, code: str) -> None:
    service.script = [Answer(body={"errors": [error], "data": None})]
    assert (await failing(look_up(service)))[0] == code


async def test_an_error_that_is_one_text_is_told(service: Service) -> None:
    said = "[API] Invalid API key or access token (unrecognized login or wrong password)"
    service.script = [Answer(401, {"errors": said})]
    assert (await failing(look_up(service)))[1].endswith(said)


async def test_another_version_may_be_asked(service: Service) -> None:
    service.script = [orders()]
    await look_up(service, 1001, apiVersion="2026-04")
    assert service.sent[0].url.endswith("/admin/api/2026-04/graphql.json")


@pytest.mark.parametrize(
    "credentials",
    [
        {"shop": "bikes.myshopify.com.evil.example"},
        {"shop": "evil.example/x.myshopify.com"},
        {"shop": "evil.example#.myshopify.com"},
        {"shop": "https://bikes.myshopify.com"},
        {"shop": "bikes.example"},
        {"apiVersion": "../../x"},
        {"apiVersion": "2026-02"},
    ],
)
async def test_a_shop_leads_nowhere_else(service: Service, credentials: dict[str, Json]) -> None:
    with pytest.raises(ValidationError):
        await look_up(service, **credentials)
    assert not service.sent
