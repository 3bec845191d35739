"""The dashboard's files: how they are served, and what a page may do."""

import re
from base64 import b64encode
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette

from conduet.app.web import web_routes

SCRIPT = 'document.title = "a"'
PAGE = f'<!doctype html><meta name="csp-nonce" content="{{{{nonce}}}}"><script>{SCRIPT}</script>'


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A folder like the one that a build leaves."""
    assets = tmp_path / "assets"
    assets.mkdir()
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "favicon.svg").write_text("<svg/>")
    (tmp_path / "manifest.json").write_text("{}")
    (assets / "main-a1.js").write_text("whole")
    (assets / "main-a1.js.br").write_bytes(b"as brotli")
    (assets / "main-a1.js.gz").write_bytes(b"as gzip")
    (assets / "inter-b2.woff2").write_bytes(b"font")
    return tmp_path


@pytest.fixture
async def browser(built: Path) -> AsyncIterator[httpx2.AsyncClient]:
    app = Starlette(routes=list(web_routes(built)))
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app, raise_app_exceptions=False), base_url="http://conduet.test"
    ) as browser:
        yield browser


@pytest.mark.parametrize("path", ["/", "/sign-in", "/settings", "/p/proj_1/build/main", "/p/proj_1/knowledge/doc_1"])
async def test_each_route_of_the_dashboard_is_the_one_page(path: str, browser: httpx2.AsyncClient) -> None:
    page = await browser.get(path)
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert SCRIPT in page.text


async def test_a_page_runs_its_own_scripts_and_no_others(browser: httpx2.AsyncClient) -> None:
    first, second = (await browser.get("/")), (await browser.get("/"))
    policies = [page.headers["content-security-policy"] for page in (first, second)]
    digest = b64encode(sha256(SCRIPT.encode()).digest()).decode()
    for page, policy in zip((first, second), policies, strict=True):
        assert policy.startswith(f"default-src 'none'; script-src 'self' 'sha256-{digest}'; ")
        assert "unsafe" not in policy
        nonce = re.search(r"style-src 'self' 'nonce-([^']+)'", policy)
        assert nonce
        assert f'content="{nonce[1]}"' in page.text
    assert policies[0] != policies[1]


@pytest.mark.parametrize(
    ("accepted", "body", "encoding"),
    [
        ("gzip, deflate, br, zstd", b"as brotli", "br"),
        ("gzip", b"as gzip", "gzip"),
        ("identity", b"whole", None),
    ],
)
async def test_an_asset_comes_as_small_as_the_browser_takes_it(
    accepted: str, body: bytes, encoding: str | None, browser: httpx2.AsyncClient
) -> None:
    async with browser.stream("GET", "/assets/main-a1.js", headers={"Accept-Encoding": accepted}) as answer:
        assert b"".join([part async for part in answer.aiter_raw()]) == body
        assert answer.headers.get("content-encoding") == encoding
        assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["vary"] == "Accept-Encoding"


async def test_a_font_comes_as_it_is(browser: httpx2.AsyncClient) -> None:
    font = await browser.get("/assets/inter-b2.woff2")
    assert (font.content, font.headers["content-type"]) == (b"font", "font/woff2")


@pytest.mark.parametrize("name", ["none.js", "..%2Fmanifest.json", "..%2Findex.html", "%2e%2e", "a.js.br", "%00.js"])
async def test_nothing_else_is_served(name: str, client: httpx2.AsyncClient) -> None:
    answer = await client.get(f"/assets/{name}")
    assert answer.status_code in (400, 404)
    assert answer.json()["code"] in ("NOT_FOUND", "BAD_REQUEST")


async def test_without_a_build_the_page_says_so(tmp_path: Path) -> None:
    app = Starlette(routes=list(web_routes(tmp_path)))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://conduet.test") as browser:
        page = await browser.get("/p/proj_1/build")
    assert page.status_code == 404
    assert "CONDUET_SKIP_WEB" in page.text


@pytest.mark.parametrize("path", ["/nothing", "/api/v1/nothing", "/p", "/assets", "/api/v1"])
async def test_an_address_that_is_no_page_is_not_there(path: str, client: httpx2.AsyncClient) -> None:
    answer = await client.get(path)
    assert answer.status_code == 404
    assert answer.json()["code"] == "NOT_FOUND"
