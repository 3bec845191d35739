"""Plain text: paragraphs between empty lines."""

from collections.abc import Iterator

from conduet.kit.loading.loader import Loader
from conduet.kit.loading.section import Section
from conduet.kit.loading.source import Source

# A paragraph without an end, as in a log, is told in pieces.
LINES = 100


class Txt(Loader):
    """Text in any encoding."""

    type = "txt"
    extensions = (".txt", ".text", ".log")
    mimes = ("text/plain",)

    def sections(self, source: Source) -> Iterator[Section]:
        paragraph: list[str] = []
        for line in source.lines():
            if not line.strip() or len(paragraph) == LINES:
                yield from _told(paragraph)
                paragraph = []
            if line.strip():
                paragraph.append(line.strip())
        yield from _told(paragraph)


def _told(paragraph: list[str]) -> Iterator[Section]:
    if paragraph:
        yield Section("\n".join(paragraph))
