"""A client that is made of the OpenAPI document alone asks every row of the contract."""

import re

import pytest

from tests.contract.conftest import World
from tests.contract.generated import operations
from tests.contract.row import Row
from tests.contract.rows import ROWS
from tests.contract.test_rows import named


@pytest.mark.parametrize("row", ROWS, ids=named)
async def test_a_client_made_of_the_description_asks_the_row(world: World, row: Row) -> None:
    document = (await world.owner.get("/openapi.json")).json()
    name = document["paths"][row.path][row.method.lower()]["operationId"]
    ids = {**world.ids, **(await world.expendable(row) if row.method == "DELETE" else {})}
    call = operations(document, world.asker(row))[name]
    answer = await call(
        body=row.body, file=row.file, **{each: ids[each] for each in re.findall(r"\{(\w+)\}", row.path)}
    )
    assert answer.status_code == row.status, answer.text


async def test_it_takes_no_body_and_no_parameter_that_is_not_described(world: World) -> None:
    made = operations((await world.owner.get("/openapi.json")).json(), world.owner)
    with pytest.raises(ValueError, match="required"):
        await made["post_projects"](body={})
    with pytest.raises(AssertionError, match="odd"):
        await made["get_projects"](odd="1")


async def test_it_fails_where_an_answer_is_not_as_described(world: World) -> None:
    document = (await world.owner.get("/openapi.json")).json()
    document["components"]["schemas"]["ListedProject"]["required"].append("colour")
    with pytest.raises(ValueError, match="colour"):
        await operations(document, world.owner)["get_projects"]()
