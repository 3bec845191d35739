from typing import Any

import pytest
from pydantic import ValidationError

from conduet.engine.values import Json
from tests.connectors.cases import SECRET
from tests.connectors.playing import Answer, Service, failing

BASE = "appAbCdEfGhIjKlMn"


async def create(service: Service, **inputs: Json) -> Any:
    inputs = {"baseId": BASE, "table": "Orders", "fields": {"Name": "Ann"}, **inputs}
    return await service.use("airtable", "create-record", credentials={"token": SECRET}, inputs=inputs)


async def test_a_record_is_created_as_the_documentation_has_it(service: Service) -> None:
    service.script = [Answer(body={"id": "rec1"})]
    await create(service, table="My orders/2026", fields={"Name": "Ann", "Tags": ["new"], "Paid": True}, typecast=True)
    (sent,) = service.sent
    assert (sent.method, sent.url) == ("POST", f"https://api.airtable.com/v0/{BASE}/My%20orders%2F2026")
    assert sent.headers["Authorization"] == f"Bearer {SECRET}"
    assert sent.json == {"fields": {"Name": "Ann", "Tags": ["new"], "Paid": True}, "typecast": True}


@pytest.mark.parametrize(
    ("status", "body", "code", "words"),
    [
        (
            401,
            {"error": {"type": "AUTHENTICATION_REQUIRED", "message": "Authentication required"}},
            "UNAUTHORIZED",
            "Authentication required",
        ),
        (404, {"error": "NOT_FOUND"}, "NOT_FOUND", "NOT_FOUND"),
        (
            422,
            {"error": {"type": "UNKNOWN_FIELD_NAME", "message": 'Unknown field name: "Nam"'}},
            "REFUSED",
            'Unknown field name: "Nam"',
        ),
        (422, {"error": {"type": "INVALID_REQUEST_UNKNOWN"}}, "REFUSED", "INVALID_REQUEST_UNKNOWN"),
        (
            429,
            {"errors": [{"error": "RATE_LIMIT_REACHED", "message": "Rate limit exceeded."}]},
            "RATE_LIMITED",
            "Rate limit exceeded.",
        ),
    ],
)
async def test_airtable_s_own_words_are_told(service: Service, status: int, body: Json, code: str, words: str) -> None:
    service.script = [Answer(status, body)]
    told = await failing(create(service))
    assert told[0] == code
    assert told[1].endswith(words)


@pytest.mark.parametrize("inputs", [{"baseId": "app1/../x"}, {"baseId": "tblAbc"}, {"table": ""}, {"fields": {}}])
async def test_what_is_no_record_is_not_sent(service: Service, inputs: dict[str, Json]) -> None:
    with pytest.raises(ValidationError):
        await create(service, **inputs)
