"""A call to another system."""

from collections.abc import Iterator
from typing import ClassVar

from pydantic import JsonValue

from conduet.engine.facts import Facts
from conduet.engine.flaw import Flaw
from conduet.engine.outside import Unreachable
from conduet.engine.signal import Fail, Leave
from conduet.engine.step import Family, Happenings, Step
from conduet.engine.visit import Visit
from conduet.engine.webcall import UnfitBody, WebCall, shown, told_of


class Api(WebCall, Step):
    """Call an HTTP API and keep what it answers."""

    type: ClassVar[str] = "api"
    display_name: ClassVar[str] = "API"
    family: ClassVar[Family] = "data"
    fixed_ports: ClassVar[tuple[str, ...]] = ("next", "error")
    reads_secrets: ClassVar[bool] = True
    example: ClassVar[dict[str, JsonValue]] = {
        "method": "POST",
        "url": "https://api.bikes.example/orders",
        "headers": {"Authorization": "Bearer {{secrets.BIKES_KEY}}"},
        "body": {"model": "{{model}}", "days": "{{days}}"},
        "bodyType": "json",
        "timeoutMs": 5000,
        "retries": 1,
        "map": [{"path": "$.body.id", "variable": "orderId"}],
    }

    def problems(self, facts: Facts) -> Iterator[Flaw]:
        yield from self.call_flaws()

    async def run(self, visit: Visit) -> Happenings:
        try:
            request = self.request(await visit.with_secrets())
            visit.took = shown(self.request(visit.with_masks())) if visit.watched else None
            response = await visit.call(request)
        except UnfitBody as error:
            yield Fail("INVALID_CALL", f"The body cannot be sent: {error}.")
            return
        except Unreachable as error:
            yield Fail(error.code, error.message)
            return
        visit.gave = told_of(response)
        self.keep(response, visit.assign, visit.note)
        if response.is_ok:
            yield Leave()
        else:
            yield Fail("HTTP_ERROR", f"The call was answered with status {response.status}.")
