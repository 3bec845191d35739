"""Which addresses there are: known before a body is read, so that 404, 405 and `OPTIONS` are alike for all routes."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from starlette.routing import BaseRoute, Match, Route
from starlette.types import Scope

BASE = "/api/v1"
# Clients exist that call the management endpoints here.
SHORT_BASE = "/v1"
# Where the API finds the route of a request.
ROUTE = "conduet.route"
# A parameter that takes the rest of a path, slashes and all.
TAIL = ":path}"
MOST_PARTS = 20
MANAGEMENT = re.compile(r"/(projects|session|sessions|members|invitations|tokens|passkeys|audit)(/|$)")


@dataclass(frozen=True, slots=True)
class Place:
    """An address: its template (`/api/v1/projects/{projectId}`), its methods, and the route that takes the one asked.

    `base` is what comes before the path that the API's routes know; the template names the same for both bases.
    """

    template: str
    base: str
    methods: frozenset[str]
    route: Route | None

    @property
    def allow(self) -> str:
        """The value of `Allow`."""
        more = {"OPTIONS", "HEAD"} if "GET" in self.methods else {"OPTIONS"}
        return ", ".join(sorted(self.methods | more))


@dataclass(frozen=True, slots=True)
class _Entry:
    pattern: re.Pattern[str]
    template: str
    methods: frozenset[str]
    route: Route


class _Entries:
    """Entries in their order; those that may fit a path are found by how many parts it has and by its third.

    Of two hundred patterns one fits, or none: to try them all took a tenth of what a request takes.
    """

    def __init__(self, entries: Iterable[_Entry]) -> None:
        self.all = tuple(entries)
        kinds = [(entry, TAIL in entry.template, *_kind(entry.template)) for entry in self.all]

        def fitting(parts: int, third: str) -> tuple[_Entry, ...]:
            return tuple(
                entry
                for entry, tail, count, name in kinds
                if tail or (count == parts and (name == third or name.startswith("{")))
            )

        known = {(count, name) for _, _, count, name in kinds}
        self._near = {kind: fitting(*kind) for kind in known | {(count, "") for count, _ in known}}
        self._long = tuple(entry for entry, tail, _, _ in kinds if tail)

    def near(self, path: str) -> tuple[_Entry, ...]:
        """All whose pattern may fit, and a few more."""
        kind = _kind(path)
        return self._near.get(kind) or self._near.get((kind[0], ""), self._long)


class Directory:
    """All addresses: `plain` routes, which are dispatched from here, and those of the API's router below `BASE`."""

    def __init__(self, plain: Sequence[Route], routes: Iterable[BaseRoute]) -> None:
        self._whole = _Entries(
            _Entry(route.path_regex, route.path, frozenset(route.methods or ()), route) for route in plain
        )
        self._below = _Entries(
            _Entry(route.path_regex, route.path, frozenset(route.methods or ()), route)
            for route in routes
            if isinstance(route, Route)
        )

    def places(self) -> Iterator[tuple[str, frozenset[str]]]:
        """Every address by its template, with its methods."""
        methods: dict[str, frozenset[str]] = {}
        for base, entries in (("", self._whole), (BASE, self._below)):
            for entry in entries.all:
                template = base + entry.template
                methods[template] = methods.get(template, frozenset()) | entry.methods
        yield from methods.items()

    def plain(self, scope: Scope) -> Route | None:
        """The plain route that takes the request; its path parameters are then in `scope`."""
        for entry in self._whole.near(scope["path"]):
            match, found = entry.route.matches(scope)
            if match is Match.FULL:
                scope.update(found)
                return entry.route
        return None

    def find(self, path: str, method: str) -> Place | None:
        """The place at `path`, whatever methods it takes; the first that takes `method` gives the template."""
        base, rest = _split(path)
        # The whole of it: a pattern's `$` alone also fits before a line's end.
        whole = [entry for entry in self._whole.near(path) if entry.pattern.fullmatch(path)]
        below = [entry for entry in self._below.near(rest) if entry.pattern.fullmatch(rest)] if base else []
        found = whole or below
        if not found:
            return None
        taking = next((entry for entry in found if method in entry.methods), None)
        methods = frozenset[str]().union(*(entry.methods for entry in found))
        template = (taking or found[0]).template
        return Place(template if whole else BASE + template, base, methods, taking and taking.route)


def _kind(path: str) -> tuple[int, str]:
    parts = path.split("/", MOST_PARTS)
    return len(parts), parts[3] if len(parts) > 3 else ""


def _split(path: str) -> tuple[str, str]:
    """The base of an address of the API and the rest; no base for any other address."""
    if path.startswith(f"{BASE}/"):
        return BASE, path.removeprefix(BASE)
    rest = path.removeprefix(SHORT_BASE)
    return (SHORT_BASE, rest) if rest != path and MANAGEMENT.match(rest) else ("", "")
