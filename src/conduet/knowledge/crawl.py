"""Pages of the web as documents: one, those of a sitemap, or a site to a depth; the second time, what has changed."""

import asyncio
import zlib
from collections import deque
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Literal
from urllib.parse import urlsplit

from conduet.kit.http.client import Outgoing
from conduet.kit.http.errors import OutgoingError
from conduet.kit.http.response import Response
from conduet.knowledge.crawl_fetch import PAUSE_SECONDS, Disallowed, Fetcher
from conduet.knowledge.crawl_links import Said, locations, said
from conduet.knowledge.crawl_plan import Plan, host_of, one_url

SITEMAP_BYTES: Final = 50 * 1024 * 1024
MOST_SITEMAPS: Final = 50
_HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
_NO_DOCUMENT: Final = ("image/", "video/", "audio/", "font/", "text/css", "text/javascript", "application/javascript")


@dataclass(frozen=True, slots=True)
class Known:
    """What is kept of a page to ask for it again: give `Page.known` back at the next crawl."""

    etag: str | None = None
    modified: str | None = None
    digest: str = ""
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """What became of an address.

    `changed`: `body` is a file for the `Reader`, with its `mime`. `unchanged`: as when it became `known`. `gone`: the
    site has it no more. `failed`: `message` says why, for people.
    """

    url: str
    outcome: Literal["changed", "unchanged", "gone", "failed"]
    title: str = ""
    mime: str = ""
    charset: str | None = None
    body: bytes = b""
    known: Known = Known()
    message: str = ""

    @property
    def name(self) -> str:
        """What a document of this page is called: its title, or the end of its address."""
        return self.title or urlsplit(self.url).path.rstrip("/").rpartition("/")[2] or self.url


async def crawl(
    outgoing: Outgoing, plan: Plan, *, known: Mapping[str, Known] | None = None, pause_seconds: float = PAUSE_SECONDS
) -> AsyncGenerator[Page]:
    """The pages of a plan as they come, each address once; break off whenever you like.

    `known` has what earlier crawls told, by `Page.url`: those pages are asked for last, where nothing leads to them any
    more. Never raises for what a site does: that is a `failed` page.
    """
    walk = _Walk(Fetcher(outgoing, pause_seconds=pause_seconds), plan, known or {})
    start = one_url(plan.url)
    if start is None:
        yield Page(plan.url, "failed", message="This is no address of a web page: it begins with https:// or http://.")
        return
    if plan.mode == "sitemap":
        try:
            await walk.add_sitemap(start)
        except (Disallowed, OutgoingError) as error:
            yield Page(start, "failed", message=str(error))
            return
        if not walk.waiting:
            yield Page(start, "failed", message="There is no sitemap with pages at this address.")
    else:
        walk.add(start, 0)
    told = reached = 0
    while walk.waiting and told < plan.max_pages:
        page = await walk.next()
        if page is not None:
            told += 1
            reached += page.outcome in {"changed", "unchanged"}
            yield page
        # Of a site that does not answer, nothing more is asked.
        if not walk.waiting and reached and plan.mode != "page":
            walk.add_left()


