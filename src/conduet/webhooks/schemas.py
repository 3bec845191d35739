"""How webhooks and their deliveries look on the wire."""

from typing import Annotated, Any, Final, Literal

import orjson
from pydantic import Field

from conduet.kit.clock import from_milliseconds, iso
from conduet.kit.schema import Wire
from conduet.webhooks.delivery_store import Delivery
from conduet.webhooks.store import StoredWebhook

WEBHOOK: Final[dict[str, Any]] = {
    "id": "crm",
    "url": "https://crm.example.com/hooks/conduet",
    "events": ["conversation.ended", "conversation.escalated"],
    "enabled": True,
    "hasSecret": True,
}
DELIVERY: Final[dict[str, Any]] = {
    "id": "dlv_18eb6d95dcb1bb2217e2f180dd50d320",
    "type": "conversation.ended",
    "status": "delivered",
    "attempts": 1,
    "answered": 200,
    "problem": None,
    "createdAt": "2026-11-25T12:00:00.023Z",
    "triedAt": "2026-11-25T12:00:00.214Z",
    "body": {
        "id": "dlv_18eb6d95dcb1bb2217e2f180dd50d320",
        "type": "conversation.ended",
        "createdAt": "2026-11-25T12:00:00.023Z",
        "data": {
            "transcriptId": "txn_18eb6d95dcb1bb2217e2f180dd50d320",
            "userId": "user_123",
            "platform": "web",
            "resolved": True,
            "escalated": False,
        },
    },
}


class ShownWebhook(Wire):
    """A webhook of the draft as it was saved last; it is changed with the project."""

    id: str
    url: str
    events: Annotated[list[str], Field(description="The types of events it is told of; all where it names none.")]
    enabled: bool
    has_secret: Annotated[bool, Field(description="Whether deliveries are signed.")]

    @classmethod
    def of(cls, stored: StoredWebhook) -> "ShownWebhook":
        """As answers show it."""
        return cls(
            id=stored.id,
            url=stored.url,
            events=[*stored.events],
            enabled=stored.enabled,
            has_secret=stored.secret is not None,
        )


class WebhookSecret(Wire):
    """What deliveries are signed with from now on, shown this once."""

    secret: str


class ShownDelivery(Wire):
    """An event on its way, or arrived."""

    id: str
    type: str
    status: Literal["waiting", "delivered", "failed"]
    attempts: int
    answered: Annotated[int | None, Field(description="The status of the last answer.")]
    problem: Annotated[str | None, Field(description="Why the last try was none that counts.")]
    created_at: str
    tried_at: str | None
    body: Annotated[dict[str, Any], Field(description="The JSON that is sent.")]

    @classmethod
    def of(cls, stored: Delivery) -> "ShownDelivery":
        """As answers show it."""
        status: Any = stored.status
        return cls(
            id=stored.id,
            type=stored.type,
            status=status,
            attempts=stored.attempts,
            answered=stored.answered,
            problem=stored.problem,
            created_at=iso(from_milliseconds(stored.created_at)),
            tried_at=iso(from_milliseconds(stored.tried_at)) if stored.tried_at else None,
            body=orjson.loads(stored.body),
        )
