"""Drawing a flow: by pointer and by keys alone, broken and mended, undone and redone, tried and published."""

import re
from json import dumps
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.web.drawing import add, canvas, counts, document, draw, find, saved, step
from tests.web.screens import check_themes

# More than the journey makes; one that is not there does nothing.
MOST_EDITS = 40


@pytest.fixture
def project(page: Page) -> str:
    """A new project with nothing but a start; the page shows its canvas."""
    return draw(page)


def test_a_flow_of_ten_steps_is_drawn_broken_mended_undone_and_redone(page: Page, project: str) -> None:
    for number in range(9):
        add(page, "message", f"Say {number}")
    counts(page, 10)
    saved(page)
    # An empty message is an error: it is told, and leads to the step.
    page.get_by_role("button", name="Problems").click()
    page.get_by_role("dialog").get_by_role("button").first.click()
    region = page.get_by_role("region", name="Step", exact=True)
    expect(region).to_be_visible()
    told = page.url
    canvas(page).press("F8")
    expect(page).not_to_have_url(told)
    expect(page.locator("#canvas-selection")).to_contain_text("1 problem")
    for number in range(9):
        find(page, f"Say {number}")
        region.get_by_label("Text", exact=True).fill(f"Hello {number}")
    saved(page)
    kept = document(page, project)
    assert len(kept["workflows"][0]["steps"]) == 10
    problems = page.request.get(f"/api/v1/projects/{project}/problems").json()
    assert [each for each in problems if each["severity"] == "error"] == []
    for _ in range(MOST_EDITS):
        canvas(page).press("Control+z")
    counts(page, 1)
    saved(page)
    assert len(document(page, project)["workflows"][0]["steps"]) == 1
    for _ in range(MOST_EDITS):
        canvas(page).press("Control+Shift+Z")
    saved(page)
    assert document(page, project)["workflows"] == kept["workflows"]


def test_a_greeting_with_buttons_is_built_tried_and_published_by_keys_alone(page: Page, project: str) -> None:
    name = page.get_by_label("Name", exact=True)

    def put(kind: str, called: str) -> None:
        canvas(page).press("a")
        expect(page.get_by_role("searchbox", name="Search steps")).to_be_focused()
        page.keyboard.type(kind)
        page.keyboard.press("Enter")
        expect(canvas(page)).to_be_focused()
        page.keyboard.press("Enter")
        expect(name).to_be_focused()
        page.keyboard.type(called)

    canvas(page).press("ArrowRight")
    put("message", "Greeting")
    page.get_by_label("Text", exact=True).press("End")
    page.keyboard.type("Hello there")
    page.keyboard.press("Escape")
    put("buttons", "Choice")
    page.keyboard.press("Escape")
    put("end", "Goodbye")
    page.keyboard.press("Escape")
    # Undone and done again, and connected anew, from the greeting straight to the end.
    canvas(page).press("Control+z")
    canvas(page).press("Control+Shift+Z")
    canvas(page).press("[")
    expect(name).to_have_value("Choice")
    canvas(page).press("c")
    page.keyboard.type("Goodbye")
    page.keyboard.press("Enter")
    expect(canvas(page)).to_be_focused()
    saved(page)
    flow = document(page, project)["workflows"][0]
    assert [each["type"] for each in flow["steps"]] == ["start", "message", "buttons", "end"]
    ends = flow["steps"][3]["id"]
    assert len([each for each in flow["connections"] if each["target"] == ends]) == 2
    page.keyboard.press("Control+j")
    page.get_by_role("button", name="Start conversation").press("Enter")
    talk = page.get_by_role("region", name="Conversation")
    expect(talk).to_contain_text("Hello there")
    talk.get_by_role("button", name="Choice 1").press("Enter")
    expect(talk).to_contain_text("The conversation has ended")
    page.keyboard.press("Control+Shift+Enter")
    page.get_by_role("dialog").get_by_label("Name").fill("First")
    expect(page.get_by_role("button", name="Publish version")).to_be_enabled()
    page.keyboard.press("Enter")
    expect(page.get_by_text("First is published")).to_be_visible()
    versions = page.request.get(f"/api/v1/projects/{project}/versions").json()
    assert [each["name"] for each in versions] == ["First"]


def test_a_drag_is_one_edit_and_one_save(page: Page, project: str) -> None:
    add(page, "message", "Moved")
    saved(page)
    saves: list[str] = []
    page.on("request", lambda request: saves.append(request.method) if request.method == "PATCH" else None)
    before = document(page, project)["workflows"][0]["steps"][1]["position"]
    box = step(page, "Moved").bounding_box()
    assert box
    page.mouse.move(box["x"] + 100, box["y"] + 12)
    page.mouse.down()
    for part in range(1, 12):
        page.mouse.move(box["x"] + 100 + part * 10, box["y"] + 12 + part * 5)
    page.mouse.up()
    page.wait_for_timeout(1500)
    saved(page)
    after = document(page, project)["workflows"][0]["steps"][1]["position"]
    assert (after["x"] > before["x"], after["x"] % 8, after["y"] % 8) == (True, 0, 0)
    assert saves == ["PATCH"]
    page.get_by_role("button", name="Undo").click()
    page.wait_for_timeout(1200)
    assert document(page, project)["workflows"][0]["steps"][1]["position"] == before


