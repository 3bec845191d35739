"""Where a feature gathers its routes: FastAPI's router, of which a route is looked into when it is first used."""

from collections.abc import Callable
from enum import Enum
from functools import partial
from threading import RLock
from typing import Any, Final

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.routing import compile_path

_LOOKING: Final = RLock()


class LateRoute(APIRoute):
    """A route that knows its address from the beginning, and its parameters and models from its first use on.

    All 150 took 0.1 s of each start, most of it pydantic's, and a server uses a few of them. A mistake in one is told
    at its first use, and by whatever describes them all (`/openapi.json`).
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        self.path, self.endpoint = path, endpoint
        self.path_regex, self.path_format, self.param_convertors = compile_path(path)
        self.methods = {method.upper() for method in options["methods"] or ["GET"]}
        self.include_in_schema = options["include_in_schema"]
        self._look_into = partial(super().__init__, path, endpoint, **options)

    def __getattr__(self, name: str) -> Any:
        # Asked for what is not there: all of it is missing until the route is looked into, once, by whichever thread.
        with _LOOKING:
            if look_into := self.__dict__.pop("_look_into", None):
                look_into()
            if name not in self.__dict__:
                raise AttributeError(f"{type(self).__name__} has no {name}")
            return self.__dict__[name]


class Router(APIRouter):
    """The routes of one feature."""

    def __init__(self, *, tags: list[str | Enum] | None = None) -> None:
        super().__init__(tags=tags, route_class=LateRoute)
