"""Reading conversations afterwards: found, read with their traces, made a test of, erased."""

import base64
import json
import re
from pathlib import Path

from playwright.sync_api import Page, Route, expect

from tests.web.conftest import NewPage
from tests.web.screens import check_themes
from tests.web.talking import DEMO, say
from tests.web.workshop import Workshop, call, come

TRANSCRIPTS = "/p/proj_demo/transcripts"


def test_a_conversation_is_found_read_and_becomes_a_test(page: Page) -> None:
    say(page, "reader-ana", "Opening hours", "No, that is all")
    say(page, "reader-bo", "Opening hours")
    page.goto(TRANSCRIPTS)
    page.get_by_role("button", name="User", exact=True).click()
    page.get_by_label("User id").fill("reader-ana")
    page.get_by_role("button", name="Show transcripts").click()
    rows = page.get_by_role("table", name="Transcripts").get_by_role("link")
    expect(rows).to_have_text(["reader-ana"])
    # A filter is in the address.
    page.reload()
    expect(rows).to_have_text(["reader-ana"])
    page.get_by_role("button", name="Views").click()
    page.get_by_label("Name", exact=True).fill("Of Ana")
    page.get_by_role("button", name="Save view").click()
    view = page.get_by_role("dialog").get_by_role("button", name="Of Ana", exact=True)
    expect(view).to_be_visible()
    check_themes(page, "transcripts-views")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Clear filters").click()
    page.get_by_role("button", name="Views").click()
    view.click()
    expect(rows).to_have_text(["reader-ana"])
    check_themes(page, "transcripts-filtered")
    rows.click()
    conversation = page.get_by_role("region", name="Conversation")
    expect(conversation).to_contain_text("Opening hours")
    expect(conversation).to_contain_text("Monday to Friday")
    page.get_by_label("Go to turn").click()
    page.get_by_role("option", name="Turn 2").click()
    expect(page).to_have_url(re.compile("turn=turn_"))
    check_themes(page, "transcript")
    page.get_by_role("button", name="Add to tests").click()
    expect(page.get_by_text("Test added")).to_be_visible()
    page.get_by_role("button", name="Open test").click()
    expect(page).to_have_url(re.compile("view=tests&item="))
    page.go_back()
    page.set_viewport_size({"width": 390, "height": 844})
    check_themes(page, "transcript-narrow")
    page.get_by_role("link", name="All transcripts").click()
    page.get_by_role("button", name="Remove filter user").click()
    expect(rows.filter(has_text="reader-bo")).to_be_visible()


def test_a_turn_is_tried_anew_from_where_it_began_and_walked_on_the_canvas(page: Page) -> None:
    say(page, "walked", "Hello", "Opening hours")
    page.goto(f"{TRANSCRIPTS}?userId=walked")
    page.get_by_role("link", name="walked", exact=True).click()
    page.get_by_role("link", name="Replay on canvas turn 2").click()
    replay = page.get_by_role("region", name="Replay")
    expect(replay).to_contain_text(re.compile("A turn of [0-9]+ step"))
    canvas = page.get_by_role("region", name=re.compile("^Canvas of"))
    expect(canvas.locator(".react-flow__edge.visited").first).to_be_attached()
    canvas.press("]")
    expect(replay).to_contain_text("Step 1 of")
    expect(page).to_have_url(re.compile("step="))
    canvas.press("]")
    expect(replay).to_contain_text("Step 2 of")
    canvas.press("[")
    expect(replay).to_contain_text("Step 1 of")
    check_themes(page, "replay-on-canvas")
    replay.get_by_role("button", name="End replay").click()
    expect(replay).to_have_count(0)
    page.goto(f"{TRANSCRIPTS}?userId=walked")
    page.get_by_role("link", name="walked", exact=True).click()
    page.get_by_role("link", name="Open in test from turn 2").click()
    conversation = page.get_by_role("region", name="Conversation")
    expect(conversation).to_contain_text("Hello")
    expect(conversation).not_to_contain_text("Monday to Friday")
    message = page.get_by_role("textbox", name="Message")
    expect(message).to_have_value("Opening hours")
    check_themes(page, "playground-from-a-turn")
    message.press("Enter")
    expect(conversation).to_contain_text("Monday to Friday")


