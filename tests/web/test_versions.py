"""Publishing, and going back."""

from playwright.sync_api import Page, expect


def test_a_draft_is_published_compared_restored_and_put_back(page: Page) -> None:
    page.goto("/?new=template")
    page.get_by_role("radio", name="Appointment booking").click()
    page.get_by_role("button", name="Create project").click()
    page.wait_for_url("**/p/*/build")
    versions = page.url.replace("/build", "/versions")
    page.goto(versions)
    _publish(page, "First")
    project = versions.split("/")[-2]
    changed = page.evaluate(
        """async project => {
          const { csrfToken } = await (await fetch("/api/v1/session")).json();
          const headers = { "X-CSRF-Token": csrfToken, "Content-Type": "application/json" };
          const body = JSON.stringify({ description: "For dogs." });
          return (await fetch(`/api/v1/projects/${project}`, { method: "PATCH", headers, body })).status;
        }""",
        project,
    )
    assert changed == 200
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


def _publish(page: Page, name: str) -> None:
    expect(page.get_by_role("button", name="Publish").first).to_be_visible()
    page.keyboard.press("Control+Shift+Enter")
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Publish version").click()
    expect(page.get_by_text(f"{name} is published")).to_be_visible()
