"""`/chat/{slug}`: a page with the chat of a deployment, for whoever has its address."""

import re
from typing import Any

import httpx2
import pytest

from tests.deployments.calling import ECHO, Line

HOST = "conduet.test"


async def paged(line: Line, slug: str, **more: Any) -> dict[str, Any]:
    """A deployment with a page."""
    return await line.deploy("web", **{"name": "Help", **more, "config": {"slug": slug, **more.get("config", {})}})


def key_in(page: httpx2.Response) -> str:
    """The key that a page shows to its visitor."""
    found = re.search(r' key="(cdt_\w+)"', page.text)
    assert found, page.text
    return found[1]


async def speak(line: Line, key: str, *, user: str = "web_visitor", **headers: str) -> httpx2.Response:
    """A turn by a page's key."""
    return await line.outside.post(
        f"/api/v1/conversations/{user}/interact",
        json={"action": {"type": "text", "payload": "Ada"}},
        headers={"Authorization": f"Bearer {key}", **headers},
    )


async def test_a_page_shows_the_chat_as_it_is_configured(line: Line) -> None:
    await line.publish(ECHO)
    look = {"accent": "#0f766e", "theme": "dark", "lang": "de", "title": 'Help & "more" <b>', "greeting": "Hi"}
    made = await paged(line, "page-look", versionId="production", config=look)
    page = await line.outside.get("/chat/page-look")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert made["page"] == {"path": "/chat/page-look", "key": key_in(page)}
    for part in (
        '<html lang="de" dir="ltr">',
        "<title>Help &amp; &quot;more&quot; &lt;b&gt;</title>",
        '<script src="/widget.js" defer></script>',
        'theme="dark"',
        'mode="page" version="production"',
        "conduet-chat{--cdt-accent:#0f766e;}",
    ):
        assert part in page.text
    assert "<b>" not in page.text
    # What the launcher does is nothing to a page without one.
    assert "greeting" not in page.text


async def test_a_page_runs_no_script_of_its_own_and_is_not_found_by_searching(line: Line) -> None:
    await line.publish(ECHO)
    made = await paged(line, "page-policy")
    first, second = [await line.outside.get("/chat/page-policy") for _ in range(2)]
    policy = first.headers["content-security-policy"]
    nonce = re.search(r"style-src 'nonce-([^']+)';", policy)
    assert nonce
    assert f'<style nonce="{nonce[1]}">' in first.text
    assert policy != second.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; ")
    assert "unsafe" not in policy
    assert re.findall(r"<script[^>]*>[^<]+|\son\w+=|style=", first.text) == []
    assert first.headers["cache-control"] == "no-store"
    assert first.headers["x-robots-tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in first.text
    await line.owner.patch(f"{line.path}/deployments/{made['id']}", json={"config": {"indexed": True}})
    listed = await line.outside.get("/chat/page-policy")
    assert "noindex" not in listed.text
    assert "x-robots-tag" not in listed.headers


@pytest.mark.parametrize(
    ("accepted", "html"),
    [
        ("he, en;q=0.5", '<html lang="he" dir="rtl">'),
        ("xx, fr-CA;q=0.8, de;q=0.9, *;q=0.1", '<html lang="de" dir="ltr">'),
        ("de;q=nonsense, fr;q=0", '<html lang="en" dir="ltr">'),
        ("", '<html lang="en" dir="ltr">'),
    ],
)
async def test_a_page_that_is_not_there_says_so_in_the_visitors_language(accepted: str, html: str, line: Line) -> None:
    page = await line.outside.get("/chat/nowhere", headers={"Accept-Language": accepted})
    assert (page.status_code, page.headers["vary"].split(",")[0]) == (404, "Accept-Language")
    assert html in page.text
    assert "conduet-chat" not in page.text


async def test_the_key_opens_conversations_from_the_servers_own_pages_alone(line: Line) -> None:
    await line.publish(ECHO)
    key = key_in(await line.outside.get((await paged(line, "page-key"))["page"]["path"]))
    assert (await speak(line, key, Origin=f"http://{HOST}", Host=HOST)).status_code == 200
    assert (await speak(line, key, Origin=f"https://{HOST}", **{"Sec-Fetch-Site": "same-origin"})).status_code == 200
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": f"http://{HOST}", "Host": HOST, "Sec-Fetch-Site": "same-site"},
        {"Origin": "null"},
        {"Origin": "self"},
    ):
        assert (await speak(line, key, **headers)).status_code == 401, headers
    # It is a widget key like any other: it opens what those open, and is in the list.
    put = await line.outside.put(
        "/api/v1/conversations/ada/state", json={"variables": {}}, headers={"Authorization": f"Bearer {key}"}
    )
    assert put.status_code == 401
    [listed] = (await line.owner.get(f"{line.path}/api-keys")).json()
    assert (listed["name"], listed["type"], listed["allowedOrigins"]) == ("Chat page of Help", "widget", ["self"])
    own = {"name": "Mine", "type": "widget", "allowedOrigins": ["self"]}
    assert (await line.owner.post(f"{line.path}/api-keys", json=own)).status_code == 400


