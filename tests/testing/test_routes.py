"""Conversation tests over HTTP, on both databases."""

from typing import Any

import httpx2
import pytest

from conduet.app.edge import Edge
from conduet.kit.db import Database
from tests.conftest import Owned, new_client, new_token
from tests.engine.talk import line, step
from tests.testing.playing import LAUNCH, Object, case, say, turn

GREETS = case(turn(LAUNCH, {"contains": "Hello"}), id="greets", name="Greets")
ENDS = case(turn(LAUNCH, {"trace": "end"}), id="ends", name="Ends")


class Tests:
    """The tests of a project that says hello."""

    __test__ = False

    def __init__(self, owner: httpx2.AsyncClient, project: Owned) -> None:
        self.owner = owner
        self.project = f"/api/v1/projects/{project.id}"
        self.path = f"{self.project}/tests"

    async def draw(self, *steps: Object, **more: Any) -> int:
        """The project's flow, and the revision that this makes."""
        body = {"workflows": [line(*steps, primary=True)], **more}
        answer = await self.owner.patch(self.project, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()["revision"]

    async def add(self, test: object, status: int = 201, **headers: str) -> httpx2.Response:
        return await self.ask("POST", "", test, status, **headers)

    async def run(self, body: object = None, status: int = 200) -> Any:
        answer = (
            await self.owner.post(f"{self.path}/run", json=body) if body else await self.owner.post(f"{self.path}/run")
        )
        assert answer.status_code == status, answer.text
        return answer.json()

    async def ask(self, method: str, below: str, body: object, status: int, **headers: str) -> httpx2.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = await self.owner.request(method, self.path + below, json=body, headers=named)
        assert answer.status_code == status, answer.text
        return answer


@pytest.fixture
async def tests(owner: httpx2.AsyncClient, project: Owned) -> Tests:
    found = Tests(owner, project)
    await found.draw(step("hello", "message", text="Hello!"))
    return found


def paths(answer: httpx2.Response) -> list[str]:
    return [detail["path"] for detail in answer.json()["details"]]


async def test_a_test_is_added_listed_read_replaced_and_removed(tests: Tests) -> None:
    added = await tests.add(GREETS)
    assert added.json() == GREETS
    await tests.add(ENDS)
    listed = await tests.ask("GET", "", None, 200)
    assert listed.json() == [GREETS, ENDS]
    read = await tests.ask("GET", "/ends", None, 200)
    assert read.json() == ENDS
    other = {**ENDS, "name": "Comes to an end"}
    replaced = await tests.ask("PUT", "/ends", other, 200)
    assert replaced.json() == other
    assert (await tests.ask("GET", "", None, 200)).json() == [GREETS, other]
    removed = await tests.ask("DELETE", "/greets", None, 204)
    assert removed.content == b""
    document = (await tests.owner.get(tests.project)).json()
    assert document["tests"] == [other]
    revisions = [answer.headers["ETag"] for answer in (added, listed, read, replaced, removed)]
    assert revisions == ['"3"', '"4"', '"4"', '"5"', '"6"']
    assert f'"{document["revision"]}"' == revisions[-1]


async def test_a_test_without_an_id_gets_one_and_unknown_fields_are_kept(tests: Tests) -> None:
    added = (await tests.add({"name": "Greets", "colour": "red", "turns": []})).json()
    assert added["id"].startswith("test_")
    assert (await tests.ask("GET", f"/{added['id']}", None, 200)).json() == added
    assert added["colour"] == "red"
    kept = (await tests.ask("PUT", f"/{added['id']}", {"name": "Other"}, 200)).json()
    assert kept == {"id": added["id"], "name": "Other"}


async def test_an_id_that_is_taken_is_a_conflict(tests: Tests) -> None:
    await tests.add(GREETS)
    assert paths(await tests.add(GREETS, 409)) == ["id"]


async def test_another_id_than_the_one_in_the_address_is_refused(tests: Tests) -> None:
    await tests.add(GREETS)
    assert paths(await tests.ask("PUT", "/greets", ENDS, 400)) == ["id"]


@pytest.mark.parametrize("body", [[], "x", {"id": 1}, {"turns": [{"action": {"type": "text"}}]}])
async def test_mistakes_are_told_by_their_path_in_the_body(tests: Tests, body: object) -> None:
    expected = {"[]": [""], "'x'": [""], "{'id': 1}": ["id"]}.get(repr(body), ["turns[0].action.payload"])
    assert paths(await tests.add(body, 400)) == expected
    assert paths(await tests.ask("PUT", "/greets", body, 400)) == expected
    assert (await tests.ask("GET", "", None, 200)).json() == []


@pytest.mark.parametrize(("method", "body"), [("GET", None), ("PUT", GREETS), ("DELETE", None)])
async def test_a_test_that_is_not_there_is_a_404(tests: Tests, method: str, body: object) -> None:
    await tests.ask(method, "/greets", body, 404)


async def test_a_save_over_somebody_elses_is_refused(tests: Tests) -> None:
    added = await tests.add(GREETS, If_Match='"2"')
    refused = await tests.add(ENDS, 412, If_Match='"2"')
    assert refused.headers["ETag"] == added.headers["ETag"]
    await tests.ask("PUT", "/greets", GREETS, 412, If_Match='"2"')
    await tests.ask("DELETE", "/greets", None, 412, If_Match='"2"')
    await tests.ask("DELETE", "/greets", None, 204, If_Match=added.headers["ETag"])


async def test_what_changes_nothing_keeps_the_revision(tests: Tests) -> None:
    added = await tests.add(GREETS)
    again = await tests.ask("PUT", "/greets", GREETS, 200)
    assert again.headers["ETag"] == added.headers["ETag"]


async def test_only_who_owns_the_project_sees_its_tests(
    tests: Tests, project: Owned, database: Database, server: Edge
) -> None:
    assert (await project.client.get(tests.path)).status_code == 401
    async with new_client(server, key=new_token(database)) as stranger:
        for method, path in (("GET", ""), ("POST", "/run"), ("DELETE", "/greets")):
            assert (await stranger.request(method, tests.path + path)).status_code == 404


async def test_a_run_tells_what_each_test_came_to(tests: Tests) -> None:
    await tests.add(GREETS)
    await tests.add(ENDS)
    await tests.add(case(turn(LAUNCH, {"judge": "It is kind."}), id="kind"))
    assert await tests.run() == [
        {"id": "greets", "name": "Greets", "ok": True},
        {
            "id": "ends",
            "name": "Ends",
            "ok": False,
            "turn": 1,
            "workflowId": "main",
            "stepId": "hello",
            "expected": "a trace end",
            "got": "text",
        },
        {
            "id": "kind",
            "name": "",
            "ok": True,
            "skipped": 'turn 1: judge needs a model, and none is set up: "It is kind."',
        },
    ]


async def test_a_run_may_be_of_some_tests_only(tests: Tests) -> None:
    await tests.add(GREETS)
    await tests.add(ENDS)
    assert [result["id"] for result in await tests.run({"ids": ["ends", "greets", "ends"]})] == ["greets", "ends"]
    assert await tests.run({"ids": []}) == []
    refused = await tests.ask("POST", "/run", {"ids": ["ends", "gone"]}, 400)
    assert paths(refused) == ["ids[1]"]
    assert paths(await tests.ask("POST", "/run", {"tests": []}, 400)) == ["tests"]


async def test_the_drafts_tests_run_on_any_version(tests: Tests) -> None:
    await tests.ask("POST", "/run", {"versionId": "production"}, 404)
    published = await tests.owner.post(f"{tests.project}/publish", json={"name": "One"})
    assert published.status_code == 201
    await tests.draw(step("hello", "message", text="Good day!"))
    await tests.add(GREETS)
    await tests.add(case(turn(LAUNCH, {"contains": "Good day"}), id="new"))
    for version, expected in (
        ("development", [False, True]),
        ("production", [True, False]),
        (published.json()["id"], [True, False]),
    ):
        assert [result["ok"] for result in await tests.run({"versionId": version})] == expected
    await tests.ask("POST", "/run", {"versionId": "ver_gone"}, 404)


async def test_a_run_stores_nothing_and_publishing_does_not_ask_for_it(tests: Tests, project: Owned) -> None:
    await tests.add({**ENDS, "userId": "user_1"})
    assert [result["ok"] for result in await tests.run()] == [False]
    state = await project.client.get("/api/v1/conversations/user_1/state")
    assert state.json()["revision"] == 0
    published = await tests.owner.post(f"{tests.project}/publish", json={})
    assert published.status_code == 201


async def test_code_of_a_project_runs_in_a_test(tests: Tests) -> None:
    await tests.draw(
        step("price", "code", code="return {variables: {price: 18 * variables.days}}"),
        variables=[{"name": "price", "type": "number"}, {"name": "days", "type": "number", "default": 2}],
    )
    await tests.add(case(turn(say("x"), {"variable": "price", "equals": 54}), variables={"days": 3}))
    assert [result["ok"] for result in await tests.run()] == [True]


async def test_an_address_with_a_name_of_the_api_is_still_a_test(tests: Tests) -> None:
    await tests.add({**GREETS, "id": "run"})
    assert (await tests.ask("GET", "/run", None, 200)).json()["id"] == "run"
    assert [result["id"] for result in await tests.run()] == ["run"]
