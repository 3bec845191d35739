"""Shaping an agent by its forms, and the parts that all projects are made of."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import NewPage
from tests.web.screens import check_sizes, check_themes
from tests.web.test_canvas import drag
from tests.web.workshop import call

TABS = ("persona", "phases", "tools", "playbooks", "limits")
PARTS = ("variables", "tools", "playbooks", "intents", "secrets")


@pytest.fixture
def agent(page: Page) -> str:
    """An agentic project of its own."""
    return _made(page, "agentic")


def _made(page: Page, framework: str) -> str:
    return call(page, "POST", "/projects", {"name": "Shaped", "framework": framework})["id"]


def _document(page: Page, project: str) -> Any:
    return page.request.get(f"/api/v1/projects/{project}").json()


def _saved(page: Page) -> None:
    expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible()


def test_an_agent_is_shaped_in_phases_and_limits(page: Page, agent: str) -> None:
    page.goto(f"/p/{agent}/build")
    page.get_by_label("Persona", exact=True).fill("A calm guide.")
    page.get_by_role("button", name="Phases", exact=True).click()
    page.get_by_role("button", name="Add phase").click()
    page.get_by_label("Name", exact=True).fill("Greet")
    page.get_by_label("Instructions").fill("Say hello.")
    page.get_by_role("button", name="Add phase").click()
    page.get_by_label("Name", exact=True).fill("Help")
    page.get_by_role("button", name="Add exit").click()
    page.get_by_label("Description").fill("They are done")
    _saved(page)
    # An exit that leads nowhere is an error, and the list of problems leads to it.
    page.get_by_role("button", name="Persona", exact=True).click()
    page.get_by_role("button", name="Problems").click()
    page.get_by_role("dialog").get_by_role("button").filter(has_text="phase").first.click()
    expect(page).to_have_url(re.compile("tab=phases&item=|item=.*tab=phases"))
    page.get_by_label("To", exact=True).click()
    page.get_by_role("option", name="Greet").click()
    page.get_by_role("button", name="Move phase up").click()
    page.get_by_role("button", name="Limits", exact=True).click()
    page.get_by_label("Max rounds").fill("5")
    # Key by key, as people do: `0.` is no number yet.
    page.get_by_label("Per day USD").press_sequentially("0.05")
    expect(page.get_by_label("Per day USD")).to_have_value("0.05")
    _saved(page)
    behaviour = _document(page, agent)["behaviourConfig"]
    phases = behaviour["agentHarness"]["phases"]
    assert behaviour["persona"] == "A calm guide."
    assert behaviour["agentHarness"]["maxRounds"] == 5
    assert behaviour["budget"]["perDayUsd"] == 0.05
    assert [each["name"] for each in phases] == ["Help", "Greet"]
    assert phases[0]["exit"] == [{"description": "They are done", "to": phases[1]["id"]}]


def _phases(page: Page, project: str) -> Any:
    return _document(page, project)["behaviourConfig"]["agentHarness"]["phases"]


def _middle(of: Locator) -> tuple[float, float]:
    box = of.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _shaped(page: Page, project: str, phases: list[dict[str, Any]]) -> None:
    """The project's agent works in these phases."""
    call(page, "PATCH", f"/projects/{project}", {"behaviourConfig": {"agentHarness": {"phases": phases}}})


def test_phases_are_a_graph_whose_connections_are_their_exits(page: Page, agent: str) -> None:
    greet = {"id": "greet", "name": "Greet", "instructions": "Say hello."}
    leave = [{"expression": "1 == 2", "to": "bye"}]
    _shaped(page, agent, [greet, {"id": "help", "name": "Help", "exit": leave}, {"id": "bye", "name": "Bye"}])
    # Nothing glides while it is dragged at.
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"/p/{agent}/build?tab=phases")
    graph = page.get_by_role("region", name="Phases as a graph: Greet, Help, Bye")
    cards, lines = graph.locator(".react-flow__node"), graph.locator(".react-flow__edge")
    expect(cards).to_have_count(3)
    expect(lines).to_have_count(1)
    expect(cards.filter(has_text="Greet")).to_contain_text("First phase")
    # By keys: to another card, and from it to a third.
    graph.focus()
    page.keyboard.press("1")
    cards.filter(has_text="Greet").click()
    expect(graph.get_by_text("First phase, Greet, 0 connections")).to_be_attached()
    page.keyboard.press("c")
    page.get_by_role("combobox", name="Where to: a phase's name").fill("Help")
    page.keyboard.press("Enter")
    expect(lines).to_have_count(2)
    expect(graph).to_be_focused()
    page.get_by_label("Description").fill("They said why")
    expect(cards.filter(has_text="Greet")).to_contain_text("They said why")
    _saved(page)
    assert _phases(page, agent)[0]["exit"] == [{"description": "They said why", "to": "help"}]
    graph.focus()
    page.keyboard.press("]")
    expect(page.get_by_role("heading", name="Help")).to_be_visible()
    expect(page).to_have_url(re.compile("item=help"))
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name="Bye")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    # By the pointer: from a port to a card, and a connection that goes.
    graph.press("1")
    port = cards.filter(has_text="Bye").locator(".react-flow__handle.port")
    drag(page, _middle(port), _middle(cards.filter(has_text="Greet").first))
    expect(lines).to_have_count(3)
    lines.filter(has=page.locator("path")).last.locator(".react-flow__edge-interaction").dispatch_event("click")
    graph.focus()
    page.keyboard.press("Delete")
    expect(lines).to_have_count(2)
    page.keyboard.press("Control+z")
    expect(lines).to_have_count(3)
    _saved(page)
    kept = _phases(page, agent)
    assert kept[2]["exit"] == [{"description": "", "to": "greet"}]
    assert all("position" not in phase for phase in kept)
    page.mouse.move(0, 0)
    check_themes(page, "phases-graph")
    # A phase comes from a way out, and goes with what leads to it told.
    graph.focus()
    page.keyboard.press("a")
    expect(cards).to_have_count(4)
    page.get_by_role("button", name="Graph", exact=True).click()
    expect(cards).to_have_count(0)
    page.reload()
    expect(page.get_by_role("heading", name="Phase 4")).to_be_visible()
    expect(cards).to_have_count(0)


