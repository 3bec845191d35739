"""Fetching politely: by the robots.txt of a host, one request after the other, no faster than it likes."""

import asyncio
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from conduet.kit.http.client import Outgoing
from conduet.kit.http.errors import OutgoingError
from conduet.kit.http.response import Response
from conduet.knowledge.crawl_plan import host_of

if TYPE_CHECKING:
    from protego import Protego

AGENT: Final = "Conduet"
PAUSE_SECONDS: Final = 0.5
MOST_PAUSE_SECONDS: Final = 10.0
TIMEOUT_SECONDS: Final = 30.0
FILE_BYTES: Final = 50 * 1024 * 1024
ROBOTS_BYTES: Final = 500 * 1024


class Disallowed(Exception):
    """The site does not want the page to be fetched: a sentence for people."""


class Fetcher:
    """The requests of one crawl. `pause_seconds` lie between two to the same host, more where its robots.txt asks."""

    def __init__(self, outgoing: Outgoing, *, pause_seconds: float = PAUSE_SECONDS) -> None:
        self._outgoing = outgoing
        self._pause_seconds = pause_seconds
        self._robots: dict[str, Protego | None] = {}
        self._next: dict[str, float] = {}

    async def get(self, url: str, headers: tuple[tuple[str, str], ...] = ()) -> Response:
        """What the address answers, whatever its status. Raises `Disallowed` and `OutgoingError`."""
        robots = await self._rules(url)
        if robots is None:
            raise Disallowed("The site's robots.txt cannot be read just now, so that nothing was fetched from it.")
        if not robots.can_fetch(url, AGENT):
            raise Disallowed("The site's robots.txt does not allow this page to be fetched.")
        await self._wait(host_of(url), robots.crawl_delay(AGENT))
        return await self._send(url, headers, max_bytes=FILE_BYTES)

    async def sitemaps(self, url: str) -> list[str]:
        """The sitemaps that the robots.txt of a host names."""
        robots = await self._rules(url)
        return list(robots.sitemaps) if robots else []

    async def _rules(self, url: str) -> "Protego | None":
        """The rules of a host; `None` when it fails to tell them. A host without a robots.txt allows all."""
        from protego import Protego

        parts = urlsplit(url)
        place = f"{parts.scheme}://{parts.netloc}"
        if place not in self._robots:
            try:
                answer = await self._send(f"{place}/robots.txt", (), max_bytes=ROBOTS_BYTES)
            except OutgoingError:
                # Whether the host answers at all, its pages will tell, and why not.
                self._robots[place] = Protego.parse("")
            else:
                text = answer.text() if answer.ok else ""
                self._robots[place] = None if answer.status >= 500 else Protego.parse(text)
        return self._robots[place]

    async def _wait(self, host: str, delay: float | None) -> None:
        pause = min(max(self._pause_seconds, delay or 0.0), MOST_PAUSE_SECONDS)
        clock = asyncio.get_running_loop().time
        await asyncio.sleep(max(0.0, self._next.get(host, 0.0) - clock()))
        self._next[host] = clock() + pause

    async def _send(self, url: str, headers: tuple[tuple[str, str], ...], *, max_bytes: int) -> Response:
        return await self._outgoing.request(
            "GET",
            url,
            headers=(("User-Agent", f"{AGENT}/1.0"), ("Accept", "text/html,application/pdf;q=0.9,*/*;q=0.5"), *headers),
            timeout_seconds=TIMEOUT_SECONDS,
            max_bytes=max_bytes,
            retries=2,
        )
