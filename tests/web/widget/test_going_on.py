"""What is said over lost connections, page loads, tabs and people."""

import time
from urllib.error import HTTPError
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.cli.served import Served
from tests.web.screens import check_screen
from tests.web.widget.conftest import Host, Model, Owner, Visit, launch, panel, say
from tests.web.wire import wire_to

# Notes on the page when something is said below the conversation.
NOTE = """() => {
  const root = document.querySelector("conduet-chat").shadowRoot;
  window.strips = [];
  new MutationObserver(() => {
    const text = root.querySelector(".strip")?.textContent;
    if (text && window.strips.at(-1)?.text !== text) window.strips.push({ text, at: performance.now() });
  }).observe(root, { childList: true, subtree: true, characterData: true });
}"""

USER = "() => JSON.parse(Object.entries(localStorage).find(([name]) => name.startsWith('conduet:'))[1]).id"


def test_an_answer_goes_on_over_a_reload_and_lost_connections(
    site: Served, owner: Owner, host: Host, visit: Visit
) -> None:
    parts = [("message", {"text": f"Part {n}"}) for n in ("one", "two", "three")]
    pauses = [("delay", {"seconds": seconds}) for seconds in (2, 3)]
    project = owner.new_project("Slow", parts[0], pauses[0], parts[1], pauses[1], parts[2])
    with wire_to(urlsplit(site.url).port or 0) as wire:
        server = f"http://127.0.0.1:{wire.port}"
        page = visit("/slow", own_key=owner.new_key(project, host.origin), server=server)
        said = panel(page).locator(".theirs:not(.typing)")
        launch(page)
        expect(said).to_have_count(1)
        page.reload()
        expect(said).to_have_count(1)
        page.evaluate(NOTE)
        # Short breaks nobody is told of.
        wire.cut()
        expect(said).to_have_count(2)
        assert page.evaluate("() => window.strips") == []
        before = page.evaluate("() => performance.now()")
        wire.cut(closed=True)
        expect(panel(page).locator(".strip")).to_have_text("Reconnecting …")
        assert page.evaluate("() => window.strips[0].at") - before >= 2000
        wire.closed = False
        expect(said).to_have_text([f"Assistant: Part {n}" for n in ("one", "two", "three")])
        expect(panel(page).locator(".strip")).to_have_count(0)
        page.reload()
        expect(said).to_have_text([f"Assistant: Part {n}" for n in ("one", "two", "three")])


def test_stop_ends_what_is_shown_and_the_turn_goes_on(owner: Owner, host: Host, visit: Visit) -> None:
    echo = (("capture", {"variable": "said"}), ("message", {"text": "You said {{said}}"}))
    told = [("message", {"text": "One"}), ("delay", {"seconds": 2}), ("message", {"text": "Two"})]
    project = owner.new_project("Stop", *told, *echo)
    page = visit("/stop", own_key=owner.new_key(project, host.origin))
    shown = panel(page).locator(".mine, .theirs:not(.typing)")
    stop = launch(page).get_by_role("button", name="Stop showing the answer")
    expect(shown).to_have_text(["Assistant: One"])
    stop.click()
    expect(stop).to_have_count(0)
    notice = panel(page).get_by_role("button", name="The answer goes on: show the rest")
    expect(notice).to_be_visible()
    expect(panel(page).locator(".typing")).to_have_count(0)
    say(page, "Next")
    # What came after it stands behind it.
    expect(shown).to_have_text(["Assistant: One", "You: Next", "Assistant: You said Next"])
    expect(notice).to_have_count(0)
    page.reload()
    expect(shown).to_have_text(["Assistant: One", "Assistant: Two", "You: Next", "Assistant: You said Next"])


def test_who_has_stopped_an_answer_may_read_the_rest(owner: Owner, host: Host, visit: Visit, model: Model) -> None:
    model.answers["Long story"] = [f"word{n} " for n in range(1500)] + ["end"]
    told = [("capture", {"variable": "said"}), ("prompt", {"prompt": "{{said}}", "output": "text", "say": True})]
    project = owner.new_project("Story", *told, ("message", {"text": "That was it."}))
    page = visit("/story", own_key=owner.new_key(project, host.origin), reduced_motion="reduce")
    launch(page)
    say(page, "Long story")
    said = panel(page).locator(".theirs:not(.typing)")
    expect(said.last).to_contain_text("word20")
    panel(page).get_by_role("button", name="Stop showing the answer").click()
    rest = panel(page).get_by_role("button", name="The answer goes on: show the rest")
    expect(rest).to_be_visible()
    before = said.all_inner_texts()
    check_screen(page, "widget-stopped")
    assert said.all_inner_texts() == before
    assert "word1499" not in before[-1]
    rest.click()
    expect(panel(page).locator(".log")).to_be_focused()
    # In the same message, and what comes after it.
    expect(said).to_have_count(len(before) + 1)
    expect(said.nth(len(before) - 1)).to_contain_text("word1499 end")
    expect(said.last).to_contain_text("That was it.")
    expect(rest).to_have_count(0)


