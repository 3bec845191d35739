"""Which addresses there are: known before a body is read, so that 404, 405 and `OPTIONS` are alike for all routes."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Scope


@dataclass(frozen=True, slots=True)
class Place:
    """An address: its template (`/api/v1/projects/{projectId}`), its methods, and whether it takes the one asked."""

    template: str
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
    """All addresses: `hot` ones, which are dispatched from here, and those of the API's router."""

    def __init__(self, hot: Sequence[Route], routes: Iterable[BaseRoute]) -> None:
        self._hot = tuple(hot)
        self._entries = tuple(
            _Entry(route.path_regex, route.path, frozenset(route.methods or ())) for route in self._hot
        )
        for context in iter_route_contexts(tuple(routes)):
            self._entries += (_Entry(context.path_regex, context.path or "", frozenset(context.methods or ())),)

    def places(self) -> Iterator[tuple[str, frozenset[str]]]:
        """Every address by its template, with its methods."""
        methods: dict[str, frozenset[str]] = {}
        for entry in self._entries:
            methods[entry.template] = methods.get(entry.template, frozenset()) | entry.methods
        yield from methods.items()

    def hot(self, scope: Scope) -> Route | None:
        """The hot route that takes the request; its path parameters are then in `scope`."""
        for route in self._hot:
            match, found = route.matches(scope)
            if match is Match.FULL:
                scope.update(found)
                return route
        return None

    def find(self, path: str, method: str) -> Place | None:
        """The place at `path`, whatever methods it takes; the first that takes `method` gives the template."""
        found = [entry for entry in self._entries if entry.pattern.match(path)]
        if not found:
            return None
        # No methods: a mounted application, which decides for itself.
        taking = next((entry for entry in found if not entry.methods or method in entry.methods), None)
        methods = frozenset[str]().union(*(entry.methods for entry in found))
        return Place((taking or found[0]).template, methods, taking is not None)
