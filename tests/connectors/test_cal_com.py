from typing import Any

import pytest
from pydantic import ValidationError

from conduet.engine.values import Json
from tests.connectors.cases import CASES, SECRET
from tests.connectors.playing import Answer, Service, failing


async def do(service: Service, action: str, credentials: dict[str, Json] | None = None, **inputs: Json) -> Any:
    case = CASES["cal-com", action]
    return await service.use(
        "cal-com",
        action,
        credentials={"apiKey": SECRET, **(credentials or {})},
        inputs={**case.inputs, **inputs},
    )


async def test_free_times_are_asked_for_as_the_documentation_has_it(service: Service) -> None:
    service.script = [Answer(body={"status": "success", "data": {}})]
    assert await do(service, "find-slots", eventTypeId="5077497") == {"slots": [], "more": False}
    (sent,) = service.sent
    assert (sent.method, sent.url) == ("GET", "https://api.cal.com/v2/slots")
    assert sent.query == {
        "eventTypeId": "5077497",
        "start": "2026-09-02",
        "end": "2026-09-03",
        "timeZone": "Europe/Vienna",
    }
    assert sent.headers["cal-api-version"] == "2024-09-04"
    assert sent.headers["Authorization"] == f"Bearer {SECRET}"


async def test_very_many_times_are_cut(service: Service) -> None:
    day: list[Json] = [{"start": f"2026-09-02T00:00:00.{number:03}Z"} for number in range(150)]
    service.script = [Answer(body={"status": "success", "data": {"2026-09-02": day}})]
    found = await do(service, "find-slots")
    assert (len(found["slots"]), found["more"]) == (100, True)


async def test_a_time_is_booked_as_the_documentation_has_it(service: Service) -> None:
    service.script = [Answer(201, CASES["cal-com", "book"].answer)]
    await do(service, "book", language="de", answers={"notes": "A red one"})
    (sent,) = service.sent
    assert (sent.method, sent.url) == ("POST", "https://api.cal.com/v2/bookings")
    assert sent.headers["cal-api-version"] == "2026-02-25"
    assert sent.json == {
        "eventTypeId": 5077497,
        "start": "2026-09-02T07:00:00.000Z",
        "attendee": {"name": "Ann", "email": "ann@shop.example", "timeZone": "Europe/Vienna", "language": "de"},
        "bookingFieldsResponses": {"notes": "A red one"},
    }


async def test_a_time_that_is_taken_by_now_is_told(service: Service) -> None:
    body: Json = {
        "status": "error",
        "timestamp": "2026-09-01T08:30:00.000Z",
        "path": "/v2/bookings",
        "error": {"code": "BadRequestException", "message": "User either already has booking at this time."},
    }
    service.script = [Answer(400, body)]
    assert await failing(do(service, "book")) == (
        "REFUSED",
        "Cal.com refused the call (status 400): User either already has booking at this time.",
    )


async def test_a_server_of_one_s_own_is_asked(service: Service) -> None:
    service.script = [Answer(body={"data": {}})]
    await do(service, "find-slots", {"server": "https://cal.bikes.example:8443"})
    assert service.sent[0].url == "https://cal.bikes.example:8443/v2/slots"


@pytest.mark.parametrize(
    "server", ["http://cal.example", "https://cal.example/x", "https://me@cal.example", "https://cal.example?x", "cal"]
)
async def test_what_is_no_server_is_not_asked(service: Service, server: str) -> None:
    with pytest.raises(ValidationError):
        await do(service, "find-slots", {"server": server})
    assert not service.sent


@pytest.mark.parametrize("start", ["2026-09-02T09:00:00", "tomorrow", "", None])
async def test_a_time_without_a_zone_is_not_booked(service: Service, start: Json) -> None:
    with pytest.raises(ValidationError):
        await do(service, "book", start=start)
    assert not service.sent
