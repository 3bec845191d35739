"""HubSpot's contacts.

Source: https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/create-contact (version 2026-03),
and https://developers.hubspot.com/docs/api-reference/latest/error-handling for errors. An e-mail address that a contact
has already is a 409 whose message ends with `Existing ID: …`.
"""

import re
from typing import Annotated, ClassVar, Final

from pydantic import Field, JsonValue

from conduet.engine.connector import Connector, ConnectorAction, Credentials
from conduet.engine.fields import control
from conduet.engine.service import Service, bearer, find, json_request
from conduet.engine.use import ToolUse
from conduet.engine.values import Json

CONTACTS: Final = "https://api.hubapi.com/crm/objects/2026-03/contacts"
EXISTING: Final = re.compile(r"Existing ID: (\d{1,20})")
CONFLICT: Final = 409

hubspot: Final = Service("HubSpot", lambda answer: find(answer, "message"))


class HubSpotCredentials(Credentials):
    """What an app of a HubSpot account is known by."""

    token: Annotated[
        str,
        Field(
            min_length=1,
            description="The access token of a private app, with the scope `crm.objects.contacts.write`.",
            json_schema_extra=control("secret"),
        ),
    ]


class CreateContact(ConnectorAction[HubSpotCredentials]):
    """Create a contact, unless there is one with that e-mail address."""

    name: ClassVar[str] = "create-contact"
    example: ClassVar[dict[str, JsonValue]] = {"email": "{{email}}", "firstName": "{{name}}"}

    email: Annotated[
        str,
        Field(
            min_length=3,
            description="The e-mail address, which tells contacts apart.",
            json_schema_extra=control("text"),
        ),
    ]
    first_name: Annotated[str | None, Field(description="The first name.", json_schema_extra=control("text"))] = None
    last_name: Annotated[str | None, Field(description="The last name.", json_schema_extra=control("text"))] = None
    phone: Annotated[str | None, Field(description="The phone number.", json_schema_extra=control("text"))] = None
    company: Annotated[str | None, Field(description="The company's name.", json_schema_extra=control("text"))] = None
    properties: Annotated[
        dict[str, str],
        Field(
            default_factory=dict,
            description="Further properties by their internal names, such as `lifecyclestage`.",
            json_schema_extra=control("json"),
        ),
    ]

    async def run(self, credentials: HubSpotCredentials, use: ToolUse) -> Json:
        """`{id, created}`; `created` is false for a contact that was there before, which stays as it is."""
        named = {
            "email": self.email,
            "firstname": self.first_name,
            "lastname": self.last_name,
            "phone": self.phone,
            "company": self.company,
        }
        properties: dict[str, Json] = {**self.properties, **{name: text for name, text in named.items() if text}}
        request = json_request("POST", CONTACTS, body={"properties": properties}, headers=bearer(credentials.token))
        response = await use.call(request)
        if response.status == CONFLICT and (existing := EXISTING.search(response.body)):
            return {"id": existing[1], "created": False}
        answer = hubspot.answer(response)
        return {"id": hubspot.part(answer, "id"), "created": True}


class HubSpot(Connector):
    """HubSpot: contacts of the CRM."""

    type: ClassVar[str] = "hubspot"
    display_name: ClassVar[str] = "HubSpot"
    credentials = HubSpotCredentials
    actions = (CreateContact,)
