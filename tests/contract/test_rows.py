"""The table of the contract's endpoints: all 41, each there, each described, and each with tests that there are.

So are its other lines.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

import pytest

from conduet.app.edge import Edge
from tests.contract.conftest import World
from tests.contract.lines import LINES
from tests.contract.named import names_in
from tests.contract.row import Row
from tests.contract.rows import ROWS, SIZES


def named(row: Row) -> str:
    return row.name


def test_the_table_has_every_row_of_the_contract_once() -> None:
    assert Counter(row.group for row in ROWS) == SIZES
    assert len(ROWS) == 41
    for group, size in SIZES.items():
        assert [row.number for row in ROWS if row.group == group] == [*range(1, size + 1)]
    assert len({(row.method, row.path) for row in ROWS}) == 41


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_a_row_has_tests_that_there_are(row: Row) -> None:
    assert row.tests
    assert [*missing(row.tests)] == []


def test_every_line_has_tests_that_there_are() -> None:
    assert all(LINES.values())
    assert {line: found for line, tests in LINES.items() if (found := [*missing(tests)])} == {}


def missing(tests: Iterable[str]) -> Iterator[str]:
    """Those that are not there."""
    for test in tests:
        file, _, name = test.partition("::")
        if name not in names_in(file):
            yield test


async def test_the_table_the_description_and_the_router_agree(world: World, server: Edge) -> None:
    described = (await world.owner.get("/openapi.json")).json()["paths"]
    routed = dict(server.directory.places())
    for row in ROWS:
        operation = described[row.path][row.method.lower()]
        assert str(row.status) in operation["responses"], row.name
        assert row.method in routed[row.path], row.name
        security = {"developer token": "developerToken", "project key": "projectKey"}[row.shown]
        assert operation["security"] == [{security: []}], row.name


async def test_the_management_rows_answer_under_the_short_base_too(world: World) -> None:
    for row in ROWS:
        if row.group == "management" and row.method == "GET":
            path = world.path(row)
            short = await world.owner.get(path.removeprefix("/api"))
            assert (short.status_code, short.content) == (200, (await world.owner.get(path)).content), row.name
