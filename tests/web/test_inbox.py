"""People take conversations, answer in them and give them back."""

import base64
import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.web.conftest import NewPage
from tests.web.screens import check_themes
from tests.web.workshop import FLOW, Workshop, call, come

# One blue point.
BLUE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPj/HwADAgH/OSkZvgAAAABJRU5ErkJggg=="
)


@pytest.fixture
def workshop(page: Page) -> Workshop:
    """A project in which nobody waits yet."""
    return Workshop.make(page)


def test_a_conversation_is_taken_over_answered_and_handed_back(somebody: NewPage, workshop: Workshop) -> None:
    page = somebody()
    page.clock.install()
    page.goto(f"/p/{workshop.id}/inbox")
    expect(page.get_by_role("heading", name="Nobody waits for a person")).to_be_visible()
    check_themes(page, "inbox-empty-wide")
    # Who comes shows by itself: in the list, in the rail, in the tab.
    workshop.begins("kim")
    workshop.writes("kim", "Do you mend tandems?")
    row = page.get_by_role("region", name="Conversations").get_by_role("link", name="kim")
    expect(row).to_contain_text("Do you mend tandems?")
    expect(page.get_by_role("link", name="Inbox 1 waiting")).to_be_visible()
    expect(page).to_have_title("(1) Inbox · Conduet")
    row.click()
    said = page.get_by_role("region", name="Conversation", exact=True)
    expect(said).to_contain_text("Handed over to Workshop: Asks for a tandem.")
    check_themes(page, "inbox-waiting-wide")
    reply = page.get_by_role("textbox", name="Reply")
    reply.fill("We do.")
    # Whoever begins to write has it.
    expect(page.locator("main header").get_by_text("You are answering")).to_be_visible()
    # Its row stays in the list beside it.
    expect(row).to_contain_text("You are answering")
    reply.press("Control+Enter")
    page.get_by_role("button", name="Undo").click()
    expect(reply).to_have_value("We do.")
    reply.fill("We do. Bring it in on Thursday.")
    page.get_by_label("Files to attach").set_input_files(
        {"name": "way.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n"}
    )
    expect(page.get_by_role("list", name="Attached")).to_contain_text("way.pdf")
    reply.press("Control+Enter")
    page.clock.fast_forward(5_000)
    lines = said.get_by_role("listitem")
    expect(lines.filter(has_text="Bring it in on Thursday.")).to_contain_text("Person")
    [heard] = workshop.heard("kim")
    assert re.fullmatch(r"We do\. Bring it in on Thursday\.\nhttp\S+/api/v1/files/\S+", heard)
    workshop.writes("kim", "See you then.")
    expect(said.get_by_text("See you then.")).to_be_visible()
    check_themes(page, "inbox-taken-wide")
    page.get_by_role("button", name="Private note").click()
    page.get_by_role("textbox", name="Private note").fill("Pads are in stock.")
    check_themes(page, "inbox-note-wide")
    page.get_by_role("button", name="Add note").click()
    expect(lines.filter(has_text="Pads are in stock.")).to_contain_text("Private note by")
    page.get_by_role("button", name="Hand back").click()
    page.get_by_label("Note for the agent, if any").fill("The pads are paid for.")
    check_themes(page, "inbox-hand-back-wide")
    page.get_by_role("dialog").get_by_role("button", name="Hand back").click()
    expect(page.get_by_text("The agent answers here.")).to_be_visible()
    assert workshop.writes("kim", "Hello?") == ["The agent is back."]


def test_what_the_user_sends_is_seen_by_who_answers(page: Page, workshop: Workshop) -> None:
    workshop.begins("kim")
    page.goto(f"/p/{workshop.id}/inbox/kim")
    said = page.get_by_role("region", name="Conversation", exact=True)
    expect(said).to_contain_text("Handed over to Workshop")
    workshop.sends("kim", {"name": "wheel.png", "mimeType": "image/png", "buffer": BLUE})
    sent = said.get_by_role("link", name="wheel.png")
    expect(sent.locator("img")).to_have_js_property("naturalWidth", 1)
    expect(page.get_by_text("kim sent: wheel.png")).to_be_attached()
    check_themes(page, "inbox-file")
    fetched = page.request.get(str(sent.get_attribute("href")))
    assert fetched.body() == BLUE
    # Wherever it is said to be: from elsewhere nothing is loaded.
    workshop.acts("kim", {"type": "media", "payload": {"url": "https://evil.example/x.png", "mimeType": "image/png"}})
    link = said.get_by_role("link", name="https://evil.example/x.png")
    expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    expect(link.locator("img")).to_have_count(0)
    workshop.acts("kim", {"type": "media", "payload": {"url": "javascript:alert(1)"}})
    expect(said.get_by_text("javascript:alert(1)")).to_be_visible()
    expect(said.get_by_role("link")).to_have_count(2)
    page.get_by_role("link", name="Open transcript").click()
    kept = page.get_by_role("main").get_by_role("link", name="wheel.png")
    expect(kept.locator("img")).to_have_js_property("naturalWidth", 1)
    check_themes(page, "transcript-file")


