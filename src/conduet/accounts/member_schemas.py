"""How members, invitations, tokens and the audit list look on the wire."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field, JsonValue

from conduet.accounts.audit_store import Entry
from conduet.accounts.invitation_store import Invitation
from conduet.accounts.member_store import ListedMember
from conduet.accounts.passkey_store import Passkey
from conduet.accounts.passwords import LEAST, MOST, folded
from conduet.accounts.roles import Role
from conduet.accounts.schemas import Expiry
from conduet.accounts.store import DeveloperToken
from conduet.kit.clock import from_milliseconds, iso
from conduet.kit.json import parse
from conduet.kit.schema import Wire


def _visible(text: str) -> str:
    if not text.strip() or not text.isprintable():
        raise ValueError("a name of visible characters is needed")
    return text.strip()


Name = Annotated[str, Field(max_length=128), AfterValidator(_visible)]
Password = Annotated[str, Field(min_length=LEAST, max_length=MOST)]
Token = Annotated[str, Field(max_length=200)]


def _address(text: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", text.strip()):
        raise ValueError("an e-mail address is needed: ada@example.com")
    return folded(text)


Email = Annotated[str, Field(max_length=254), AfterValidator(_address)]


class MemberChange(Wire):
    """What is to be different about a member."""

    name: Name | None = None
    role: Role | None = None
    email: Email | None = None

    def changes(self) -> dict[str, str | None]:
        """What was sent; only the address can be taken away."""
        sent = self.model_dump(include=self.model_fields_set)
        return {name: value for name, value in sent.items() if value is not None or name == "email"}


class WireMember(Wire):
    """A member.

    `login` is what they sign in by, if they have a password; `email` is how the identity provider knows them at first.
    """

    id: str
    name: str
    role: Role
    login: str | None
    email: str | None
    created_at: str

    @classmethod
    def of(cls, member: ListedMember) -> "WireMember":
        return cls(
            id=member.id,
            name=member.name,
            role=member.role,
            login=member.login,
            email=member.email,
            created_at=_time(member.created_at),
        )


class NewInvitation(Wire):
    """Somebody to invite, and as what; with `email` they also join by the identity provider, without the link."""

    name: Name
    role: Role
    email: Email | None = None


class WireInvitation(Wire):
    """An open invitation."""

    id: str
    name: str
    role: Role
    email: str | None
    expires_at: str
    created_at: str

    @classmethod
    def of(cls, invitation: Invitation) -> "WireInvitation":
        return cls(
            id=invitation.id,
            name=invitation.name,
            role=invitation.role,
            email=invitation.email,
            expires_at=_time(invitation.expires_at),
            created_at=_time(invitation.created_at),
        )


class MadeInvitation(WireInvitation):
    """A new invitation: `token` is shown this once, `path` is the page that takes it."""

    token: str
    path: str


class Invited(Wire):
    """Whom an invitation is for, and into whose account."""

    account: str
    name: str
    role: Role


class Acceptance(Wire):
    """An invitation's token, and how its holder wants to sign in from now on."""

    token: Token
    name: Name | None = None
    login: Name
    password: Password


class NamePassword(Wire):
    """What somebody signs in by."""

    login: Annotated[str, Field(max_length=128)]
    password: Annotated[str, Field(max_length=MOST)]


class OwnName(Wire):
    """What one wants to be called."""

    name: Name


class NewPassword(Wire):
    """A password to sign in by; `current` is the one there is."""

    login: Name
    password: Password
    current: Annotated[str, Field(max_length=MOST)] | None = None


class Current(Wire):
    """The password that is there, if there is one and the session is not fresh."""

    current: Annotated[str, Field(max_length=MOST)] | None = None


class NewPasskey(Wire):
    """What to call a passkey, and what its authenticator answered: a `RegistrationResponseJSON`."""

    name: Name
    credential: dict[str, JsonValue]


class PasskeyChange(Wire):
    """What to call a passkey."""

    name: Name


class PasskeyAnswer(Wire):
    """What an authenticator answered: an `AuthenticationResponseJSON`."""

    credential: dict[str, JsonValue]


class WirePasskey(Wire):
    """A passkey of one's own."""

    id: str
    name: str
    last_used_at: str | None
    created_at: str

    @classmethod
    def of(cls, passkey: Passkey) -> "WirePasskey":
        return cls(
            id=passkey.id,
            name=passkey.name,
            last_used_at=None if passkey.last_used_at is None else _time(passkey.last_used_at),
            created_at=_time(passkey.created_at),
        )


class NewToken(Wire):
    """A developer token to be made."""

    name: Name
    expires_at: Expiry | None = None


class WireToken(Wire):
    """A developer token without its secret: `prefix` is how it begins."""

    id: str
    member_id: str
    name: str
    prefix: str
    expires_at: str | None
    last_used_at: str | None
    created_at: str

    @classmethod
    def of(cls, token: DeveloperToken) -> "WireToken":
        return cls(
            id=token.id,
            member_id=token.member_id,
            name=token.name,
            prefix=token.prefix,
            expires_at=None if token.expires_at is None else _time(token.expires_at),
            last_used_at=None if token.last_used_at is None else _time(token.last_used_at),
            created_at=_time(token.created_at),
        )


class MadeToken(WireToken):
    """A new developer token: `token` is shown this once."""

    token: str


class WireSession(Wire):
    """A browser that is signed in; `current` is the one that asks."""

    id: str
    current: bool
    expires_at: str
    created_at: str


class WireEntry(Wire):
    """What somebody did; `credential` is the kind and id of what they showed."""

    id: str
    created_at: str
    member_id: str | None
    member_name: str | None
    credential: str
    project_id: str | None
    action: str
    target: str | None
    before: dict[str, JsonValue] | None
    after: dict[str, JsonValue] | None

    @classmethod
    def of(cls, entry: Entry) -> "WireEntry":
        return cls(
            id=entry.id,
            created_at=_time(entry.created_at),
            member_id=entry.member,
            member_name=entry.member_name,
            credential=entry.credential,
            project_id=entry.project,
            action=entry.action,
            target=entry.target,
            before=_facts(entry.before),
            after=_facts(entry.after),
        )


def _facts(stored: str | None) -> dict[str, JsonValue] | None:
    facts = None if stored is None else parse(stored.encode())
    return facts if isinstance(facts, dict) else None


def _time(value: int) -> str:
    return iso(from_milliseconds(value))
