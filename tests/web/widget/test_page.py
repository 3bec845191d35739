"""The widget on pages of another site."""

from playwright.sync_api import expect

from tests.web.widget.conftest import Visit, launch


def test_one_line_of_html_is_enough(visit: Visit) -> None:
    page = visit()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    page.wait_for_load_state("networkidle")
    assert [url.rsplit("/", 1)[1] for url in asked] == ["shop", "widget.js"]
    panel = launch(page)
    expect(panel.get_by_role("heading", name="Spoke & Wheel")).to_be_visible()
    expect(panel.locator("textarea")).to_be_focused()
    panel.get_by_role("button", name="See prices").click()
    expect(panel.locator(".mine")).to_have_text("You: See prices")
    expect(panel.locator(".theirs").filter(has_text="€")).to_be_visible()
