"""Routes that are looked into when they are first used."""

import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from pydantic import BaseModel

from conduet.kit.router import LateRoute, Router

THREADS = 8


class Bell(BaseModel):
    name: str


async def ring(bell: Bell, times: int = 1) -> Bell:
    del times
    return bell


def route() -> LateRoute:
    router = Router(tags=["Bells"])
    router.add_api_route("/bells/{bellId}", ring, methods=["POST"])
    [made] = router.routes
    assert isinstance(made, LateRoute)
    return made


def test_a_route_knows_its_address_before_it_is_looked_into() -> None:
    made = route()
    assert (made.path, made.methods, made.include_in_schema) == ("/bells/{bellId}", {"POST"}, True)
    assert made.path_regex.fullmatch("/bells/one")
    assert "dependant" not in vars(made)


def test_what_it_takes_and_gives_is_known_once_it_is_asked_for() -> None:
    made = route()
    assert [field.name for field in made.dependant.query_params] == ["times"]
    assert made.response_field is not None
    assert made.tags == ["Bells"]


def test_what_no_route_has_this_one_has_not() -> None:
    with pytest.raises(AttributeError, match="LateRoute has no clapper"):
        _ = route().clapper


def test_threads_that_use_it_at_once_find_the_whole_of_it() -> None:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(20):
            made, start = route(), Barrier(THREADS)

            def use(made: LateRoute = made, start: Barrier = start) -> object:
                start.wait()
                return made.app

            with ThreadPoolExecutor(THREADS) as threads:
                assert len({id(found.result()) for found in [threads.submit(use) for _ in range(THREADS)]}) == 1
    finally:
        sys.setswitchinterval(before)
