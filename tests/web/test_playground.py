"""Trying a draft out: said anew in other words, seen as another channel shows it, and looked into."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.web.screens import check_themes
from tests.web.test_journeys import make, row, step
from tests.web.workshop import call

NAMES = [
    {"name": "name", "type": "text", "pii": True},
    {"name": "count", "type": "number", "default": 1},
    {"name": "size", "type": "text"},
]
RED = {
    "id": "red",
    "name": "Greets Bo",
    "turns": [
        {"action": {"type": "launch"}, "expect": [{"contains": "Your name?"}]},
        {"action": {"type": "text", "payload": "Ada"}, "expect": [{"contains": "Hello Bo"}]},
    ],
}
SIZES = [{"id": size, "label": size.title()} for size in ("small", "large")]
FLOW = row(
    step(0, "start"),
    step(1, "message", text="Hi"),
    step(2, "capture", text="Your name?", variable="name", type="text"),
    step(3, "code", code="return { variables: { count: variables.count * 21 } }"),
    step(4, "message", text="Hello {{name}}, {{count}}"),
    step(5, "buttons", text="Which size?", buttons=SIZES),
    variables=NAMES,
    tests=[RED],
)


@pytest.fixture
def project(page: Page) -> str:
    """At its page to test it."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    made = make(page, FLOW)
    page.goto(f"/p/{made}/test")
    page.get_by_role("button", name="Start conversation").click()
    expect(page.get_by_role("region", name="Conversation")).to_contain_text("Your name?")
    return made


def _say(page: Page, text: str) -> None:
    message = page.get_by_role("textbox", name="Message")
    message.fill(text)
    message.press("Enter")


def _retry(page: Page) -> None:
    retry = page.get_by_role("button", name="Retry last turn")
    with page.expect_response("**/chat/stream"):
        retry.click()
    expect(retry).to_be_enabled()


def test_a_turn_is_said_in_other_words_and_looked_into(page: Page, project: str) -> None:
    talk = page.get_by_role("region", name="Conversation")
    _say(page, "Ada")
    expect(talk).to_contain_text("Hello Ada, 21")
    talk.get_by_role("button", name="Turn").click()
    page.get_by_role("menuitem", name="Edit and branch").press("Enter")
    page.get_by_label("Other words").fill("Bo")
    page.get_by_label("Other words").press("Enter")
    expect(talk).to_contain_text("Hello Bo, 21")
    expect(talk).not_to_contain_text("Ada")
    trace = page.get_by_role("region", name="Trace")
    turn = trace.get_by_role("region", name="Turn 2")
    code = turn.get_by_role("button", name=re.compile("^Code return"))
    expect(code).to_be_visible()
    turn.get_by_role("button", name=re.compile(r"^Code Step 3 → Next sets count")).click()
    expect(turn.get_by_role("region", name="Variables changed")).to_have_text(re.compile("count: 1 → 21"))
    code.click()
    expect(turn.get_by_role("region", name="Response")).to_contain_text("21")
    # What is personal is hidden in the trace too.
    capture = turn.get_by_role("button", name=re.compile("^Capture Step 2 → Next sets name"))
    capture.click()
    changed = turn.get_by_role("region", name="Variables changed").filter(has_text="name")
    expect(changed).to_contain_text('name: null → "••••••"')
    expect(trace).not_to_contain_text("Bo")
    turn.get_by_role("button", name="Show personal values").first.click()
    expect(changed).to_contain_text('"Bo"')
    capture.click()
    check_themes(page, "playground-trace")
    trace.get_by_label("Show").click()
    page.get_by_role("option", name="Tools").click()
    expect(turn.get_by_role("button", name=re.compile("^Message"))).to_have_count(0)
    expect(code).to_be_visible()

    variables = page.get_by_role("region", name="Variables", exact=True)
    expect(variables.get_by_role("listitem").first).to_contain_text("••••••")
    variables.get_by_role("button", name="Show name").click()
    expect(variables.get_by_label("name", exact=True)).to_have_value("Bo")
    count = variables.get_by_label("count", exact=True)
    count.fill("many")
    count.press("Enter")
    expect(variables).to_contain_text("A number is needed here.")
    count.fill("7")
    count.press("Enter")
    variables.get_by_role("button", name="Pin size").click()
    expect(variables.get_by_role("listitem").first).to_contain_text("size")
    variables.get_by_role("button", name="Reset count").click()
    expect(count).to_have_value("1")
    expect(variables).to_contain_text("sys.userId")

    page.get_by_role("combobox", name="Channel").click()
    page.get_by_role("option", name="SMS").click()
    expect(talk).to_contain_text("2. Large")
    check_themes(page, "playground-as-sms")
    page.set_viewport_size({"width": 390, "height": 844})
    check_themes(page, "playground-narrow")


