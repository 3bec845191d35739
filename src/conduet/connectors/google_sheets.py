"""Google Sheets, as a service account that the spreadsheet is shared with.

Source: https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets.values/append (API v4), and
for the access token https://developers.google.com/identity/protocols/oauth2/service-account (a signed JWT for a token,
RFC 7523). Errors are `{error: {code, message, status}}`, those of the token `{error, error_description}`.
"""

from datetime import datetime
from typing import Annotated, ClassVar, Final
from urllib.parse import quote, urlencode

from pydantic import BaseModel, Field, JsonValue, ValidationError

from conduet.engine.connector import Connector, ConnectorAction, Credentials
from conduet.engine.fields import Value, control
from conduet.engine.outside import Request
from conduet.engine.service import RETRIES, Service, bearer, find, json_request
from conduet.engine.use import ToolFailure, ToolUse
from conduet.engine.values import Json, to_text

APPEND: Final = "https://sheets.googleapis.com/v4/spreadsheets/{spreadsheet}/values/{range}:append"
TOKEN: Final = "https://oauth2.googleapis.com/token"  # noqa: S105  # an address, and no token
GRANT: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SCOPE: Final = "https://www.googleapis.com/auth/spreadsheets"
TOKEN_SECONDS: Final = 3600
NOW: Final = Value("{{sys.now}}")


def _complaint(answer: Json) -> Json:
    return find(answer, "error", "message") or find(answer, "error_description") or find(answer, "error")


google: Final = Service("Google", _complaint)


class AccountKey(BaseModel):
    """What counts of the JSON file that Google makes for a service account's key."""

    client_email: str
    private_key: str


class GoogleCredentials(Credentials):
    """A service account; the spreadsheet has to be shared with its address."""

    service_account: Annotated[
        str,
        Field(
            min_length=1,
            description="The service account's key: the whole JSON file.",
            json_schema_extra=control("secret"),
        ),
    ]


class AppendRow(ConnectorAction[GoogleCredentials]):
    """Add a row below a table."""

    name: ClassVar[str] = "append-row"
    example: ClassVar[dict[str, JsonValue]] = {
        "spreadsheetId": "1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms",
        "range": "Orders",
        "values": ["{{name}}", "{{email}}", "{{total}}"],
    }

    spreadsheet_id: Annotated[
        str,
        Field(
            pattern=r"^[A-Za-z0-9_-]{10,100}$",
            description="The spreadsheet's id, from its address.",
            json_schema_extra=control("text"),
        ),
    ]
    range: Annotated[
        str,
        Field(
            min_length=1,
            description="The sheet's name, or where its table is, such as `Orders!A1:D1`.",
            json_schema_extra=control("text"),
        ),
    ] = "Sheet1"
    values: Annotated[
        tuple[JsonValue, ...],
        Field(min_length=1, description="The row, cell by cell.", json_schema_extra=control("list")),
    ]
    interpret: Annotated[
        bool,
        Field(
            description="Read texts as if somebody typed them: dates, numbers, and formulas, whoever wrote them.",
            json_schema_extra=control("switch"),
        ),
    ] = False

    async def run(self, credentials: GoogleCredentials, use: ToolUse) -> Json:
        """`{range, cells}`: where the row was written, and how many cells."""
        token = await _token(credentials, use)
        request = json_request(
            "POST",
            APPEND.format(spreadsheet=self.spreadsheet_id, range=quote(self.range, safe="")),
            body={"majorDimension": "ROWS", "values": [[_cell(value) for value in self.values]]},
            headers=bearer(token),
            query={
                "valueInputOption": "USER_ENTERED" if self.interpret else "RAW",
                "insertDataOption": "INSERT_ROWS",
            },
        )
        updates = google.part(await google.ask(use, request), "updates")
        return {"range": google.part(updates, "updatedRange"), "cells": find(updates, "updatedCells")}


class GoogleSheets(Connector):
    """Google Sheets: rows of a spreadsheet."""

    type: ClassVar[str] = "google-sheets"
    display_name: ClassVar[str] = "Google Sheets"
    credentials = GoogleCredentials
    actions = (AppendRow,)


async def _token(credentials: GoogleCredentials, use: ToolUse) -> str:
    """An access token for an hour, for an assertion that the account's key signs."""
    form = urlencode({"grant_type": GRANT, "assertion": _assertion(credentials, use)}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    answer = await google.ask(use, Request("POST", TOKEN, headers=headers, body=form, retries=RETRIES))
    return str(google.part(answer, "access_token"))


def _assertion(credentials: GoogleCredentials, use: ToolUse) -> str:
    """Raises `ToolFailure` where the key is none."""
    import jwt

    try:
        key = AccountKey.model_validate_json(credentials.service_account)
        issued = int(datetime.fromisoformat(use.text(NOW)).timestamp())
        claims = {"iss": key.client_email, "scope": SCOPE, "aud": TOKEN, "iat": issued, "exp": issued + TOKEN_SECONDS}
        return jwt.encode(claims, key.private_key, algorithm="RS256")
    except (ValidationError, jwt.PyJWTError, ValueError, TypeError):
        told = "The service account's key is not the JSON file that Google made for it."
        raise ToolFailure("UNAUTHORIZED", told) from None


def _cell(value: JsonValue) -> Json:
    return to_text(value) if isinstance(value, list | dict) else value
