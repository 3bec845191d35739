"""An HTTP call that a model, or a step, makes by name."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field, JsonValue

from conduet.engine.facts import Facts
from conduet.engine.fields import JsonPath, control
from conduet.engine.outside import Response
from conduet.engine.shape import Many, Shape
from conduet.engine.tool import Flaw, Tool, ToolFailure, ToolUse
from conduet.engine.values import MISSING, Json
from conduet.engine.webcall import UnfitBody, WebCall, look_up, told_of


class Told(Shape):
    """A part of the answer, and the name that it has in the result."""

    path: Annotated[
        JsonPath,
        Field(
            description="Where it is in `{status, headers, body}`: a JSONPath such as `$.body.order.id`.",
            json_schema_extra=control("text", needed=True),
        ),
    ] = JsonPath("")
    name: Annotated[str, Field(description="Its name.", json_schema_extra=control("text", needed=True))] = ""


class ApiTool(WebCall, Tool):
    """Call an HTTP API."""

    type: ClassVar[str] = "api"
    display_name: ClassVar[str] = "API"
    reads_secrets: ClassVar[bool] = True
    mocked_as: ClassVar[Literal["result", "response"]] = "response"
    example: ClassVar[dict[str, JsonValue]] = {
        "method": "GET",
        "url": "https://api.bikes.example/orders/{{args.order}}",
        "headers": {"Authorization": "Bearer {{secrets.BIKES_KEY}}"},
        "map": [{"path": "$.body.state", "variable": "orderState"}],
        "response": [{"path": "$.body.state", "name": "state"}, {"path": "$.body.items[*].name", "name": "items"}],
    }

    response: Annotated[
        Many[Told],
        Field(description="The result, part by part; without any it is the body.", json_schema_extra=control("list")),
    ] = ()

    @property
    def only_reads(self) -> bool:
        return self.method == "GET"

    def problems(self, facts: Facts) -> Iterator[Flaw]:
        yield from self.call_flaws()

    async def run(self, use: ToolUse) -> Json:
        try:
            request = self.request(use)
        except UnfitBody as error:
            raise ToolFailure("INVALID_CALL", f"The body cannot be sent: {error}.") from None
        response = await use.call(request)
        self.keep(response, use.assign, use.note)
        if not response.is_ok:
            raise ToolFailure("HTTP_ERROR", f"The call was answered with status {response.status}.")
        return self._result(response, use)

    def _result(self, response: Response, use: ToolUse) -> Json:
        if not self.response:
            return response.value()
        told = told_of(response)
        found = {part.name: look_up(part.path, told, use.note) for part in self.response}
        return {name: value for name, value in found.items() if value is not MISSING}
