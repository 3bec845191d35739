"""Two users who turn out to be one."""

import asyncio
from typing import Any

import httpx2

from conduet.app.edge import Edge
from tests.conftest import Owned, new_client, new_key
from tests.conversations.talking import ASK, VARIABLES, Talker, save

ORIGIN = "https://shop.example"


async def merge(user: Talker, into: str, *, status: int = 200) -> dict[str, Any]:
    answer = await user.client.post(user.path("merge"), json={"into": into})
    assert answer.status_code == status, answer.text
    return answer.json()


async def transcripts(project: Owned, user: str) -> list[dict[str, Any]]:
    return (await project.client.get("/api/v1/transcripts", params={"userId": user})).json()


async def test_who_is_in_no_conversation_goes_on_with_the_one_of_the_other(
    owner: httpx2.AsyncClient, project: Owned
) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    visitor, ada = Talker(project.client, "visitor-1"), Talker(project.client, "ada")
    await visitor.launch()
    await visitor.say("Ada")
    merged = await merge(visitor, "ada")
    assert (merged["userId"], merged["variables"]["name"], len(merged["history"])) == ("ada", "Ada", 5)
    assert await ada.act({"type": "button", "payload": {"label": "Small"}}) == ["Bye.", "resolution", "end"]
    [transcript] = await transcripts(project, "ada")
    assert (transcript["messageCount"], transcript["resolved"]) == (7, True)
    whole = (await project.client.get(f"/api/v1/transcripts/{transcript['id']}?include=traces")).json()
    assert [each["content"] for each in whole["messages"]][-2:] == ["Small", "Bye."]
    assert len({trace["turnId"] for trace in whole["traces"]}) == 3
    assert (await visitor.state())["revision"] == 0
    assert await transcripts(project, "visitor-1") == []


async def test_who_is_in_a_conversation_stays_there_and_learns_what_the_other_knew(
    owner: httpx2.AsyncClient, project: Owned
) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    visitor, ada = Talker(project.client, "visitor-1"), Talker(project.client, "ada")
    await ada.launch()
    for talker in (visitor, Talker(project.client, "visitor-2")):
        await talker.launch()
        await talker.say("Visitor")
        await talker.client.patch(talker.path("variables"), json={"tier": "gold", "name": talker.user_id})
    before = (await ada.state())["history"]
    merged = await merge(visitor, "ada")
    assert (merged["variables"]["name"], merged["variables"]["tier"]) == ("visitor-1", "gold")
    assert merged["history"] == before
    assert await ada.say("Ada") == ["Thank you, Ada.", "Which size?", "[Small][Large]"]
    merged = await merge(Talker(project.client, "visitor-2"), "ada")
    assert (merged["variables"]["name"], len(merged["history"])) == ("Ada", 5)
    found = await transcripts(project, "ada")
    assert sorted(each["messageCount"] for each in found) == [5, 5, 5]
    for each in found:
        whole = (await project.client.get(f"/api/v1/transcripts/{each['id']}")).json()
        assert [said["role"] for said in whole["messages"]] == ["assistant", "assistant", "user", *["assistant"] * 2]


async def test_one_who_became_two_before_becomes_a_third(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    first, second, third = (Talker(project.client, f"u{number}") for number in range(3))
    for talker in (first, second, third):
        await talker.launch()
    # Whoever is reset is in no conversation, but has transcripts.
    assert (await third.client.delete(third.path("state"))).status_code == 204
    await merge(first, "u1")
    merged = await merge(second, "u2")
    assert [said["content"] for said in merged["history"]] == ["Hello!", "Your name?"]
    assert await third.say("Ada") == ["Thank you, Ada.", "Which size?", "[Small][Large]"]
    assert sorted(each["messageCount"] for each in await transcripts(project, "u2")) == [2, 2, 5]


async def test_what_makes_no_sense_changes_nothing(server: Edge, owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    ada = Talker(project.client, "ada")
    await ada.launch()
    await merge(ada, "ada", status=400)
    await merge(ada, "two words", status=400)
    await merge(Talker(project.client, "nobody"), "ada", status=404)
    key = await new_key(owner, project.id, type="widget", allowedOrigins=[ORIGIN])
    async with new_client(server, key=key, headers={"Origin": ORIGIN}) as page:
        await merge(Talker(page, "ada"), "visitor", status=401)
    other = (await owner.post("/api/v1/projects", json={"name": "Other"})).json()["id"]
    async with new_client(server, key=await new_key(owner, other)) as stranger:
        await merge(Talker(stranger, "ada"), "mine", status=404)
    assert len((await ada.state())["history"]) == 2


async def test_what_a_page_began_is_not_opened_by_the_name_of_who_it_is_now(
    server: Edge, owner: httpx2.AsyncClient, project: Owned
) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    key = await new_key(owner, project.id, type="widget", allowedOrigins=[ORIGIN])
    async with new_client(server, key=key, headers={"Origin": ORIGIN}) as page:
        visitor = Talker(page, "visitor")
        await visitor.launch()
        await merge(Talker(owner, "visitor", f"/api/v1/projects/{project.id}/conversations"), "ada")
        assert (await page.get("/api/v1/conversations/ada/state")).status_code == 404


async def test_merges_and_turns_at_once_lose_nothing(owner: httpx2.AsyncClient, project: Owned) -> None:
    await save(owner, project, ASK, variables=VARIABLES)
    one, two = Talker(project.client, "one"), Talker(project.client, "two")
    await asyncio.gather(one.launch(), two.launch())
    answers = await asyncio.gather(
        one.client.post(one.path("merge"), json={"into": "two"}),
        two.client.post(two.path("merge"), json={"into": "one"}),
        Talker(project.client, "one").launch(),
        Talker(project.client, "two").launch(),
    )
    assert {answer.status_code for answer in answers[:2]} <= {200, 404}
    assert 200 in {answer.status_code for answer in answers[:2]}
    found = [*await transcripts(project, "one"), *await transcripts(project, "two")]
    assert sum(each["messageCount"] for each in found) >= 6
