"""What a page says of itself to a crawler: its links, its own address, and whether it wants to be found."""

import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urljoin

from conduet.knowledge.crawl_plan import one_url

PAGE_CHARACTERS: Final = 2_000_000
MOST_LINKS: Final = 2000
_LOCATION: Final = re.compile(r"<(?:[a-z]+:)?loc>\s*(?:<!\[CDATA\[)?\s*([^<\]\s]+)", re.IGNORECASE)


@dataclass
class Said:
    """`links` are absolute, in their order; `canonical` is the address that the page gives itself."""

    links: list[str] = field(default_factory=list[str])
    canonical: str | None = None
    title: str = ""
    noindex: bool = False
    nofollow: bool = False


def said(html: str, url: str) -> Said:
    """What the page at `url` says; takes long for a long page, so use a thread."""
    reader = _Reader(url)
    reader.feed(html[:PAGE_CHARACTERS])
    reader.said.title = " ".join("".join(reader.title).split())[:300]
    return reader.said


def locations(sitemap: str) -> list[str]:
    """The addresses in a sitemap, or in an index of sitemaps."""
    return [unescape(match) for match in _LOCATION.findall(sitemap)]


class _Reader(HTMLParser):
    """The parser of the standard library: slow, but safe in this process, whatever a page holds."""

    def __init__(self, url: str) -> None:
        super().__init__(convert_charrefs=True)
        self.said = Said()
        self.title: list[str] = []
        self._base = url
        self._in_title = False

    def parse_html_declaration(self, i: int) -> int:
        """As browsers do (HTML, 13.2.5.42), what is no declaration is a comment; the library gives up on some."""
        try:
            return super().parse_html_declaration(i)
        except AssertionError:
            return self.parse_bogus_comment(i)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        match tag:
            case "a" if "href" in has and "nofollow" not in has.get("rel", "").lower().split():
                url = self._absolute(has["href"])
                if url and len(self.said.links) < MOST_LINKS and url not in self.said.links:
                    self.said.links.append(url)
            case "base" if has.get("href"):
                self._base = urljoin(self._base, has["href"])
            case "link" if "canonical" in has.get("rel", "").lower().split():
                self.said.canonical = self.said.canonical or self._absolute(has.get("href", ""))
            case "meta" if has.get("name", "").lower() in {"robots", "conduet"}:
                content = has.get("content", "").lower()
                self.said.noindex |= "noindex" in content or "none" in content
                self.said.nofollow |= "nofollow" in content or "none" in content
            case "title":
                self._in_title = not self.title
            case _:
                pass

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title.append(data)

    def _absolute(self, href: str) -> str | None:
        try:
            return one_url(urljoin(self._base, href.strip()))
        except ValueError:
            return None
