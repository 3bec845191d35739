"""What a project's people have set by."""

import asyncio

import httpx2

from tests.conftest import Owned


async def test_a_view_is_kept_replaced_by_its_name_and_removed(owner: httpx2.AsyncClient, project: Owned) -> None:
    path = f"/api/v1/projects/{project.id}/presets"
    for resolved in ("true", "false"):
        new = {"kind": "transcripts", "name": "Not solved", "content": {"resolved": resolved}}
        kept = await owner.post(path, json=new)
        assert kept.status_code == 201, kept.text
    persona = {"kind": "persona", "name": "Ada", "content": {"name": "Ada", "count": 3}}
    await owner.post(path, json=persona)
    (view,) = (await owner.get(path, params={"kind": "transcripts"})).json()
    assert view == kept.json()
    assert view["content"] == {"resolved": "false"}
    (ada,) = (await owner.get(path, params={"kind": "persona"})).json()
    assert ada["content"] == persona["content"]
    assert (await owner.delete(f"{path}/{view['id']}")).status_code == 204
    assert (await owner.delete(f"{path}/{view['id']}")).status_code == 404
    assert (await owner.get(path, params={"kind": "transcripts"})).json() == []


async def test_what_is_too_large_or_of_no_kind_is_refused(owner: httpx2.AsyncClient, project: Owned) -> None:
    path = f"/api/v1/projects/{project.id}/presets"
    large = {"kind": "persona", "name": "Ada", "content": {"name": "a" * 17_000}}
    for body, at in ((large, "content"), ({**large, "kind": "mood"}, "kind")):
        answer = await owner.post(path, json=body)
        assert (answer.status_code, answer.json()["details"][0]["path"]) == (400, at)
    assert (await owner.get(path, params={"kind": "mood"})).status_code == 400


async def test_two_may_keep_one_of_the_same_name_at_once(owner: httpx2.AsyncClient, project: Owned) -> None:
    path = f"/api/v1/projects/{project.id}/presets"
    new = {"kind": "transcripts", "name": "Not solved"}
    kept = [owner.post(path, json={**new, "content": {"page": str(number)}}) for number in range(8)]
    answers = await asyncio.gather(*kept)
    assert [answer.status_code for answer in answers] == [201] * 8
    (view,) = (await owner.get(path)).json()
    assert view in [answer.json() for answer in answers]