def test_steps_are_copied_and_pasted_with_what_connects_them(page: Page, project: str) -> None:
    add(page, "message", "One")
    add(page, "message", "Two")
    canvas(page).press("Control+a")
    canvas(page).press("Control+c")
    canvas(page).press("Control+v")
    counts(page, 5)
    canvas(page).press("Delete")
    counts(page, 3)
    page.get_by_role("button", name="Undo").first.click()
    counts(page, 5)
    # From the docs, with no more than there has to be, and drawn far from here.
    far = {"id": "b", "type": "message", "name": "By hand", "position": {"x": 90_000, "y": 0}}
    pastes(page, [{"id": "a", "type": "start"}, far])
    counts(page, 6)
    expect(step(page, "By hand")).to_be_in_viewport()
    saved(page)
    pastes(page, [{"id": "a", "type": "telepathy"}])
    expect(page.get_by_role("region", name="Notifications")).to_contain_text("There is no step type telepathy here.")


def pastes(page: Page, steps: list[dict[str, Any]]) -> None:
    page.evaluate(
        """text => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
        }""",
        dumps({"kind": "conduet/steps", "steps": steps}),
    )


def test_edits_wait_while_the_server_does_not_answer(page: Page, project: str) -> None:
    add(page, "message", "Kept")
    saved(page)
    page.context.set_offline(True)
    find(page, "Kept")
    page.get_by_role("region", name="Step", exact=True).get_by_label("Text", exact=True).fill("offline words")
    expect(page.get_by_text("Offline: 1 change kept here")).to_be_visible()
    page.context.set_offline(False)
    saved(page)
    steps = document(page, project)["workflows"][0]["steps"]
    assert steps[1]["config"]["text"] == "offline words"


def test_a_page_that_cannot_be_loaded_leaves_the_one_that_is_there(page: Page, project: str) -> None:
    page.wait_for_function("() => performance.getEntriesByType('resource').some(e => /shortcuts/.test(e.name))")
    page.context.set_offline(True)
    canvas(page).evaluate("e => { e.dataset.same = 'yes' }")
    page.get_by_role("link", name="Versions").click()
    expect(page.get_by_text("The page could not be loaded.").first).to_be_visible()
    expect(page).to_have_url(re.compile(f"/p/{project}/build"))
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    check_themes(page, "page-not-loaded")
    assert canvas(page).get_attribute("data-same") == "yes"
    page.context.set_offline(False)
    page.get_by_role("link", name="Versions").click()
    expect(page).to_have_url(re.compile("/versions"))


def test_what_is_tested_is_what_was_written_last(page: Page, project: str) -> None:
    def refuse(route: Route) -> None:
        if route.request.method == "PATCH":
            said = {"path": "workflows[0].steps[1].config.text", "message": "Too odd."}
            route.fulfill(status=422, json={"error": "name: Too odd.", "code": "INVALID", "details": [said]})
        else:
            route.fallback()

    add(page, "message", "Said")
    saved(page)
    text = page.get_by_role("region", name="Step", exact=True).get_by_label("Text", exact=True)
    find(page, "Said")
    text.fill("written just now")
    text.press("Control+Enter")
    talk = page.get_by_role("region", name="Conversation")
    expect(talk).to_contain_text("written just now")
    page.get_by_role("button", name="Close").click()
    # What cannot be saved is not run: it says why.
    page.route(re.compile(rf"/api/v1/projects/{project}$"), refuse)
    text.fill("not taken")
    text.press("Control+Enter")
    expect(page.get_by_text("Not saved: name: Too odd.")).to_be_visible()
    expect(talk).not_to_contain_text("written just now")
    # It is told at its field, among the problems, and before a version is made of what was there before.
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_role("region", name="Step", exact=True)).to_contain_text("Too odd.")
    page.get_by_role("button", name="Publish", exact=True).click()
    publishing = page.get_by_role("dialog", name="Publish version")
    expect(publishing).to_contain_text("The last changes are not saved: name: Too odd. Mend them first.")
    expect(publishing.get_by_role("button", name="Publish version")).to_be_disabled()
    check_themes(page, "publish-refused")


def test_the_focus_is_never_lost(page: Page, project: str) -> None:
    def press(button: str) -> None:
        page.get_by_role("button", name=button, exact=True).last.press("Enter")

    def is_kept() -> None:
        # What stands around it has it after a moment.
        page.wait_for_timeout(300)
        expect(page.locator("body")).not_to_be_focused()

    add(page, "message", "One")
    press("Delete step")
    expect(canvas(page)).to_be_focused()
    add(page, "buttons", "Two")
    press("Add button")
    page.keyboard.type("First")
    press("Add button")
    page.keyboard.type("Second")
    expect(page.get_by_label("Label").last).to_have_value("Second")
    press("Move button 2 up")
    is_kept()
    press("Remove button 1")
    is_kept()
    add(page, "message", "Three")
    canvas(page).press("Control+a")
    press("Group into workflow")
    page.keyboard.type("Apart")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(canvas(page)).to_be_focused()
    page.keyboard.press("Control+j")
    message = page.get_by_role("textbox", name="Message")
    message.focus()
    page.keyboard.press("Control+j")
    expect(message).to_have_count(0)
    expect(canvas(page)).to_be_focused()