def test_a_test_goes_on_on_another_page_and_after_a_reload(page: Page, project: str) -> None:
    talk = page.get_by_role("region", name="Conversation")
    _say(page, "Bo")
    expect(talk).to_contain_text("Hello Bo, 21")
    page.get_by_role("link", name="Knowledge").click()
    page.get_by_role("link", name="Test", exact=True).click()
    expect(talk).to_contain_text("Hello Bo, 21")
    page.reload()
    expect(talk).to_contain_text("Hello Bo, 21")
    _retry(page)
    expect(talk.get_by_text("Hello Bo, 21")).to_have_count(1)


def test_what_is_written_stays_and_messages_leave_it_to_be_sent(page: Page, project: str) -> None:
    page.goto(f"/p/{project}/build?test=true")
    message = page.get_by_role("textbox", name="Message")
    message.fill("A long question")
    page.get_by_role("tab", name="Trace").click()
    expect(message).to_be_hidden()
    page.get_by_role("tab", name="Conversation").click()
    expect(message).to_have_value("A long question")
    page.get_by_role("button", name="Close", exact=True).click()
    expect(message).to_be_hidden()
    page.get_by_role("link", name="Test", exact=True).click()
    expect(message).to_have_value("A long question")
    page.go_back()
    page.get_by_role("button", name="Test", exact=True).click()
    expect(message).to_have_value("A long question")
    notice = page.get_by_role("region", name="Notifications").get_by_text("Copied as curl")
    for number, width in enumerate((1280, 390), start=1):
        page.set_viewport_size({"width": width, "height": 844})
        message.fill(f"Ada {number}")
        with page.expect_response("**/chat/stream"):
            page.get_by_role("button", name="Send").click()
        page.get_by_role("button", name="Turn").last.click()
        page.get_by_role("menuitem", name="Copy as curl").click()
        expect(notice.last).to_be_visible()
        message.fill("Bo")
        with page.expect_response("**/chat/stream"):
            page.get_by_role("button", name="Send").click()
        expect(notice.last).to_be_visible()
        expect(message).to_have_value("")


def test_a_turn_is_shown_to_others(page: Page, project: str) -> None:
    talk = page.get_by_role("region", name="Conversation")
    _say(page, "Ada")
    expect(talk).to_contain_text("Which size?")

    def choose(name: str) -> str:
        talk.get_by_role("button", name="Turn").click()
        page.get_by_role("menuitem", name=name).click()
        return page.evaluate("() => navigator.clipboard.readText()")

    page.get_by_role("button", name="User", exact=True).click()
    page.get_by_label("Name", exact=True).fill("Ada of 21")
    page.get_by_role("button", name="Save persona").click()
    expect(page.get_by_role("button", name="Ada of 21", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    choose("Copy as curl")
    expect(page.get_by_text("Copied as curl")).to_be_visible()
    assert '"payload":"Ada"' in page.evaluate("() => navigator.clipboard.readText()")
    choose("Add conversation to tests")
    expect(page.get_by_text("Test added")).to_be_visible()
    assert len(page.request.get(f"/api/v1/projects/{project}/tests").json()) == 2
    page.get_by_role("button", name="Tests").click()
    page.get_by_role("button", name="Run all on the draft").click()
    expect(page.get_by_role("status").filter(has_text="1 of 2 not as expected")).to_be_visible()
    red = page.get_by_role("list", name="Tests").get_by_role("listitem").filter(has_text="Greets Bo")
    expect(red).to_contain_text("Turn 2 is the first that is not as expected.")
    expect(red).to_contain_text("Hello Ada, 21")
    check_themes(page, "tests-red")
    page.get_by_role("button", name="Tests").click()
    choose("Copy link to turn")
    expect(page.get_by_text("Link copied")).to_be_visible()
    page.goto(page.evaluate("() => navigator.clipboard.readText()"))
    expect(page.get_by_role("region", name="Conversation")).to_contain_text("Hello Ada, 21")
    turn = page.get_by_role("region", name="Turn 2")
    expect(turn.get_by_role("button", name=re.compile("^Code"))).to_be_visible()


def test_a_persona_talks_to_a_published_version(page: Page) -> None:
    town = {"name": "town", "type": "text", "default": "Here", "environments": {"production": "There"}}
    names = [{"name": "name", "type": "text"}, town]
    flow = row(step(0, "start"), step(1, "message", text="Hello {{name}} of {{town}}"), variables=names)
    project = make(page, flow)
    call(page, "POST", f"/projects/{project}/presets", {"kind": "persona", "name": "Ada", "content": {"name": "Ada"}})
    call(page, "POST", f"/projects/{project}/publish", {"name": "One"})
    page.goto(f"/p/{project}/test")
    page.get_by_label("Version", exact=True).click()
    page.get_by_role("option", name="Production", exact=True).click()
    page.get_by_role("button", name="User", exact=True).click()
    page.get_by_role("button", name="Ada", exact=True).click()
    expect(page.get_by_role("region", name="Conversation")).to_contain_text("Hello Ada of There")
