"""Which addresses there are: known before a body is read, so that 404, 405 and `OPTIONS` are alike for all routes."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Scope

BASE = "/api/v1"
# Clients exist that call the management endpoints here.
SHORT_BASE = "/v1"
MANAGEMENT = re.compile(r"/(projects|session|sessions|members|invitations|tokens|passkeys|audit)(/|$)")


@dataclass(frozen=True, slots=True)
class Place:
    """An address: its template (`/api/v1/projects/{projectId}`), its methods, and whether it takes the one asked.

    `base` is what comes before the path that the API's router knows; the template names the same for both bases.
    """

    template: str
    base: str
    methods: frozenset[str]
    takes: bool

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


class Directory:
    """All addresses: `plain` routes, which are dispatched from here, and those of the API's router below `BASE`."""

    def __init__(self, plain: Sequence[Route], routes: Iterable[BaseRoute]) -> None:
        self._plain = tuple(plain)
        self._whole = tuple(_Entry(route.path_regex, route.path, frozenset(route.methods or ())) for route in plain)
        self._below = tuple(
            _Entry(context.path_regex, context.path or "", frozenset(context.methods or ()))
            for context in iter_route_contexts(tuple(routes))
        )

    def places(self) -> Iterator[tuple[str, frozenset[str]]]:
        """Every address by its template, with its methods."""
        methods: dict[str, frozenset[str]] = {}
        for base, entries in (("", self._whole), (BASE, self._below)):
            for entry in entries:
                template = base + entry.template
                methods[template] = methods.get(template, frozenset()) | entry.methods
        yield from methods.items()

    def route(self, scope: Scope) -> Route | None:
        """The plain route that takes the request; its path parameters are then in `scope`."""
        for route in self._plain:
            match, found = route.matches(scope)
            if match is Match.FULL:
                scope.update(found)
                return route
        return None

    def find(self, path: str, method: str) -> Place | None:
        """The place at `path`, whatever methods it takes; the first that takes `method` gives the template."""
        base, rest = _split(path)
        # The whole of it: a pattern's `$` alone also fits before a line's end.
        whole = [entry for entry in self._whole if entry.pattern.fullmatch(path)]
        below = [entry for entry in self._below if entry.pattern.fullmatch(rest)] if base else []
        found = whole or below
        if not found:
            return None
        taking = next((entry for entry in found if method in entry.methods), None)
        methods = frozenset[str]().union(*(entry.methods for entry in found))
        template = (taking or found[0]).template
        return Place(template if whole else BASE + template, base, methods, taking is not None)


def _split(path: str) -> tuple[str, str]:
    """The base of an address of the API and the rest; no base for any other address."""
    if path.startswith(f"{BASE}/"):
        return BASE, path.removeprefix(BASE)
    rest = path.removeprefix(SHORT_BASE)
    return (SHORT_BASE, rest) if rest != path and MANAGEMENT.match(rest) else ("", "")
