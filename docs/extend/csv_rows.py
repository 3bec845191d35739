"""A tool type in a package of its own: rows of a CSV file on the web."""

import csv
import io
from typing import Annotated, ClassVar

from pydantic import Field, JsonValue

from conduet.engine.fields import Line, Value, control
from conduet.engine.outside import Request
from conduet.engine.tool import Tool, ToolFailure, ToolUse
from conduet.engine.values import Json

MOST_ROWS = 20


class CsvRows(Tool):
    """Find rows of a CSV file on the web."""

    type: ClassVar[str] = "csv-rows"
    reads_secrets: ClassVar[bool] = True
    example: ClassVar[dict[str, JsonValue]] = {
        "url": "https://bikes.example/prices.csv",
        "column": "model",
        "value": "{{args.model}}",
    }

    url: Annotated[Line, Field(description="Where the file lies.", json_schema_extra=control("text", needed=True))] = (
        Line("")
    )
    column: Annotated[
        str, Field(description="The column to look in.", json_schema_extra=control("text", needed=True))
    ] = ""
    value: Annotated[
        Value, Field(description="What has to stand there, in any case.", json_schema_extra=control("text"))
    ] = Value("")

    async def run(self, use: ToolUse) -> Json:
        """`{rows, count}`: the first 20 rows as objects, and how many there are."""
        response = await use.call(Request("GET", use.text(self.url)))
        if not response.is_ok:
            raise ToolFailure("HTTP_ERROR", f"The file was answered with status {response.status}.")
        wanted = use.text(self.value).casefold()
        try:
            lines = csv.DictReader(io.StringIO(response.body), restkey="more", restval="")
            rows: list[Json] = [dict(row) for row in lines if row.get(self.column, "").casefold() == wanted]
        except csv.Error:
            raise ToolFailure("BAD_RESPONSE", "The file is no CSV.") from None
        return {"rows": rows[:MOST_ROWS], "count": len(rows)}
