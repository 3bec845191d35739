"""A document that says no more than it has to, as programs write it: every page of its project shows it."""

import json
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from tests.web.screens import settle
from tests.web.workshop import call

FLOW: Final[dict[str, Any]] = {
    "id": "main",
    "primary": True,
    "steps": [
        {"id": "start", "type": "start"},
        {"id": "hello", "type": "message"},
        {"id": "ask", "type": "buttons"},
        {"id": "look", "type": "api"},
        {"id": "talk", "type": "agent"},
        {"id": "wait", "type": "capture"},
    ],
    "connections": [{"id": "c1", "source": "start", "sourcePort": "next", "target": "hello"}],
}
TOOLS = [{"id": kind, "name": kind, "type": kind} for kind in ("api", "function", "integration", "mcp")]
TURNS: Final[list[dict[str, Any]]] = [{"action": {"type": "launch"}}, {"action": {"type": "launch"}, "expect": []}]
SPARSE: Final[dict[str, Any]] = {
    "workflows": [FLOW, {"id": "other", "steps": [{"id": "begin", "type": "start"}]}],
    "tools": TOOLS,
    "playbooks": [{"id": "booking"}],
    "variables": [{"name": "bike"}],
    "intents": [{"id": "hours"}],
    "events": [{"name": "ready"}],
    "entities": [{"id": "size", "name": "size"}],
    "pipelines": [{"id": "news"}],
    "tests": [{"id": "greets"}, {"id": "asks", "turns": TURNS}],
    "behaviourConfig": {"agentHarness": {"phases": [{"id": "greet"}, {"id": "help", "exit": [{"to": "greet"}]}]}},
}
PARTS = ("pipelines", "variables", "playbooks", "intents", "secrets", *(f"tools?item={each['id']}" for each in TOOLS))
PLACES = {
    "conversation-flow": (
        "build?step=ask",
        "build?step=look",
        "build/other",
        *(f"build/{part}" for part in PARTS),
        "test?view=tests&item=greets",
        "test?view=tests&item=asks",
    ),
    "agentic": [f"build?tab={tab}" for tab in ("phases", "playbooks", "limits")],
    "outbound": ("outbound",),
}


@pytest.mark.parametrize("framework", PLACES)
def test_a_document_that_says_no_more_than_it_must_is_shown_and_left_as_it_is(page: Page, framework: str) -> None:
    made = _made(page, framework)
    before = page.request.get(f"/api/v1/projects/{made}").json()
    written: list[str] = []
    page.on("request", lambda request: written.append(request.url) if request.method == "PATCH" else None)
    for place in PLACES[framework]:
        page.goto(f"/p/{made}/{place}")
        settle(page)
        expect(page.get_by_text("This page could not be shown.")).to_have_count(0)
    page.goto("/")
    settle(page)
    assert written == []
    assert page.request.get(f"/api/v1/projects/{made}").json() == before


def test_it_is_edited_and_undone_as_any_other(page: Page) -> None:
    made = _made(page, "conversation-flow")
    page.goto(f"/p/{made}/build/playbooks")
    page.get_by_label("Name", exact=True).fill("Booking")
    page.get_by_role("button", name="Add exit").click()
    expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible()
    kept = page.request.get(f"/api/v1/projects/{made}").json()["playbooks"][0]
    assert (kept.keys(), kept["name"], len(kept["exits"])) == ({"id", "name", "exits"}, "Booking", 1)
    page.reload()
    expect(page.get_by_role("button", name="Undo")).to_be_enabled()
    call(page, "PATCH", f"/projects/{made}", {"description": "Theirs."})
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible()
    kept = page.request.get(f"/api/v1/projects/{made}").json()["playbooks"][0]
    assert kept == {"id": "booking", "name": "", "exits": []}
    expect(page.get_by_text("Both values are kept")).to_have_count(0)
    assert page.request.get(f"/api/v1/projects/{made}").json()["description"] == "Theirs."


def test_an_export_and_an_identity_secret_leave_it_as_it_is(page: Page, tmp_path: Path) -> None:
    made = _made(page, "conversation-flow")
    before = page.request.get(f"/api/v1/projects/{made}").json()
    call(page, "PATCH", f"/projects/{made}", {"name": "Sparse export"})
    page.goto("/")
    page.get_by_role("button", name="More for Sparse export").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Export as JSON").click()
    download.value.save_as(tmp_path / "export.json")
    assert json.loads((tmp_path / "export.json").read_text())["workflows"] == before["workflows"]
    page.goto(f"/p/{made}/keys")
    page.get_by_role("button", name="Make identity secret").click()
    page.get_by_role("button", name="Make secret").click()
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_role("button", name="Replace identity secret")).to_be_visible()
    after = page.request.get(f"/api/v1/projects/{made}").json()
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {"name", "hasIdentitySecret", "revision", "updatedAt"}


def _made(page: Page, framework: str) -> str:
    made = call(page, "POST", "/projects", {"name": "Sparse", "framework": framework})["id"]
    call(page, "PATCH", f"/projects/{made}", SPARSE)
    return made
