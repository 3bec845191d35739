from base64 import b64decode
from typing import Any

import pytest
from pydantic import ValidationError

from conduet.engine.values import Json
from tests.connectors.cases import SECRET
from tests.connectors.playing import Answer, Service, failing


async def create(service: Service, subdomain: str = "bikes", **inputs: Json) -> Any:
    credentials = {"subdomain": subdomain, "email": "agent@bikes.example", "apiToken": SECRET}
    given = {"subject": "A flat tyre", "body": "Help!", "requesterName": "Ann", "requesterEmail": "ann@shop.example"}
    return await service.use("zendesk", "create-ticket", credentials=credentials, inputs={**given, **inputs})


async def test_a_ticket_is_opened_as_the_documentation_has_it(service: Service) -> None:
    service.script = [Answer(201, {"ticket": {"id": 1}})]
    await create(service, priority="high", tags=["web", "bike"], public=False)
    (sent,) = service.sent
    assert (sent.method, sent.url) == ("POST", "https://bikes.zendesk.com/api/v2/tickets.json")
    scheme, _, known = sent.headers["Authorization"].partition(" ")
    assert (scheme, b64decode(known).decode()) == ("Basic", f"agent@bikes.example/token:{SECRET}")
    assert sent.json == {
        "ticket": {
            "subject": "A flat tyre",
            "comment": {"body": "Help!", "public": False},
            "requester": {"name": "Ann", "email": "ann@shop.example"},
            "priority": "high",
            "tags": ["web", "bike"],
        }
    }


async def test_zendesk_s_own_words_are_told(service: Service) -> None:
    body: Json = {
        "error": "RecordInvalid",
        "description": "Record validation errors",
        "details": {"base": [{"description": "Subject: cannot be blank", "error": "BlankValue"}]},
    }
    service.script = [Answer(422, body)]
    assert await failing(create(service)) == (
        "REFUSED",
        "Zendesk refused the call (status 422): Subject: cannot be blank",
    )


ERRORS: list[tuple[int, Json, str]] = [
    (401, {"error": "Couldn't authenticate you"}, "Couldn't authenticate you"),
    (403, {"error": {"title": "Forbidden", "message": "You do not have access"}}, "You do not have access"),
    (404, {"error": "RecordNotFound", "description": "Not found"}, "Not found"),
    (422, {"error": "RecordInvalid", "description": "Wrong", "details": {"base": [{}]}}, "Wrong"),
]


@pytest.mark.parametrize(("status", "body", "words"), ERRORS)
async def test_every_shape_of_an_error_is_read(service: Service, status: int, body: Json, words: str) -> None:
    service.script = [Answer(status, body)]
    assert (await failing(create(service)))[1].endswith(f": {words}")


async def test_a_limit_in_plain_text_is_told(service: Service) -> None:
    text = "Number of allowed API requests per minute exceeded"
    service.script = [Answer(429, text, {"Content-Type": "text/plain", "Retry-After": "93"})]
    assert await failing(create(service)) == (
        "RATE_LIMITED",
        f"Zendesk takes no more calls for now, and asks to wait 93 seconds: {text}",
    )


@pytest.mark.parametrize("subdomain", ["evil.example/x?", "a.b", "bikes/", "BIKES", "-a", "", "a" * 64, "x@y", "a\n"])
async def test_a_subdomain_leads_nowhere_else(service: Service, subdomain: str) -> None:
    with pytest.raises(ValidationError):
        await create(service, subdomain)
    assert not service.sent


async def test_an_agent_s_address_cannot_pass_for_another_s(service: Service) -> None:
    credentials = {"subdomain": "bikes", "email": "agent@bikes.example/token:mine", "apiToken": SECRET}
    with pytest.raises(ValidationError):
        await service.use("zendesk", "create-ticket", credentials=credentials, inputs={})
