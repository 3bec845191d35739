"""How deployments, and what comes and goes there, look on the wire."""

from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import Field, JsonValue

from conduet.deployments.delivery_store import Delivery
from conduet.deployments.message_store import Arrived
from conduet.deployments.pages import ChatPage
from conduet.deployments.store import Deployment, Health
from conduet.kit.clock import from_milliseconds, iso
from conduet.kit.json import parse
from conduet.kit.schema import Wire

Name = Annotated[str, Field(min_length=1, max_length=200, description="What it is called among your deployments.")]
Config = Annotated[
    dict[str, JsonValue],
    Field(description="As the channel's `configSchema` in `GET /schema` says; its secrets are never shown again."),
]
VersionId = Annotated[
    str,
    Field(description="What it serves: `production` (what was published last), `development` or a version's id."),
]

DEPLOYMENT: Final[dict[str, Any]] = {
    "id": "dep_18eb6d95dcb1bb2217e2f180dd50d320",
    "channel": "webhook",
    "name": "Shop's own chat",
    "config": {"url": "https://chat.shop.example/conduet"},
    "secretsSet": ["secret"],
    "enabled": True,
    "versionId": "production",
    "status": "ready",
    "problem": None,
    "webhookUrl": "/api/v1/channels/dep_18eb6d95dcb1bb2217e2f180dd50d320/webhook",
    "page": None,
    "lastReceivedAt": "2026-11-25T12:00:00.023Z",
    "lastSentAt": "2026-11-25T12:00:00.214Z",
    "createdAt": "2026-11-24T09:30:00.000Z",
    "updatedAt": "2026-11-24T09:30:00.000Z",
}
NEW: Final[dict[str, Any]] = {
    "channel": "webhook",
    "name": "Shop's own chat",
    "config": {"url": "https://chat.shop.example/conduet", "secret": "a-secret-that-both-sides-know"},
    "enabled": True,
}
PATCH: Final[dict[str, Any]] = {"config": {"secret": "another-secret-that-both-know"}, "enabled": False}
DELIVERY: Final[dict[str, Any]] = {
    "id": "dlv_18eb6d95dcb1bb2217e2f180dd50d320",
    "userId": "webhook:ada",
    "status": "accepted",
    "attempts": 1,
    "problem": None,
    "content": {"traces": [{"type": "text", "payload": {"message": "Hello!"}, "time": "2026-11-25T12:00:00.198Z"}]},
    "createdAt": "2026-11-25T12:00:00.201Z",
    "triedAt": "2026-11-25T12:00:00.214Z",
}
CHECKED: Final[dict[str, Any]] = {"status": "accepted", "account": "Shop, +1 555-0123", "problem": None}
PREVIEWING: Final[dict[str, Any]] = {
    "traces": [
        {"type": "text", "payload": {"message": "Which size?"}},
        {"type": "buttons", "payload": {"buttons": [{"id": "s", "label": "Small", "value": "small"}]}},
    ]
}
PREVIEW: Final[dict[str, Any]] = {
    "messages": [
        {
            "text": "Which size?",
            "options": ["Small"],
            "numbered": [],
            "content": {"text": "Which size?", "quick_replies": [{"title": "Small", "payload": "small"}]},
        }
    ]
}
TEST: Final[dict[str, Any]] = {"text": "This is a test.", "to": "ada"}
MESSAGE: Final[dict[str, Any]] = {
    "id": "order-2203-1",
    "userId": "webhook:ada",
    "status": "done",
    "problem": None,
    "receivedAt": "2026-11-25T12:00:00.023Z",
}


class NewDeployment(Wire):
    """A project on a channel."""

    channel: Annotated[str, Field(description="The type of the channel.")]
    name: Name | None = None
    config: Config = Field(default_factory=dict)
    enabled: bool = True
    version_id: VersionId = "production"


class DeploymentPatch(Wire):
    """What changes; `config` is a merge patch. A deployment stays on its channel."""

    channel: str | None = None
    name: Name | None = None
    config: dict[str, JsonValue] | None = None
    enabled: bool | None = None
    version_id: VersionId | None = None


class ShownPage(Wire):
    """The chat page of a deployment."""

    path: Annotated[str, Field(description="Where it is, below this server's address.")]
    key: Annotated[
        str | None,
        Field(
            description="The widget key that stands in the page, for whoever has its address to read: it works on this "
            "server's own pages alone. `null`: it was revoked; the next change of the deployment makes another."
        ),
    ]


