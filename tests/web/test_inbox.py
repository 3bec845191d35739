"""People take conversations, answer in them and give them back."""

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import NewPage
from tests.web.screens import check_themes
from tests.web.workshop import Workshop, come


@pytest.fixture
def workshop(page: Page) -> Workshop:
    """A project in which nobody waits yet."""
    return Workshop.make(page)


def test_a_conversation_is_taken_over_answered_and_handed_back(page: Page, workshop: Workshop) -> None:
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
    reply.press("Control+Enter")
    page.get_by_role("button", name="Undo").click()
    expect(reply).to_have_value("We do.")
    reply.fill("We do. Bring it in on Thursday.")
    reply.press("Control+Enter")
    page.clock.fast_forward(5_000)
    lines = said.get_by_role("listitem")
    expect(lines.filter(has_text="Bring it in on Thursday.")).to_contain_text("Person")
    assert workshop.heard("kim") == ["We do. Bring it in on Thursday."]
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
