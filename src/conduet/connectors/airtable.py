"""Airtable's records.

Source: https://airtable.com/developers/web/api/create-records (Web API v0) and
https://support.airtable.com/docs/airtable-api-common-troubleshooting for errors: `{error: {type, message}}`,
`{error: "NOT_FOUND"}`, and for a base with more than 5 calls a second `{errors: [{error, message}]}`.
"""

from typing import Annotated, ClassVar, Final
from urllib.parse import quote

from pydantic import Field, JsonValue

from conduet.engine.connector import Connector, ConnectorAction, Credentials
from conduet.engine.fields import control
from conduet.engine.service import Service, bearer, find, json_request
from conduet.engine.use import ToolUse
from conduet.engine.values import Json

RECORDS: Final = "https://api.airtable.com/v0/{base}/{table}"


def _complaint(answer: Json) -> Json:
    return (
        find(answer, "error", "message")
        or find(answer, "error", "type")
        or find(answer, "errors", 0, "message")
        or find(answer, "error")
    )


airtable: Final = Service("Airtable", _complaint)


class AirtableCredentials(Credentials):
    """What may write to a base."""

    token: Annotated[
        str,
        Field(
            min_length=1,
            description="A personal access token with the scope `data.records:write`.",
            json_schema_extra=control("secret"),
        ),
    ]


class CreateRecord(ConnectorAction[AirtableCredentials]):
    """Create a record in a table."""

    name: ClassVar[str] = "create-record"
    example: ClassVar[dict[str, JsonValue]] = {
        "baseId": "appAbCdEfGhIjKlMn",
        "table": "Orders",
        "fields": {"Name": "{{name}}", "Amount": "{{total}}"},
    }

    base_id: Annotated[
        str,
        Field(
            pattern=r"^app[A-Za-z0-9]{1,40}$", description="The base's id (`app…`).", json_schema_extra=control("text")
        ),
    ]
    table: Annotated[
        str, Field(min_length=1, description="The table's id (`tbl…`) or name.", json_schema_extra=control("text"))
    ]
    fields: Annotated[
        dict[str, JsonValue],
        Field(
            min_length=1, description="The record: values by the names of fields.", json_schema_extra=control("json")
        ),
    ]
    typecast: Annotated[
        bool,
        Field(
            description="Let Airtable turn texts into what the fields hold, and add options that are missing.",
            json_schema_extra=control("switch"),
        ),
    ] = False

    async def run(self, credentials: AirtableCredentials, use: ToolUse) -> Json:
        """`{id, createdTime, fields}` of the record."""
        url = RECORDS.format(base=self.base_id, table=quote(self.table, safe=""))
        body: Json = {"fields": self.fields, "typecast": self.typecast}
        answer = await airtable.ask(use, json_request("POST", url, body=body, headers=bearer(credentials.token)))
        return {
            "id": airtable.part(answer, "id"),
            "createdTime": find(answer, "createdTime"),
            "fields": find(answer, "fields"),
        }


class Airtable(Connector):
    """Airtable: records of a base."""

    type: ClassVar[str] = "airtable"
    credentials = AirtableCredentials
    actions = (CreateRecord,)
