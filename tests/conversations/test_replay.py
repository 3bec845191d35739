"""Running a turn again."""

import httpx2
import pytest

from tests.conftest import Owned
from tests.conversations.talking import ASK, VARIABLES, Talker, publish, save
from tests.engine.talk import line, step, workflow


async def replay(user: Talker, body: object = None, *, turn_id: str | None = None) -> httpx2.Response:
    return await user.client.post(user.path(f"turns/{turn_id or user.turn_id}/replay"), json=body or {})


CHANCE = workflow(
    "main",
    *(step(f"r{number}", "random", paths=[{"id": "a", "weight": 1}, {"id": "b", "weight": 1}]) for number in range(6)),
    *(step(f"s{number}", "message", text=f"{number}: {{{{sys.now}}}}") for number in range(6)),
    step("pause", "delay", seconds=0.01),
    wires="start > r0,"
    + ",".join(f"r{n}.a > s{n}, s{n} > {'r' + str(n + 1) if n < 5 else 'pause'}" for n in range(6))
    + ","
    + ",".join(f"r{n}.b > {'r' + str(n + 1) if n < 5 else 'pause'}" for n in range(6)),
)


async def test_a_turn_comes_out_the_same_with_its_clock_and_chance(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, CHANCE)
    for number in range(5):
        user = Talker(project.client, f"u{number}")
        traces = (await user.send({"type": "launch"})).json()
        answer = await replay(user)
        assert answer.status_code == 200, answer.text
        assert answer.json()["differences"] == []
        assert [trace["payload"] for trace in answer.json()["traces"]] == [trace["payload"] for trace in traces]
        assert (await user.state())["revision"] == 1


async def test_a_turn_is_run_again_from_its_own_state(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    user = Talker(project.client)
    await user.launch()
    await user.say("Ada", variables={"count": 4})
    second = user.turn_id
    await user.press("Small")
    answer = (await replay(user, turn_id=second)).json()
    assert answer["differences"] == []
    assert answer["traces"][0]["payload"]["message"] == "Thank you, Ada."


async def test_another_user_goes_on_from_where_a_turn_began(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    user = Talker(project.client)
    await user.launch()
    await user.say("Ada", variables={"count": 4})
    second = user.turn_id
    turn = (await project.client.get(user.path(f"turns/{second}"))).json()
    assert (turn["action"], turn["status"]) == ({"type": "text", "payload": "Ada"}, "done")
    assert turn["path"][0]["workflowId"] == "main"
    again = Talker(project.client, "again")
    assert (await project.client.put(again.path("state"), json=turn["before"])).status_code == 200
    assert (await again.say("Bo"))[0] == "Thank you, Bo."


async def test_a_patched_document_shows_what_it_changes(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, line(step("one", "message", text="One."), step("two", "message", text="Two.")))
    user = Talker(project.client)
    await user.launch()
    changed = line(step("one", "message", text="One."), step("two", "message", text="2."), step("end", "end"))
    answer = (await replay(user, {"patch": {"workflows": [changed]}, "models": "recorded"})).json()
    assert [difference["index"] for difference in answer["differences"]] == [1, 2]
    first, second = answer["differences"]
    assert (first["recorded"]["payload"], first["replayed"]["payload"]) == ({"message": "Two."}, {"message": "2."})
    assert (second["recorded"], second["replayed"]["type"]) == (None, "end")
    # Nothing of it is kept.
    assert await user.launch() == ["One.", "Two."]


async def test_another_version_shows_what_it_does(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, line(step("say", "message", text="Old.")))
    version_id = await publish(owner, project)
    await save(owner, project, line(step("say", "message", text="New.")))
    user = Talker(project.client)
    await user.launch()
    for asked in ("production", version_id):
        (difference,) = (await replay(user, {"versionId": asked})).json()["differences"]
        assert difference["replayed"]["payload"]["message"] == "Old."
    assert (await replay(user, {"versionId": "ver_none"})).status_code == 404


async def test_a_replay_that_goes_another_way_says_where(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, line(step("say", "message", text="One.")))
    user = Talker(project.client)
    await user.launch()
    paths = [{"id": "a", "weight": 1}, {"id": "b", "weight": 1}]
    changed = workflow("main", step("pick", "random", paths=paths), wires="start > pick")
    answer = (await replay(user, {"patch": {"workflows": [changed]}})).json()
    assert answer["traces"][-1]["payload"]["code"] == "REPLAY_PARTED"
    assert "pick" in answer["traces"][-1]["payload"]["message"]


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"models": "imagined"}, "models"),
        ({"patch": []}, "patch"),
        ({"else": 1}, "else"),
        ({"patch": {"workflows": [{"id": "w", "steps": [{"id": "a", "type": "none"}]}]}}, "workflows[0].steps[0].type"),
    ],
)
async def test_a_replay_is_refused_by_path(owner: httpx2.AsyncClient, project: Owned, body: object, path: str) -> None:
    await save(owner, project, line(step("say", "message", text="One.")))
    user = Talker(project.client)
    await user.launch()
    refused = await replay(user, body)
    assert (refused.status_code, refused.json()["details"][0]["path"]) == (400, path)


async def test_a_developer_may_replay_and_an_unknown_turn_is_a_404(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, line(step("say", "message", text="One.")))
    user = Talker(project.client)
    await user.launch()
    developer = Talker(owner, base=f"/api/v1/projects/{project.id}/conversations")
    assert (await replay(developer, turn_id=user.turn_id)).json()["differences"] == []
    assert (await replay(user, turn_id="turn_00")).status_code == 404
