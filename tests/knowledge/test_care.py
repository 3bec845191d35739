"""Looking after a knowledge base over HTTP: pages of the list, who may find what, gaps, and all of it as a file."""

import json
from typing import Any

import httpx2
import pytest

from conduet.kit.db import Database
from conduet.knowledge.tables import knowledge_gap
from tests.conftest import Owned
from tests.knowledge.test_knowledge_base import BASE, ended


async def add(project: Owned, name: str, content: str, **metadata: Any) -> str:
    """The id of a text that is ready."""
    made = await project.client.post(BASE, json={"name": name, "content": content, "metadata": metadata})
    assert made.status_code == 201, made.text
    return (await ended(project.client, made.json()))["id"]


async def find(project: Owned, query: str, **filters: Any) -> list[str]:
    """The names of the documents that are found."""
    found = await project.client.post(f"{BASE}/search", json={"query": query, "filter": filters})
    assert found.status_code == 200, found.text
    return [each["documentName"] for each in found.json()]


async def test_the_list_comes_in_pages_where_that_is_asked_for(project: Owned) -> None:
    made = [
        (await project.client.post(BASE, json={"name": f"Text {n}", "content": f"Number {n}"})).json()["id"]
        for n in range(5)
    ]
    whole = (await project.client.get(BASE)).json()
    assert [each["id"] for each in whole["documents"]] == made[::-1]
    url: str | None = f"{BASE}?limit=2"
    pages: list[list[str]] = []
    while url:
        answer = await project.client.get(url)
        assert answer.json()["total"] == 5
        pages.append([each["id"] for each in answer.json()["documents"]])
        url = answer.links["next"]["url"] if answer.links else None
    assert pages == [made[:2:-1], made[2:0:-1], made[:1]]
    named = (await project.client.get(BASE, params={"name": "Text 3"})).json()
    assert ([each["id"] for each in named["documents"]], named["total"]) == ([made[3]], 1)


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "cursor=!", "status=done"])
async def test_a_list_that_cannot_be_told_is_refused_by_its_parameter(project: Owned, query: str) -> None:
    refused = await project.client.get(f"{BASE}?{query}")
    assert refused.status_code == 400
    assert refused.json()["details"][0]["path"] == "query." + query.partition("=")[0]


async def test_a_search_finds_only_what_its_filter_lets_through(project: Owned) -> None:
    everyone = await add(project, "Hours", "The workshop opens at nine.", audience="everyone", level=1)
    await add(project, "Alarm", "The alarm of the workshop is switched off at eight.", audience="staff", level=2)
    assert set(await find(project, "workshop")) == {"Hours", "Alarm"}
    assert await find(project, "workshop", metadata={"audience": "everyone"}) == ["Hours"]
    assert await find(project, "workshop", metadata={"audience": ["staff", "boss"], "level": 2}) == ["Alarm"]
    assert await find(project, "workshop", metadata={"level": "2"}) == []
    assert await find(project, "workshop", documents=[everyone]) == ["Hours"]
    assert await find(project, "workshop", documents=[everyone], metadata={"audience": "staff"}) == []
    told = (await project.client.get(f"{BASE}/{everyone}")).json()
    assert told["metadata"] == {"audience": "everyone", "level": 1}


async def test_a_file_says_in_its_form_what_it_is_about(project: Owned) -> None:
    form = {"metadata": '{"audience": "staff"}'}
    sent = await project.client.post(f"{BASE}/upload", files={"file": ("a.txt", b"The alarm.")}, data=form)
    assert sent.status_code == 201, sent.text
    assert (await ended(project.client, sent.json()))["metadata"] == {"audience": "staff"}
    for wrong in ("{", '{"audience": {}}', '["staff"]'):
        refused = await project.client.post(f"{BASE}/upload", files={"file": ("a.txt", b"x")}, data={"metadata": wrong})
        assert refused.status_code == 400


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"filter": {"documents": []}}, "filter.documents"),
        ({"filter": {"metadata": {"a": {}}}}, "filter.metadata.a"),
        ({"minScore": 2}, "minScore"),
    ],
)
async def test_a_search_that_makes_no_sense_is_refused_by_its_field(
    project: Owned, body: dict[str, Any], where: str
) -> None:
    refused = await project.client.post(f"{BASE}/search", json={"query": "x", **body})
    assert refused.status_code == 400
    assert refused.json()["details"][0]["path"].startswith(where)


async def test_a_passage_tells_which_words_of_the_question_it_has(project: Owned) -> None:
    await add(project, "Hours", "The workshop opens at nine. On Sundays it stays closed.")
    (best,) = (await project.client.post(f"{BASE}/search", json={"query": "When are you closed?"})).json()
    assert [best["excerpt"][begin:end] for begin, end in best["highlights"]] == ["closed"]
    assert (await project.client.post(f"{BASE}/search", json={"query": "closed", "minScore": 1})).json() == []