def test_undo_leads_to_what_it_changes(page: Page, agent: str) -> None:
    phases = [{"id": each, "name": each.title()} for each in ("ask", "answer")]
    _shaped(page, agent, phases)
    page.goto(f"/p/{agent}/build?tab=phases&item=answer")
    page.get_by_label("Name", exact=True).fill("Tell")
    page.get_by_role("navigation", name="Agent").get_by_role("button", name="Limits").click()
    expect(page).to_have_url(re.compile("tab=limits"))
    page.get_by_label("Undo").click()
    expect(page).to_have_url(re.compile("tab=phases&item=answer|item=answer&tab=phases"))
    expect(page.get_by_label("Name", exact=True)).to_have_value("Answer")
    page.get_by_role("navigation", name="Agent").get_by_role("button", name="Limits").click()
    page.get_by_label("Redo").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Tell")


def test_a_variable_is_renamed_wherever_it_is_used_and_a_deleted_tool_comes_back(page: Page, agent: str) -> None:
    page.goto(f"/p/{agent}/build/variables")
    page.get_by_role("button", name="Add variable").click()
    page.get_by_label("Name", exact=True).fill("city")
    page.get_by_label("Name", exact=True).press("Enter")
    page.get_by_role("navigation", name="Parts").get_by_role("button", name="Tools").click()
    page.get_by_role("button", name="Add tool").click()
    page.get_by_label("URL", exact=True).fill("https://example.com/{{city}}")
    page.get_by_role("navigation", name="Parts").get_by_role("button", name="Variables").click()
    page.get_by_text("Used in 1 other place").wait_for()
    page.get_by_label("Name", exact=True).fill("town")
    page.get_by_label("Name", exact=True).press("Enter")
    _saved(page)
    kept = _document(page, agent)
    assert [each["name"] for each in kept["variables"]] == ["town"]
    assert kept["tools"][0]["config"]["url"] == "https://example.com/{{town}}"
    page.goto(f"/p/{agent}/build/tools")
    page.get_by_role("button", name="Delete tool").click()
    page.get_by_role("button", name="Undo", exact=True).last.click()
    expect(page.get_by_role("heading", name="new_tool")).to_be_visible()
    _saved(page)
    assert _document(page, agent)["tools"] == kept["tools"]


def test_a_secret_is_set_and_its_value_is_never_shown_again(page: Page, agent: str) -> None:
    page.goto(f"/p/{agent}/build/secrets")
    page.get_by_role("button", name="Add secret").first.click()
    page.get_by_label("Name", exact=True).fill("SHOP_KEY")
    page.get_by_label("Value", exact=True).fill("s3cr3t-value")
    page.get_by_role("button", name="Add secret").last.click()
    expect(page.get_by_role("heading", name="SHOP_KEY")).to_be_visible()
    expect(page.get_by_label("New value")).to_have_value("")
    kept = _document(page, agent)
    assert kept["secrets"] == [{"name": "SHOP_KEY"}]
    assert "s3cr3t-value" not in str(kept) + page.content()


def test_every_tab_and_part_is_for_everybody(somebody: NewPage) -> None:
    page = somebody(reduced_motion="reduce")
    agent = _made(page, "agentic")
    for tab in TABS:
        page.goto(f"/p/{agent}/build?tab={tab}")
        check_sizes(page, f"agent-{tab}")
    for part in PARTS:
        page.goto(f"/p/proj_demo/build/{part}")
        check_sizes(page, f"part-{part}")
