"""The state of a conversation: read, replaced, merged into, reset, and never lost to a turn."""

import asyncio

import httpx2
import pytest
import sqlalchemy as sa

from conduet.kit.db import Database
from tests.conftest import Owned
from tests.conversations.talking import ASK, VARIABLES, Talker, publish, save, slow


async def put(user: Talker, body: object, **headers: str) -> httpx2.Response:
    return await user.client.put(user.path("state"), json=body, headers=headers)


async def patch(user: Talker, body: object, **headers: str) -> httpx2.Response:
    return await user.client.patch(user.path("variables"), json=body, headers=headers)


async def delete(user: Talker, **headers: str) -> httpx2.Response:
    return await user.client.delete(user.path("state"), headers=headers)


async def test_a_user_never_seen_has_a_fresh_state(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    answer = await project.client.get(Talker(project.client, "new").path("state"))
    assert answer.status_code == 200
    assert answer.headers["ETag"] == '"0"'
    assert answer.json() == {
        "userId": "new",
        "versionId": None,
        "revision": 0,
        "updatedAt": None,
        "variables": {"count": 0, "tier": "basic"},
        "history": [],
        "internal": {},
    }


async def test_the_state_counts_its_changes(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    user = Talker(project.client)
    await user.launch()
    answer = await project.client.get(user.path("state"))
    state = answer.json()
    assert (answer.headers["ETag"], state["revision"], state["versionId"]) == ('"1"', 1, "development")
    assert state["updatedAt"].endswith("Z")
    assert state["internal"]["stack"]
    assert {"role", "content", "createdAt"} == state["history"][0].keys()
    assert (await patch(user, {"count": 5})).headers["ETag"] == '"2"'


async def test_variables_are_merged_bare_or_wrapped(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    user = Talker(project.client)
    await user.launch()
    bare = await patch(user, {"name": "Ada", "extra": [1, {"a": None}]})
    assert bare.status_code == 200
    assert bare.json()["variables"] == {"name": "Ada", "count": 0, "tier": "basic", "extra": [1, {"a": None}]}
    wrapped = await patch(user, {"variables": {"count": "7"}})
    assert wrapped.json()["variables"]["count"] == 7
    # Beside something else it is a variable of that name.
    both = await patch(user, {"variables": {"count": 8}, "name": "Bob"})
    assert (both.json()["variables"]["count"], both.json()["variables"]["variables"]) == (7, {"count": 8})
    # The flow still waits where it was.
    assert (await user.say("Eve"))[0] == "Thank you, Eve."


async def test_one_wrong_value_sets_nothing(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    user = Talker(project.client)
    refused = await patch(user, {"name": "Ada", "count": "many", "sys.now": 1})
    assert (refused.status_code, refused.json()["code"]) == (400, "BAD_REQUEST")
    assert [detail["path"] for detail in refused.json()["details"]] == ["variables.count", "variables.sys.now"]
    assert (await user.state())["revision"] == 0
    for body in ("[]", '"x"', "3", "null"):
        answer = await user.client.patch(user.path("variables"), content=body)
        assert answer.status_code == 400
    large = await patch(user, {"big": "x" * 256 * 1024})
    assert (large.status_code, large.json()["code"]) == (413, "PAYLOAD_TOO_LARGE")


async def test_put_takes_what_get_gave(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    user, copy = Talker(project.client), Talker(project.client, "copy")
    await user.launch()
    await user.say("Ada")
    state = await user.state()
    answer = await put(copy, state)
    assert answer.status_code == 200
    same = ("variables", "history", "internal")
    assert {name: answer.json()[name] for name in same} == {name: state[name] for name in same}
    assert (answer.json()["userId"], answer.json()["revision"]) == ("copy", 1)
    # It stands where the other one stands.
    assert await copy.press("Large") == await user.press("Large")


async def test_what_put_leaves_out_is_empty_and_at_rest(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    user = Talker(project.client)
    await user.launch()
    answer = (await put(user, {"variables": {"name": "Ada"}})).json()
    assert (answer["variables"], answer["history"], answer["internal"]) == ({"name": "Ada"}, [], {})
    assert await user.say("Hi") == ["Hello!", "Your name?"]
    assert [said["content"] for said in (await user.state())["history"]] == ["Hi", "Hello!", "Your name?"]
    answer = (await put(user, {"history": [{"role": "user", "content": "Before"}]})).json()
    assert (answer["variables"], [said["content"] for said in answer["history"]]) == ({}, ["Before"])


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ([], ""),
        ({"variables": []}, "variables"),
        ({"variables": {"count": "many"}}, "variables.count"),
        ({"history": {}}, "history"),
        ({"history": [{"role": "robot", "content": "x"}]}, "history[0].role"),
        ({"history": [{"role": "user"}]}, "history[0].content"),
        ({"history": [{"role": "user", "content": "x", "createdAt": "yesterday"}]}, "history[0].createdAt"),
        (
            {"history": [{"role": "user", "content": "x", "createdAt": "0001-01-01T00:00+14:00"}]},
            "history[0].createdAt",
        ),
        ({"internal": 3}, "internal"),
        ({"else": 3}, "else"),
    ],
)
async def test_put_refuses_by_path(owner: httpx2.AsyncClient, project: Owned, body: object, path: str) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    user = Talker(project.client)
    refused = await put(user, body)
    assert (refused.status_code, refused.json()["details"][0]["path"]) == (400, path)
    assert (await user.state())["revision"] == 0


@pytest.mark.parametrize(
    "internal",
    [
        '{"stack": "x"}',
        '{"stack": [{}]}',
        '{"stack": [{"stepId": "nothing"}], "turn": -1, "kept": [], "language": 3, "x": 1}',
    ],
)
async def test_an_internal_part_from_elsewhere_breaks_nothing(
    owner: httpx2.AsyncClient, project: Owned, internal: str
) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    user = Talker(project.client)
    answer = await user.client.put(user.path("state"), content=f'{{"internal": {internal}}}')
    assert answer.status_code == 200
    assert await user.launch() == ["Hello!", "Your name?"]


async def test_delete_resets_all_but_the_users_own_variables(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    user = Talker(project.client)
    await user.launch()
    await patch(user, {"name": "Ada", "count": 9, "tier": "gold", "extra": 1})
    deleted = await delete(user)
    assert (deleted.status_code, deleted.content) == (204, b"")
    state = await user.state()
    assert (state["variables"], state["history"], state["internal"]) == ({"count": 0, "tier": "gold"}, [], {})
    assert (state["revision"], state["versionId"]) == (3, None)
    assert await user.say("Ada") == ["Hello!", "Your name?"]
    assert (await delete(Talker(project.client, "never seen"))).status_code == 400
    assert (await delete(Talker(project.client, "never.seen"))).status_code == 204


async def test_a_reset_conversation_takes_the_version_asked_for(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    await publish(owner, project)
    user = Talker(project.client)
    await user.launch()
    await delete(user)
    await user.launch(versionId="production")
    assert (await user.state())["versionId"].startswith("ver_")


async def test_a_change_names_the_revision_it_rests_on(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    user = Talker(project.client)
    await user.launch()
    for change in (put(user, {}, **{"If-Match": '"0"'}), patch(user, {}, **{"If-Match": '"0", "9"'})):
        refused = await change
        assert (refused.status_code, refused.json()["code"]) == (412, "PRECONDITION_FAILED")
        assert refused.headers["ETag"] == '"1"'
    assert (await delete(user, **{"If-Match": 'W/"1"'})).status_code == 412
    malformed = await patch(user, {}, **{"If-Match": "1"})
    assert (malformed.status_code, malformed.json()["details"][0]["path"]) == (400, "header.If-Match")
    assert (await patch(user, {"count": 1}, **{"If-Match": '"1"'})).status_code == 200
    assert (await put(user, {}, **{"If-Match": "*"})).status_code == 200
    assert (await delete(user, **{"If-Match": '"3"'})).status_code == 204


async def test_a_change_during_a_turn_is_not_lost(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, slow(0.4), variables=VARIABLES)
    user = Talker(project.client)
    running = asyncio.create_task(user.launch())
    await asyncio.sleep(0.15)
    changed = await patch(user, {"name": "Ada"})
    assert changed.json()["revision"] == 2
    await running
    assert (await user.state())["variables"]["name"] == "Ada"


async def test_changes_side_by_side_all_count(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    user = Talker(project.client)
    answers = await asyncio.gather(*(patch(user, {f"v{number}": number}) for number in range(8)))
    assert [answer.status_code for answer in answers] == [200] * 8
    state = await user.state()
    assert state["revision"] == 8
    assert {f"v{number}" for number in range(8)} <= state["variables"].keys()


async def test_transcripts_begin_and_end_with_conversations(
    owner: httpx2.AsyncClient, project: Owned, database: Database
) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    user = Talker(project.client)
    await user.launch()
    await user.say("Ada")
    await user.press("Small")
    await user.launch()
    await delete(user)
    await user.launch()
    rows = database.read_now(
        lambda tx: tx.execute(
            sa.text(
                "select platform, resolved, escalated, message_count, started_at <= ended_at from transcript "
                "where project_id = :project order by started_at, id"
            ),
            {"project": project.id},
        ).all()
    )
    assert [tuple(row) for row in rows] == [
        ("api", True, False, 7, True),
        ("api", False, False, 2, True),
        ("api", False, False, 2, True),
    ]


async def test_a_state_can_be_read_while_the_project_is_saved(owner: httpx2.AsyncClient, project: Owned) -> None:
    async def save_often() -> None:
        for number in range(10):
            await save(owner, project, ASK, variables=VARIABLES, description=f"Draft {number}")

    async def read_often(number: int) -> None:
        for _ in range(15):
            assert (await Talker(project.client, f"u{number}").state())["variables"]["tier"] == "basic"

    await save(owner, project, ASK, variables=VARIABLES)
    await asyncio.gather(save_often(), *(read_often(number) for number in range(4)))