class ShownDeployment(Wire):
    """A project on a channel, and how it does there."""

    id: str
    channel: str
    name: str
    config: Config
    secrets_set: Annotated[list[str], Field(description="The secret fields of the configuration that have a value.")]
    enabled: bool
    version_id: VersionId
    status: Annotated[
        Literal["ready", "off", "needs attention"],
        Field(description="`needs attention`: it cannot work until somebody mends what `problem` says."),
    ]
    problem: str | None
    webhook_url: Annotated[
        str | None, Field(description="What the channel's vendor has to call, below this server's address.")
    ]
    page: ShownPage | None
    last_received_at: str | None
    last_sent_at: str | None
    created_at: str
    updated_at: str

    @classmethod
    def of(
        cls,
        stored: Deployment,
        health: Health,
        *,
        secrets_set: list[str],
        listens: bool,
        page: ChatPage | None,
    ) -> "ShownDeployment":
        """As answers show it."""
        return cls(
            id=stored.id,
            channel=stored.channel,
            name=stored.name,
            config=dict(stored.config),
            secrets_set=secrets_set,
            enabled=stored.enabled,
            version_id=stored.version_id,
            status="off" if not stored.enabled else "needs attention" if stored.problem else "ready",
            problem=stored.problem,
            webhook_url=f"/api/v1/channels/{stored.id}/webhook" if listens else None,
            page=ShownPage(path=f"/chat/{page.slug}", key=page.key) if page else None,
            last_received_at=_time(health.received_at),
            last_sent_at=_time(health.sent_at),
            created_at=iso(from_milliseconds(stored.created_at)),
            updated_at=iso(from_milliseconds(stored.updated_at)),
        )


class Checked(Wire):
    """What a channel's vendor says of the credentials."""

    status: Annotated[
        Literal["accepted", "refused", "unknown", "unasked"],
        Field(description="`unknown`: the vendor gave no answer. `unasked`: this channel has nobody to ask."),
    ]
    account: Annotated[str | None, Field(description="Whose they are, in the vendor's words.")]
    problem: Annotated[str | None, Field(description="Why they are not accepted, or nothing is known.")]


class TestMessage(Wire):
    """A message to somebody, to see that it arrives."""

    __test__: ClassVar[bool] = False

    text: Annotated[str, Field(min_length=1, max_length=1000, pattern=r"\S")]
    to: Annotated[
        str | None,
        Field(min_length=1, max_length=512, description="What the channel calls them; who wrote last, if left out."),
    ] = None


class PreviewedTrace(Wire):
    """A trace as `interact` answers it."""

    type: str
    payload: dict[str, JsonValue]


PREVIEWED: Final = 64 * 1024
"""How long what is previewed may be in all, as JSON: nobody reads more, and formatting it takes long."""


class Previewing(Wire):
    """What was said, to be seen as a channel shows it."""

    traces: Annotated[list[PreviewedTrace], Field(max_length=500)]


class ChannelMessage(Wire):
    """A message as a channel shows it."""

    text: Annotated[str, Field(description="What is read.")]
    options: Annotated[list[str], Field(description="What can be pressed.")]
    numbered: Annotated[list[str], Field(description="What stands in the text as a number to write back.")]
    content: Annotated[dict[str, JsonValue], Field(description="As it goes to the vendor, but for whom it goes to.")]


class ChannelPreview(Wire):
    """What a person gets."""

    messages: list[ChannelMessage]


class SentDelivery(Wire):
    """A message on its way to a person, or arrived."""

    id: str
    user_id: str
    status: Annotated[
        Literal["pending", "sending", "accepted", "delivered", "read", "failed", "unknown"],
        Field(description="`unknown`: it may have been accepted, so it is not sent again by itself."),
    ]
    attempts: int
    problem: Annotated[str | None, Field(description="Why the last try was none that counts.")]
    content: Annotated[JsonValue, Field(description="What is sent, as the channel takes it.")]
    created_at: str
    tried_at: str | None

    @classmethod
    def of(cls, stored: Delivery) -> "SentDelivery":
        """As answers show it."""
        status: Any = stored.status
        content: Any = parse(stored.content)
        return cls(
            id=stored.id,
            user_id=stored.user_id,
            status=status,
            attempts=stored.attempts,
            problem=stored.problem,
            content=content,
            created_at=iso(from_milliseconds(stored.created_at)),
            tried_at=_time(stored.tried_at),
        )


class ReceivedMessage(Wire):
    """A message that somebody wrote at the channel; what it said is in the conversation's transcript."""

    id: Annotated[str, Field(description="The channel's id of it.")]
    user_id: str
    status: Literal["waiting", "done", "failed"]
    problem: str | None
    received_at: str

    @classmethod
    def of(cls, stored: Arrived) -> "ReceivedMessage":
        """As answers show it."""
        status: Any = stored.status
        return cls(
            id=stored.id,
            user_id=stored.user_id,
            status=status,
            problem=stored.problem,
            received_at=iso(from_milliseconds(stored.received_at)),
        )


def _time(at: int | None) -> str | None:
    return None if at is None else iso(from_milliseconds(at))
