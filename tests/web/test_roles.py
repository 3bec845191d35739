"""What the dashboard offers to those who may not do everything."""

import re

from playwright.sync_api import Page, expect

from tests.web.conftest import NewPage
from tests.web.screens import check_screen, check_themes
from tests.web.workshop import call

LINE = "You can read this project. Ask an owner for the editor role to change it."


def joined(page: Page, stranger: NewPage, role: str) -> Page:
    """A page of a new member."""
    path = call(page, "POST", "/invitations", {"name": role.title(), "role": role})["path"]
    theirs = stranger()
    theirs.goto(path)
    theirs.get_by_label("Sign-in name").fill(f"{role}@example.com")
    theirs.get_by_label("Password").fill("correct horse battery")
    theirs.get_by_role("button", name="Join account").click()
    theirs.wait_for_url("**/")
    return theirs


def test_whoever_only_reads_is_offered_nothing_that_would_be_refused(page: Page, stranger: NewPage) -> None:
    viewer = joined(page, stranger, "viewer")
    viewer.goto("/")
    viewer.get_by_role("button", name="More for").first.click()
    expect(viewer.get_by_role("menuitem")).to_have_text(["Export as JSON"])
    expect(viewer.get_by_role("link", name="New project")).to_have_count(0)

    viewer.goto("/p/proj_demo/build?step=start")
    expect(viewer.get_by_text(LINE)).to_be_visible()
    expect(viewer.get_by_label("Name", exact=True)).to_be_disabled()
    for name in ("Publish", "Test", "Add step", "Undo", "Delete step"):
        expect(viewer.get_by_role("button", name=name, exact=True)).to_have_count(0)
    check_themes(viewer, "viewer-build")

    main = viewer.get_by_role("main")
    for path, kept in (("knowledge", "Try search"), ("keys", None), ("deployments", None), ("versions", None)):
        viewer.goto(f"/p/proj_demo/{path}")
        expect(viewer.get_by_text(LINE)).to_be_visible()
        if kept:
            expect(viewer.get_by_role("button", name=kept)).to_be_visible()
        check_screen(viewer, f"viewer-{path}")
        for name in ("Add documents", "Create key", "identity secret", "Publish", "Revoke", "Delete", "Upload files"):
            expect(viewer.get_by_role("button", name=name)).to_have_count(0)
            expect(main.get_by_role("link", name=name)).to_have_count(0)
    viewer.goto("/p/proj_demo/settings")
    expect(main.get_by_label("Name", exact=True)).to_be_disabled()
    expect(main.get_by_role("button", name="Save")).to_have_count(0)
    expect(main.get_by_role("button", name="Delete project")).to_have_count(0)
    # What a viewer only reaches by its address says what it takes, and leads on.
    viewer.goto("/p/proj_demo/test")
    expect(viewer.get_by_text("Testing takes the editor role")).to_be_visible()
    expect(viewer.get_by_text("Your role is viewer.")).to_be_visible()
    expect(main.get_by_role("link", name="Read transcripts")).to_be_visible()
    check_themes(viewer, "viewer-test")
    viewer.goto("/p/proj_demo/settings")
    viewer.set_viewport_size({"width": 390, "height": 844})
    check_screen(viewer, "viewer-settings-narrow")


def test_an_agent_is_led_to_the_people_who_wait(page: Page, stranger: NewPage) -> None:
    agent = joined(page, stranger, "agent")
    agent.goto("/p/proj_demo")
    expect(agent).to_have_url(re.compile("/p/proj_demo/inbox$"))
    rail = agent.get_by_role("navigation", name="Spoke & Wheel", exact=True).get_by_role("link")
    expect(rail).to_have_text(["Inbox", "Transcripts", "Approvals"])
    expect(agent.get_by_text(LINE)).to_have_count(0)
    check_screen(agent, "agent-inbox")
    agent.goto("/p/proj_demo/build")
    expect(agent.get_by_text("Looking at what is built takes the viewer role")).to_be_visible()
    expect(agent.get_by_text("Your role is agent.")).to_be_visible()
    check_themes(agent, "agent-build")
    agent.get_by_role("main").get_by_role("link", name="Open inbox").click()
    expect(agent).to_have_url(re.compile("/p/proj_demo/inbox$"))
