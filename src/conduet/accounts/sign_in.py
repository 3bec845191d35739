"""Signing in and out in a browser, and the page that one lands on."""

from functools import partial
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from conduet.accounts.access import Access
from conduet.accounts.cookie import read_session, remove_session, set_session
from conduet.accounts.csrf import csrf_token, is_from_own_page
from conduet.accounts.example import first_curl
from conduet.accounts.key_store import add_key
from conduet.accounts.pages import Pages
from conduet.accounts.principal import Principal
from conduet.accounts.session_store import remove_session as forget_session
from conduet.accounts.session_store import trade_link
from conduet.accounts.tokens import digest
from conduet.errors import Forbidden, NotFound, Unauthorized
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Database
from conduet.kit.exchange import exchange
from conduet.limits.wide import WideLimits

FIELDS = 8


def page_routes(access: Access, database: Database, *, limits: WideLimits, demo_project: str) -> list[Route]:
    """The pages at `/`, `/sign-in`, `/sign-out` and `/demo-key`."""
    at = _SignIn(access, database, limits, demo_project)
    return [
        Route("/", at.home, methods=["GET"]),
        Route("/sign-in", at.ask, methods=["GET"]),
        Route("/sign-in", at.sign_in, methods=["POST"]),
        Route("/sign-out", at.sign_out, methods=["POST"]),
        Route("/demo-key", at.make_demo_key, methods=["POST"]),
    ]


class _SignIn:
    def __init__(self, access: Access, database: Database, limits: WideLimits, demo_project: str) -> None:
        self._access = access
        self._database = database
        self._limits = limits
        self._demo = demo_project
        self._pages = Pages()

    async def home(self, request: Request) -> Response:
        try:
            principal = await self._access.by_session(request)
        except Unauthorized:
            return RedirectResponse("/sign-in", 303)
        return self._pages.home(csrf=_csrf_of(request), has_demo=await self._find_demo(request, principal) is not None)

    async def ask(self, request: Request) -> Response:
        """Uses nothing up: whatever previews a link fetches it too."""
        return self._pages.sign_in(request.query_params.get("token"))

    async def sign_in(self, request: Request) -> Response:
        """Trades the link for a session, once."""
        await self._limits.count_address(exchange(request.scope))
        if not is_from_own_page(request):
            return self._pages.problem("This was not sent by the sign-in page. Open the link again.", status=403)
        token = (await _form(request)).get("token", "")
        secret = await self._database.write(partial(trade_link, digest=digest(token), now_ms=milliseconds(now())))
        if secret is None:
            return self._pages.problem("This link was used already, or is older than 15 minutes.", status=401)
        response = RedirectResponse("/", 303)
        set_session(request, response, secret)
        return response

    async def sign_out(self, request: Request) -> Response:
        try:
            principal = await self._access.by_session(request, csrf_token=(await _form(request)).get("csrf"))
        except Unauthorized:
            return RedirectResponse("/sign-in", 303)
        except Forbidden as error:
            return self._pages.problem(error.message, status=error.status)
        await self._database.write(partial(forget_session, session_id=principal.credential_id))
        response = RedirectResponse("/sign-in", 303)
        remove_session(request, response)
        return response

    async def make_demo_key(self, request: Request) -> Response:
        try:
            principal = await self._access.by_session(request, csrf_token=(await _form(request)).get("csrf"))
        except Unauthorized:
            return RedirectResponse("/sign-in", 303)
        except Forbidden as error:
            return self._pages.problem(error.message, status=error.status)
        demo = await self._find_demo(request, principal)
        if demo is None:
            return self._pages.home(csrf=_csrf_of(request), has_demo=False)
        _, key = await self._database.write(
            partial(
                add_key,
                scope=demo.scope,
                account=demo.account,
                name="Made on the welcome page",
                now_ms=milliseconds(now()),
            )
        )
        base_url = f"{request.url.scheme}://{request.url.netloc}"
        return self._pages.home(csrf=_csrf_of(request), has_demo=True, curl=first_curl(base_url, key))

    async def _find_demo(self, request: Request, principal: Principal) -> Principal | None:
        try:
            return await self._access.about(request, principal, self._demo)
        except NotFound:
            return None


def _csrf_of(request: Request) -> str:
    return csrf_token(read_session(request) or "")


async def _form(request: Request) -> dict[str, str]:
    """The fields of a form of ours; of one that is sent twice, the first."""
    try:
        fields = parse_qs((await request.body()).decode("latin-1"), max_num_fields=FIELDS)
    except ValueError:
        return {}
    return {name: values[0] for name, values in fields.items()}
