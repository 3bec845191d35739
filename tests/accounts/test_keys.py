"""Project keys and the identity secret, through the management API."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest

from conduet.app.edge import Edge
from conduet.kit.clock import iso, now
from conduet.kit.db import Database
from tests.conftest import Owned, new_client, new_key, new_token


def keys_of(project: Owned) -> str:
    return f"/api/v1/projects/{project.id}/api-keys"


async def test_a_key_is_shown_once_and_listed_without_it(owner: httpx2.AsyncClient, project: Owned) -> None:
    made = await owner.post(keys_of(project), json={"name": " Server "})
    assert made.status_code == 201
    body = made.json()
    assert body["key"].startswith(body["prefix"])
    assert body["id"].startswith("key_")
    assert made.headers["cache-control"] == "no-store"
    listed = (await owner.get(keys_of(project))).json()
    assert listed[0] == {
        "id": body["id"],
        "name": "Server",
        "type": "secret",
        "prefix": body["prefix"],
        "allowedOrigins": [],
        "requireIdentity": False,
        "expiresAt": None,
        "lastUsedAt": None,
        "createdAt": body["createdAt"],
    }
    assert body == listed[0] | {"key": body["key"]}
    assert body["key"] not in (await owner.get(keys_of(project))).text


async def test_a_widget_key_keeps_its_origins_in_order_and_in_one_form(
    owner: httpx2.AsyncClient, project: Owned
) -> None:
    expires_at = now() + timedelta(days=1)
    made = await owner.post(
        keys_of(project),
        json={
            "name": "Shop",
            "type": "widget",
            "allowedOrigins": ["https://Shop.Example:443", "http://localhost:3000", "https://shop.example"],
            "requireIdentity": True,
            "expiresAt": expires_at.isoformat(),
        },
    )
    assert made.status_code == 201
    listed = (await owner.get(keys_of(project))).json()[0]
    assert listed["type"] == "widget"
    assert listed["allowedOrigins"] == ["https://shop.example", "http://localhost:3000"]
    assert listed["requireIdentity"] is True
    assert listed["expiresAt"] == iso(expires_at)


async def test_keys_are_listed_most_recent_first(owner: httpx2.AsyncClient, project: Owned) -> None:
    for name in ("a", "b", "c"):
        await owner.post(keys_of(project), json={"name": name})
    assert [key["name"] for key in (await owner.get(keys_of(project))).json()][:3] == ["c", "b", "a"]


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "a" * 129}, "name"),
        ({"name": 1}, "name"),
        ({"name": "a", "type": "master"}, "type"),
        ({"name": "a", "type": None}, "type"),
        ({"name": "a", "origins": []}, "origins"),
        ({"name": "a", "type": "widget", "allowedOrigins": "https://shop.example"}, "allowedOrigins"),
        ({"name": "a", "type": "widget", "allowedOrigins": ["https://a.example", "*"]}, "allowedOrigins[1]"),
        ({"name": "a", "type": "widget", "allowedOrigins": ["https://a.example/"]}, "allowedOrigins[0]"),
        ({"name": "a", "type": "widget", "allowedOrigins": [None]}, "allowedOrigins[0]"),
        ({"name": "a", "type": "widget", "allowedOrigins": ["https://a.example"] * 101}, "allowedOrigins"),
        ({"name": "a", "allowedOrigins": ["https://a.example"]}, "allowedOrigins"),
        ({"name": "a", "requireIdentity": True}, "requireIdentity"),
        ({"name": "a", "type": "widget", "requireIdentity": "yes"}, "requireIdentity"),
        ({"name": "a", "expiresAt": "2020-01-01T00:00:00Z"}, "expiresAt"),
        ({"name": "a", "expiresAt": "2120-01-01T00:00:00"}, "expiresAt"),
        ({"name": "a", "expiresAt": "tomorrow"}, "expiresAt"),
        ({"name": "a", "expiresAt": "9999-12-31T23:59:59-14:00"}, "expiresAt"),
        ({"name": "a", "expiresAt": 4_733_510_400}, "expiresAt"),
    ],
)
async def test_a_mistake_is_told_by_its_path(
    body: dict[str, Any], path: str, owner: httpx2.AsyncClient, project: Owned
) -> None:
    refused = await owner.post(keys_of(project), json=body)
    assert refused.status_code == 400
    assert refused.json()["code"] == "BAD_REQUEST"
    assert [detail["path"] for detail in refused.json()["details"]] == [path]


async def test_a_revoked_key_is_dead_at_once(owner: httpx2.AsyncClient, project: Owned) -> None:
    assert (await project.client.get("/api/v1/project")).status_code == 200
    key_id = (await owner.get(keys_of(project))).json()[0]["id"]
    removed = await owner.delete(f"{keys_of(project)}/{key_id}")
    assert (removed.status_code, removed.content) == (204, b"")
    refused = await project.client.get("/api/v1/project")
    assert refused.status_code == 401
    assert refused.json()["code"] == "UNAUTHORIZED"
    assert (await owner.get(keys_of(project))).json() == []
    assert (await owner.delete(f"{keys_of(project)}/{key_id}")).status_code == 404


async def test_a_key_dies_with_its_project(owner: httpx2.AsyncClient, project: Owned) -> None:
    assert (await owner.delete(f"/api/v1/projects/{project.id}")).status_code == 204
    assert (await project.client.get("/api/v1/project")).status_code == 401


async def test_keys_of_somebody_elses_project_do_not_exist(
    server: Edge, database: Database, owner: httpx2.AsyncClient, project: Owned
) -> None:
    key_id = (await owner.get(keys_of(project))).json()[0]["id"]
    async with new_client(server, key=new_token(database)) as eve:
        hers = (await eve.post("/api/v1/projects", json={"name": "Hers"})).json()["id"]
        for method, path in (
            ("GET", keys_of(project)),
            ("POST", keys_of(project)),
            ("DELETE", f"{keys_of(project)}/{key_id}"),
            ("DELETE", f"/api/v1/projects/{hers}/api-keys/{key_id}"),
            ("POST", f"/api/v1/projects/{project.id}/identity-secret"),
        ):
            body = {"name": "Evil"} if path.endswith("api-keys") and method == "POST" else None
            assert (await eve.request(method, path, json=body)).status_code == 404, (method, path)
    assert len((await owner.get(keys_of(project))).json()) == 1
    assert (await project.client.get("/api/v1/project")).status_code == 200


async def test_a_project_key_does_not_manage_keys(owner: httpx2.AsyncClient, project: Owned) -> None:
    assert (await project.client.get(keys_of(project))).status_code == 401
    assert (await project.client.post(keys_of(project), json={"name": "More"})).status_code == 401
    assert (await owner.get("/api/v1/project")).status_code == 401


async def test_the_management_api_answers_under_v1_too(owner: httpx2.AsyncClient, project: Owned) -> None:
    path = f"/v1/projects/{project.id}/api-keys"
    assert (await owner.post(path, json={"name": "a"})).status_code == 201
    assert (await owner.get(path)).json() == (await owner.get(keys_of(project))).json()


async def test_the_identity_secret_is_shown_once_and_rotated(owner: httpx2.AsyncClient, project: Owned) -> None:
    assert (await owner.get(f"/api/v1/projects/{project.id}")).json()["hasIdentitySecret"] is False
    made = await owner.post(f"/api/v1/projects/{project.id}/identity-secret")
    assert made.status_code == 201
    again = await owner.post(f"/api/v1/projects/{project.id}/identity-secret")
    assert len(made.json()["secret"]) == 43
    assert made.json()["secret"] != again.json()["secret"]
    document = await owner.get(f"/api/v1/projects/{project.id}")
    assert document.json()["hasIdentitySecret"] is True
    assert again.json()["secret"] not in document.text


async def test_a_widget_key_opens_the_project_for_its_origin_and_is_answered_with_cors(
    server: Edge, owner: httpx2.AsyncClient, project: Owned
) -> None:
    shop = f"https://{project.id.replace('_', '-')}.example"
    key = await new_key(owner, project.id, type="widget", allowedOrigins=[shop])
    async with new_client(server, key=key) as page:
        answer = await page.get("/api/v1/project", headers={"Origin": shop})
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == shop
        assert "access-control-allow-credentials" not in answer.headers
        refused = await page.get("/api/v1/project", headers={"Origin": "https://evil.example"})
        assert refused.status_code == 401
        assert "access-control-allow-origin" not in refused.headers


async def test_who_one_is(owner: httpx2.AsyncClient, project: Owned) -> None:
    who = (await owner.get("/api/v1/session")).json()
    assert (who["kind"], who["role"], who["csrfToken"]) == ("token", "owner", None)
    assert (await project.client.get("/api/v1/session")).status_code == 401
    assert (await owner.delete("/api/v1/session")).status_code == 204
    assert (await owner.get("/api/v1/session")).status_code == 200
