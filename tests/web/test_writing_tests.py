"""Writing conversation tests: from nothing, turn by turn, with the mistakes where they are."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import NewPage
from tests.web.filled import LONG
from tests.web.screens import check_sizes, check_themes
from tests.web.test_journeys import make, row, step

SIZES = [{"id": size, "label": size.title()} for size in ("small", "large")]
FLOW = row(
    step(0, "start"),
    step(1, "capture", text="Your name?", variable="name", type="text"),
    step(2, "message", text="Hello {{name}}"),
    step(3, "buttons", text="Which size?", buttons=SIZES),
    variables=[{"name": "name", "type": "text"}, {"name": "count", "type": "number", "default": 1}],
)


def _tests(page: Page, project: str) -> Any:
    return page.request.get(f"/api/v1/projects/{project}/tests").json()


def _saved(page: Page) -> None:
    expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible()


def _turn(page: Page, number: int) -> Locator:
    return page.get_by_role("listitem", name=f"Turn {number}", exact=True)


def _choose(page: Page, control: Locator, option: str) -> None:
    control.click()
    page.get_by_role("option", name=option, exact=True).click()


def test_a_test_is_written_from_nothing_and_run(page: Page) -> None:
    project = make(page, FLOW)
    page.goto(f"/p/{project}/test?view=tests")
    page.get_by_role("button", name="Add test").click()
    page.get_by_label("Name", exact=True).fill("Sells a size")
    first = _turn(page, 1)
    first.get_by_role("button", name="Add expectation").click()
    page.keyboard.type("your name")
    page.get_by_role("button", name="Add turn").click()
    page.keyboard.type("Ada")
    second = _turn(page, 2)
    expect(second.get_by_label("What is written")).to_have_value("Ada")
    second.get_by_role("button", name="Add expectation").click()
    _choose(page, second.get_by_label("Expectation 1", exact=True), "Variable equals")
    second.get_by_label("Variable", exact=True).fill("name")
    second.get_by_label("Value", exact=True).fill("Ada")
    second.get_by_role("button", name="Add expectation").click()
    _choose(page, second.get_by_label("Expectation 2", exact=True), "Step is reached")
    # What is there offers itself, and what is not is told where it is written.
    second.get_by_label("Step", exact=True).fill("main/s9")
    expect(second.get_by_text("There is no step 'main/s9'.")).to_be_visible()
    second.get_by_label("Step", exact=True).fill("main/s3")
    expect(second.get_by_role("paragraph").get_by_text("Step 3 in main")).to_be_visible()
    expect(second.get_by_text("There is no step")).to_be_hidden()
    page.get_by_role("button", name="Add turn").click()
    third = _turn(page, 3)
    _choose(page, third.get_by_label("The person"), "Presses a button")
    third.get_by_label("Label").fill("Large")
    third.get_by_role("button", name="Add expectation").click()
    _choose(page, third.get_by_label("Expectation 1", exact=True), "A model judges")
    third.get_by_label("What a model has to find true of the answer").fill("It is friendly.")
    _saved(page)
    (kept,) = _tests(page, project)
    assert kept["name"] == "Sells a size"
    assert kept["turns"] == [
        {"action": {"type": "launch"}, "expect": [{"contains": "your name"}]},
        {
            "action": {"type": "text", "payload": "Ada"},
            "expect": [{"variable": "name", "equals": "Ada"}, {"step": "main/s3"}],
        },
        {"action": {"type": "button", "payload": {"label": "Large"}}, "expect": [{"judge": "It is friendly."}]},
    ]
    # What is still on its way is waited for.
    second.get_by_label("Value", exact=True).fill("Bo")
    page.get_by_role("button", name="Run test").click()
    expect(second).to_contain_text("Turn 2 is the first that is not as expected.")
    expect(second).to_contain_text('name = "Ada"')
    check_themes(page, "test-editor-red")
    second.get_by_label("Value", exact=True).fill("Ada")
    expect(page.get_by_role("status").filter(has_text="Edited since it ran")).to_be_visible()
    third.get_by_role("button", name="Remove expectation 1").click()
    expect(third.get_by_role("button", name="Add expectation")).to_be_focused()
    _saved(page)
    page.reload()
    page.get_by_role("button", name="Run test").click()
    expect(page.get_by_role("status").filter(has_text="As expected")).to_be_visible()
    page.get_by_role("button", name="All tests").click()
    expect(page.get_by_role("list", name="Tests")).to_contain_text("As expected · 3 turns")


def test_turns_are_put_in_order_and_whatever_is_deleted_comes_back(page: Page) -> None:
    turns = [{"action": {"type": "launch"}}, {"action": {"type": "text", "payload": "Ada"}}]
    first = {"id": "first", "name": "First", "turns": turns}
    project = make(page, {**FLOW, "tests": [first]})
    page.goto(f"/p/{project}/test?view=tests")
    page.get_by_role("button", name="First", exact=True).click()
    expect(page).to_have_url(re.compile("item=first"))
    page.get_by_role("button", name="Duplicate turn 2").click()
    _turn(page, 3).get_by_label("What is written").fill("Bo")
    page.get_by_role("button", name="Move turn 3 up").click()
    page.get_by_role("button", name="Remove turn 1").click()
    _saved(page)
    said = [turn["action"]["payload"] for turn in _tests(page, project)[0]["turns"]]
    assert said == ["Bo", "Ada"]
    page.keyboard.press("Control+z")
    expect(_turn(page, 3)).to_be_visible()
    page.get_by_role("button", name="Duplicate test").click()
    expect(page.get_by_role("heading", name="Copy of First")).to_be_visible()
    page.get_by_role("button", name="Delete test").click()
    expect(page.get_by_role("list", name="Tests").get_by_role("listitem")).to_have_count(1)
    page.get_by_role("button", name="Undo", exact=True).last.click()
    expect(page.get_by_role("list", name="Tests").get_by_role("listitem")).to_have_count(2)
    _saved(page)
    kept = _tests(page, project)
    assert [each["name"] for each in kept] == ["First", "Copy of First"]
    assert kept[0]["turns"] == kept[1]["turns"]


def test_undo_leads_to_the_test_that_it_changes(page: Page) -> None:
    tests: list[dict[str, Any]] = [{"id": each.lower(), "name": each, "turns": []} for each in ("First", "Second")]
    project = make(page, {**FLOW, "tests": tests})
    page.goto(f"/p/{project}/test?view=tests&item=second")
    page.get_by_label("Name", exact=True).fill("Other")
    page.get_by_role("button", name="All tests").click()
    page.keyboard.press("Control+z")
    expect(page).to_have_url(re.compile("item=second"))
    expect(page.get_by_label("Name", exact=True)).to_have_value("Second")


def test_what_the_server_refuses_stands_at_its_field(page: Page) -> None:
    project = make(page, {**FLOW, "tests": [{"id": "first", "name": "First", "turns": []}]})
    page.goto(f"/p/{project}/test?view=tests&item=first")
    page.get_by_role("button", name="What it begins with").click()
    mocks = page.get_by_label("Mocks (JSON)")
    mocks.fill("[1]")
    expect(page.get_by_role("button", name="Not saved")).to_be_visible()
    expect(mocks).to_have_attribute("data-invalid", "")
    expect(page.get_by_label("What it begins with").get_by_text("Input should be an object.")).to_be_visible()
    mocks.fill('{"model": "Yes."}')
    page.get_by_label("Clock (UTC)").fill("2026-03-01T12:30")
    _saved(page)
    (kept,) = _tests(page, project)
    assert (kept["mocks"], kept["now"]) == ({"model": "Yes."}, "2026-03-01T12:30:00Z")
    page.get_by_role("button", name="Run test").click()
    expect(page.get_by_role("status").filter(has_text="As expected")).to_be_visible()


def test_a_test_is_written_by_keys_alone(page: Page) -> None:
    project = make(page, FLOW)
    page.goto(f"/p/{project}/test?view=tests")
    page.get_by_role("button", name="Add test").press("Enter")
    page.get_by_role("button", name="Add turn").press("Enter")
    writing = _turn(page, 2).locator("input:focus, textarea:focus")
    expect(writing).to_have_value("")
    page.keyboard.type("Ada")
    expect(writing).to_have_value("Ada")
    _turn(page, 2).get_by_role("button", name="Add expectation").press("Enter")
    expect(writing).to_have_value("")
    page.keyboard.type("Hello Ada")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Move turn 2 up").press("Enter")
    expect(_turn(page, 1).get_by_label("Expectation 1", exact=True)).to_have_text("No answer contains")
    _saved(page)
    (kept,) = _tests(page, project)
    assert kept["turns"] == [
        {"action": {"type": "text", "payload": "Ada"}, "expect": [{"notContains": "Hello Ada"}]},
        {"action": {"type": "launch"}},
    ]


def test_the_editor_of_tests_is_for_everybody(somebody: NewPage) -> None:
    page = somebody(reduced_motion="reduce")
    expectations: list[dict[str, Any]] = [
        {"contains": "x"},
        {"variable": "count", "equals": 2},
        {"variable": "name", "equals": ["x"]},
        {"step": "main/s3"},
        {"trace": {"type": "buttons", "payload": {"buttons": []}}},
        {"source": "hours.md"},
        {"judge": "It is friendly."},
    ]
    actions = [
        {"type": "text", "payload": "Ada"},
        {"type": "media", "payload": {"url": "https://example.com/a.png"}},
        {"type": "client", "payload": {"path": "done"}},
        {"type": "approval", "payload": {"approved": False, "note": "no"}},
    ]
    turns = [{"action": {"type": "launch"}, "expect": expectations, "variables": {"count": 3}, "handedBack": True}]
    turns += [{"action": action} for action in actions]
    kept = {"id": "all", "name": "Everything", "variables": {"name": "Kim"}, "turns": turns}
    project = make(page, {**FLOW, "name": LONG[:200], "tests": [kept]})
    page.goto(f"/p/{project}/test?view=tests")
    expect(page.get_by_role("list", name="Tests")).to_be_visible()
    check_sizes(page, "tests")
    page.goto(f"/p/{project}/test?view=tests&item=all")
    expect(_turn(page, 5)).to_be_visible()
    check_sizes(page, "test-editor")
