"""What stands where something is on its way, or does not come."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from tests.web.test_journeys import make, row, step
from tests.web.workshop import call


def _held(page: Page, address: re.Pattern[str]) -> Callable[[], None]:
    """Keeps answers back until it is called."""
    waiting: list[Route] = []
    page.route(address, lambda route: waiting.append(route))

    def let_go() -> None:
        for route in waiting:
            route.continue_()
        page.unroute(address)

    return let_go


def test_a_project_is_waited_for_in_the_shape_of_what_comes(page: Page) -> None:
    project = make(page, row(step(0, "start"), variables=[{"name": "city", "type": "text"}]))
    let_go = _held(page, re.compile(rf"/api/v1/projects/{project}$"))
    page.goto(f"/p/{project}/build/variables")
    expect(page.get_by_text("Loading the project")).to_be_attached()
    place = page.locator(".skeleton").nth(4).locator("..").locator("..").bounding_box()
    check = page.locator("[aria-busy=true] .skeleton")
    expect(check.last).to_be_visible()
    let_go()
    there = page.get_by_role("navigation", name="Variables").bounding_box()
    assert place
    assert there
    assert (there["x"], there["width"], there["y"]) == (place["x"], place["width"], place["y"])


def test_a_version_is_waited_for_beside_the_others(page: Page) -> None:
    project = make(page, row(step(0, "start"), step(1, "message", text="Hi")))
    let_go = _held(page, re.compile(rf"/api/v1/projects/{project}/versions"))
    page.goto(f"/p/{project}/versions/version_1")
    expect(page.get_by_role("region", name="Version", exact=True).get_by_text("Loading the version")).to_be_attached()
    let_go()
    expect(page.get_by_role("region", name="Version", exact=True)).to_have_count(0)


def test_a_list_of_projects_that_does_not_come_is_not_waited_for_for_ever(page: Page) -> None:
    page.route(re.compile(r"/api/v1/projects$"), lambda route: route.fulfill(status=404, json={"error": "Gone."}))
    page.goto("/p/proj_demo/settings")
    expect(page.get_by_role("button", name="Conduet : switch project")).to_be_visible()


def test_choices_are_told_in_words(page: Page) -> None:
    project = make(page, row(step(0, "start"), step(1, "message", text="Hi")))
    page.goto(f"/p/{project}/build?step=s1")
    page.get_by_role("button", name="More", exact=True).click()
    expect(page.get_by_label("Mode", exact=True)).to_have_text("Scripted")
    page.goto(f"/p/{project}/build/intents")
    page.get_by_role("button", name="Add intent").click()
    expect(page.get_by_label("Workflow", exact=True)).to_be_visible()


def test_channels_are_waited_for_where_they_come(page: Page) -> None:
    project = make(page, row(step(0, "start")))
    let_go = _held(page, re.compile(rf"/api/v1/projects/{project}/deployments"))
    page.goto(f"/p/{project}/deployments")
    place = page.locator("[aria-busy=true] .skeleton").first.bounding_box()
    let_go()
    there = page.get_by_role("region", name="Add a channel").get_by_role("link").first
    expect(there).to_be_visible()
    assert there.bounding_box() == place


def test_documents_are_waited_for_under_the_head_of_their_table(page: Page) -> None:
    project = make(page, row(step(0, "start")))
    text = {"type": "text", "name": "Hours", "content": "We open at nine."}
    call(page, "POST", f"/projects/{project}/knowledge-base", text)
    let_go = _held(page, re.compile(rf"/api/v1/projects/{project}/knowledge-base"))
    page.goto(f"/p/{project}/knowledge")
    place = page.locator("[aria-busy=true] .skeleton").first.bounding_box()
    let_go()
    there = page.locator("tr[data-row]").first
    expect(there).to_be_visible()
    found = there.bounding_box()
    assert place
    assert found
    assert abs(found["y"] - place["y"]) <= 1