def test_of_two_who_answer_at_once_one_is_told_kindly(page: Page, workshop: Workshop, stranger: NewPage) -> None:
    workshop.begins("kim")
    ben = stranger()
    come(page, ben, "Ben")
    for each in (page, ben):
        each.goto(f"/p/{workshop.id}/inbox/kim")
        expect(each.get_by_role("button", name="Take conversation")).to_be_visible()
    ben.get_by_role("textbox", name="Reply").fill("Ben here.")
    # Before anything is sent, the other sees who is answering.
    expect(page.get_by_role("region", name="Conversations")).to_be_visible()
    expect(page.locator("main").get_by_text("Ben is answering.")).to_be_visible()
    expect(page.get_by_role("button", name="Send reply")).to_be_disabled()
    page.get_by_role("button", name="Take over from Ben").click()
    expect(ben.locator("main").get_by_text("What you wrote stays here.")).to_be_visible()
    expect(ben.get_by_role("textbox", name="Reply")).to_have_value("Ben here.")
    check_themes(ben, "inbox-quicker-wide")


def test_everything_is_done_by_keyboard_alone(page: Page, somebody: NewPage, workshop: Workshop) -> None:
    call(page, "POST", f"{workshop.path}/saved-replies", {"name": "hours", "text": "We are here from 9 to 17."})
    workshop.begins("kim", "lou")
    page = somebody()
    page.clock.install()
    page.goto(f"/p/{workshop.id}/inbox")
    expect(page.get_by_role("region", name="Conversations").get_by_role("link")).to_have_count(2)
    keys, said = page.keyboard, page.get_by_role("region", name="Conversation", exact=True)
    listed = page.get_by_role("region", name="Conversations").get_by_role("link")
    keys.press("f")
    keys.type("lou")
    expect(listed).to_have_count(1)
    expect(page).to_have_url(re.compile("find=lou"))
    keys.press("Escape")
    expect(listed).to_have_count(2)
    keys.press("Escape")
    expect(page.get_by_role("main")).to_be_focused()
    standing = page.locator("main header").get_by_role("status")
    keys.press("j")
    expect(page.get_by_role("heading", name="lou", level=2)).to_be_visible()
    keys.press("r")
    expect(page.get_by_role("textbox", name="Reply")).to_be_focused()
    keys.type("/hou")
    expect(page.get_by_role("option", name=re.compile("hours"))).to_be_visible()
    check_themes(page, "inbox-saved-wide")
    keys.press("Enter")
    keys.press("Control+Enter")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.clock.fast_forward(5_000)
    lines = said.get_by_role("listitem")
    expect(lines.filter(has_text="We are here from 9 to 17.")).to_contain_text("Person")
    keys.press("Escape")
    expect(said).to_be_focused()
    keys.press("n")
    expect(page.get_by_role("textbox", name="Private note")).to_be_focused()
    keys.type("Wants a tandem.")
    keys.press("Control+Enter")
    expect(lines.filter(has_text="Wants a tandem.")).to_contain_text("Private note by")
    keys.press("Escape")
    keys.press("u")
    expect(page.get_by_label("Note for the agent, if any")).to_be_focused()
    keys.press("Control+Enter")
    expect(standing).to_have_text("The agent answers")
    expect(page.locator("body")).not_to_be_focused()
    keys.press("j")
    expect(page.get_by_role("heading", name="kim", level=2)).to_be_visible()
    keys.press("h")
    expect(page.get_by_role("button", name="In an hour")).to_be_focused()
    check_themes(page, "inbox-snooze-wide")
    keys.press("Enter")
    expect(standing).to_contain_text("Snoozed until")
    # Keys belong to what floats until it is gone.
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("body")).not_to_be_focused()
    keys.press("e")
    expect(standing).to_have_text("Resolved")


def test_people_have_their_names_beside_their_ids(page: Page) -> None:
    name = {"name": "who", "type": "text", "personName": True}
    workshop = Workshop.make(page, workflows=[FLOW], variables=[name])
    workshop.begins("guest-1", "guest-2")
    path = f"{workshop.path}/conversations/guest-1/variables"
    call(page, "PATCH", path, {"who": "Ana Berg"})
    page.goto(f"/p/{workshop.id}/inbox")
    rows = page.get_by_role("region", name="Conversations").get_by_role("listitem")
    expect(rows.filter(has_text="guest-1")).to_contain_text("Ana Berg guest-1")
    expect(rows.filter(has_text="guest-2")).not_to_contain_text("Ana")
    page.get_by_role("searchbox", name="Filter conversations").fill("ana berg")
    expect(rows).to_have_count(1)
    rows.get_by_role("link").click()
    expect(page.get_by_role("heading", name="Ana Berg guest-1")).to_be_visible()
    check_themes(page, "inbox-names")
    page.goto(f"/p/{workshop.id}/transcripts")
    page.get_by_role("link", name="Ana Berg guest-1").click()
    expect(page.get_by_role("heading", name="Ana Berg guest-1")).to_be_visible()


