"""How keys and sessions look on the wire."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, ValidationInfo, field_validator

from conduet.accounts.key_store import ProjectKey
from conduet.accounts.origin import parse_origin
from conduet.accounts.principal import CredentialKind, KeyType
from conduet.accounts.roles import Role
from conduet.kit.clock import from_milliseconds, in_utc, iso, now
from conduet.kit.schema import Wire


def _origin(text: str) -> str:
    origin = parse_origin(text)
    if origin is None:
        raise ValueError(
            f"{text!r} is no origin: write scheme, host and, if it is not the usual one, port, like https://shop.example"
        )
    return origin


def _name(text: str) -> str:
    if not text.strip():
        raise ValueError("a name is needed, to know the key by later")
    return text.strip()


def _text_only(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("a time is text: ISO 8601 with its zone, like 2027-01-31T12:00:00Z")
    return value


def _future(moment: datetime) -> datetime:
    if moment <= now():
        raise ValueError("the time has passed: name one that is still to come, or leave it out")
    return moment


Origin = Annotated[str, Field(max_length=300), AfterValidator(_origin)]
Expiry = Annotated[
    AwareDatetime, Field(strict=False), BeforeValidator(_text_only), AfterValidator(in_utc), AfterValidator(_future)
]


class NewKey(Wire):
    """A project key to be made."""

    name: Annotated[str, Field(min_length=1, max_length=128), AfterValidator(_name)]
    type: KeyType = "secret"
    allowed_origins: Annotated[list[Origin], Field(max_length=100, default_factory=list)]
    require_identity: bool = False
    expires_at: Expiry | None = None

    @field_validator("allowed_origins", "require_identity")
    @classmethod
    def _of_a_widget(cls, value: list[str] | bool, info: ValidationInfo) -> list[str] | bool:  # noqa: FBT001  # pydantic calls it
        if value and info.data.get("type") == "secret":
            raise ValueError('only a key with "type": "widget" is used by web pages and has this')
        return value


class ListedKey(Wire):
    """A project key without its secret: `prefix` is how it begins."""

    id: str
    name: str
    type: KeyType
    prefix: str
    allowed_origins: list[str]
    require_identity: bool
    expires_at: str | None
    last_used_at: str | None
    created_at: str

    @classmethod
    def of(cls, key: ProjectKey) -> "ListedKey":
        return ListedKey(
            id=key.id,
            name=key.name,
            type=key.type,
            prefix=key.prefix,
            allowed_origins=list(key.allowed_origins),
            require_identity=key.require_identity,
            expires_at=_time(key.expires_at),
            last_used_at=_time(key.last_used_at),
            created_at=iso(from_milliseconds(key.created_at)),
        )


class MadeKey(ListedKey):
    """A new project key: `key` is shown this once."""

    key: str

    @classmethod
    def made(cls, key: ProjectKey, secret: str) -> "MadeKey":
        return cls(**ListedKey.of(key).model_dump(), key=secret)


class IdentitySecret(Wire):
    """A project's new identity secret, shown this once."""

    secret: str


class Session(Wire):
    """Who asks; `csrf_token` goes into `X-CSRF-Token` of every change that a dashboard session makes."""

    kind: CredentialKind
    account_id: str
    member_id: str | None
    role: Role | None
    csrf_token: str | None


def _time(value: int | None) -> str | None:
    return None if value is None else iso(from_milliseconds(value))