def test_what_readers_think_of_answers_stands_beside_them_and_finds_them(page: Page) -> None:
    say(page, "rater", "Opening hours", "No, that is all")
    # As a person in the widget does, by the id of the message.
    [listed] = call(page, "GET", f"{DEMO}/transcripts?userId=rater")
    messages = call(page, "GET", f"{DEMO}/transcripts/{listed['id']}")["messages"]
    [said] = [each["id"] for each in messages if "Monday to Friday" in each["content"]]
    path = f"{DEMO}/conversations/rater/messages/{said}/feedback"
    assert call(page, "PUT", path, {"rating": "down", "comment": "Closed when I came."})["rating"] == "down"
    page.goto(f"{TRANSCRIPTS}?userId=rater")
    page.get_by_role("button", name="Rating", exact=True).click()
    page.get_by_role("menuitemradio", name="Rated good").click()
    expect(page.get_by_text("No conversation is like that")).to_be_visible()
    page.get_by_role("menuitemradio", name="Rated wrong").click()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="rater", exact=True).click()
    conversation = page.get_by_role("region", name="Conversation")
    below = conversation.get_by_role("listitem").filter(has_text="Monday to Friday").locator("xpath=following::li[1]")
    expect(below).to_have_text("Rated wrongClosed when I came.")
    # A turn that nobody has rated can be marked by whoever reads it, and that be taken back.
    mark = page.get_by_role("button", name="Mark wrong answer of turn")
    expect(mark).to_have_count(1)
    mark.click()
    page.get_by_label("What is wrong with it").fill("It has to ask for a name.")
    check_themes(page, "transcript-mark-wrong")
    page.get_by_role("button", name="Mark as wrong").click()
    expect(conversation.get_by_text("It has to ask for a name.")).to_be_visible()
    expect(mark).to_have_count(0)
    check_themes(page, "transcript-rated")
    page.set_viewport_size({"width": 390, "height": 844})
    check_themes(page, "transcript-rated-narrow")
    page.get_by_role("button", name="Undo").click()
    expect(mark).to_have_count(1)


def test_older_transcripts_come_on_request(page: Page) -> None:
    def one_at_a_time(asked: Route) -> None:
        url = asked.request.url
        asked.continue_(url=f"{url}{'&' if '?' in url else '?'}limit=1")

    say(page, "older", "Opening hours")
    say(page, "newer", "Opening hours")
    page.route(re.compile(r"/api/v1/projects/proj_demo/transcripts($|\?)"), one_at_a_time)
    page.goto(TRANSCRIPTS)
    older = page.get_by_role("link", name="older", exact=True)
    expect(page.get_by_role("link", name="newer", exact=True)).to_be_visible()
    expect(older).to_have_count(0)
    page.get_by_role("button", name="Show older transcripts").click()
    expect(older).to_be_visible()


def test_they_are_found_by_words_and_by_the_version_that_answered(page: Page) -> None:
    shop = Workshop.make(page)
    transcripts = f"/p/{shop.id}/transcripts"

    def heard(user_id: str, text: str, version: str) -> None:
        for action in ({"type": "launch"}, {"type": "text", "payload": text}):
            body = {"action": action, "versionId": version}
            call(page, "POST", f"{shop.path}/conversations/{user_id}/interact", body)

    autumn = call(page, "POST", f"{shop.path}/publish", {"name": "Autumn"})["id"]
    heard("of-autumn", "Where is my Parcel?", autumn)
    heard("of-the-draft", "Where is my parcel?", "development")
    heard("of-others", "Thanks", autumn)
    page.goto(transcripts)
    rows = page.get_by_role("table", name="Transcripts").get_by_role("link")
    expect(rows).to_have_text(["of-others", "of-the-draft", "of-autumn"])
    page.get_by_role("button", name="Contains", exact=True).click()
    page.get_by_label("Words").fill("my parcel")
    page.get_by_label("Words").press("Enter")
    expect(rows).to_have_text(["of-the-draft", "of-autumn"])
    page.get_by_role("button", name="Version", exact=True).click()
    page.get_by_role("menuitemradio", name="Autumn").click()
    page.keyboard.press("Escape")
    expect(rows).to_have_text(["of-autumn"])
    expect(page.get_by_role("button", name="Version: Autumn")).to_be_visible()
    expect(page).to_have_url(re.compile(f"versionId={autumn}"))
    page.reload()
    expect(rows).to_have_text(["of-autumn"])
    check_themes(page, "transcripts-by-version")
    page.get_by_role("button", name="Remove filter version").click()
    expect(rows).to_have_text(["of-the-draft", "of-autumn"])
    call(page, "PATCH", f"{shop.path}/conversations/of-others/variables", {"tier": "gold"})
    page.get_by_role("button", name="Clear filters").click()
    page.get_by_role("button", name="Variable", exact=True).click()
    page.get_by_label("Name", exact=True).fill("tier")
    page.get_by_label("Value", exact=True).fill("gold")
    check_themes(page, "transcripts-by-variable")
    page.get_by_role("button", name="Show transcripts").click()
    expect(rows).to_have_text(["of-others"])
    expect(page.get_by_role("button", name="Variable: tier = gold")).to_be_visible()
    page.reload()
    expect(rows).to_have_text(["of-others"])
    # Digits in an address are words too.
    page.goto(f"{transcripts}?contains=404")
    expect(page.get_by_role("button", name="Contains: 404")).to_be_visible()
    expect(page.get_by_text("No conversation is like that")).to_be_visible()


