"""Cal.com's calendars: free times, and booking one.

Source: https://cal.com/docs/api-reference/v2/slots (API v2, `cal-api-version: 2024-09-04`) and …/v2/bookings
(`2026-02-25`), as every booking page tells of itself, such as https://cal.com/index/demo.md. Errors are
`{status: "error", error: {code, message}}`.
"""

from datetime import UTC, date, datetime
from typing import Annotated, ClassVar, Final

from pydantic import AwareDatetime, Field, JsonValue

from conduet.engine.connector import Connector, ConnectorAction, Credentials
from conduet.engine.fields import control
from conduet.engine.outside import Request
from conduet.engine.service import Service, bearer, find, json_request
from conduet.engine.use import ToolUse
from conduet.engine.values import Json

SLOTS_VERSION: Final = "2024-09-04"
BOOKINGS_VERSION: Final = "2026-02-25"
MOST_SLOTS: Final = 100

cal_com: Final = Service("Cal.com", lambda answer: find(answer, "error", "message") or find(answer, "message"))


class CalComCredentials(Credentials):
    """An account at Cal.com, or at a Cal.com that somebody runs on their own."""

    api_key: Annotated[
        str, Field(min_length=1, description="An API key (`cal_…`).", json_schema_extra=control("secret"))
    ]
    server: Annotated[
        str,
        Field(
            pattern=r"^https://[A-Za-z0-9.-]{1,253}(?::[0-9]{1,5})?$",
            description="The address of the API, where Cal.com runs on a server of your own.",
            json_schema_extra=control("text"),
        ),
    ] = "https://api.cal.com"


class FindSlots(ConnectorAction[CalComCredentials]):
    """List the free times of an event type."""

    name: ClassVar[str] = "find-slots"
    example: ClassVar[dict[str, JsonValue]] = {
        "eventTypeId": 5077497,
        "start": "{{sys.now | date('%Y-%m-%d')}}",
        "end": "{{lastDay}}",
        "timeZone": "Europe/Vienna",
    }

    event_type_id: Annotated[int, Field(ge=1, description="The event type's id.", json_schema_extra=control("number"))]
    start: Annotated[date, Field(description="The first day, such as `2026-09-01`.", json_schema_extra=control("text"))]
    end: Annotated[date, Field(description="The last day.", json_schema_extra=control("text"))]
    time_zone: Annotated[
        str, Field(min_length=1, description="The time zone that times are told in.", json_schema_extra=control("text"))
    ] = "UTC"

    async def run(self, credentials: CalComCredentials, use: ToolUse) -> Json:
        """`{slots: [time], more}`, each an ISO 8601 time with offset, the earliest first; at most 100."""
        query = {
            "eventTypeId": str(self.event_type_id),
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "timeZone": self.time_zone,
        }
        answer = await cal_com.ask(use, _request(credentials, "GET", "slots", SLOTS_VERSION, query=query))
        days = cal_com.part(answer, "data")
        if not isinstance(days, dict):
            raise cal_com.nonsense()
        slots = [
            cal_com.part(slot, "start") for _, day in sorted(days.items()) if isinstance(day, list) for slot in day
        ]
        return {"slots": slots[:MOST_SLOTS], "more": len(slots) > MOST_SLOTS}


class Book(ConnectorAction[CalComCredentials]):
    """Book a time of an event type for somebody."""

    name: ClassVar[str] = "book"
    example: ClassVar[dict[str, JsonValue]] = {
        "eventTypeId": 5077497,
        "start": "{{slot}}",
        "attendeeName": "{{name}}",
        "attendeeEmail": "{{email}}",
        "timeZone": "Europe/Vienna",
    }

    event_type_id: Annotated[int, Field(ge=1, description="The event type's id.", json_schema_extra=control("number"))]
    start: Annotated[
        AwareDatetime,
        Field(description="When, as `find-slots` told it (ISO 8601 with offset).", json_schema_extra=control("text")),
    ]
    attendee_name: Annotated[str, Field(min_length=1, description="Who comes.", json_schema_extra=control("text"))]
    attendee_email: Annotated[
        str, Field(min_length=3, description="Their e-mail address.", json_schema_extra=control("text"))
    ]
    time_zone: Annotated[
        str, Field(min_length=1, description="Their time zone.", json_schema_extra=control("text"))
    ] = "UTC"
    language: Annotated[
        str | None,
        Field(description="The language of the mails to them, such as `de`.", json_schema_extra=control("text")),
    ] = None
    answers: Annotated[
        dict[str, JsonValue],
        Field(
            default_factory=dict,
            description="Answers to the event type's own questions, by the names of its fields.",
            json_schema_extra=control("json"),
        ),
    ]

    async def run(self, credentials: CalComCredentials, use: ToolUse) -> Json:
        """`{uid, status, start, end, title, meetingUrl}`; a time that is taken by now is a failure."""
        attendee: dict[str, Json] = {
            "name": self.attendee_name,
            "email": self.attendee_email,
            "timeZone": self.time_zone,
        }
        if self.language:
            attendee["language"] = self.language
        body: dict[str, Json] = {
            "eventTypeId": self.event_type_id,
            "start": _utc(self.start),
            "attendee": attendee,
        }
        if self.answers:
            body["bookingFieldsResponses"] = self.answers
        answer = await cal_com.ask(use, _request(credentials, "POST", "bookings", BOOKINGS_VERSION, body=body))
        booking = cal_com.part(answer, "data")
        kept = ("status", "start", "end", "title", "meetingUrl")
        return {"uid": cal_com.part(booking, "uid"), **{name: find(booking, name) for name in kept}}


class CalCom(Connector):
    """Cal.com: free times of a calendar, and booking them."""

    type: ClassVar[str] = "cal-com"
    display_name: ClassVar[str] = "Cal.com"
    credentials = CalComCredentials
    actions = (FindSlots, Book)


def _request(
    credentials: CalComCredentials,
    method: str,
    path: str,
    version: str,
    *,
    body: Json = None,
    query: dict[str, str] | None = None,
) -> Request:
    headers = {**bearer(credentials.api_key), "cal-api-version": version}
    return json_request(method, f"{credentials.server}/v2/{path}", body=body, headers=headers, query=query or {})


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
