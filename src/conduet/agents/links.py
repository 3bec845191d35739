"""Links and pictures in what a model says: those of hosts that a project does not allow are left out."""

import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import urlsplit

LEFT_OUT: Final = "(link left out)"
HELD: Final = 2_000
"""How much text is held back to see how a bracket ends, in characters."""

_IMAGE: Final = re.compile(r"!\[([^\[\]]*)\]\(\s*<?([^)\s<>]*)>?(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)")
_LINK: Final = re.compile(r"(?<!!)\[([^\[\]]*)\]\(\s*<?([^)\s<>]*)>?(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)")
_TAG: Final = re.compile(r"<[a-zA-Z][^<>]*[=/][^<>]*>?")
_BARE: Final = re.compile(
    r"<?(\b[a-zA-Z][a-zA-Z0-9+.-]*://[^\s<>)\]\"'`]*|\bhttps?:[^\s<>)\]\"'`]+|\bwww\.[^\s<>)\]\"'`]+)>?"
)
_TARGET: Final = re.compile(r"\](\(|:)\s*<?([^)\s<>]*)")
_OPENING: Final = re.compile(r"!?\[|<(?=$|[a-zA-Z])")
_BRACKET: Final = re.compile(r"[\[\]]")
_SUSPECT: Final = re.compile(r"[\[\]<:]|www\.")
"""Stands in everything that is looked for: most of what a model says has none of it."""


class Hosts:
    """The hosts that links may lead to: a name, or `*.name` for all below it."""

    __slots__ = ("_below", "_exact")

    def __init__(self, allowed: Iterable[str]) -> None:
        names = [name.strip().casefold() for name in allowed]
        self._exact = {name for name in names if not name.startswith("*.")}
        self._below = tuple(name[1:] for name in names if name.startswith("*."))

    def allow(self, url: str) -> bool:
        """Whether it is an absolute web address of one of the hosts; what could be read in two ways is not."""
        if "\\" in url or not url.casefold().startswith(("https://", "http://")):
            return False
        try:
            host = urlsplit(url).hostname or ""
        except ValueError:
            return False
        return host in self._exact or bool(self._below and host.endswith(self._below))

    def neutral(self, text: str, left_out: set[str]) -> str:
        """The text without what leads elsewhere: a link becomes its label, a picture its description.

        What was left out is added to `left_out`, by its host where there is one.
        """

        def kept(found: re.Match[str], shown: str, url: str) -> str:
            if self.allow(url):
                return found.group()
            left_out.add(_host(url))
            return shown

        def tagged(found: re.Match[str]) -> str:
            if self.allow(found.group()[1:-1]):
                return found.group()
            left_out.add("an HTML tag")
            return ""

        def loose(found: re.Match[str]) -> str:
            return found.group() if self.allow(found[2]) else f"] {found[1]}{found.group()[2:]}"

        text = _IMAGE.sub(lambda found: kept(found, found[1] or "(picture left out)", found[2]), text)
        text = _LINK.sub(lambda found: kept(found, found[1], found[2]), text)
        text = _TAG.sub(tagged, text)
        text = _BARE.sub(lambda found: kept(found, LEFT_OUT, found[1]), text)
        return _TARGET.sub(loose, text)


class Outlet:
    """Lets text out as it comes, but for the end of it that may yet become a link."""

    __slots__ = ("_held", "_hosts", "_said", "left_out")

    def __init__(self, hosts: Hosts) -> None:
        self._hosts = hosts
        self._held = ""
        self._said: list[str] = []
        self.left_out: set[str] = set()

    @property
    def said(self) -> str:
        """All that was let out."""
        return "".join(self._said)

    def feed(self, text: str) -> str:
        """What may be let out now that this has come."""
        held = self._held + text
        is_plain = _SUSPECT.search(held) is None
        end = max(held.rfind(" "), held.rfind("\n")) + 1 if is_plain else _safe(held)
        if len(held) - end >= HELD:
            end = len(held)
        shown, self._held = held[:end], held[end:]
        if not is_plain:
            shown = self._hosts.neutral(shown, self.left_out)
        self._said.append(shown)
        return shown

    def end(self) -> str:
        """The rest."""
        shown, self._held = self._hosts.neutral(self._held, self.left_out), ""
        self._said.append(shown)
        return shown


def _safe(text: str) -> int:
    """Where the text can be cut without cutting a link: behind a blank, before what is open, and not within a link."""
    end = max(text.rfind(" "), text.rfind("\n")) + 1
    for began, ended in _spans(text):
        if began < end and (ended is None or end <= ended):
            return began
    return end


def _spans(text: str) -> Iterator[tuple[int, int | None]]:
    """Where brackets and tags begin and end, outermost only; one that is still open ends nowhere."""
    position = 0
    while (found := _OPENING.search(text, position)) is not None:
        began = found.start()
        if found.group().endswith("["):
            ended = _bracket_end(text, found.end())
        else:
            closed = text.find(">", began)
            ended = None if closed < 0 else closed + 1
        yield began, ended
        if ended is None:
            return
        position = max(ended, found.end())


def _bracket_end(text: str, position: int) -> int | None:
    """The place behind a bracket that is open at `position`, with the address that follows it."""
    depth = 1
    while depth:
        found = _BRACKET.search(text, position)
        if found is None:
            return None
        depth += 1 if found.group() == "[" else -1
        position = found.end()
    if position >= len(text):
        return None
    if text[position] != "(":
        return position
    closed = text.find(")", position)
    return None if closed < 0 else closed + 1


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "no host"
    except ValueError:
        return "no host"
