"""Posts that pipelines wrote: looked at, changed, approved, published."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from playwright.sync_api import Page, expect

from tests.cli.served import Served
from tests.web.outside import Outside
from tests.web.screens import check_themes
from tests.web.workshop import Workshop, call

WRITER: dict[str, Any] = {
    "id": "writer",
    "name": "Writer",
    "primary": True,
    "steps": [
        {"id": "start", "type": "start", "config": {}, "position": {"x": 0, "y": 0}},
        {
            "id": "say",
            "type": "message",
            "config": {"text": "We open on **Saturdays**. https://example.com/hours {{reviewNote}}"},
            "position": {"x": 200, "y": 0},
        },
    ],
    "connections": [{"id": "c1", "source": "start", "sourcePort": "next", "target": "say"}],
}


def press(page: Page, *targets: dict[str, Any], writer: dict[str, Any] = WRITER) -> Workshop:
    """A project with a pipeline to these targets."""
    pipeline = {"id": "news", "name": "Weekly news", "enabled": True, "workflowId": "writer", "targets": [*targets]}
    return Workshop.make(
        page,
        framework="outbound",
        workflows=[writer],
        secrets=[{"name": "CMS", "value": "a-secret-that-both-sides-know"}],
        variables=[{"name": "reviewNote", "type": "text", "default": ""}],
        pipelines=[pipeline],
    )


def webhook(vendor: Outside, path: str) -> dict[str, Any]:
    return {"connector": "webhook", "config": {"url": vendor.url(path), "secret": "{{secrets.CMS}}"}}


def slack(vendor: Outside, path: str) -> dict[str, Any]:
    config = {"botToken": "{{secrets.CMS}}", "channel": "C1", "baseUrl": vendor.url(path)}
    return {"connector": "slack", "config": config}


def texts(vendor: Outside, path: str) -> Sequence[str]:
    """What came to a webhook."""
    return [each["data"]["text"] for each in vendor.came.get(path, [])]


def test_a_post_is_written_edited_approved_and_published(page: Page, vendor: Outside) -> None:
    made = press(page, webhook(vendor, "/cms"), slack(vendor, "/slack"))
    page.goto(f"/p/{made.id}/outbound")
    expect(page.get_by_role("heading", name="No post waits for approval")).to_be_visible()
    check_themes(page, "outbound-empty-wide")
    page.get_by_role("button", name="Start run").click()
    expect(page.locator("main header").get_by_text("Waits for approval")).to_be_visible()
    shown = page.get_by_role("region", name="Slack")
    expect(shown.locator("strong")).to_have_text("Saturdays")
    check_themes(page, "outbound-waiting-wide")
    page.get_by_role("button", name="Ask again").click()
    page.get_by_label("What to write differently").fill("From December on.")
    check_themes(page, "outbound-again-wide")
    page.get_by_role("dialog").get_by_role("button", name="Ask again").click()
    expect(shown).to_contain_text("From December on.")
    page.get_by_role("button", name="Edit text").click()
    page.get_by_label("Text of the post").fill("We open on **Sundays**.")
    expect(page.locator("ins")).to_contain_text("**Sundays**.")
    check_themes(page, "outbound-edited-wide")
    page.get_by_role("button", name="Approve").click()
    check_themes(page, "outbound-approve-wide")
    page.get_by_role("button", name="Publish now").click()
    expect(page.get_by_text("Published at Webhook and Slack")).to_be_visible()
    assert texts(vendor, "/cms") == ["We open on **Sundays**."]
    check_themes(page, "outbound-published-wide")


def test_a_post_is_approved_and_scheduled_by_keyboard_alone(page: Page, vendor: Outside) -> None:
    made = press(page, webhook(vendor, "/later"))
    call(page, "POST", f"{made.path}/runs", {"pipelineId": "news"})
    page.goto(f"/p/{made.id}/outbound")
    # Where no post is, there is a link too.
    expect(page.get_by_role("region", name="Posts").get_by_role("link", name="Weekly news")).to_have_count(1)
    keys = page.keyboard
    keys.press("j")
    expect(page.get_by_role("region", name="Webhook")).to_be_visible()
    keys.press("e")
    expect(page.get_by_label("Text of the post")).to_be_focused()
    keys.press("Control+a")
    keys.type("We open at nine.")
    keys.press("Escape")
    keys.press("a")
    expect(page.get_by_role("button", name="Publish now")).to_be_focused()
    keys.press("Tab")
    # As people type it into the field: month, day, year; hour, minute, half of the day.
    keys.type((datetime.now().astimezone() + timedelta(days=1)).strftime("%m%d%Y"))
    keys.press("Tab")
    keys.type("0930A")
    keys.press("Enter")
    expect(page.get_by_text(re.compile("Goes to Webhook at .*9:30"))).to_be_visible()
    assert texts(vendor, "/later") == []
    page.goto(f"/p/{made.id}/outbound?show=scheduled")
    expect(page.get_by_role("region", name="Posts")).to_contain_text("We open at nine.")
    page.get_by_role("button", name="Show as a calendar").click()
    check_themes(page, "outbound-calendar-wide")
    page.set_viewport_size({"width": 390, "height": 844})
    check_themes(page, "outbound-calendar-narrow")


def test_nobody_pretends_to_know_whether_a_post_is_public(page: Page, vendor: Outside) -> None:
    vendor.statuses["/lost/api/chat.postMessage"] = 0
    made = press(page, slack(vendor, "/lost"))
    call(page, "POST", f"{made.path}/runs", {"pipelineId": "news"})
    page.goto(f"/p/{made.id}/outbound")
    page.get_by_role("region", name="Posts").get_by_role("link", name="Weekly news").click()
    page.get_by_role("button", name="Approve").click()
    page.get_by_role("button", name="Publish now").click()
    expect(page.get_by_text("It may be public at Slack: nobody knows")).to_be_visible()
    check_themes(page, "outbound-unknown-wide")
    page.set_viewport_size({"width": 390, "height": 844})
    check_themes(page, "outbound-unknown-narrow")
    vendor.statuses.clear()
    page.get_by_role("button", name="It is not there: send again").click()
    expect(page.get_by_text("Published at Slack")).to_be_visible()
    assert len(vendor.came["/lost/api/chat.postMessage"]) == 2


def test_pictures_are_shown_with_their_words_and_with_what_each_target_takes(
    page: Page, vendor: Outside, site: Served
) -> None:
    # A page may show what lies here; the server fetches nothing from itself.
    config = {"kind": "image", "url": f"{site.url}/favicon.svg", "alt": "The sign of the shop"}
    picture = {"id": "sign", "type": "media", "config": config, "position": {"x": 400, "y": 0}}
    wire = {"id": "c2", "source": "say", "sourcePort": "next", "target": "sign"}
    writer = {**WRITER, "steps": [*WRITER["steps"], picture], "connections": [*WRITER["connections"], wire]}
    x = {"connector": "x", "config": {"refreshToken": "{{secrets.CMS}}", "clientId": "{{secrets.CMS}}"}}
    made = press(page, slack(vendor, "/slack"), x, writer=writer)
    page.goto(f"/p/{made.id}/outbound")
    page.get_by_role("button", name="Start run").click()
    for name in ("Slack", "X"):
        shown = page.get_by_role("region", name=name, exact=True)
        expect(shown.get_by_role("img", name="The sign of the shop")).to_be_visible()
        expect(shown.get_by_role("figure")).to_have_text("The sign of the shop")
    expect(shown).to_contain_text("1 of 4 pictures")
    expect(shown).to_contain_text("JPEG, PNG, WebP, at most 5 MB each")
    expect(shown).to_contain_text("Picture 1 cannot be uploaded to x: Calls to 127.0.0.1 are not allowed")
    shown.scroll_into_view_if_needed()
    check_themes(page, "outbound-pictures")
    page.set_viewport_size({"width": 390, "height": 844})
    check_themes(page, "outbound-pictures-narrow")


def test_a_pipeline_is_made_by_a_form_with_its_next_times(page: Page, vendor: Outside) -> None:
    made = press(page)
    page.goto(f"/p/{made.id}/build/pipelines")
    page.get_by_role("button", name="Add pipeline").click()
    page.get_by_label("Name").fill("Evening news")
    page.get_by_label("How often").click()
    page.get_by_role("option", name="Every week").click()
    page.get_by_label("At", exact=True).fill("18:30")
    page.get_by_label("Time zone").fill("Europe/Berlin")
    expect(page.get_by_text(re.compile("Monday, .* 06:30 PM"))).to_have_count(5)
    page.get_by_role("switch", name="Enabled").click()
    page.get_by_role("button", name="Add target").click()
    page.get_by_role("menuitem", name="Webhook", exact=True).click()
    page.get_by_label("Url").fill(vendor.url("/evening"))
    page.get_by_label("Secret", exact=True).fill("{{secrets.CMS}}")
    check_themes(page, "pipelines-wide")
    page.set_viewport_size({"width": 390, "height": 844})
    check_themes(page, "pipelines-narrow")
    expect(page.get_by_text("Saved")).to_be_visible()
    [_, saved] = call(page, "GET", made.path)["pipelines"]
    assert (saved["name"], saved["enabled"]) == ("Evening news", True)
    assert saved["schedule"] == {"cron": "30 18 * * 1", "timeZone": "Europe/Berlin"}
    assert saved["targets"] == [webhook(vendor, "/evening")]