class _Walk:
    """A crawl on its way: which addresses wait, and which were told."""

    def __init__(self, fetcher: Fetcher, plan: Plan, known: Mapping[str, Known]) -> None:
        self.waiting: deque[tuple[str, int]] = deque()
        self._fetcher = fetcher
        self._plan = plan
        self._known = known
        self._added: set[str] = set()
        self._told: set[str] = set()
        self._host: str | None = None

    def add(self, url: str, depth: int) -> None:
        if url not in self._added and len(self._added) < 20 * self._plan.max_pages:
            self._added.add(url)
            self.waiting.append((url, depth))

    def add_left(self) -> None:
        """Lets pages wait that nothing leads to any more: whether they are gone, only they tell."""
        for url in self._known:
            if url not in self._told:
                self.add(url, self._plan.depth)

    async def add_sitemap(self, url: str) -> None:
        """Lets the pages of a sitemap, and of those that it names, wait; a page's address stands for its host's."""
        self._host = host_of(url)
        sitemaps = deque([url] if ".xml" in urlsplit(url).path else await self._sitemaps_of(url))
        read = 0
        while sitemaps and read < MOST_SITEMAPS and len(self._added) < self._plan.max_pages:
            read += 1
            answer = await self._fetcher.get(sitemaps.popleft())
            text = await asyncio.to_thread(_unpacked, answer.body) if answer.ok else ""
            urls = [found for location in locations(text) if (found := one_url(location))]
            if "<sitemapindex" in text:
                sitemaps.extend(found for found in urls if host_of(found) == self._host)
                continue
            for found in urls:
                if self._plan.admits(found, host=self._host):
                    self.add(found, 0)

    async def _sitemaps_of(self, url: str) -> list[str]:
        parts = urlsplit(url)
        return await self._fetcher.sitemaps(url) or [f"{parts.scheme}://{parts.netloc}/sitemap.xml"]

    async def next(self) -> Page | None:
        """What became of the address that waits longest; `None` when it is another's, or no document."""
        url, depth = self.waiting.popleft()
        known = self._known.get(url, Known())
        asked = (("If-None-Match", known.etag), ("If-Modified-Since", known.modified))
        try:
            answer = await self._fetcher.get(url, tuple((name, value) for name, value in asked if value))
        except (Disallowed, OutgoingError) as error:
            return self._once(Page(url, "failed", message=str(error)))
        final = one_url(answer.url) or url
        first, self._host = self._host is None, self._host or host_of(final)
        if answer.status == 304:
            self._follow(known.links, depth)
            return self._once(Page(url, "unchanged", known=known))
        if answer.status in {404, 410}:
            return self._once(Page(url, "gone", message=f"There is no page: status {answer.status}."))
        if not answer.ok:
            return self._once(Page(url, "failed", message=f"The site answered with status {answer.status}."))
        if final != url and url in self._known:
            self.add(final, depth)
            return self._once(Page(url, "gone", message=f"The page has moved to {final}."))
        if not first and final != url and not self._plan.admits(final, host=self._host):
            return None
        return await self._page(final, answer, depth)

    async def _page(self, url: str, answer: Response, depth: int) -> Page | None:
        mime, _, parameters = (answer.header("Content-Type") or "").lower().partition(";")
        mime = mime.strip()
        if mime.startswith(_NO_DOCUMENT):
            return None
        about = Said()
        if mime in _HTML:
            about = await asyncio.to_thread(said, answer.text(), url)
            self._follow(() if about.nofollow else tuple(about.links), depth)
            if about.noindex:
                return None
            url = self._canonical(about.canonical, url)
        digest = sha256(answer.body).hexdigest()
        links = () if about.nofollow or self._plan.mode != "site" else tuple(about.links)
        now = Known(answer.header("ETag"), answer.header("Last-Modified"), digest, links)
        before = self._known.get(url)
        if before is not None and before.digest == digest:
            return self._once(Page(url, "unchanged", about.title, known=now))
        return self._once(Page(url, "changed", about.title, mime, _charset(parameters), answer.body, now))

    def _canonical(self, canonical: str | None, url: str) -> str:
        """The address that a page gives itself, if it is one that this crawl may tell of."""
        host = self._host or host_of(url)
        return canonical if canonical and host_of(canonical) == host else url

    def _follow(self, links: tuple[str, ...], depth: int) -> None:
        if self._plan.mode != "site" or depth >= self._plan.depth:
            return
        for link in links:
            if self._plan.admits(link, host=self._host or ""):
                self.add(link, depth + 1)

    def _once(self, page: Page) -> Page | None:
        if page.url in self._told:
            return None
        self._told.add(page.url)
        self._added.add(page.url)
        return page


def _charset(parameters: str) -> str | None:
    name = parameters.partition("charset=")[2].partition(";")[0].strip().strip("\"'")
    return name or None


def _unpacked(body: bytes) -> str:
    """The text of a sitemap, which may be packed; what is too much of it is left out."""
    if body.startswith(b"\x1f\x8b"):
        try:
            body = zlib.decompressobj(wbits=31).decompress(body, SITEMAP_BYTES)
        except zlib.error:
            return ""
    return body[:SITEMAP_BYTES].decode("utf-8", errors="replace")
