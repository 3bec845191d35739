"""Thumbs: kept at the message, shown in transcripts, and what transcripts are found by."""

from typing import Any

import httpx2

from conduet.app.edge import Edge
from tests.conftest import Owned, new_client, new_key
from tests.conversations.talking import ASK, VARIABLES, Talker, save

ORIGIN = "https://shop.example"


async def messages(project: Owned, user: str = "ada") -> list[dict[str, Any]]:
    """What is in the user's only transcript."""
    [transcript] = (await project.client.get("/api/v1/transcripts", params={"userId": user})).json()
    return (await project.client.get(f"/api/v1/transcripts/{transcript['id']}")).json()["messages"]


async def rate(user: Talker, named: str, body: object) -> httpx2.Response:
    return await user.client.put(user.path(f"messages/{named}/feedback"), json=body)


async def test_a_reader_says_what_they_think_of_an_answer(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    user, other = Talker(project.client, "ada"), Talker(project.client, "bob")
    await user.launch()
    first = user.turn_id
    await user.say("Ada")
    await other.launch()
    _, ask, _, thanks, _ = await messages(project)
    down = {"rating": "down", "comment": "I am no Ada."}
    answer = await rate(user, thanks["id"], down)
    assert (answer.status_code, answer.json()) == (200, {"messageId": thanks["id"], **down})
    # The turn is as good a name: the last that it said.
    answer = await rate(user, first, {"rating": "up"})
    assert answer.json() == {"messageId": ask["id"], "rating": "up", "comment": None}
    [transcript] = (await project.client.get("/api/v1/transcripts?rating=down")).json()
    assert transcript["userId"] == "ada"
    assert [(each.get("rating"), each.get("comment")) for each in await messages(project)] == [
        (None, None),
        ("up", None),
        (None, None),
        ("down", "I am no Ada."),
        (None, None),
    ]
    assert (await rate(user, thanks["id"], {"rating": None})).status_code == 200
    assert (await project.client.get("/api/v1/transcripts?rating=down")).json() == []
    assert len((await project.client.get("/api/v1/transcripts?rating=up")).json()) == 1


async def test_what_is_no_feedback_is_refused_by_path(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    user = Talker(project.client, "ada")
    await user.launch()
    hello = (await messages(project))[0]["id"]
    for body, path in (
        ({"rating": "meh"}, "rating"),
        ({"comment": "Why?"}, "rating"),
        ({"rating": "up", "comment": "x" * 2001}, "comment"),
        ({"rating": "up", "stars": 5}, "stars"),
    ):
        refused = await rate(user, hello, body)
        assert (refused.status_code, refused.json()["details"][0]["path"]) == (400, path)
    assert (await project.client.get("/api/v1/transcripts?rating=5")).status_code == 400
    await user.say("Ada")
    own = next(each["id"] for each in await messages(project) if each["role"] == "user")
    for named in (own, "msg_none", "turn_none", f"{hello}%2F.."):
        assert (await rate(user, named, {"rating": "up"})).status_code == 404


async def test_nobody_rates_what_somebody_else_was_told(
    server: Edge, owner: httpx2.AsyncClient, project: Owned
) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    alice = Talker(project.client, "alice")
    await alice.launch()
    hello = (await messages(project, "alice"))[0]["id"]
    assert (await rate(Talker(project.client, "bob"), hello, {"rating": "up"})).status_code == 404
    key = await new_key(owner, project.id, type="widget", allowedOrigins=[ORIGIN])
    async with new_client(server, key=key, headers={"Origin": ORIGIN}) as page:
        thief, visitor = Talker(page, "alice"), Talker(page, "visitor")
        for named in (hello, alice.turn_id):
            assert (await rate(thief, named, {"rating": "up"})).status_code == 404
        await visitor.launch()
        assert (await rate(visitor, visitor.turn_id, {"rating": "up"})).status_code == 200
        # A page that is loaded again knows what was said of what.
        told, asked = (await visitor.state())["history"]
        assert (told["turnId"], told["rating"], asked["rating"]) == (visitor.turn_id, None, "up")
        assert (await rate(visitor, told["id"], {"rating": "down"})).json()["messageId"] == told["id"]
    other = (await owner.post("/api/v1/projects", json={"name": "Other"})).json()["id"]
    async with new_client(server, key=await new_key(owner, other)) as stranger:
        assert (await rate(Talker(stranger, "alice"), hello, {"rating": "up"})).status_code == 404
    base = f"/api/v1/projects/{project.id}/conversations"
    assert (await rate(Talker(owner, "alice", base), hello, {"rating": "up"})).status_code == 200
