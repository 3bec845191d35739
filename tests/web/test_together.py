"""Two people in one project, a page that is reloaded, a server that is gone: nothing of what was edited is lost."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from benchmarks.processes import free_port
from tests.cli.served import served
from tests.web.conftest import link
from tests.web.drawing import add, canvas, counts, document, draw, find, saved
from tests.web.screens import check_themes

NewPage = Callable[..., Page]
PROJECT = re.compile(r"/api/v1/projects/proj_\w+$")


@pytest.fixture
def other(somebody: NewPage, page: Page) -> Page:
    """Another page on the same flow of two steps, `Mine` and `Theirs`."""
    draw(page)
    add(page, "message", "Mine")
    add(page, "message", "Theirs")
    saved(page)
    second = somebody()
    second.goto(page.url)
    canvas(second).wait_for()
    return second


def text(page: Page, name: str) -> Locator:
    """The text of a step, opened."""
    find(page, name)
    return page.get_by_role("region", name="Step", exact=True).get_by_label("Text", exact=True)


def texts(page: Page) -> dict[str, str]:
    """What the steps of the draft say, as the server has it."""
    project = page.url.split("/p/")[1].split("/")[0]
    steps = document(page, project)["workflows"][0]["steps"]
    return {each["name"]: each["config"].get("text") for each in steps if "name" in each}


def test_people_see_each_other_and_edits_of_different_steps_are_joined(page: Page, other: Page) -> None:
    expect(page.get_by_role("list", name="Also here").get_by_role("listitem")).to_have_count(1)
    text(page, "Mine").fill("written here")
    saved(page)
    expect(other.get_by_text(re.compile(r"changed 1 step$"))).to_be_visible()
    canvas(other).hover()
    expect(canvas(page).locator("svg path[fill=currentColor]").first).to_be_attached()
    text(other, "Theirs").fill("written there")
    saved(other)
    expect(page.get_by_text(re.compile(r"changed 1 step$")).first).to_be_visible()
    check_themes(page, "two-people")
    assert texts(page) == {"Mine": "written here", "Theirs": "written there"}
    # What one of them undoes is their own.
    page.get_by_role("button", name="Undo").first.click()
    saved(page)
    assert texts(page)["Theirs"] == "written there"


def test_a_value_that_two_people_gave_stands_side_by_side_until_one_is_chosen(page: Page, other: Page) -> None:
    page.context.set_offline(True)
    text(page, "Mine").fill("from here")
    expect(page.get_by_text("Offline: 1 change kept here")).to_be_visible()
    text(other, "Mine").fill("from there")
    saved(other)
    page.context.set_offline(False)
    clash = page.get_by_role("region", name="Changed by two people")
    expect(clash).to_contain_text("from here")
    expect(clash).to_contain_text("from there")
    saved(page)
    check_themes(page, "clash")
    assert texts(page)["Mine"] == "from here"
    # The other one outlives the page.
    page.reload()
    clash.get_by_role("button", name="Use theirs").click()
    saved(page)
    assert texts(page)["Mine"] == "from there"
    clash.get_by_role("button", name="Use yours").click()
    clash.get_by_role("button", name=re.compile("^Put away")).click()
    expect(clash).to_have_count(0)
    saved(page)
    assert texts(page)["Mine"] == "from here"


def test_a_step_that_one_removed_and_the_other_edited_is_called_by_its_name(page: Page, other: Page) -> None:
    page.context.set_offline(True)
    text(page, "Mine").fill("from here")
    expect(page.get_by_text("Offline: 1 change kept here")).to_be_visible()
    find(other, "Mine")
    canvas(other).press("Delete")
    counts(other, 2)
    saved(other)
    page.context.set_offline(False)
    clash = page.get_by_role("region", name="Changed by two people")
    expect(clash.get_by_role("heading")).to_have_text("Mine was changed by one person and removed by another")
    expect(clash.get_by_role("paragraph")).to_have_text(["Mine", "Yours, in the draft", "Mine", "Theirs", "Removed"])
    saved(page)
    check_themes(page, "clash-removed")
    clash.get_by_role("button", name="Use theirs").click()
    counts(page, 2)


def test_a_reload_keeps_what_was_not_saved_and_what_can_be_undone(page: Page) -> None:
    def refuse(route: Route) -> None:
        if route.request.method == "PATCH":
            route.fulfill(status=429, json={"error": "Busy.", "code": "RATE_LIMITED"})
        else:
            route.fallback()

    project = draw(page)
    add(page, "message", "First")
    saved(page)
    page.route(PROJECT, refuse)
    add(page, "message", "Second")
    expect(page.get_by_text("Offline: 2 changes kept here")).to_be_visible()
    page.reload()
    counts(page, 3)
    page.unroute(PROJECT)
    page.reload()
    counts(page, 3)
    saved(page)
    assert len(document(page, project)["workflows"][0]["steps"]) == 3
    for _ in range(6):
        canvas(page).press("Control+z")
    counts(page, 1)
    canvas(page).press("Control+Shift+Z")
    counts(page, 2)
    saved(page)
    assert len(document(page, project)["workflows"][0]["steps"]) == 2


@pytest.mark.slow
def test_edits_outlive_the_server(browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context()
    page = context.new_page()
    port = str(free_port())
    with served(tmp_path / "data", "--port", port) as first:
        page.goto(link(first))
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("link", name="New project").wait_for()
        page.goto(f"{first.url}/?new=blank")
        page.get_by_label("Name").fill("Kept")
        page.get_by_role("button", name="Create project").click()
        page.wait_for_url("**/p/*/build**")
        canvas(page).wait_for()
        add(page, "message", "Before")
        saved(page)
        first.kill()
        add(page, "message", "While it was gone")
        expect(page.get_by_text("Offline: 2 changes kept here")).to_be_visible()
    with served(tmp_path / "data", "--port", port):
        saved(page)
        project = page.url.split("/p/")[1].split("/")[0]
        steps = page.request.get(f"http://127.0.0.1:{port}/api/v1/projects/{project}").json()["workflows"][0]["steps"]
        assert [each.get("name") for each in steps] == [None, "Before", "While it was gone"]
    context.close()


def test_a_step_is_talked_about_until_it_is_settled(page: Page, other: Page) -> None:
    find(page, "Mine")
    canvas(page).focus()
    canvas(page).press("m")
    step = page.get_by_label("Comment on this step")
    step.fill("Is this the right tone?")
    step.press("Control+Enter")
    thread = page.get_by_role("article", name="Thread on Mine")
    expect(thread).to_contain_text("right tone")
    # The others see it on the step at once.
    badge = other.get_by_role("button", name="1 open thread on Mine")
    badge.click()
    there = other.get_by_role("article", name="Thread on Mine")
    there.get_by_role("button", name="Mention somebody").click()
    other.get_by_role("menuitem").first.click()
    there.get_by_label("Reply").press_sequentially("It is")
    there.get_by_role("button", name="Reply").click()
    expect(thread.get_by_role("listitem")).to_have_count(2)
    check_themes(page, "comments")
    thread.get_by_role("button", name="Resolve").click()
    expect(thread).to_have_count(0)
    expect(badge).to_have_count(0)
    page.get_by_role("tab", name="Resolved").click()
    expect(thread.get_by_role("button", name="Open again")).to_be_visible()
