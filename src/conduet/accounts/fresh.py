"""Whether whoever sits at a session is still the member, before another way in is made."""

from functools import partial
from typing import Final

from fastapi import Request

from conduet.accounts.member_store import find_own_lock
from conduet.accounts.passwords import Passwords
from conduet.accounts.principal import Principal
from conduet.accounts.session_store import list_sessions
from conduet.errors import BadRequest, Forbidden
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Database
from conduet.kit.exchange import exchange
from conduet.limits.wide import WideLimits

RECENT_MS: Final = 15 * 60 * 1000
"""How fresh a session is that may make a way in without the password, which may be forgotten."""


class Fresh:
    """Asks for the password that is there, unless the session has just begun."""

    def __init__(self, database: Database, limits: WideLimits, passwords: Passwords) -> None:
        self._database = database
        self._limits = limits
        self._passwords = passwords

    async def check(self, request: Request, principal: Principal, current: str | None) -> str:
        """The member behind a session. `current` is the password that is there.

        Raises `Forbidden` for anything but a session, `BadRequest` at `current` where the password is not told and the
        session is not fresh either, and `RateLimited`.
        """
        member_id = principal.member_id
        if principal.kind != "session" or member_id is None:
            raise Forbidden("Ways to sign in are made in the dashboard, by who is signed in there.")
        await self._limits.count_sign_in(exchange(request.scope), member_id)
        lock = await self._database.read(partial(find_own_lock, member_id=member_id))
        if lock is None:
            return member_id
        if current is None:
            moment = milliseconds(now())
            for each in await self._database.read(partial(list_sessions, member_id=member_id, now_ms=moment)):
                if each.id == principal.credential_id and each.created_at >= moment - RECENT_MS:
                    return member_id
        elif await self._passwords.fits(current, lock.password):
            return member_id
        raise BadRequest.at("current", "The password that is there is needed, or sign in anew by a link first.")