def test_several_are_chosen_and_resolved_at_once(page: Page, workshop: Workshop) -> None:
    workshop.begins("mei", "ned", "omar")
    page.goto(f"/p/{workshop.id}/inbox")
    expect(page.get_by_role("region", name="Conversations").get_by_role("link")).to_have_count(3)
    keys = page.keyboard
    keys.press("j")
    expect(page.get_by_role("heading", name="omar", level=2)).to_be_visible()
    keys.press("x")
    keys.press("j")
    keys.press("j")
    expect(page.get_by_role("heading", name="mei", level=2)).to_be_visible()
    keys.press("Shift+X")
    expect(page.get_by_text("3 chosen")).to_be_visible()
    check_themes(page, "inbox-chosen-wide")
    page.get_by_role("button", name="Take", exact=True).focus()
    keys.press("Tab")
    keys.press("Enter")
    expect(page.get_by_text("3 conversations resolved")).to_be_visible()
    expect(page.get_by_role("heading", name="Nobody waits for a person")).to_be_visible()


def test_what_does_not_arrive_stays_and_is_sent_again(somebody: NewPage, workshop: Workshop) -> None:
    def lose(asked: Route) -> None:
        asked.abort("internetdisconnected")

    workshop.begins("kim")
    page = somebody()
    page.clock.install()
    page.route("**/events", lose)
    page.route("**/reply", lose)
    page.goto(f"/p/{workshop.id}/inbox/kim")
    reply = page.get_by_role("textbox", name="Reply")
    reply.fill("Are you there?")
    reply.press("Control+Enter")
    page.clock.fast_forward(5_000)
    expect(page.get_by_text("Not sent: ")).to_be_visible()
    # A connection that stays broken is told after five seconds, and its return is seen by itself.
    page.clock.fast_forward(5_000)
    expect(page.get_by_text("Reconnecting.")).to_be_visible()
    check_themes(page, "inbox-failed-wide")
    page.unroute("**/events")
    page.unroute("**/reply")
    page.get_by_role("button", name="Try again").click()
    said = page.get_by_role("region", name="Conversation", exact=True).get_by_role("listitem")
    expect(said.filter(has_text="Are you there?")).to_contain_text("Person")
    page.clock.fast_forward(10_000)
    expect(page.get_by_text("Reconnecting.")).to_be_hidden()
    assert workshop.heard("kim") == ["Are you there?"]


def test_panes_are_steps_on_a_narrow_screen(workshop: Workshop, somebody: NewPage) -> None:
    workshop.begins("kim")
    narrow = somebody(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    narrow.goto(f"/p/{workshop.id}/inbox")
    row = narrow.get_by_role("region", name="Conversations").get_by_role("link", name="kim")
    expect(row).to_be_visible()
    check_themes(narrow, "inbox-list-narrow")
    row.click()
    expect(row).to_be_hidden()
    narrow.get_by_role("button", name="Take conversation").click()
    expect(narrow.locator("main header").get_by_text("You are answering")).to_be_visible()
    check_themes(narrow, "inbox-conversation-narrow")
    narrow.get_by_role("button", name="Show details").click()
    expect(narrow.get_by_role("heading", name="Past conversations")).to_be_visible()
    check_themes(narrow, "inbox-details-narrow")
    narrow.get_by_role("button", name="Close details").click()
    narrow.get_by_role("link", name="Queues").click()
    narrow.get_by_role("link", name=re.compile("^Mine")).click()
    expect(row).to_contain_text("You are answering")
    # A message leaves what is written to be sent.
    row.click()
    narrow.get_by_role("textbox", name="Reply").fill("On my way")
    narrow.keyboard.press("Control+k")
    narrow.keyboard.type("curl")
    narrow.get_by_role("option", name="Copy this page as curl").click()
    notice = narrow.get_by_role("region", name="Notifications").get_by_text("Copied as curl")
    expect(notice).to_be_visible()
    narrow.get_by_role("button", name="Send reply").click()
    expect(notice).to_be_visible()
    expect(narrow.get_by_role("textbox", name="Reply")).to_have_value("")


def test_what_cannot_be_loaded_says_so_in_its_pane(page: Page, workshop: Workshop) -> None:
    def refuse(asked: Route) -> None:
        asked.fulfill(status=429, json={"error": "Too many requests.", "code": "RATE_LIMITED"})

    workshop.begins("kim")
    page.route(
        re.compile("/inbox/kim$"), lambda asked: refuse(asked) if "/api/" in asked.request.url else asked.continue_()
    )
    page.goto(f"/p/{workshop.id}/inbox/kim")
    expect(page.get_by_role("alert")).to_contain_text("Too many requests.")
    expect(page.get_by_role("region", name="Conversations").get_by_role("link", name="kim")).to_be_visible()
    check_themes(page, "inbox-error-wide")
    page.unroute_all()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("textbox", name="Reply")).to_be_visible()
    page.goto(f"/p/{workshop.id}/inbox/nobody")
    page.get_by_role("button", name="Take conversation").click()
    expect(page.get_by_text("There is no such conversation.")).to_be_visible()
