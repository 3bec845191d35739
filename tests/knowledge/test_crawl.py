"""Crawling a real server on loopback: what is fetched, what is left alone, and what a second time costs."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from conduet.kit.http.address import AllowPrivate
from conduet.kit.http.client import Outgoing
from conduet.knowledge.crawl import Known, Page, crawl
from conduet.knowledge.crawl_plan import Mode, Plan, one_url
from tests.knowledge.sites import Site, html, served

PDF = Path("tests/loaders/files/text.pdf")


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with served() as site:
        yield site


async def crawled(
    site: Site, mode: Mode, path: str = "/", *, known: dict[str, Known] | None = None, **more: Any
) -> list[Page]:
    outgoing = Outgoing(AllowPrivate.parse(f"127.0.0.1:{site.port}"))
    try:
        plan = Plan(site.url(path), mode, **more)
        return [page async for page in crawl(outgoing, plan, known=known, pause_seconds=0)]
    finally:
        await outgoing.close()


def told(site: Site, pages: list[Page]) -> list[tuple[str, str]]:
    return [(page.url.removeprefix(site.url("")), page.outcome) for page in pages]


def shop(site: Site) -> None:
    site.pages = {
        "/robots.txt": (200, {}, b"User-agent: *\nDisallow: /secret\n"),
        "/": html("Home <a href='/a?utm_source=x#top'>a</a><a href=/secret>s</a><a href='http://127.0.0.2:1/'>o</a>"),
        "/a": html("Page A <a href='b'>b</a> <a href=/logo.png>l</a> <a href='mailto:x@y.z'>m</a>"),
        "/b": html("Page B <a href='/c'>c</a><a href=/prices.pdf>p</a>"),
        "/c": html("Page C"),
        "/prices.pdf": (200, {"Content-Type": "application/pdf"}, PDF.read_bytes()),
    }


async def test_one_page_is_one_page(site: Site) -> None:
    shop(site)
    (page,) = await crawled(site, "page")
    assert (page.url, page.outcome, page.title, page.mime) == (site.url("/"), "changed", "Home", "text/html")
    assert site.asked == ["/robots.txt", "/"]


async def test_a_site_is_followed_to_its_depth_where_it_may_be(site: Site) -> None:
    shop(site)
    pages = await crawled(site, "site")
    assert told(site, pages) == [("/", "changed"), ("/a", "changed"), ("/secret", "failed"), ("/b", "changed")]
    assert "robots.txt" in pages[2].message
    assert "/secret" not in site.asked
    deeper = await crawled(site, "site", depth=3, exclude=("/secret", "/c*"))
    assert told(site, deeper)[-1] == ("/prices.pdf", "changed")
    assert (deeper[-1].mime, deeper[-1].body, deeper[-1].name) == ("application/pdf", PDF.read_bytes(), "prices.pdf")
    assert len(await crawled(site, "site", max_pages=2)) == 2
    assert told(site, await crawled(site, "site", include=("/a*",))) == [("/", "changed"), ("/a", "changed")]


async def test_a_second_crawl_tells_only_what_changed(site: Site) -> None:
    shop(site)
    first = await crawled(site, "site", exclude=("/secret",))
    known = {page.url: page.known for page in first}
    site.pages["/a"] = html("Page A has changed <a href='b'>b</a>")
    site.pages["/b"] = (410, {}, b"")
    second = await crawled(site, "site", exclude=("/secret",), known=known)
    assert told(site, second) == [("/", "unchanged"), ("/a", "changed"), ("/b", "gone")]
    assert second[0].body == b""


async def test_a_page_that_nothing_leads_to_any_more_is_asked_for_by_itself(site: Site) -> None:
    shop(site)
    first = await crawled(site, "site", exclude=("/secret",))
    known = {page.url: page.known for page in first}
    site.pages["/"] = html("Home without links")
    site.pages["/b"] = (301, {"Location": "/c"}, b"")
    second = await crawled(site, "site", exclude=("/secret",), known=known)
    assert told(site, second) == [("/", "changed"), ("/a", "unchanged"), ("/b", "gone"), ("/c", "changed")]
    site.pages["/"] = (503, {}, b"")
    assert told(site, await crawled(site, "site", known=known)) == [("/", "failed")]


async def test_a_sitemap_names_its_pages(site: Site) -> None:
    shop(site)
    site.pages["/robots.txt"] = (200, {}, f"Sitemap: {site.url('/index.xml')}\n".encode())
    index = f"<sitemapindex><sitemap><loc>{site.url('/one.xml')}</loc></sitemap></sitemapindex>"
    site.pages["/index.xml"] = (200, {"Content-Type": "text/xml"}, index.encode())
    urls = "".join(f"<url><loc> {site.url(path)} </loc></url>" for path in ("/b", "/c"))
    site.pages["/one.xml"] = (200, {"Content-Type": "text/xml"}, f"<urlset>{urls}</urlset>".encode())
    assert told(site, await crawled(site, "sitemap")) == [("/b", "changed"), ("/c", "changed")]
    assert told(site, await crawled(site, "sitemap", "/one.xml")) == [("/b", "changed"), ("/c", "changed")]
    (page,) = await crawled(site, "sitemap", "/none.xml")
    assert (page.outcome, page.message) == ("failed", "There is no sitemap with pages at this address.")


async def test_a_page_is_told_under_the_address_it_gives_itself_and_once(site: Site) -> None:
    site.pages = {
        "/": html("Home <a href='/x?s=1'>1</a> <a href='/x?s=2'>2</a> <a href=/no>n</a>"),
        "/x?s=1": html("Thing", "<link rel=canonical href=/x>"),
        "/x?s=2": html("Thing", "<link rel=canonical href=/x>"),
        "/no": html("Hidden", "<meta name=robots content=noindex>"),
    }
    assert told(site, await crawled(site, "site")) == [("/", "changed"), ("/x", "changed")]


async def test_what_cannot_be_fetched_is_told_in_a_sentence(site: Site) -> None:
    site.pages["/broken"] = (500, {}, b"")
    (page,) = await crawled(site, "page", "/broken")
    assert (page.outcome, page.message) == ("failed", "The site answered with status 500.")
    site.pages["/robots.txt"] = (503, {}, b"")
    (page,) = await crawled(site, "page", "/broken")
    assert "robots.txt cannot be read" in page.message
    outgoing = Outgoing(AllowPrivate())
    (page,) = [page async for page in crawl(outgoing, Plan(site.url("/")), pause_seconds=0)]
    await outgoing.close()
    assert page.outcome == "failed"
    assert "only addresses on the public internet" in page.message


def test_one_page_has_one_address() -> None:
    assert one_url("HTTP://Shop.Example:80/a?utm_source=x&b=1#c") == "http://shop.example/a?b=1"
    assert one_url("https://shop.example") == "https://shop.example/"
    assert one_url("javascript:alert(1)") is None
    assert one_url("http://[") is None