async def looks_up(owner: httpx2.AsyncClient, project: Owned, **document: Any) -> None:
    """Makes a flow that looks up what is said."""
    steps = [
        {"id": "start", "type": "start", "config": {}, "position": {"x": 0, "y": 0}},
        {"id": "look", "type": "kb-search", "config": {}, "position": {"x": 0, "y": 80}},
    ]
    wire = {"id": "c", "source": "start", "sourcePort": "next", "target": "look"}
    flow = {"id": "main", "name": "Main", "primary": True, "steps": steps, "connections": [wire]}
    saved = await owner.patch(f"/api/v1/projects/{project.id}", json={"workflows": [flow], **document})
    assert (saved.status_code, saved.json().get("problems")) == (200, []), saved.text


async def say(project: Owned, user: str, text: str, **variables: Any) -> set[str]:
    """The names of the documents that are cited."""
    body = {"action": {"type": "text", "payload": text}, "variables": variables}
    said = await project.client.post(f"/api/v1/conversations/{user}/interact", json=body)
    assert said.status_code == 200, said.text
    cited = [trace["payload"]["sources"] for trace in said.json() if trace["type"] == "knowledge"]
    return {source["name"] for sources in cited for source in sources}


async def test_who_talks_finds_only_what_the_project_lets_them_find(project: Owned, owner: httpx2.AsyncClient) -> None:
    await add(project, "Hours", "The workshop opens at nine.", audience="customer")
    await add(project, "Alarm", "The alarm of the workshop is switched off at eight.", audience="staff")
    behaviour = {"knowledgeFilter": {"audience": "{{roles}}"}}
    variables: list[dict[str, Any]] = [{"name": "roles", "type": "list", "default": []}]
    await looks_up(owner, project, behaviourConfig=behaviour, variables=variables)
    assert await say(project, "ana", "workshop", roles=["customer"]) == {"Hours"}
    assert await say(project, "ben", "workshop", roles=["customer", "staff"]) == {"Hours", "Alarm"}
    assert await say(project, "cleo", "workshop") == set()


async def test_a_question_without_a_good_answer_is_a_gap_until_it_has_one(
    project: Owned, owner: httpx2.AsyncClient, database: Database
) -> None:
    await add(project, "Hours", "The workshop opens at nine in the morning.")
    await looks_up(owner, project)
    for user, text in (
        ("ana", "Do you rent out cargo bikes?"),
        ("ben", "do you rent out a cargo bike"),
        ("ben", "May I bring my dog?"),
        ("cleo", "When does the workshop open in the morning?"),
    ):
        await say(project, user, text)
    gaps = (await project.client.get(f"{BASE}/gaps")).json()
    assert [(each["question"], each["count"]) for each in gaps] == [
        ("do you rent out a cargo bike", 2),
        ("May I bring my dog?", 1),
    ]
    assert 0 <= gaps[0]["score"] < 0.5
    assert gaps[0]["firstAskedAt"] <= gaps[0]["lastAskedAt"]
    await add(project, "Rental", "We rent out cargo bikes for 40 euros a day.")
    assert [each["question"] for each in (await owner.get(f"/api/v1/projects/{project.id}{BASE[7:]}/gaps")).json()] == [
        "May I bring my dog?"
    ]
    assert (await project.client.delete("/api/v1/users/ben")).status_code == 204
    mine = knowledge_gap.select().where(knowledge_gap.c.project_id == project.id)
    assert [row.user_id for row in database.read_now(lambda tx: tx.execute(mine).all())] == ["ana"]


async def test_all_of_it_comes_as_a_file(project: Owned) -> None:
    for name in ("Hours", "Prices"):
        await add(project, name, f"# {name}\n\nAll about {name}.", audience="everyone")
    answer = await project.client.get(f"{BASE}/export")
    assert answer.headers["Content-Type"] == "application/jsonl"
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [(line["name"], line["metadata"]) for line in lines] == [
        ("Prices", {"audience": "everyone"}),
        ("Hours", {"audience": "everyone"}),
    ]
    assert lines[1]["chunks"] == [{"content": "All about Hours.", "headings": ["Hours"], "page": None}]


async def test_the_text_of_a_long_document_is_shown_from_any_piece_on(project: Owned) -> None:
    text = "\n\n".join(f"# Part {n}\n\nNumber {n} is about bells." for n in range(4))
    made = await add(project, "Long", text)
    whole = (await project.client.get(f"{BASE}/{made}")).json()["chunks"]
    later = (await project.client.get(f"{BASE}/{made}?firstChunk=1")).json()["chunks"]
    assert later == whole[1:]
    assert (await project.client.get(f"{BASE}/{made}?firstChunk=-1")).status_code == 400
