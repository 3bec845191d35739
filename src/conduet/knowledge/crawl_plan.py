"""What a crawl may fetch: where it begins, how far it goes, and which addresses are one."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final, Literal, TypeAlias
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

Mode: TypeAlias = Literal["page", "sitemap", "site"]

# Parameters that tell where a reader came from, not what the page is.
_TRACKING: Final = frozenset({"gclid", "fbclid", "msclkid", "mc_cid", "mc_eid", "igshid"})
_NO_DOCUMENTS: Final = (
    ".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".ico", ".css", ".js", ".mjs", ".woff", ".woff2", ".ttf", ".mp3",
    ".mp4", ".webm", ".avi", ".mov", ".zip", ".gz", ".tar", ".7z", ".exe", ".dmg", ".iso", ".rss", ".atom",
)  # fmt: skip
URL_CHARACTERS: Final = 2000


@dataclass(frozen=True, slots=True)
class Plan:
    """A page, the pages of a sitemap, or a site to a depth of links.

    `include` and `exclude` are patterns with `*`, over the path, or over the whole URL where they have a `://`; the
    latter, in `include`, open other hosts.
    """

    url: str
    mode: Mode = "page"
    depth: int = 2
    max_pages: int = 200
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def admits(self, url: str, *, host: str) -> bool:
        """Whether a link to `url` is followed by a crawl that began on `host`."""
        if len(url) > URL_CHARACTERS or urlsplit(url).path.lower().endswith(_NO_DOCUMENTS):
            return False
        if any(_matches(url, pattern) for pattern in self.exclude):
            return False
        if any("://" in pattern and _matches(url, pattern) for pattern in self.include):
            return True
        inner = [pattern for pattern in self.include if "://" not in pattern]
        return host_of(url) == host and (not self.include or any(_matches(url, pattern) for pattern in inner))


def host_of(url: str) -> str:
    """Host and port, in lower case."""
    return urlsplit(url).netloc.lower()


def one_url(url: str) -> str | None:
    """The one way to write an address of a page; `None` when it is none of http or https."""
    try:
        parts = urlsplit(url.strip())
        if parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
            return None
        standard = {"http": ":80", "https": ":443"}[parts.scheme.lower()]
    except ValueError:
        return None
    query = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name not in _TRACKING and not name.startswith("utm_")
    ]
    # As it was written, unless something went: a server may tell `?a` from `?a=`.
    kept = parts.query if len(query) == len(parse_qsl(parts.query, keep_blank_values=True)) else urlencode(query)
    host = parts.netloc.lower().removesuffix(standard)
    return urlunsplit((parts.scheme.lower(), host, parts.path or "/", kept, ""))


def _matches(url: str, pattern: str) -> bool:
    return fnmatchcase(url if "://" in pattern else urlsplit(url).path, pattern)
