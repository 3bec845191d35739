"""What is said over lost connections, page loads, tabs and people."""

from playwright.sync_api import expect

from tests.web.screens import check_screen
from tests.web.widget.conftest import Host, Owner, Visit, launch, panel, say


def test_an_answer_goes_on_over_a_reload_and_a_lost_connection(owner: Owner, host: Host, visit: Visit) -> None:
    parts = [("message", {"text": f"Part {n}"}) for n in ("one", "two", "three")]
    pause = ("delay", {"seconds": 2})
    project = owner.new_project("Slow", parts[0], pause, parts[1], pause, parts[2])
    page = visit("/slow", own_key=owner.new_key(project, host.origin))
    said = panel(page).locator(".theirs:not(.typing)")
    launch(page)
    expect(said).to_have_count(1)
    page.reload()
    expect(said).to_have_count(2)
    page.context.set_offline(True)
    page.wait_for_timeout(100)
    page.context.set_offline(False)
    expect(said).to_have_text([f"Assistant: Part {n}" for n in ("one", "two", "three")])
    page.reload()
    expect(said).to_have_text([f"Assistant: Part {n}" for n in ("one", "two", "three")])


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
