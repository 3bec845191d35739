from typing import Any

import pytest
from pydantic import ValidationError

from conduet.engine.values import Json
from tests.connectors.cases import SECRET
from tests.connectors.playing import Answer, Service, failing


async def look_up(service: Service, **inputs: Json) -> Any:
    return await service.use("stripe", "find-customer", credentials={"apiKey": SECRET}, inputs=inputs)


async def test_a_customer_is_looked_up_by_address(service: Service) -> None:
    service.script = [Answer(body={"object": "list", "data": []})]
    assert await look_up(service, email="ann+bike@shop.example") == {"found": False, "customers": []}
    (sent,) = service.sent
    assert (sent.method, sent.url) == ("GET", "https://api.stripe.com/v1/customers")
    assert sent.query == {"email": "ann+bike@shop.example", "limit": "10"}
    assert sent.headers["Authorization"] == f"Bearer {SECRET}"
    assert sent.headers["Stripe-Version"] == "2026-02-25.clover"


async def test_a_customer_is_looked_up_by_id(service: Service) -> None:
    service.script = [Answer(body={"id": "cus_1", "object": "customer", "email": "ann@shop.example"})]
    found = await look_up(service, customerId="cus_1")
    assert service.sent[0].url == "https://api.stripe.com/v1/customers/cus_1"
    assert found["customers"][0]["email"] == "ann@shop.example"


async def test_a_customer_who_is_gone_is_not_found(service: Service) -> None:
    service.script = [Answer(body={"id": "cus_1", "object": "customer", "deleted": True})]
    assert await look_up(service, customerId="cus_1") == {"found": False, "customers": []}
    missing: Json = {
        "error": {"code": "resource_missing", "message": "No such customer: 'cus_2'", "type": "invalid_request_error"}
    }
    service.script = [Answer(404, missing)]
    assert await look_up(service, customerId="cus_2") == {"found": False, "customers": []}


async def test_stripe_s_own_words_are_told(service: Service) -> None:
    body: Json = {"error": {"message": "Invalid API Key provided: rk_test_****1234", "type": "invalid_request_error"}}
    service.script = [Answer(401, body)]
    assert (await failing(look_up(service, customerId="cus_1")))[0] == "UNAUTHORIZED"
    code, message = await failing(look_up(service, email="ann@shop.example"))
    assert code == "UNAUTHORIZED"
    assert message.endswith(": Invalid API Key provided: rk_test_****1234")


@pytest.mark.parametrize(
    "inputs",
    [
        {},
        {"email": ""},
        {"email": "a@b.example", "customerId": "cus_1"},
        {"customerId": "../charges"},
        {"customerId": "1"},
    ],
)
async def test_what_names_nobody_is_not_asked(service: Service, inputs: dict[str, Json]) -> None:
    with pytest.raises(ValidationError):
        await look_up(service, **inputs)
    assert not service.sent
