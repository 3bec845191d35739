"""From a request to its `Principal`, or to the error that says why there is none."""

import re
from collections.abc import Callable
from functools import partial

from starlette.requests import Request

from conduet.accounts import csrf
from conduet.accounts.cookie import SESSION
from conduet.accounts.credential_store import is_live
from conduet.accounts.identity import open_secret, proves
from conduet.accounts.identity_store import find_identity_secret
from conduet.accounts.key_store import find_key, has_widget_origin
from conduet.accounts.last_use import LastUse
from conduet.accounts.origin import OWN, parse_origin
from conduet.accounts.principal import AccountScope, CredentialKind, KeyFacts, Principal, ProjectScope
from conduet.accounts.roles import Role, check
from conduet.accounts.session_store import find_session
from conduet.accounts.store import find_token
from conduet.accounts.tokens import DEVELOPER, PROJECT, digest
from conduet.errors import Forbidden, NotFound, Unauthorized
from conduet.kit.clock import milliseconds, now
from conduet.kit.crypto import KeyRing
from conduet.kit.db import Database, Tx
from conduet.kit.exchange import exchange
from conduet.limits.wide import WideLimits

_BASE = "/api/v1"
_BEARER = re.compile(r"Bearer +(?P<secret>[A-Za-z0-9_]{1,200})", re.ASCII | re.IGNORECASE)


