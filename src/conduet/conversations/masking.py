"""Known secrets are taken out of what comes from outside, in every spelling that they are likely to come back in."""

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from urllib.parse import quote, quote_plus

from conduet.engine.values import Json, read_json, to_json

SHORTEST: Final = 4
"""A value of fewer characters is not looked for: it would be found everywhere, and hides nothing."""

SHORTEST_CODED: Final = 8
"""The fewest characters of base64 or hex that are looked for."""

_HEX: Final = re.compile("%[0-9A-F]{2}")
_URL_SAFE: Final = str.maketrans("+/", "-_")


class Masks:
    """Puts `[secret NAME]` in place of each of `secrets` (name → value), wherever it stands in a text.

    Found are the value itself, and what URLs, JSON, HTML, hex and base64 make of it; of base64 also the middle of
    something longer, such as the credentials of HTTP's basic authentication.
    """

    __slots__ = ("_masks",)

    def __init__(self, secrets: Mapping[str, str]) -> None:
        found = {
            spelling: f"[secret {name}]"
            for name, value in secrets.items()
            for spelling in _spellings(value)
        }  # fmt: skip
        # What holds another goes first, so that nothing is left of it.
        self._masks = sorted(found.items(), key=lambda pair: -len(pair[0]))

    def text(self, text: str) -> str:
        """`text` without secrets."""
        for spelling, mask in self._masks:
            if spelling in text:
                text = text.replace(spelling, mask)
        return text

    def body(self, text: str) -> str:
        """A whole text, such as an answer's body, without secrets.

        JSON may spell any character by its number, and hold JSON in its texts: where there is a backslash, it is read
        first.
        """
        if not self._masks or "\\" not in text:
            return self.text(text)
        try:
            value = read_json(text)
            masked = self.json(value)
        except (ValueError, RecursionError):
            return self.text(text)
        return self.text(text if masked == value else to_json(masked))

    def texts(self, texts: Mapping[str, str]) -> dict[str, str]:
        """Names and texts, such as headers, without secrets."""
        return {self.text(name): self.text(value) for name, value in texts.items()}

    def json(self, value: Json) -> Json:
        """`value` with the same done to all of its texts, keys included."""
        if not self._masks:
            return value
        if isinstance(value, str):
            return self.body(value)
        if isinstance(value, list):
            return [self.json(item) for item in value]
        if isinstance(value, dict):
            return {self.text(name): self.json(item) for name, item in value.items()}
        return value


def _spellings(value: str) -> Iterable[str]:
    """What `value` may come back as."""
    if len(value.strip()) < SHORTEST:
        return ()
    trimmed = value.strip()
    return {spelling for text in {value, trimmed} for spelling in (*_escaped(text), *_coded(text.encode()))}


def _escaped(text: str) -> Iterator[str]:
    """As it is, and as URLs, the names of hosts, JSON and HTML have it."""
    yield text
    yield text.lower()
    for quoted in (quote(text, safe=""), quote(text), quote_plus(text)):
        yield quoted
        yield _HEX.sub(lambda found: found[0].lower(), quoted)
    for is_ascii in (True, False):
        written = json.dumps(text, ensure_ascii=is_ascii)[1:-1]
        yield written
        yield written.replace("/", "\\/")
    yield html.escape(text)
    yield html.escape(text, quote=False)


def _coded(data: bytes) -> Iterator[str]:
    """As hex, and as the part of base64 that does not depend on what stands around it, at each of its three starts."""
    coded = [data.hex(), data.hex().upper()]
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + data).decode()
        part = whole[(before * 8 + 5) // 6 : (before + len(data)) * 8 // 6]
        coded += [part, part.translate(_URL_SAFE)]
    yield from (text for text in coded if len(text) >= SHORTEST_CODED)