def test_what_is_not_among_the_most_recent_ones_is_looked_for_further_back(page: Page) -> None:
    say(page, "far-back", "Opening hours")

    def nothing_at_first(asked: Route) -> None:
        cursor = base64.urlsafe_b64encode(b"999999999999999 txn_f").decode()
        if "cursor=" in asked.request.url:
            asked.continue_()
        else:
            asked.fulfill(json=[], headers={"Link": f'</x?cursor={cursor}>; rel="next"'})

    page.route(re.compile(r"/api/v1/projects/proj_demo/transcripts\?"), nothing_at_first)
    page.goto(f"{TRANSCRIPTS}?contains=opening&userId=far-back")
    expect(page.get_by_text("No recent conversation is like that")).to_be_visible()
    check_themes(page, "transcripts-none-so-far")
    page.get_by_role("button", name="Show older transcripts").click()
    expect(page.get_by_role("link", name="far-back", exact=True)).to_be_visible()


def test_a_user_is_erased(page: Page) -> None:
    say(page, "gone", "Opening hours")
    page.goto(f"{TRANSCRIPTS}?userId=gone")
    page.get_by_role("link", name="gone", exact=True).click()
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Erase user").click()
    page.get_by_role("button", name="Erase user").click()
    expect(page.get_by_text("No conversation is like that")).to_be_visible()


def test_several_are_chosen_by_keys_and_tested_exported_and_erased(page: Page, tmp_path: Path) -> None:
    for user in ("several-1", "several-2", "several-3", "several-4"):
        say(page, user, "Opening hours")
    page.goto(TRANSCRIPTS)
    table = page.get_by_role("table", name="Transcripts")
    table.get_by_role("link", name="several-4").focus()
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Shift+X")
    chosen = page.get_by_role("region", name="Chosen transcripts")
    expect(chosen.get_by_role("status")).to_have_text("3 chosen")
    expect(table.get_by_role("checkbox", checked=True)).to_have_count(3)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Shortcuts")).to_contain_text("Choose up to this transcript")
    page.keyboard.press("Escape")
    check_themes(page, "transcripts-chosen")
    # A press on the mark opens no transcript.
    table.get_by_role("checkbox", name="Choose several-3").click()
    expect(chosen.get_by_role("status")).to_have_text("2 chosen")
    with page.expect_download() as download:
        chosen.get_by_role("button", name="Export").click()
        page.get_by_role("menuitem", name="JSON Lines, exact").click()
    download.value.save_as(tmp_path / "said.jsonl")
    lines = (tmp_path / "said.jsonl").read_text().splitlines()
    assert [json.loads(line)["userId"] for line in lines] == ["several-4", "several-2"]
    tests = "/api/v1/projects/proj_demo/tests"
    before = len(page.request.get(tests).json())
    chosen.get_by_role("button", name="Add to tests").click()
    expect(page.get_by_text("2 tests added")).to_be_visible()
    expect(chosen).to_have_count(0)
    assert len(page.request.get(tests).json()) == before + 2
    with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        page.get_by_role("button", name="Undo").click()
    page.wait_for_function(f"async () => (await (await fetch('{tests}')).json()).length === {before}")
    table.get_by_role("link", name="several-2").focus()
    page.keyboard.press("x")
    table.get_by_role("checkbox", name="Choose several-1").click()
    page.set_viewport_size({"width": 390, "height": 844})
    check_themes(page, "transcripts-chosen-narrow")
    chosen.get_by_role("button", name="Erase users").click()
    dialog = page.get_by_role("dialog", name="Erase 2 users?")
    expect(dialog.get_by_role("listitem")).to_have_text(["several-2", "several-1"])
    check_themes(page, "transcripts-erase-several")
    dialog.get_by_role("button", name="Erase users").click()
    expect(page.get_by_text("2 users erased")).to_be_visible()
    expect(table.get_by_role("link", name="several-3")).to_be_visible()
    expect(table.get_by_role("link", name=re.compile("several-[12]"))).to_have_count(0)


def test_who_answered_is_named_and_when_they_came_and_went_is_told(page: Page, stranger: NewPage) -> None:
    shop = Workshop.make(page)
    mia = stranger()
    come(page, mia, "Mia")
    shop.begins("kim")
    shop.writes("kim", "Anybody?")
    inbox = f"{shop.path}/inbox/kim"
    call(mia, "POST", f"{inbox}/take")
    call(mia, "POST", f"{inbox}/reply", {"text": "Here I am."})
    call(mia, "POST", f"{inbox}/hand-back")
    shop.writes("kim", "Thanks")
    page.goto(f"/p/{shop.id}/transcripts")
    page.get_by_role("link", name="kim", exact=True).click()
    expect(page.get_by_role("region", name="Conversation").get_by_role("listitem")).to_have_text(
        [
            "Agent: Hello, this is the workshop.",
            "Handed over to Workshop: Asks for a tandem.",
            "Visitor: Anybody?",
            "Mia joined",
            "Mia: Here I am.",
            "Handed back to the agent",
            "Visitor: Thanks",
            "Agent: The agent is back.",
        ]
    )
    # What a person did is none; nor is that nobody answered yet.
    expect(page.get_by_role("region", name="Trace").get_by_role("heading", name="Turn")).to_have_count(2)
    check_themes(page, "transcript-of-a-person")


def test_a_transcript_that_is_not_there_says_so(page: Page) -> None:
    page.goto(f"{TRANSCRIPTS}/txn_nowhere")
    expect(page.get_by_role("alert")).to_contain_text("Could not load the transcript.")
