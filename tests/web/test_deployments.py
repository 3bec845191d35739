"""Channels: one is set up, checked, tried, paused and removed; the widget's line of HTML is put together."""

from playwright.sync_api import Page, expect

from tests.web.conftest import NewPage
from tests.web.screens import check_themes

DEPLOYMENTS = "/p/proj_demo/deployments"


def test_a_channel_is_set_up_tried_paused_and_removed(somebody: NewPage) -> None:
    page = somebody(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    page.goto(DEPLOYMENTS)
    page.get_by_role("link", name="Webhook").click()
    expect(page.get_by_role("heading", name="Set it up")).to_be_visible()
    page.get_by_label("URL", exact=True).fill("https://127.0.0.1:9/chat")
    page.get_by_label("Secret", exact=True).fill("too short")
    page.get_by_role("button", name="Add Webhook").click()
    expect(page.get_by_label("Secret", exact=True)).to_have_attribute("aria-invalid", "true")
    check_themes(page, "deployment-new-wide")
    page.get_by_label("Secret", exact=True).fill("a-secret-that-both-sides-know")
    page.get_by_role("button", name="Add Webhook").click()
    expect(page.get_by_text("/api/v1/channels/dep_")).to_be_visible()
    expect(page.get_by_label("Secret", exact=True)).to_have_value("")
    # Nobody has written here yet; then to somebody by name, which this server's own address refuses.
    page.get_by_role("button", name="Send test message").click()
    expect(page.get_by_text("Nobody has written here yet: say whom to write to.")).to_be_visible()
    page.get_by_label("To", exact=True).fill("ada")
    page.get_by_role("button", name="Send test message").click()
    sent = page.get_by_role("table", name="Sent messages").get_by_role("row").filter(has_text="webhook:ada")
    expect(sent.get_by_text("Failed")).to_be_visible()
    check_themes(page, "deployment-wide")
    sent.get_by_role("button", name="Resend").click()
    page.get_by_role("switch", name="Active").click()
    expect(page.get_by_text("Paused", exact=True)).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    check_themes(page, "deployment-narrow")
    page.get_by_role("button", name="Delete deployment").click()
    expect(page.get_by_role("heading", name="Add a channel")).to_be_visible()
    expect(page.get_by_role("table", name="Deployments")).to_have_count(0)


def test_the_widgets_line_of_html_is_put_together(page: Page) -> None:
    page.goto(f"{DEPLOYMENTS}?new=web")
    page.get_by_role("button", name="Add Web widget").click()
    page.get_by_label("Widget key").fill("cdt_abc")
    page.get_by_label("Greeting").fill('Say "hi"')
    expect(page.get_by_role("region", name="Snippet")).to_contain_text('data-greeting="Say &quot;hi&quot;"')
    check_themes(page, "deployment-web")
