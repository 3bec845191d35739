"""Signing in by a link, and the session's cookie."""

import asyncio
from collections.abc import AsyncIterator
from http.cookies import SimpleCookie

import httpx2
import pytest

from conduet.accounts.session_store import LINK_SECONDS, add_link
from conduet.accounts.store import Member, add_account
from conduet.app.edge import Edge
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Database
from tests.conftest import new_client

SIGN_IN = "/api/v1/sign-in"
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
    return await browser.post(SIGN_IN, json={"token": token}, headers=OWN)


@pytest.fixture
async def signed_in(browser: httpx2.AsyncClient, database: Database, ada: Member) -> httpx2.AsyncClient:
    assert (await sign_in(browser, a_link(database, ada))).status_code == 200
    return browser


async def test_a_link_is_traded_for_a_session(browser: httpx2.AsyncClient, database: Database, ada: Member) -> None:
    traded = await sign_in(browser, a_link(database, ada))
    assert traded.status_code == 200
    cookie = SimpleCookie(traded.headers["set-cookie"])["conduet_session"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["secure"]) == (True, "strict", "/", "")
    who = (await browser.get("/api/v1/session")).json()
    assert who == traded.json()
    assert (who["kind"], who["memberId"], who["accountId"]) == ("session", ada.id, ada.account_id)


async def test_looking_at_a_link_does_not_use_it_up(
    browser: httpx2.AsyncClient, database: Database, ada: Member
) -> None:
    token = a_link(database, ada)
    for method in ("GET", "HEAD", "GET"):
        seen = await browser.request(method, f"/sign-in?token={token}")
        assert "set-cookie" not in seen.headers
    assert (await sign_in(browser, token)).status_code == 200


async def test_a_link_works_once(server: Edge, browser: httpx2.AsyncClient, database: Database, ada: Member) -> None:
    token = a_link(database, ada)
    assert (await sign_in(browser, token)).status_code == 200
    async with new_client(server) as other:
        again = await sign_in(other, token)
        assert again.status_code == 401
        assert "set-cookie" not in again.headers
        assert "`conduet link` on the server, with the same --data" in again.json()["error"]
        assert (await other.get("/api/v1/session")).status_code == 401


async def test_of_many_who_use_a_link_at_once_one_signs_in(
    browser: httpx2.AsyncClient, database: Database, ada: Member
) -> None:
    token = a_link(database, ada)
    answers = await asyncio.gather(*(sign_in(browser, token) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 7


async def test_a_link_works_for_15_minutes(browser: httpx2.AsyncClient, database: Database, ada: Member) -> None:
    assert LINK_SECONDS == 900
    assert (await sign_in(browser, a_link(database, ada, seconds_ago=901))).status_code == 401
    assert (await sign_in(browser, a_link(database, ada, seconds_ago=895))).status_code == 200


@pytest.mark.parametrize("token", ["", "guess", "x" * 200, "ü", "'; drop table session; --"])
async def test_no_other_token_signs_in(token: str, browser: httpx2.AsyncClient) -> None:
    assert (await sign_in(browser, token)).status_code == 401


@pytest.mark.parametrize("body", [b"", b"token=a", b"{}", b'{"token": 1}', b'{"token": "' + b"x" * 201 + b'"}'])
async def test_a_strange_body_is_told_what_is_wrong(body: bytes, browser: httpx2.AsyncClient) -> None:
    refused = await browser.post(SIGN_IN, content=body, headers={**OWN, "Content-Type": "application/json"})
    assert refused.status_code == 400


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
    refused = await browser.post(SIGN_IN, json={"token": token}, headers=headers)
    assert refused.status_code == 403
    assert "set-cookie" not in refused.headers
    assert (await sign_in(browser, token)).status_code == 200


async def test_a_browser_that_tells_only_the_origin_signs_in(
    browser: httpx2.AsyncClient, database: Database, ada: Member
) -> None:
    own = {"Origin": "http://conduet.test"}
    assert (await browser.post(SIGN_IN, json={"token": a_link(database, ada)}, headers=own)).status_code == 200


async def test_over_https_the_cookie_is_for_this_host_and_https_alone(
    server: Edge, database: Database, ada: Member
) -> None:
    transport = httpx2.ASGITransport(server)
    async with httpx2.AsyncClient(transport=transport, base_url="https://conduet.test") as browser:
        traded = await sign_in(browser, a_link(database, ada))
        cookie = SimpleCookie(traded.headers["set-cookie"])["__Host-conduet_session"]
        assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["secure"], cookie["domain"]) == (
            True,
            "strict",
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
    token = (await signed_in.get("/api/v1/session")).json()["csrfToken"]
    for headers in (OWN, {"X-CSRF-Token": token}):
        assert (await signed_in.delete("/api/v1/session", headers=headers)).status_code == 403
    assert (await signed_in.get("/api/v1/session")).status_code == 200
    assert (await signed_in.delete("/api/v1/session", headers={**OWN, "X-CSRF-Token": token})).status_code == 204
    assert "conduet_session" not in signed_in.cookies
    signed_in.cookies.set("conduet_session", secret)
    assert (await signed_in.get("/api/v1/session")).status_code == 401
