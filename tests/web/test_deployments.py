"""Channels: one is set up, checked, tried, paused and removed; a chat page is made, shared and paused."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import NewPage
from tests.web.screens import check_themes
from tests.web.workshop import call

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
    page.goto(DEPLOYMENTS)
    expect(page.get_by_role("table", name="Deployments").get_by_role("link", name="Webhook")).to_be_visible()
    check_themes(page, "deployments-some")
    page.go_back()
    page.get_by_role("button", name="Delete deployment").click()
    expect(page.get_by_role("heading", name="Add a channel")).to_be_visible()
    expect(page.get_by_role("table", name="Deployments")).to_have_count(0)


def test_a_chat_page_is_made_tried_out_shared_and_paused(somebody: NewPage, stranger: NewPage) -> None:
    page = somebody(viewport={"width": 1280, "height": 1000}, reduced_motion="reduce")
    page.goto(f"{DEPLOYMENTS}?new=web")
    # An address that nobody guesses is suggested.
    expect(page.get_by_label("Slug")).to_have_value(re.compile("^[a-z0-9-]+-[a-z0-9]{10}$"))
    page.get_by_label("Slug").fill("wheel-review")
    page.get_by_role("button", name="Add Web chat").click()
    page.get_by_label("Version served").click()
    page.get_by_role("option", name="The draft").click()
    preview = page.get_by_role("region", name="Preview")
    expect(preview.get_by_role("heading", name="Spoke & Wheel")).to_be_visible()
    expect(preview.get_by_role("button", name="See prices")).to_be_visible()
    check_themes(page, "deployment-web")
    # Whose counts nowhere.
    assert call(page, "GET", "/projects/proj_demo/transcripts?platform=web") == []
    page.get_by_label("Accent", exact=True).fill("#0f766e")
    page.get_by_label("Greeting", exact=True).fill('Say "hi"')
    page.get_by_label("Widget key").fill("cdt_abc")
    snippet = page.get_by_role("region", name="Snippet")
    expect(snippet).to_contain_text('data-key="cdt_abc" data-version="development" data-greeting="Say &quot;hi&quot;"')
    expect(snippet).to_contain_text("--cdt-accent: #0f766e")
    page.get_by_role("tab", name="On your pages").click()
    expect(preview.get_by_role("button", name='Say "hi"', exact=True)).to_be_visible()
    launcher = preview.get_by_role("button", name="Chat", exact=True)
    expect(launcher).to_have_css("background-color", "rgb(15, 118, 110)")
    check_themes(page, "deployment-web-launcher")
    page.get_by_role("button", name="Save look").click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()

    visitor = stranger(reduced_motion="reduce", locale="de-DE")
    visitor.goto("/chat/wheel-review")
    visitor.get_by_role("button", name="See prices").click()
    expect(visitor.locator(".theirs").filter(has_text="€")).to_be_visible()
    expect(visitor).to_have_title("Spoke & Wheel")
    expect(visitor.locator("html")).to_have_attribute("lang", "de")
    check_themes(visitor, "chat-page")
    visitor.set_viewport_size({"width": 390, "height": 844})
    check_themes(visitor, "chat-page-narrow")
    page.get_by_role("switch", name="Active").click()
    expect(page.get_by_text("This deployment is paused")).to_be_visible()
    visitor.reload()
    expect(visitor.get_by_role("heading", name="Dieser Chat pausiert")).to_be_visible()
    check_themes(visitor, "chat-page-paused")
    page.get_by_role("switch", name="Active").click()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(preview.get_by_role("button", name="Chat", exact=True)).to_be_visible()
    check_themes(page, "deployment-web-narrow")
    _is_opened_beside_a_message(page, preview)
    visitor.reload()
    expect(visitor.locator(".theirs").filter(has_text="€")).to_be_visible()
    visitor.goto("/chat/nowhere")
    expect(visitor.get_by_role("heading", name="Hier ist kein Chat")).to_be_visible()


def _is_opened_beside_a_message(page: Page, preview: Locator) -> None:
    """No message lies over the launcher."""
    launcher = preview.get_by_role("button", name="Chat", exact=True)
    launcher.evaluate("each => each.scrollIntoView({ block: 'end' })")
    page.keyboard.press("Control+k")
    page.keyboard.type("curl")
    page.get_by_role("option", name="Copy this page as curl").click()
    notice = page.get_by_role("region", name="Notifications").get_by_text("Copied as curl")
    expect(notice).to_be_visible()
    box = launcher.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(preview.get_by_role("heading", name="Spoke & Wheel")).to_be_visible()
    expect(notice).to_be_visible()
