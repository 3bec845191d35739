"""What users are called, by the variables that hold a person's name."""

from typing import Any

import httpx2
import pytest

from tests.conftest import Owned
from tests.conversations.talking import Talker, save
from tests.engine.talk import step, workflow

ASK = workflow(
    "main",
    step("ask", "capture", text="Who are you?", variable="name", type="text"),
    step("hi", "message", text="Hello {{name}}."),
    wires="start > ask, ask > hi",
)


def variables(**flags: bool) -> list[dict[str, Any]]:
    return [{"name": name, "type": "text", "personName": is_it} for name, is_it in flags.items()]


async def names(owner: httpx2.AsyncClient, project: Owned, *users: str) -> list[dict[str, str]]:
    answer = await owner.get(f"/api/v1/projects/{project.id}/users", params={"userId": [*users]})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_user_has_the_name_that_their_conversation_holds(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, ASK, variables=variables(nick=True, name=True))
    ada, bob = Talker(project.client, "ada"), Talker(project.client, "bob")
    await ada.launch()
    await ada.say("  Ada\nLovelace ")
    await bob.launch()
    told = {"userId": "ada", "name": "Ada Lovelace"}
    assert await names(owner, project, "bob", "ada", "eve", "ada") == [told]
    # The first of them that holds anything.
    state = "/api/v1/conversations/ada/variables"
    assert (await project.client.patch(state, json={"nick": "Countess"})).status_code == 200
    assert await names(owner, project, "ada") == [{"userId": "ada", "name": "Countess"}]
    await owner.delete(f"/api/v1/projects/{project.id}/users/ada")
    assert await names(owner, project, "ada") == []


async def test_where_no_variable_holds_a_name_nobody_has_one(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, ASK, variables=variables(name=False))
    ada = Talker(project.client, "ada")
    await ada.launch()
    await ada.say("Ada")
    assert await names(owner, project, "ada") == []


async def test_what_is_no_text_is_no_name_and_a_long_one_is_cut(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, ASK, variables=[{"name": "name", "type": "list", "personName": True}])
    state = "/api/v1/conversations/{}/variables"
    await project.client.patch(state.format("ada"), json={"name": ["Ada"]})
    assert await names(owner, project, "ada") == []
    await save(owner, project, ASK, variables=variables(name=True))
    await project.client.patch(state.format("bob"), json={"name": "b" * 300})
    assert await names(owner, project, "ada", "bob") == [{"userId": "bob", "name": "b" * 200}]


@pytest.mark.parametrize("query", ["", "userId=a b", "&".join(f"userId=u{number}" for number in range(201))])
async def test_whose_name_is_asked_for_is_checked(owner: httpx2.AsyncClient, project: Owned, query: str) -> None:
    answer = await owner.get(f"/api/v1/projects/{project.id}/users?{query}")
    assert answer.status_code == 400
    assert "userId" in answer.json()["details"][0]["path"]


async def test_another_account_learns_no_name(
    owner: httpx2.AsyncClient, project: Owned, client: httpx2.AsyncClient
) -> None:
    path = f"/api/v1/projects/{project.id}/users?userId=ada"
    assert (await client.get(path)).status_code == 401
    assert (await project.client.get(path)).status_code == 401
