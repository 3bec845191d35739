"""Who asks: the credential that was shown, and what it may see."""

from dataclasses import dataclass, replace
from typing import Literal

from conduet.accounts.roles import Role

KeyType = Literal["secret", "widget"]
CredentialKind = Literal["key", "token", "session"]


@dataclass(frozen=True, slots=True)
class AccountScope:
    """One account: what a query about accounts, members and projects may see."""

    account_id: str


@dataclass(frozen=True, slots=True)
class ProjectScope:
    """One project: what a query about anything inside it may see."""

    project_id: str


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What a project key allows. `allowed_origins` are in the form that `conduet.accounts.origin` gives them."""

    id: str
    type: KeyType
    allowed_origins: tuple[str, ...] = ()
    require_identity: bool = False


@dataclass(frozen=True, slots=True)
class Principal:
    """A valid credential and its scopes.

    `credential_id` is the id of the project key, developer token or session: it counts rates and stands in the log.
    `project` is set when the request is about one project, `key` when a project key was shown, `member_id` and `role`
    when a developer token or a dashboard session was.
    """

    kind: CredentialKind
    credential_id: str
    account: AccountScope
    project: ProjectScope | None = None
    member_id: str | None = None
    role: Role | None = None
    key: KeyFacts | None = None

    @property
    def scope(self) -> ProjectScope:
        """The project that the request is about; only for principals of `by_key` and `by_project`."""
        if self.project is None:
            raise LookupError("this principal is not about one project")
        return self.project

    def about(self, project: ProjectScope) -> "Principal":
        """The same principal, asking about one project of its account."""
        return replace(self, project=project)

    @property
    def is_widget(self) -> bool:
        """Whether the credential is printed in a web page, so that it alone proves nothing about its user."""
        return self.key is not None and self.key.type == "widget"


def revocation_topic(credential_id: str) -> str:
    """The topic that wakes whoever holds a stream open by this credential when it is revoked."""
    return f"revoked:{credential_id}"
