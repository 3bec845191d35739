"""The SQL of an account's members: who they are, what they may do, and how they sign in."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from conduet.accounts.principal import AccountScope, revocation_topic
from conduet.accounts.roles import Role
from conduet.accounts.store import Member
from conduet.accounts.tables import developer_token, member, session
from conduet.errors import Conflict, NotFound
from conduet.kit.db import Tx
from conduet.kit.ids import new_id

TAKEN = "This sign-in name is taken: choose another."


@dataclass(frozen=True, slots=True)
class ListedMember:
    """A member as lists show them.

    `login` is what they sign in by, if they have a password; `email` is how an identity provider knows them at first.
    """

    id: str
    name: str
    role: Role
    login: str | None
    email: str | None
    created_at: int


@dataclass(frozen=True, slots=True)
class Lock:
    """What a sign-in name opens, and the hash of the password that opens it."""

    member_id: str
    password: str


_LISTED = (member.c.id, member.c.name, member.c.role, member.c.login, member.c.email, member.c.created_at)


def list_members(tx: Tx, scope: AccountScope) -> list[ListedMember]:
    """The account's members, the first one first."""
    rows = tx.execute(
        sa.select(*_LISTED).where(member.c.account_id == scope.account_id).order_by(member.c.created_at, member.c.id)
    )
    return [ListedMember(*row) for row in rows]


def get_member(tx: Tx, scope: AccountScope, member_id: str) -> ListedMember:
    """A member of the account. Raises `NotFound`."""
    row = tx.execute(
        sa.select(*_LISTED).where(member.c.account_id == scope.account_id, member.c.id == member_id)
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such member.")
    return ListedMember(*row)


def add_member(
    tx: Tx,
    scope: AccountScope,
    *,
    name: str,
    role: Role,
    now_ms: int,
    subject: str | None = None,
    email: str | None = None,
) -> Member:
    """A new member of the account; `subject` is who they are to an identity provider, `email` how it knows them."""
    added = Member(id=new_id("mem"), account_id=scope.account_id, name=name, role=role)
    tx.execute(
        sa.insert(member).values(
            id=added.id,
            account_id=added.account_id,
            name=name,
            role=role,
            subject=subject,
            email=email,
            created_at=now_ms,
        )
    )
    return added


def change_member(
    tx: Tx, scope: AccountScope, member_id: str, *, changes: Mapping[str, str | None]
) -> tuple[ListedMember, ListedMember]:
    """The member before and after `changes` of name, role and e-mail address.

    With another address the member is nobody to the identity provider until it names that.

    Raises `NotFound`, and `Conflict` where nobody would own the account.
    """
    if "role" in changes:
        _hold_owners(tx, scope)
    before = get_member(tx, scope, member_id)
    if changes.get("role", "owner") != "owner":
        _keep_an_owner(tx, scope, before)
    values = dict(changes)
    if values.get("email", before.email) != before.email:
        values["subject"] = None
    if values:
        tx.execute(sa.update(member).where(member.c.id == member_id).values(**values))
    return before, get_member(tx, scope, member_id)


def remove_member(tx: Tx, scope: AccountScope, member_id: str) -> ListedMember:
    """Removes a member with their sessions and tokens, whose open streams end.

    Raises `NotFound`, and `Conflict` where nobody would own the account.
    """
    _hold_owners(tx, scope)
    removed = get_member(tx, scope, member_id)
    _keep_an_owner(tx, scope, removed)
    for table in (session, developer_token):
        for found in tx.execute(sa.select(table.c.id).where(table.c.member_id == member_id)).scalars():
            tx.notify(revocation_topic(found))
    tx.execute(sa.delete(member).where(member.c.id == member_id))
    return removed


def put_password(tx: Tx, member_id: str, *, login: str, password: str) -> None:
    """Sets what a member signs in by; `password` is its hash. Raises `Conflict` where another has the name."""
    other = tx.execute(sa.select(member.c.id).where(member.c.login == login, member.c.id != member_id)).first()
    if other is not None:
        raise Conflict(TAKEN)
    try:
        tx.execute(sa.update(member).where(member.c.id == member_id).values(login=login, password=password))
    except IntegrityError:
        # Another has taken it just now.
        raise Conflict(TAKEN) from None


def find_lock(tx: Tx, login: str, *, stays: bool = False) -> Lock | None:
    """What the sign-in name opens; it is what tells the scope, so it takes none.

    With `stays` nobody changes it until the transaction ends.
    """
    asked = sa.select(member.c.id, member.c.password).where(member.c.login == login, member.c.password.is_not(None))
    row = tx.execute(asked.with_for_update(read=True) if stays else asked).one_or_none()
    return None if row is None else Lock(row.id, row.password)


def find_own_lock(tx: Tx, member_id: str) -> Lock | None:
    """The password of a member, if they have one."""
    password = tx.execute(sa.select(member.c.password).where(member.c.id == member_id)).scalar_one_or_none()
    return None if password is None else Lock(member_id, password)


def find_subject(tx: Tx, subject: str) -> str | None:
    """The member who is this to the identity provider."""
    return tx.execute(sa.select(member.c.id).where(member.c.subject == subject)).scalar_one_or_none()


def list_unlinked(tx: Tx, email: str) -> list[str]:
    """The members whom an identity provider may know by this address, and did not name yet."""
    asked = sa.select(member.c.id).where(member.c.email == email, member.c.subject.is_(None))
    return list(tx.execute(asked.with_for_update()).scalars())


def link_subject(tx: Tx, member_id: str, *, subject: str) -> None:
    """From now on the member is this to the identity provider, whatever their address becomes."""
    tx.execute(sa.update(member).where(member.c.id == member_id).values(subject=subject))


def _hold_owners(tx: Tx, scope: AccountScope) -> None:
    """Owners who leave at once do so one after the other: else each would see another stay."""
    tx.alone(f"owners {scope.account_id}")


def _keep_an_owner(tx: Tx, scope: AccountScope, leaving: ListedMember) -> None:
    if leaving.role != "owner":
        return
    owners = tx.execute(
        sa.select(member.c.id).where(member.c.account_id == scope.account_id, member.c.role == "owner")
    ).scalars()
    if set(owners) <= {leaving.id}:
        raise Conflict("An account needs an owner: make somebody else one first.")
