"""The audit list: who did what, written in the same transaction as what they did."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import sqlalchemy as sa

from conduet.accounts.principal import AccountScope, Principal
from conduet.accounts.tables import audit_entry, member
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Tx
from conduet.kit.ids import new_id
from conduet.kit.json import Json, dumps
from conduet.kit.page import Page

T = TypeVar("T")
Facts = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done: an action like `key.revoked`, what to, and how that was before and is now, without secrets."""

    action: str
    target: str | None = None
    before: Facts | None = None
    after: Facts | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A deed as the list shows it; `before` and `after` are JSON, `created_at` is in milliseconds since 1970."""

    id: str
    project: str | None
    member: str | None
    member_name: str | None
    credential: str
    action: str
    target: str | None
    before: str | None
    after: str | None
    created_at: int


def audited(principal: Principal, work: Callable[[Tx], T], tell: Deed | Callable[[T], Deed]) -> Callable[[Tx], T]:
    """`work`, and what it did in the list; `tell` is told what came of it."""

    def both(tx: Tx) -> T:
        done = work(tx)
        add_entry(tx, principal, tell(done) if callable(tell) else tell)
        return done

    return both


def add_entry(tx: Tx, principal: Principal, deed: Deed) -> None:
    """Writes a deed down."""
    name = None
    if principal.member_id is not None:
        name = tx.execute(sa.select(member.c.name).where(member.c.id == principal.member_id)).scalar_one_or_none()
    tx.execute(
        sa.insert(audit_entry).values(
            id=new_id("aud"),
            account_id=principal.account.account_id,
            project=principal.project and principal.project.project_id,
            member=principal.member_id,
            member_name=name,
            credential=f"{principal.kind}:{principal.credential_id}",
            action=deed.action,
            target=deed.target,
            before=None if deed.before is None else dumps(deed.before).decode(),
            after=None if deed.after is None else dumps(deed.after).decode(),
            created_at=milliseconds(now()),
        )
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: of a project, of a member, of an action (`key.revoked`) or of a family of them (`key`)."""

    project: str | None = None
    member: str | None = None
    action: str | None = None


EVERY: Final = Wanted()


def list_entries(tx: Tx, scope: AccountScope, page: Page, wanted: Wanted = EVERY) -> Sequence[Entry]:
    """The latest entries first, one more than the page holds."""
    asked = sa.select(*(audit_entry.c[name] for name in Entry.__slots__)).where(
        audit_entry.c.account_id == scope.account_id
    )
    if page.after is not None:
        asked = asked.where(audit_entry.c.id < page.after.id)
    if wanted.project is not None:
        asked = asked.where(audit_entry.c.project == wanted.project)
    if wanted.member is not None:
        asked = asked.where(audit_entry.c.member == wanted.member)
    if wanted.action is not None:
        family = audit_entry.c.action.startswith(f"{wanted.action}.", autoescape=True)
        asked = asked.where(family | (audit_entry.c.action == wanted.action))
    rows = tx.execute(asked.order_by(audit_entry.c.id.desc()).limit(page.limit + 1))
    return [Entry(*row) for row in rows]
