from typing import Any

from conduet.engine.values import Json
from tests.connectors.cases import SECRET
from tests.connectors.playing import Answer, Service, failing


async def create(service: Service, **inputs: Json) -> Any:
    inputs = {"email": "ann@shop.example", **inputs}
    return await service.use("hubspot", "create-contact", credentials={"token": SECRET}, inputs=inputs)


async def test_a_contact_is_created_as_the_documentation_has_it(service: Service) -> None:
    service.script = [Answer(201, {"id": "512"})]
    await create(
        service, firstName="Ann", lastName="Lee", phone="", properties={"lifecyclestage": "lead", "email": "x"}
    )
    (sent,) = service.sent
    assert (sent.method, sent.url) == ("POST", "https://api.hubapi.com/crm/objects/2026-03/contacts")
    assert sent.headers["Authorization"] == f"Bearer {SECRET}"
    assert sent.json == {
        "properties": {"lifecyclestage": "lead", "email": "ann@shop.example", "firstname": "Ann", "lastname": "Lee"}
    }


async def test_a_contact_that_is_there_is_found(service: Service) -> None:
    body: Json = {
        "status": "error",
        "message": "Contact already exists. Existing ID: 51",
        "correlationId": "a43683b0-5717-4ceb-80b4-104d02915d8c",
        "category": "CONFLICT",
    }
    service.script = [Answer(409, body)]
    assert await create(service) == {"id": "51", "created": False}


async def test_a_conflict_of_another_kind_is_a_failure(service: Service) -> None:
    service.script = [Answer(409, {"status": "error", "message": "Two contacts hold this property."})]
    assert await failing(create(service)) == (
        "REFUSED",
        "HubSpot refused the call (status 409): Two contacts hold this property.",
    )


async def test_hubspot_s_own_words_are_told(service: Service) -> None:
    body: Json = {
        "status": "error",
        "message": 'Property values were not valid: [{"name":"email"}]',
        "category": "VALIDATION_ERROR",
        "errors": [{"message": "Email address ann is invalid", "in": "email"}],
    }
    service.script = [Answer(400, body)]
    code, message = await failing(create(service))
    assert code == "REFUSED"
    assert "Property values were not valid" in message


async def test_a_daily_limit_is_told(service: Service) -> None:
    body: Json = {"status": "error", "message": "You have reached your daily limit.", "policyName": "DAILY"}
    service.script = [Answer(429, body)]
    assert await failing(create(service)) == (
        "RATE_LIMITED",
        "HubSpot takes no more calls for now: You have reached your daily limit.",
    )
