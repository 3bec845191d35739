"""Signing in by a link, the session's cookie, and the page that one lands on."""

import asyncio
import re
import subprocess
from collections.abc import AsyncIterator, Iterator
from html import unescape
from http.cookies import SimpleCookie

import httpx2
import pytest

from conduet.accounts.principal import ProjectScope
from conduet.accounts.session_store import LINK_SECONDS, add_link
from conduet.accounts.store import Member, add_account
from conduet.app.edge import Edge
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Database
from conduet.projects.demo import DEMO_ID, add_demo
from conduet.projects.store import remove_project
from tests.conftest import new_client

OWN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def ada(database: Database) -> Member:
    return database.write_now(lambda tx: add_account(tx, name="Test", owner="Ada", now_ms=milliseconds(now())))


@pytest.fixture
async def browser(server: Edge) -> AsyncIterator[httpx2.AsyncClient]:
    async with new_client(server) as browser:
        yield browser


def a_link(database: Database, member: Member, *, seconds_ago: int = 0) -> str:
    """The token of a link that was made so long ago."""
    return database.write_now(lambda tx: add_link(tx, member, now_ms=milliseconds(now()) - seconds_ago * 1000))


async def sign_in(browser: httpx2.AsyncClient, token: str) -> httpx2.Response:
    return await browser.post("/sign-in", data={"token": token}, headers=OWN)


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, page
    return found[1]


@pytest.fixture
async def signed_in(browser: httpx2.AsyncClient, database: Database, ada: Member) -> httpx2.AsyncClient:
    assert (await sign_in(browser, a_link(database, ada))).status_code == 303
    return browser


async def test_a_link_is_traded_for_a_session(browser: httpx2.AsyncClient, database: Database, ada: Member) -> None:
    token = a_link(database, ada)
    page = await browser.get(f"/sign-in?token={token}")
    assert page.status_code == 200
    traded = await browser.post("/sign-in", data={"token": field(page.text, "token")}, headers=OWN)
    assert (traded.status_code, traded.headers["location"]) == (303, "/")
    cookie = SimpleCookie(traded.headers["set-cookie"])["conduet_session"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["secure"]) == (True, "lax", "/", "")
    who = (await browser.get("/api/v1/session")).json()
    assert (who["kind"], who["memberId"], who["accountId"]) == ("session", ada.id, ada.account_id)
    assert (await browser.get("/")).status_code == 200


async def test_looking_at_a_link_does_not_use_it_up(
    browser: httpx2.AsyncClient, database: Database, ada: Member
) -> None:
    token = a_link(database, ada)
    for method in ("GET", "HEAD", "GET"):
        seen = await browser.request(method, f"/sign-in?token={token}")
        assert seen.status_code == 200
        assert "set-cookie" not in seen.headers
    assert (await sign_in(browser, token)).status_code == 303


async def test_a_link_works_once(server: Edge, browser: httpx2.AsyncClient, database: Database, ada: Member) -> None:
    token = a_link(database, ada)
    assert (await sign_in(browser, token)).status_code == 303
    async with new_client(server) as other:
        again = await sign_in(other, token)
        assert again.status_code == 401
        assert "set-cookie" not in again.headers
        assert "conduet link" in again.text
        assert (await other.get("/api/v1/session")).status_code == 401


