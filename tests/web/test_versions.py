"""Publishing, and going back."""

import re

from playwright.sync_api import Page, expect

from tests.web.screens import check_themes
from tests.web.workshop import call


def test_a_draft_is_published_compared_restored_and_put_back(page: Page) -> None:
    page.goto("/?new=template")
    page.get_by_role("radio", name="Appointment booking").click()
    page.get_by_role("button", name="Create project").click()
    page.wait_for_url("**/p/*/build")
    versions = page.url.replace("/build", "/versions")
    page.goto(versions)
    _publish(page, "First")
    project = versions.split("/")[-2]
    call(page, "PATCH", f"/projects/{project}", {"description": "For dogs."})
    page.goto(versions)
    page.get_by_role("button", name="Publish").first.click()
    expect(page.get_by_role("dialog").get_by_text("1 changed")).to_be_visible()
    page.keyboard.press("Escape")
    _publish(page, "Second")
    expect(page.get_by_role("listitem").filter(has_text="Second")).to_contain_text("Production")
    # How much each changed stands beside it.
    expect(page.get_by_role("listitem").filter(has_text="Second")).to_contain_text("1 changed")
    expect(page.get_by_role("listitem").filter(has_text="First")).to_contain_text("First version")
    check_themes(page, "versions-sizes")

    page.get_by_role("link", name="First").click()
    side = page.get_by_role("region", name="Version", exact=True)
    expect(side.get_by_text("1 changed")).to_be_visible()
    side.get_by_role("button", name="Restore as draft").click()
    expect(page.get_by_text("First is the draft now")).to_be_visible()
    expect(side.get_by_text("Nothing is different.")).to_be_visible()
    side.get_by_role("button", name="Put back into production").click()
    page.get_by_role("button", name="Put version back").click()
    expect(page.get_by_text("is in production")).to_be_visible()

    _redraw(page, project)
    page.reload()
    page.get_by_role("button", name="Show on the canvas").click()
    said = page.get_by_role("region", name="Changes on the canvas").get_by_role("status")
    expect(said).to_contain_text(re.compile("^1 of 6: "))
    expect(page.locator("[data-mark=added]")).to_have_text("+Added")
    expect(page.locator("[data-mark=changed]")).to_have_text("~Changed")
    expect(page.locator("[data-mark=removed]")).to_have_text("−Removed")
    check_themes(page, "versions-canvas")
    page.keyboard.press("n")
    expect(page).to_have_url(re.compile("at=1"))
    page.keyboard.press("p")
    page.keyboard.press("p")
    expect(said).to_contain_text(re.compile("^6 of 6: "))
    page.get_by_role("button", name="Close the canvas").click()
    expect(page.get_by_role("listitem").filter(has_text="Second")).to_be_visible()


def _redraw(page: Page, project: str) -> None:
    """Another writes to the draft: one step is new, one gone, one says something else."""
    workflows = call(page, "GET", f"/projects/{project}")["workflows"]
    main = workflows[0]
    last = main["steps"].pop()["id"]
    next(each for each in main["steps"] if each["type"] != "start")["name"] = "Woof"
    main["connections"] = [each for each in main["connections"] if last not in (each["source"], each["target"])]
    main["steps"].append({"id": "bark", "type": "message", "config": {"text": "Bark."}, "position": {"x": 0, "y": 600}})
    call(page, "PATCH", f"/projects/{project}", {"workflows": workflows})


def _publish(page: Page, name: str) -> None:
    expect(page.get_by_role("button", name="Publish").first).to_be_visible()
    page.keyboard.press("Control+Shift+Enter")
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Publish version").click()
    expect(page.get_by_text(f"{name} is published")).to_be_visible()
