"""Publishing, and going back."""

import re

from playwright.sync_api import Page, expect

from tests.web.screens import check_themes

WRITE = """async (project, changes) => {
  const { csrfToken } = await (await fetch("/api/v1/session")).json();
  const headers = { "X-CSRF-Token": csrfToken, "Content-Type": "application/json" };
  const path = `/api/v1/projects/${project}`;
  const body = JSON.stringify(changes(await (await fetch(path)).json()));
  return fetch(path, { method: "PATCH", headers, body });
}"""
# One step is new, one gone, one says something else.
REDRAWN = """document => {
  const [workflow] = document.workflows;
  const last = workflow.steps.pop();
  workflow.steps.find(step => step.type !== "start").name = "Woof";
  workflow.connections = workflow.connections.filter(({ source, target }) => ![source, target].includes(last.id));
  workflow.steps.push({ id: "bark", type: "message", config: { text: "Bark." }, position: { x: 0, y: 600 } });
  return { workflows: document.workflows };
}"""


def test_a_draft_is_published_compared_restored_and_put_back(page: Page) -> None:
    page.goto("/?new=template")
    page.get_by_role("radio", name="Appointment booking").click()
    page.get_by_role("button", name="Create project").click()
    page.wait_for_url("**/p/*/build")
    versions = page.url.replace("/build", "/versions")
    page.goto(versions)
    _publish(page, "First")
    project = versions.split("/")[-2]
    _change(page, project, 'document => ({ description: "For dogs." })')
    page.goto(versions)
    page.get_by_role("button", name="Publish").first.click()
    expect(page.get_by_role("dialog").get_by_text("1 changed")).to_be_visible()
    page.keyboard.press("Escape")
    _publish(page, "Second")
    expect(page.get_by_role("listitem").filter(has_text="Second")).to_contain_text("Production")

    page.get_by_role("link", name="First").click()
    side = page.get_by_role("region", name="Version", exact=True)
    expect(side.get_by_text("1 changed")).to_be_visible()
    side.get_by_role("button", name="Restore as draft").click()
    expect(page.get_by_text("First is the draft now")).to_be_visible()
    expect(side.get_by_text("Nothing is different.")).to_be_visible()
    side.get_by_role("button", name="Put back into production").click()
    page.get_by_role("button", name="Put version back").click()
    expect(page.get_by_text("is in production")).to_be_visible()

    _change(page, project, REDRAWN)
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


def _change(page: Page, project: str, changes: str) -> None:
    """Another writes to the draft; `changes` is a function from its document to what becomes of it."""
    changed = page.evaluate(f"async project => (await ({WRITE})(project, {changes})).status", project)
    assert changed == 200


def _publish(page: Page, name: str) -> None:
    expect(page.get_by_role("button", name="Publish").first).to_be_visible()
    page.keyboard.press("Control+Shift+Enter")
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Publish version").click()
    expect(page.get_by_text(f"{name} is published")).to_be_visible()