async def test_of_many_who_use_a_link_at_once_one_signs_in(
    browser: httpx2.AsyncClient, database: Database, ada: Member
) -> None:
    token = a_link(database, ada)
    answers = await asyncio.gather(*(sign_in(browser, token) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [303] + [401] * 7


async def test_a_link_works_for_15_minutes(browser: httpx2.AsyncClient, database: Database, ada: Member) -> None:
    assert LINK_SECONDS == 900
    assert (await sign_in(browser, a_link(database, ada, seconds_ago=901))).status_code == 401
    assert (await sign_in(browser, a_link(database, ada, seconds_ago=895))).status_code == 303


@pytest.mark.parametrize("token", ["", "guess", "x" * 100_000, "ü", "'; drop table session; --", "\0"])
async def test_no_other_token_signs_in(token: str, browser: httpx2.AsyncClient) -> None:
    assert (await sign_in(browser, token)).status_code == 401


@pytest.mark.parametrize("body", [b"", b"&" * 100, b"a=1&" * 100, b"\xff\xfe", b"token", b'{"token": "a"}'])
async def test_a_strange_form_signs_nobody_in(body: bytes, browser: httpx2.AsyncClient) -> None:
    assert (await browser.post("/sign-in", content=body, headers=OWN)).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://conduet.test.evil.example"},
        {"Origin": "http://conduet.test:81"},
        {"Origin": "http://conduet.test", "Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_another_site_cannot_sign_somebody_in(
    headers: dict[str, str], browser: httpx2.AsyncClient, database: Database, ada: Member
) -> None:
    token = a_link(database, ada)
    refused = await browser.post("/sign-in", data={"token": token}, headers=headers)
    assert refused.status_code == 403
    assert "set-cookie" not in refused.headers
    assert (await sign_in(browser, token)).status_code == 303


async def test_a_browser_that_tells_only_the_origin_signs_in(
    browser: httpx2.AsyncClient, database: Database, ada: Member
) -> None:
    own = {"Origin": "http://conduet.test"}
    assert (await browser.post("/sign-in", data={"token": a_link(database, ada)}, headers=own)).status_code == 303


async def test_over_https_the_cookie_is_for_this_host_and_https_alone(
    server: Edge, database: Database, ada: Member
) -> None:
    transport = httpx2.ASGITransport(server)
    async with httpx2.AsyncClient(transport=transport, base_url="https://conduet.test") as browser:
        traded = await sign_in(browser, a_link(database, ada))
        cookie = SimpleCookie(traded.headers["set-cookie"])["__Host-conduet_session"]
        assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["secure"], cookie["domain"]) == (
            True,
            "lax",
            "/",
            True,
            "",
        )
        assert (await browser.get("/api/v1/session")).status_code == 200


async def test_the_secrets_of_a_session_are_stored_nowhere(signed_in: httpx2.AsyncClient, database: Database) -> None:
    secret = signed_in.cookies["conduet_session"]
    who = (await signed_in.get("/api/v1/session")).json()
    assert secret not in str(who)
    assert len(secret) == 43


# Changes by a session.


async def test_a_session_changes_things_with_its_token_from_its_own_page(signed_in: httpx2.AsyncClient) -> None:
    token = (await signed_in.get("/api/v1/session")).json()["csrfToken"]
    made = await signed_in.post("/api/v1/projects", json={"name": "Mine"}, headers={**OWN, "X-CSRF-Token": token})
    assert made.status_code == 201
    assert (await signed_in.get(f"/api/v1/projects/{made.json()['id']}")).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    ("site", "token"),
    [
        ({}, "right"),
        ({"Sec-Fetch-Site": "cross-site"}, "right"),
        ({"Sec-Fetch-Site": "same-site"}, "right"),
        ({"Origin": "https://evil.example"}, "right"),
        ({"Origin": "null"}, "right"),
        (OWN, ""),
        (OWN, None),
        (OWN, "wrong"),
    ],
)
async def test_a_session_changes_nothing_otherwise(
    method: str, site: dict[str, str], token: str | None, signed_in: httpx2.AsyncClient
) -> None:
    right = (await signed_in.get("/api/v1/session")).json()["csrfToken"]
    shown = {} if token is None else {"X-CSRF-Token": right if token == "right" else token}
    path = {"POST": "/api/v1/projects", "DELETE": "/api/v1/session", "PATCH": "/api/v1/projects/proj_none"}[method]
    body = {"name": "Evil"} if method == "POST" else {}
    refused = await signed_in.request(method, path, json=body, headers={**site, **shown})
    assert refused.status_code == 403
    assert refused.json()["code"] == "FORBIDDEN"
    assert (await signed_in.get("/api/v1/projects")).json() == []


async def test_another_sessions_token_is_no_good(
    server: Edge, signed_in: httpx2.AsyncClient, database: Database, ada: Member
) -> None:
    async with new_client(server) as other:
        await sign_in(other, a_link(database, ada))
        foreign = (await other.get("/api/v1/session")).json()["csrfToken"]
    refused = await signed_in.post("/api/v1/projects", json={"name": "a"}, headers={**OWN, "X-CSRF-Token": foreign})
    assert refused.status_code == 403


async def test_a_shown_token_counts_more_than_a_cookie(signed_in: httpx2.AsyncClient) -> None:
    assert (await signed_in.get("/api/v1/session", headers={"Authorization": "Bearer cdt_acc_x"})).status_code == 401


async def test_a_cookie_does_not_open_a_projects_own_half(signed_in: httpx2.AsyncClient) -> None:
    assert (await signed_in.get("/api/v1/project")).status_code == 401


async def test_signing_out_ends_the_session_everywhere(signed_in: httpx2.AsyncClient) -> None:
    secret = signed_in.cookies["conduet_session"]
    csrf = field((await signed_in.get("/")).text, "csrf")
    assert (await signed_in.post("/sign-out", data={"csrf": "wrong"}, headers=OWN)).status_code == 403
    assert (await signed_in.post("/sign-out", data={"csrf": csrf})).status_code == 403
    assert (await signed_in.get("/api/v1/session")).status_code == 200
    out = await signed_in.post("/sign-out", data={"csrf": csrf}, headers=OWN)
    assert (out.status_code, out.headers["location"]) == (303, "/sign-in")
    assert "conduet_session" not in signed_in.cookies
    signed_in.cookies.set("conduet_session", secret)
    assert (await signed_in.get("/api/v1/session")).status_code == 401
    assert (await signed_in.post("/sign-out", headers=OWN)).headers["location"] == "/sign-in"


