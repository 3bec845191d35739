"""Zendesk's tickets.

Source: https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#create-ticket (API v2), for API tokens
…/api-reference/introduction/security-and-auth/, and for errors …/api-reference/introduction/requests:
`{error, description, details}`, where `error` may be `{title, message}`, or plain text.
"""

from base64 import b64encode
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field, JsonValue

from conduet.engine.connector import Connector, ConnectorAction, Credentials
from conduet.engine.fields import control
from conduet.engine.service import Service, find, json_request
from conduet.engine.use import ToolUse
from conduet.engine.values import Json

TICKETS: Final = "https://{subdomain}.zendesk.com/api/v2/tickets.json"


def _complaint(answer: Json) -> Json:
    """The first thing that is wrong with a record, else what is wrong in general."""
    details = find(answer, "details")
    for field in details if isinstance(details, dict) else ():
        if described := find(details, field, 0, "description"):
            return described
    return find(answer, "description") or find(answer, "error", "message") or find(answer, "error")


zendesk: Final = Service("Zendesk", _complaint)


class ZendeskCredentials(Credentials):
    """An agent's account, and the token it is known by."""

    subdomain: Annotated[
        str,
        Field(
            pattern=r"^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$",
            description="What stands before `.zendesk.com`.",
            json_schema_extra=control("text"),
        ),
    ]
    email: Annotated[
        str,
        Field(
            pattern=r"^[^\s:@]+@[^\s:@]+$", description="The agent's e-mail address.", json_schema_extra=control("text")
        ),
    ]
    api_token: Annotated[
        str, Field(min_length=1, description="An API token of the account.", json_schema_extra=control("secret"))
    ]


class CreateTicket(ConnectorAction[ZendeskCredentials]):
    """Open a ticket for a customer."""

    name: ClassVar[str] = "create-ticket"
    example: ClassVar[dict[str, JsonValue]] = {
        "subject": "A flat tyre",
        "body": "{{question}}",
        "requesterName": "{{name}}",
        "requesterEmail": "{{email}}",
    }

    subject: Annotated[str, Field(min_length=1, description="What it is about.", json_schema_extra=control("text"))]
    body: Annotated[str, Field(min_length=1, description="The first comment.", json_schema_extra=control("textarea"))]
    requester_name: Annotated[
        str, Field(min_length=1, description="Who asks; needed for somebody new.", json_schema_extra=control("text"))
    ]
    requester_email: Annotated[
        str, Field(min_length=3, description="Their e-mail address.", json_schema_extra=control("text"))
    ]
    priority: Annotated[
        Literal["low", "normal", "high", "urgent"] | None,
        Field(description="How urgent it is.", json_schema_extra=control("select")),
    ] = None
    tags: Annotated[
        tuple[str, ...],
        Field(max_length=50, description="Tags of the ticket.", json_schema_extra=control("list")),
    ] = ()
    public: Annotated[
        bool, Field(description="Whether the customer sees the first comment.", json_schema_extra=control("switch"))
    ] = True

    async def run(self, credentials: ZendeskCredentials, use: ToolUse) -> Json:
        """`{id, status, url}` of the ticket; `url` is the agent's view."""
        ticket: dict[str, Json] = {
            "subject": self.subject,
            "comment": {"body": self.body, "public": self.public},
            "requester": {"name": self.requester_name, "email": self.requester_email},
            "tags": [*self.tags],
        }
        if self.priority:
            ticket["priority"] = self.priority
        known = b64encode(f"{credentials.email}/token:{credentials.api_token}".encode()).decode()
        request = json_request(
            "POST",
            TICKETS.format(subdomain=credentials.subdomain),
            body={"ticket": ticket},
            headers={"Authorization": f"Basic {known}"},
        )
        answer = await zendesk.ask(use, request)
        number = zendesk.part(answer, "ticket", "id")
        url = f"https://{credentials.subdomain}.zendesk.com/agent/tickets/{number}"
        return {"id": number, "status": find(answer, "ticket", "status"), "url": url}


class Zendesk(Connector):
    """Zendesk: tickets for the people who help."""

    type: ClassVar[str] = "zendesk"
    credentials = ZendeskCredentials
    actions = (CreateTicket,)