class Access:
    """Looks credentials up on each request, so that a revoked one is dead at once.

    `owner_of` tells the account that a project belongs to, `None` where there is no such project. A request is counted
    here by its credential, or, when it shows none that is valid, by its address: beside what a method says, it raises
    `RateLimited`.
    """

    def __init__(
        self,
        database: Database,
        *,
        ring: KeyRing,
        limits: WideLimits,
        owner_of: Callable[[Tx, ProjectScope], AccountScope | None],
    ) -> None:
        self._database = database
        self._ring = ring
        self._limits = limits
        self._owner_of = owner_of
        self._last_use = LastUse(database)

    async def by_key(self, request: Request, *, widget: bool = False, turn: bool = False) -> Principal:
        """The principal of a project key; of a `widget` key only where it is let in, and from its own origins.

        A `turn` is counted by its user, which is the caller's part; here a widget key's turns are counted by address
        too. Raises `Unauthorized`.
        """
        secret = await self._bearer(request, family=PROJECT)
        found = await self._database.glance(partial(find_key, digest=digest(secret)))
        if found is None:
            raise await self._refuse(request, "The project key is unknown or was revoked.")
        if _is_over(found.expires_at):
            raise await self._refuse(request, "The project key has expired.")
        await self._check_widget(request, found.facts, widget=widget)
        self._last_use.note("key", found.facts.id, last_used_at=found.last_used_at)
        seen = exchange(request.scope)
        seen.facts |= {"project": found.project_id, "key": found.facts.id}
        if not turn:
            await self._limits.count_credential(seen, found.facts.id)
        elif found.facts.type == "widget":
            await self._limits.count_widget(seen, found.facts.id)
        return Principal(
            kind="key",
            credential_id=found.facts.id,
            account=AccountScope(found.account_id),
            project=ProjectScope(found.project_id),
            key=found.facts,
        )

    async def by_developer(self, request: Request) -> Principal:
        """The principal of a developer token, else of a dashboard session. Raises as `by_session` does.

        Raises `Forbidden` where the role of its member does not allow the request.
        """
        if "authorization" not in request.headers:
            return await self.by_session(request)
        secret = await self._bearer(request, family=DEVELOPER)
        found = await self._database.glance(partial(find_token, digest=digest(secret)))
        if found is None:
            raise await self._refuse(request, "The developer token is unknown or was revoked.")
        if _is_over(found.expires_at):
            raise await self._refuse(request, "The developer token has expired.")
        self._last_use.note("token", found.id, last_used_at=found.last_used_at)
        await self._count(request, "token", found.id)
        _check_role(request, found.role)
        return Principal(
            kind="token",
            credential_id=found.id,
            account=AccountScope(found.account_id),
            member_id=found.member_id,
            role=found.role,
        )

    async def by_session(self, request: Request) -> Principal:
        """The principal of a dashboard session, which a cookie shows.

        An unsafe method needs the session's CSRF token in the header `X-CSRF-Token`. Raises `Unauthorized`, and
        `Forbidden` when that check fails.
        """
        secret = SESSION.read(request)
        found = secret and await self._database.glance(partial(find_session, digest=digest(secret)))
        if not secret or not found or _is_over(found.expires_at):
            raise await self._refuse(request, "A developer token is needed: Authorization: Bearer cdt_acc_…")
        await self._count(request, "session", found.id)
        token = request.headers.get(csrf.HEADER)
        if request.method not in csrf.SAFE_METHODS and not csrf.is_meant(request, session_secret=secret, token=token):
            raise Forbidden("The CSRF check failed: reload the page that sent this, and try again.")
        _check_role(request, found.role)
        return Principal(
            kind="session",
            credential_id=found.id,
            account=AccountScope(found.account_id),
            member_id=found.member_id,
            role=found.role,
        )

    async def by_project(self, request: Request, project_id: str) -> Principal:
        """As `by_developer`, about one project. Raises `NotFound` when the account has no such project."""
        return await self.about(request, await self.by_developer(request), project_id)

    async def about(self, request: Request, principal: Principal, project_id: str) -> Principal:
        """A developer's principal about one project. Raises `NotFound` when the account has no such project."""
        project = ProjectScope(project_id)
        if await self._database.glance(lambda tx: self._owner_of(tx, project)) != principal.account:
            raise NotFound("There is no such project.")
        exchange(request.scope).facts["project"] = project_id
        return principal.about(project)

    async def still_valid(self, principal: Principal) -> bool:
        """Whether its credential still opens something: asked by open streams."""
        return await self._database.glance(
            partial(is_live, credential_id=principal.credential_id, kind=principal.kind, now_ms=milliseconds(now()))
        )

    async def proves_user(self, principal: Principal, user_id: str, header: str | None) -> bool:
        """Whether the request may see whatever conversation this user has, whoever began it.

        Only a widget key has to prove it, by `header` (`X-User-Hash`). Where it does not, it may see a conversation
        that it began itself and nobody else's. Raises `Unauthorized` when the key needs the proof for every request.
        """
        if principal.key is None or principal.key.type != "widget":
            return True
        proven = header is not None and await self._is_hash(principal.scope, user_id, given=header)
        if not proven and principal.key.require_identity:
            raise Unauthorized("This widget key needs X-User-Hash: the user's HMAC-SHA256 under the identity secret.")
        return proven

    async def is_preview(self, request: Request, principal: Principal) -> bool:
        """Whether the dashboard sent it, for a member of the principal's account who is signed in there."""
        secret = SESSION.read(request)
        if not secret or not csrf.is_from_own_page(request):
            return False
        found = await self._database.glance(partial(find_session, digest=digest(secret)))
        return found is not None and not _is_over(found.expires_at) and found.account_id == principal.account.account_id

    async def is_widget_origin(self, origin: str) -> bool:
        """Whether any live widget key names the origin: then a preflight is answered."""
        parsed = parse_origin(origin)
        return parsed is not None and await self._database.glance(
            partial(has_widget_origin, origin=parsed, now_ms=milliseconds(now()))
        )

    async def close(self) -> None:
        """Writes what is not written yet."""
        await self._last_use.close()

    async def _bearer(self, request: Request, *, family: str) -> str:
        """The secret that the request shows, which is of this family."""
        wanted = f"a {_WORDS[family]} ({family}…)"
        headers = request.headers.getlist("authorization")
        match = _BEARER.fullmatch(headers[0]) if len(headers) == 1 else None
        if match is None or not match["secret"].startswith(PROJECT):
            raise await self._refuse(request, f"Send {wanted}: Authorization: Bearer {family}…")
        shown = DEVELOPER if match["secret"].startswith(DEVELOPER) else PROJECT
        if shown != family:
            raise await self._refuse(request, f"This is a {_WORDS[shown]}; here {wanted} is needed.")
        return match["secret"]

    async def _check_widget(self, request: Request, facts: KeyFacts, *, widget: bool) -> None:
        if facts.type != "widget":
            return
        if not widget:
            raise await self._refuse(request, "A widget key does not open this; a secret key is needed.")
        # A request without an Origin comes from no web page.
        own = OWN in facts.allowed_origins and csrf.is_from_own_page(request)
        for origin in request.headers.getlist("origin"):
            if not own and parse_origin(origin) not in facts.allowed_origins:
                raise await self._refuse(request, "This origin is not among the widget key's allowedOrigins.")

    async def _is_hash(self, project: ProjectScope, user_id: str, *, given: str) -> bool:
        stored = await self._database.glance(partial(find_identity_secret, scope=project))
        return stored is not None and proves(open_secret(self._ring, project, stored), user_id, given=given)

    async def _count(self, request: Request, kind: CredentialKind, credential_id: str) -> None:
        seen = exchange(request.scope)
        seen.facts[kind] = credential_id
        await self._limits.count_credential(seen, credential_id)

    async def _refuse(self, request: Request, message: str) -> Unauthorized:
        seen = exchange(request.scope)
        if seen.window is None:
            await self._limits.count_address(seen)
        return Unauthorized(message)


def _check_role(request: Request, role: Role) -> None:
    """Raises `Forbidden` where the role does not allow the request.

    What decides is the address's template, not what was sent: a path that is written oddly and still finds its way to
    an endpoint takes what the endpoint takes.
    """
    check(role, request.method, exchange(request.scope).route.removeprefix(_BASE))


_WORDS = {PROJECT: "project key", DEVELOPER: "developer token"}


def _is_over(expires_at: int | None) -> bool:
    return expires_at is not None and expires_at <= milliseconds(now())