async def test_the_api_signs_a_session_out_too(signed_in: httpx2.AsyncClient) -> None:
    token = (await signed_in.get("/api/v1/session")).json()["csrfToken"]
    assert (await signed_in.delete("/api/v1/session", headers={**OWN, "X-CSRF-Token": token})).status_code == 204
    assert (await signed_in.get("/api/v1/session")).status_code == 401


# The pages.


async def test_the_home_page_asks_to_sign_in_first(browser: httpx2.AsyncClient) -> None:
    for method, path in (("GET", "/"), ("POST", "/demo-key"), ("POST", "/sign-out")):
        answer = await browser.request(method, path, headers=OWN)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    page = await browser.get("/sign-in")
    assert "conduet link" in page.text
    assert "<form" not in page.text


@pytest.fixture
def demo(database: Database, ada: Member) -> Iterator[ProjectScope]:
    scope = ProjectScope(DEMO_ID)
    database.write_now(lambda tx: remove_project(tx, scope))
    yield database.write_now(lambda tx: add_demo(tx, ada.account, now_ms=milliseconds(now())))
    database.write_now(lambda tx: remove_project(tx, scope))


def pasted(command: str) -> list[str]:
    """What a real shell hands to `curl`, apart from its `-s`."""
    script = 'curl() { [ "$1" = -s ] && shift; printf "%s\\0" "$@"; }\n' + command
    told = subprocess.run(("sh", "-c", script), capture_output=True, text=True, check=True)
    assert told.stderr == ""
    return told.stdout.split("\0")[:-1]


async def test_the_button_makes_a_demo_key_in_a_command_that_can_be_pasted(
    demo: ProjectScope, signed_in: httpx2.AsyncClient, server: Edge
) -> None:
    page = await signed_in.get("/")
    made = await signed_in.post("/demo-key", data={"csrf": field(page.text, "csrf")}, headers=OWN)
    assert made.status_code == 200
    found = re.search(r"<code>(curl .*?)</code>", made.text, re.DOTALL)
    assert found
    address, *rest = pasted(unescape(found[1]))
    assert address == "http://conduet.test/api/v1/conversations/user_123/interact"
    assert rest[-2:] == ["-d", '{"action": {"type": "text", "payload": "Hello!"}}']
    assert rest[2:4] == ["-H", "Content-Type: application/json"]
    key = rest[1].removeprefix("Authorization: Bearer ")
    async with new_client(server, key=key) as client:
        assert (await client.get("/api/v1/project")).json()["id"] == demo.project_id
    assert key not in (await signed_in.get("/")).text


async def test_no_other_site_makes_a_demo_key(demo: ProjectScope, signed_in: httpx2.AsyncClient) -> None:
    csrf = field((await signed_in.get("/")).text, "csrf")
    before = (await signed_in.get(f"/api/v1/projects/{demo.project_id}/api-keys")).json()
    for body, headers in (({"csrf": csrf}, {}), ({"csrf": "x"}, OWN), ({}, OWN)):
        refused = await signed_in.post("/demo-key", data=body, headers=headers)
        assert refused.status_code == 403
        assert "curl" not in refused.text
    assert (await signed_in.get(f"/api/v1/projects/{demo.project_id}/api-keys")).json() == before


async def test_without_a_demo_there_is_no_button_for_it(signed_in: httpx2.AsyncClient, database: Database) -> None:
    database.write_now(lambda tx: remove_project(tx, ProjectScope(DEMO_ID)))
    page = await signed_in.get("/")
    assert "no demo project" in page.text
    assert "/demo-key" not in page.text
    csrf = field(page.text, "csrf")
    assert "no demo project" in (await signed_in.post("/demo-key", data={"csrf": csrf}, headers=OWN)).text


async def test_a_page_runs_no_script_and_loads_nothing(signed_in: httpx2.AsyncClient) -> None:
    for path in ("/", "/sign-in", "/sign-in?token=abc"):
        page = await signed_in.get(path)
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert page.headers["cache-control"] == "no-store"
        policy = page.headers.get_list("content-security-policy")
        assert len(policy) == 1
        assert policy[0].startswith("default-src 'none'; style-src 'sha256-")
        # A browser that may tell no referrer sends `Origin: null` with a form.
        assert '<meta name="referrer" content="same-origin">' in page.text
        assert not re.search(r"<script|\son\w+=|javascript:|(src|href)=\"(?!/)|@import|url\(", page.text)


async def test_what_a_link_carries_is_shown_as_text(browser: httpx2.AsyncClient) -> None:
    page = await browser.get("/sign-in", params={"token": '"><script>alert(1)</script>'})
    assert "<script" not in page.text