def test_what_could_not_be_sent_is_sent_again_or_taken_back(
    site: Served, owner: Owner, host: Host, visit: Visit
) -> None:
    project = owner.new_project("Echo", ("capture", {"variable": "said"}), ("message", {"text": "You said {{said}}"}))
    with wire_to(urlsplit(site.url).port or 0) as wire:
        server = f"http://127.0.0.1:{wire.port}"
        page = visit("/lost", own_key=owner.new_key(project, host.origin), server=server, reduced_motion="reduce")
        page.clock.install()
        with page.expect_request("**/interact/stream"):
            launch(page)
        # A turn that was begun is followed for as long as it takes, and what is written waits for it.
        expect(panel(page).get_by_role("button", name="Stop showing the answer")).to_have_count(0)
        expect(panel(page).get_by_role("heading", name="Echo")).to_be_visible()
        wire.cut(closed=True)
        say(page, "First")
        say(page, "Second")
        failed = panel(page).locator(".failed")
        until = time.monotonic() + 30
        while failed.count() < 2 and time.monotonic() < until:
            # The waits between two tries, without waiting.
            page.clock.fast_forward(9000)
            page.wait_for_timeout(50)
        expect(failed).to_have_count(2)
        expect(panel(page).locator(".strip.bad")).to_contain_text("What you wrote is kept.")
        check_screen(page, "widget-failed")
        wire.closed = False
        failed.first.get_by_role("button", name="Delete").click()
        expect(panel(page).locator(".mine")).to_have_text(["You: SecondNot sent. Retry · Delete"])
        failed.get_by_role("button", name="Retry").click()
        expect(panel(page).locator(".theirs", has_text="You said Second")).to_be_visible()
        expect(failed).to_have_count(0)
        expect(panel(page).locator(".strip")).to_have_count(0)
        state = owner.ask("GET", f"projects/{project}/conversations/{page.evaluate(USER)}/state")
        assert [each["content"] for each in state["history"] if each["role"] == "user"] == ["Second"]


def test_who_writes_too_much_is_told_how_long_it_takes(owner: Owner, host: Host, visit: Visit) -> None:
    user = "eager"
    project = owner.new_project("Patient", ("message", {"text": "Yes?"}), ("capture", {"variable": "said"}))
    page = visit("/busy", own_key=owner.new_key(project, host.origin), attributes=f'data-user-id="{user}"')
    launch(page)
    expect(panel(page).locator(".theirs", has_text="Yes?")).to_be_visible()
    # A minute that is nearly over would be too short to see.
    while (seconds := _until_refused(owner, f"projects/{project}/conversations/{user}/interact")) < 5:
        time.sleep(seconds)
    page.evaluate(NOTE)
    say(page, "Are you there?")
    expect(panel(page).locator(".strip")).to_contain_text("Too many messages. The next try is in")
    page.wait_for_function("() => window.strips.length >= 2")
    told = [int(each["text"].split()[-2]) for each in page.evaluate("() => window.strips")]
    assert told[0] - told[1] == 1
    # It waits, and so does what is written meanwhile.
    say(page, "Hello?")
    expect(panel(page).locator(".mine")).to_have_text(["You: Are you there?", "You: Hello?"])
    expect(panel(page).locator(".failed")).to_have_count(0)


def _until_refused(owner: Owner, path: str) -> int:
    """Sends until that is too much; in how many seconds there may be more."""
    try:
        while True:
            owner.ask("POST", path, {"action": {"type": "text", "payload": "Hello"}})
    except HTTPError as refused:
        if refused.code != 429:
            raise
        return int(refused.headers["Retry-After"])


def test_two_tabs_show_one_conversation(owner: Owner, host: Host, visit: Visit) -> None:
    echo = (("capture", {"variable": "said"}), ("message", {"text": "You said {{said}}"}))
    project = owner.new_project("Tabs", *echo, *echo)
    own_key = owner.new_key(project, host.origin)
    first = visit("/tabs", own_key=own_key)
    launch(first)
    say(first, "One")
    expect(panel(first).locator(".theirs", has_text="You said One")).to_be_visible()
    second = first.context.new_page()
    visit("/tabs", own_key=own_key, page=second)
    expect(panel(second).locator(".theirs", has_text="You said One")).to_be_visible()
    say(second, "Two")
    shown = ["You: One", "Assistant: You said One", "You: Two", "Assistant: You said Two"]
    for page in (second, first):
        expect(panel(page).locator(".mine, .theirs:not(.typing)")).to_have_text(shown)
    panel(first).locator("textarea").fill("Not yet")
    for page in (first, second):
        page.reload()
        expect(panel(page).locator(".mine, .theirs:not(.typing)")).to_have_text(shown)
        expect(panel(page).locator("textarea")).to_have_value("Not yet")


def test_a_person_takes_over_and_gives_back(owner: Owner, host: Host, visit: Visit) -> None:
    project = owner.new_project("Desk", ("handoff", {"target": "Desk"}), ("message", {"text": "I am back."}))
    page = visit("/desk", own_key=owner.new_key(project, host.origin))
    launch(page)
    expect(panel(page).locator(".notice", has_text="A person will answer here.")).to_be_visible()
    say(page, "Do you mend tandems?")
    expect(panel(page).locator(".mine")).to_be_visible()
    inbox = f"projects/{project}/inbox"
    user = owner.ask("GET", inbox)["entries"][0]["userId"]
    owner.ask("POST", f"{inbox}/{user}/take")
    owner.ask("POST", f"{inbox}/{user}/reply", {"text": "We do."})
    expect(panel(page).locator(".person")).to_contain_text("We do.")
    expect(panel(page).locator(".notice", has_text="has joined")).to_be_visible()
    expect(panel(page).get_by_role("status")).to_contain_text("We do.")
    check_screen(page, "widget-handover")
    page.get_by_role("button", name="Close chat").click()
    owner.ask("POST", f"{inbox}/{user}/reply", {"text": "Bring it in."})
    page.get_by_role("button", name="Chat (1)").click()
    page.reload()
    expect(panel(page).locator(".person")).to_have_count(2)
    owner.ask("POST", f"{inbox}/{user}/hand-back", {})
    expect(panel(page).locator(".notice", has_text="The assistant is back")).to_be_visible()
    say(page, "Thanks")
    expect(panel(page).locator(".theirs", has_text="I am back.")).to_be_visible()
