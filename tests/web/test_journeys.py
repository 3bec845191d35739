"""What people come for: an import with its report, a red test before a publish, a connection that drops."""

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.cli.served import Served
from tests.web.screens import check_themes
from tests.web.wire import wire_to
from tests.web.workshop import Workshop

NewPage = Callable[..., Page]
EXPORTS = Path(__file__).parents[1] / "projects" / "fixtures" / "voiceflow"


def step(number: int, kind: str, **config: Any) -> dict[str, Any]:
    """A step of a flow in a row."""
    place = {"x": 320 * number, "y": 0}
    return {"id": f"s{number}", "type": kind, "name": f"Step {number}", "config": config, "position": place}


def row(*steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A document whose one workflow goes from each step to the next."""
    wires = [
        {"id": f"c{number}", "source": one["id"], "sourcePort": "next", "target": other["id"]}
        for number, (one, other) in enumerate(pairwise(steps))
    ]
    return {"workflows": [{"id": "main", "primary": True, "steps": steps, "connections": wires}], **more}


def make(page: Page, document: dict[str, Any]) -> str:
    """A project of this document."""
    return Workshop.make(page, **{"name": "Told", **document}).id


def draw(page: Page, document: dict[str, Any], address: str = "") -> str:
    """A project of this document; the page is at its canvas."""
    project = make(page, document)
    page.goto(f"{address}/p/{project}/build")
    page.locator(".conduet-canvas .react-flow__node").first.wait_for()
    return project


def test_an_export_of_voiceflow_comes_with_a_report_of_every_step(page: Page) -> None:
    page.goto("/?new=import")
    page.get_by_label("Export to import").set_input_files(EXPORTS / "ours-v13.json")
    report = page.get_by_role("dialog")
    expect(report).to_contain_text(re.compile(r"was imported from Voiceflow: 15 steps, of which \d+ do the same here"))
    expect(report.get_by_role("heading", name="Nearly the same")).to_be_visible()
    check_themes(page, "import-report")
    report.get_by_role("link", name="Open project").click()
    expect(page.get_by_label(re.compile(r"^Canvas of .*: \d+ steps?$"))).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Problems"))).to_be_visible()


def test_a_red_test_is_told_before_a_publish_which_then_needs_a_second_press(page: Page) -> None:
    said = {"action": {"type": "launch"}, "expect": [{"contains": "Good morning"}]}
    greeting = {"id": "greets", "name": "Greets people", "turns": [said]}
    flow = row(step(0, "start"), step(1, "message", text="Good evening"), step(2, "end"), tests=[greeting])
    project = draw(page, flow)
    page.get_by_role("button", name="Publish").click()
    dialog = page.get_by_role("dialog", name="Publish version")
    expect(dialog).to_contain_text("1 of 1 test not as expected")
    expect(dialog).to_contain_text("Greets people")
    check_themes(page, "publish-red")
    dialog.get_by_role("button", name="Publish version").click()
    expect(dialog).to_contain_text("Press once more")
    versions = f"/api/v1/projects/{project}/versions"
    assert page.request.get(versions).json() == []
    # A press at once would be the second half of a double click.
    page.wait_for_timeout(350)
    dialog.get_by_role("button", name="Publish all the same").click()
    expect(page.get_by_text(re.compile("is published$"))).to_be_visible()
    assert len(page.request.get(versions).json()) == 1


def test_a_turn_goes_on_where_the_connection_dropped(site: Served, somebody: NewPage) -> None:
    with wire_to(urlsplit(site.url).port or 0) as wire:
        page = somebody()
        waits = step(2, "delay", seconds=3)
        steps = (step(1, "message", text="One"), waits, step(3, "message", text="Two"))
        draw(page, row(step(0, "start"), *steps, step(4, "end")), f"http://127.0.0.1:{wire.port}")
        page.keyboard.press("Control+j")
        page.get_by_role("button", name="Start conversation").click()
        talk = page.get_by_role("region", name="Conversation")
        expect(talk).to_contain_text("One")
        wire.cut()
        expect(page.get_by_text("Connection lost. It goes on by itself.")).to_be_visible()
        expect(talk).to_contain_text("The conversation has ended")
        expect(talk.get_by_role("listitem")).to_have_text(["Agent: One", "Agent: Two", "The conversation has ended"])
        expect(page.get_by_text("Connection lost. It goes on by itself.")).to_have_count(0)


def test_several_steps_are_found_changed_and_grouped_at_once(page: Page) -> None:
    steps = [step(0, "start"), *(step(number, "message", text=f"Our shop, part {number}") for number in (1, 2, 3))]
    project = draw(page, row(*steps, step(4, "end")))
    canvas = page.locator(".conduet-canvas")
    canvas.press("Control+f")
    page.get_by_role("button", name="Replace text").click()
    page.get_by_label("Find", exact=True).fill("shop")
    page.get_by_label("Replace by").fill("store")
    page.get_by_role("checkbox", name="Step 3").uncheck()
    check_themes(page, "replace")
    page.get_by_role("button", name="Replace in 2 texts").click()
    # Chosen by keys: a step, and all that comes after it.
    canvas.press("ArrowRight")
    canvas.press("]")
    canvas.press("]")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog", name="Command menu")).to_be_visible()
    page.keyboard.type("downstream")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="3 steps")).to_be_visible()
    page.get_by_role("button", name="Align left").click()
    check_themes(page, "selection")
    page.get_by_role("button", name="Group into workflow").click()
    page.get_by_role("dialog").get_by_label("Name").fill("Rest")
    page.keyboard.press("Enter")
    expect(page.get_by_label(re.compile(r"^Canvas of .*: 3 steps$"))).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible()
    main, rest = page.request.get(f"/api/v1/projects/{project}").json()["workflows"]
    assert [each["type"] for each in main["steps"]] == ["start", "message", "workflow"]
    assert main["steps"][1]["config"]["text"] == "Our store, part 1"
    assert [each["config"].get("text") for each in rest["steps"]] == [
        None,
        "Our store, part 2",
        "Our shop, part 3",
        None,
    ]
    assert len({each["position"]["x"] for each in rest["steps"][1:]}) == 1
    page.get_by_role("button", name="Undo").first.click()
    expect(page.get_by_label(re.compile(r"^Canvas of .*: 5 steps$"))).to_be_visible()


def test_a_pinned_result_stands_in_for_a_call(page: Page) -> None:
    asks = step(
        1, "api", method="GET", url="https://example.invalid/", map=[{"path": "$.body.name", "variable": "who"}]
    )
    name = {"name": "who", "type": "text"}
    draw(page, row(step(0, "start"), asks, step(2, "message", text="Hello {{who}}"), step(3, "end"), variables=[name]))
    canvas = page.locator(".conduet-canvas")
    canvas.press("ArrowRight")
    canvas.press("]")
    page.get_by_role("switch", name="Mock").click()
    page.get_by_label("Result").fill('{"status": 200, "headers": {}, "body": {"name": "Ana"}}')
    expect(canvas.locator(".react-flow__node").filter(has_text="Step 1")).to_contain_text("mock")
    check_themes(page, "mock")
    page.get_by_role("button", name="Test", exact=True).click()
    expect(page.get_by_role("heading", name="Test 1 step mocked")).to_be_visible()
    page.get_by_role("button", name="Start conversation").click()
    expect(page.get_by_role("region", name="Conversation")).to_contain_text("Hello Ana")