async def test_a_paused_page_says_so_and_goes_on_with_the_same_key(line: Line) -> None:
    await line.publish(ECHO)
    made = await paged(line, "page-pause")
    path = f"{line.path}/deployments/{made['id']}"
    key = made["page"]["key"]
    assert (await speak(line, key)).status_code == 200
    await line.owner.patch(path, json={"enabled": False})
    page = await line.outside.get("/chat/page-pause")
    assert (page.status_code, "This chat is paused" in page.text, key in page.text) == (200, True, False)
    assert (await speak(line, key)).status_code == 401
    await line.owner.patch(path, json={"enabled": True})
    assert key_in(await line.outside.get("/chat/page-pause")) == key
    assert (await speak(line, key)).status_code == 200


async def test_a_page_serves_what_its_deployment_serves(line: Line) -> None:
    await line.save(ECHO)
    made = await paged(line, "page-version")
    path = f"{line.path}/deployments/{made['id']}"
    # Nothing is published yet: nobody answers.
    assert "This chat is paused" in (await line.outside.get("/chat/page-version")).text
    await line.owner.patch(path, json={"versionId": "development"})
    assert 'version="development"' in (await line.outside.get("/chat/page-version")).text
    version = (await line.owner.post(f"{line.path}/publish", json={})).json()["id"]
    await line.owner.patch(path, json={"versionId": version})
    assert f'version="{version}"' in (await line.outside.get("/chat/page-version")).text


async def test_an_address_moves_is_taken_once_and_goes_with_its_deployment(line: Line) -> None:
    await line.publish(ECHO)
    made = await paged(line, "page-first")
    path, key = f"{line.path}/deployments/{made['id']}", made["page"]["key"]
    other = await line.deploy("web")
    assert other["page"] is None
    for slug in ("page-first", "Ab", "-x-", "a b", "x" * 65, "a--b", "ä-ö"):
        refused = await line.owner.patch(f"{line.path}/deployments/{other['id']}", json={"config": {"slug": slug}})
        assert (refused.status_code, refused.json()["details"][0]["path"]) == (400, "config.slug"), slug
    moved = await line.owner.patch(path, json={"config": {"slug": "page-second"}})
    assert moved.json()["page"] == {"path": "/chat/page-second", "key": key}
    assert (await line.outside.get("/chat/page-first")).status_code == 404
    await line.owner.patch(path, json={"config": {"slug": None}})
    assert (await line.outside.get("/chat/page-second")).status_code == 404
    assert (await speak(line, key)).status_code == 401
    again = (await line.owner.patch(path, json={"config": {"slug": "page-second"}})).json()["page"]["key"]
    assert again != key
    assert (await line.owner.delete(path)).status_code == 204
    assert (await line.outside.get("/chat/page-second")).status_code == 404
    assert (await speak(line, again)).status_code == 401
    assert (await line.owner.get(f"{line.path}/api-keys")).json() == []


async def test_a_key_that_was_revoked_is_made_anew_with_the_next_change(line: Line) -> None:
    await line.publish(ECHO)
    made = await paged(line, "page-revoked")
    path = f"{line.path}/deployments/{made['id']}"
    [key] = (await line.owner.get(f"{line.path}/api-keys")).json()
    assert (await line.owner.delete(f"{line.path}/api-keys/{key['id']}")).status_code == 204
    assert (await line.owner.get(path)).json()["page"] == {"path": "/chat/page-revoked", "key": None}
    assert "This chat is paused" in (await line.outside.get("/chat/page-revoked")).text
    changed = (await line.owner.patch(path, json={"enabled": True})).json()
    assert changed["page"]["key"] == key_in(await line.outside.get("/chat/page-revoked")) != made["page"]["key"]
