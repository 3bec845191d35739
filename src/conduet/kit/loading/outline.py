"""The headings above the place that a loader has come to."""

from collections.abc import Iterator

from conduet.kit.loading.section import Section


class Outline:
    """Keeps the path of headings. A heading with nothing under it becomes a section, so that its words are found."""

    def __init__(self) -> None:
        self._path: list[tuple[int, str]] = []
        self._bare: Section | None = None

    @property
    def path(self) -> tuple[str, ...]:
        """The headings from the outermost on; whoever reads it has something to put under them."""
        self._bare = None
        return tuple(text for _, text in self._path)

    def enter(self, level: int, text: str, *, page: int | None = None) -> Iterator[Section]:
        """A heading of `level` (1 is the outermost): the one before it, should nothing have come under that."""
        text = " ".join(text.split())
        if not text:
            return
        if self._path and self._path[-1][0] >= level:
            yield from self.end()
        while self._path and self._path[-1][0] >= level:
            self._path.pop()
        self._path.append((level, text))
        self._bare = Section(text, tuple(text for _, text in self._path[:-1]), page)

    def end(self) -> Iterator[Section]:
        """The last heading, should nothing have come under it."""
        if self._bare is not None:
            yield self._bare
        self._bare = None
