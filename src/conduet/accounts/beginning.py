"""How every way of signing in begins and ends: asked by an own page, counted, and traded for a session."""

from typing import Final

from fastapi import Request, Response

from conduet.accounts.audit_store import Deed, add_entry
from conduet.accounts.cookie import SESSION
from conduet.accounts.csrf import csrf_token, is_from_own_page
from conduet.accounts.principal import AccountScope, Principal
from conduet.accounts.schemas import Session
from conduet.accounts.session_store import add_session, find_session
from conduet.accounts.tokens import digest
from conduet.errors import Forbidden
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Tx
from conduet.kit.exchange import exchange
from conduet.limits.wide import WideLimits

FOREIGN: Final = "This was not sent by the sign-in page: open the link again."
WHO: Final = {"kind": "session", "accountId": "acc_…", "memberId": "mem_…", "role": "owner", "csrfToken": "9f86d0…"}
SIGN_IN_ERRORS: Final = (400, 401, 403, 413, 415, 429)

Begun = tuple[str, Session]
"""The secret of a session that has just begun, and what its page is told."""


async def check_page(request: Request, limits: WideLimits) -> None:
    """Counts a request by its address before anything is done for it, and sees that a page of this server sent it.

    Raises `Forbidden` and `RateLimited`.
    """
    await count_door(request, limits)
    if not is_from_own_page(request):
        raise Forbidden(FOREIGN)


async def count_door(request: Request, limits: WideLimits) -> None:
    """Counts a request by its address, whatever it shows: here that opens nothing. Raises `RateLimited`."""
    known = exchange(request.scope)
    if known.window is None:
        await limits.count_address(known)


def shown(request: Request, response: Response, begun: Begun) -> Session:
    """Gives the browser its session, and tells its page who it is."""
    secret, session = begun
    SESSION.put(request, response, secret)
    return session


def begin(tx: Tx, member_id: str, *, action: str = "session.begun", by: str | None = None) -> Begun:
    """A new session of a member, in the audit list too; `by` is the way in that is not the usual one."""
    return told(tx, add_session(tx, member_id, now_ms=milliseconds(now())), action=action, by=by)


def told(tx: Tx, secret: str, *, action: str = "session.begun", by: str | None = None) -> Begun:
    """A session that was just made, in the audit list too."""
    found = find_session(tx, digest(secret))
    if found is None:
        raise LookupError("the session was made in this transaction")
    principal = Principal("session", found.id, AccountScope(found.account_id), None, found.member_id, found.role)
    add_entry(tx, principal, Deed(action, found.member_id, after=None if by is None else {"by": by}))
    return secret, Session(
        kind="session",
        account_id=found.account_id,
        member_id=found.member_id,
        role=found.role,
        csrf_token=csrf_token(secret),
    )
