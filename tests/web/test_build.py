"""Drawing a flow: by pointer and by keys alone, broken and mended, undone and redone, tried and published."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

CANVAS = ".conduet-canvas"
# More than the journey makes; one that is not there does nothing.
MOST_EDITS = 40


@pytest.fixture
def project(page: Page) -> str:
    """A new project with nothing but a start; the page shows its canvas."""
    page.goto("/?new=blank")
    page.get_by_label("Name").fill("Drawn")
    page.get_by_role("button", name="Create project").click()
    page.wait_for_url("**/p/*/build**")
    canvas(page).wait_for()
    return page.url.split("/p/")[1].split("/")[0]


def canvas(page: Page) -> Locator:
    return page.locator(CANVAS)


def step(page: Page, name: str) -> Locator:
    return canvas(page).locator(".react-flow__node").filter(has_text=name)


def counts(page: Page, steps: int) -> None:
    """The canvas has so many steps, also out of sight."""
    expect(page.get_by_label(re.compile(rf"^Canvas of .*: {steps} steps$"))).to_be_visible()


def document(page: Page, project: str) -> Any:
    """The draft as the server has it."""
    return page.request.get(f"/api/v1/projects/{project}").json()


def add(page: Page, kind: str, name: str) -> None:
    """Adds a step behind the one that is chosen, by keys, and names it."""
    canvas(page).press("a")
    page.get_by_role("searchbox", name="Search steps").fill(kind)
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Step", exact=True)).to_be_visible()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Name", exact=True).press("Escape")


def find(page: Page, name: str) -> None:
    """Opens a step by its name, wherever it is."""
    canvas(page).press("Control+f")
    page.get_by_role("combobox", name="Name, text, variable, type or id").fill(name)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Name", exact=True)).to_have_value(name)


def saved(page: Page) -> None:
    expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible()


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
    canvas(page).press("ArrowRight")
    canvas(page).press("a")
    page.keyboard.type("message")
    page.keyboard.press("Enter")
    canvas(page).press("Enter")
    page.keyboard.type("Greeting")
    page.get_by_label("Text", exact=True).press("End")
    page.keyboard.type("Hello there")
    page.keyboard.press("Escape")
    canvas(page).press("[")
    canvas(page).press("c")
    page.keyboard.type("Greeting")
    page.keyboard.press("Enter")
    canvas(page).press("]")
    canvas(page).press("a")
    page.keyboard.type("end")
    page.keyboard.press("Enter")
    canvas(page).press("[")
    saved(page)
    flow = document(page, project)["workflows"][0]
    assert [each["type"] for each in flow["steps"]] == ["start", "message", "end"]
    assert len(flow["connections"]) >= 1
    page.keyboard.press("Control+j")
    page.get_by_role("button", name="Start conversation").press("Enter")
    expect(page.get_by_role("region", name="Conversation")).to_contain_text("Hello there")
    page.keyboard.press("Control+Shift+Enter")
    page.get_by_role("dialog").get_by_label("Name").fill("First")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Published First")).to_be_visible()
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
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
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


def test_two_people_edit_different_steps_and_lose_nothing(page: Page, project: str) -> None:
    add(page, "message", "Mine")
    add(page, "message", "Theirs")
    saved(page)
    path = f"/api/v1/projects/{project}"
    steps = document(page, project)["workflows"][0]["steps"]
    place = next(index for index, each in enumerate(steps) if each.get("name") == "Theirs")
    session = page.request.get("/api/v1/session").json()
    change = [{"op": "add", "path": f"/workflows/0/steps/{place}/config/text", "value": "written elsewhere"}]
    other = page.request.patch(
        path,
        data=change,
        headers={
            "Content-Type": "application/json-patch+json",
            "X-CSRF-Token": session["csrfToken"],
            "Sec-Fetch-Site": "same-origin",
        },
    )
    assert other.ok, other.text()
    find(page, "Mine")
    page.get_by_role("region", name="Step", exact=True).get_by_label("Text", exact=True).fill("written here")
    expect(page.get_by_text("Somebody else's changes were taken in.")).to_be_visible()
    saved(page)
    page.wait_for_timeout(1000)
    texts = {each.get("name"): each["config"].get("text") for each in document(page, project)["workflows"][0]["steps"]}
    assert (texts["Mine"], texts["Theirs"]) == ("written here", "written elsewhere")


def test_edits_wait_while_the_server_does_not_answer(page: Page, project: str) -> None:
    add(page, "message", "Kept")
    saved(page)
    page.context.set_offline(True)
    find(page, "Kept")
    page.get_by_role("region", name="Step", exact=True).get_by_label("Text", exact=True).fill("offline words")
    expect(page.get_by_text("Offline: changes kept here")).to_be_visible()
    page.context.set_offline(False)
    saved(page)
    steps = document(page, project)["workflows"][0]["steps"]
    assert steps[1]["config"]["text"] == "offline words"
