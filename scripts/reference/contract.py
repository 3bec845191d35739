"""The page of the contract's endpoints with their tests."""

from collections.abc import Iterator

from scripts.reference.table import table
from tests.contract.row import Row
from tests.contract.rows import ROWS

HEAD = """# The contract's endpoints

The 41 endpoints that clients rely on, with the tests that hold each of them. Beside these, `tests/contract` asks every
one for its answer and for each of its errors, and with a client made of `/openapi.json` alone. What else there is
stands in [endpoints](endpoints.md).

"""


def page() -> str:
    """Every row with its tests."""
    return HEAD + table(("row", "method and path", "opened by", "answers", "tests"), map(_cells, ROWS))


def _cells(row: Row) -> tuple[str, ...]:
    return row.name, f"`{row.method} {row.path}`", row.shown, str(row.status), ", ".join(_links(row))


def _links(row: Row) -> Iterator[str]:
    for test in row.tests:
        file, _, name = test.partition("::")
        yield f"[{name.removeprefix('test_').replace('_', ' ')}](../../{file})"
