"""Signing in and out in a browser."""

import re

from playwright.sync_api import Locator, Page, Route, expect

from tests.cli.served import Served
from tests.web.conftest import NewPage, link
from tests.web.drawing import add, canvas, find, saved


def test_a_link_leads_to_the_projects_and_works_once(site: Served, stranger: NewPage) -> None:
    token = link(site)
    page = stranger()
    page.goto(token)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{site.url}/")
    other = stranger()
    other.goto(token)
    other.get_by_role("button", name="Sign in").click()
    expect(other.get_by_role("alert")).to_contain_text("This link was used already")
    expect(other.get_by_text("conduet link", exact=True)).to_be_visible()
    expect(other.get_by_text("give the command the same --data")).to_be_visible()


def test_whoever_is_not_signed_in_comes_back_to_where_they_were_going(site: Served, stranger: NewPage) -> None:
    page = stranger()
    page.goto("/p/proj_demo/keys")
    expect(page).to_have_url(f"{site.url}/sign-in?next=%2Fp%2Fproj_demo%2Fkeys")
    page.get_by_text("Use a sign-in link").click()
    page.get_by_label("Sign-in link").fill(link(site))
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site.url}/p/proj_demo/keys")


def test_signing_out_ends_it(site: Served, stranger: NewPage) -> None:
    page = stranger()
    page.goto(link(site))
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Account and theme").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto("/settings")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_menu_that_is_pressed_as_it_comes_opens_and_stays(page: Page) -> None:
    button = _account(page)
    page.mouse.down()
    page.mouse.up()
    expect(button).to_have_attribute("aria-expanded", "true")
    # What opens and closes at once is gone by then.
    page.wait_for_timeout(500)
    page.get_by_role("menuitem", name="Sign out").hover()
    expect(button).to_have_attribute("aria-expanded", "true")


def test_a_button_that_has_the_focus_as_its_menu_comes_keeps_it(page: Page) -> None:
    button = _account(page)
    button.focus()
    page.wait_for_timeout(500)
    expect(button).to_be_focused()


def _account(page: Page) -> Locator:
    """The button of the account's menu, with the pointer on it, as the menu has just been loaded."""
    menu = re.compile("/assets/account-items")
    held: list[Route] = []
    page.route(menu, lambda route: held.append(route))
    with page.expect_request(menu):
        page.goto("/settings")
    button = page.get_by_role("button", name="Account and theme")
    button.hover()
    with page.expect_request_finished(lambda request: menu.search(request.url) is not None):
        held[0].continue_()
    return button


def test_a_session_that_ends_meanwhile_leaves_the_page_where_it_is(site: Served, stranger: NewPage) -> None:
    page = stranger()
    page.goto(link(site))
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="New project").click()
    page.get_by_role("tab", name="Blank").click()
    page.get_by_label("Name").fill("Half a thought")
    page.context.clear_cookies()
    page.get_by_role("button", name="Create project").click()
    expect(page.get_by_role("dialog", name="You are signed out")).to_be_visible()
    _sign_in_elsewhere(page, site)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_label("Name")).to_have_value("Half a thought")
    page.get_by_role("button", name="Create project").click()
    expect(page.get_by_role("link", name="Half a thought")).to_be_visible()
    # What is written meanwhile waits, and is saved as it goes on.
    canvas(page).wait_for()
    add(page, "message", "Step")
    saved(page)
    find(page, "Step")
    page.context.clear_cookies()
    page.get_by_role("region", name="Step", exact=True).get_by_label("Text", exact=True).fill("Written meanwhile")
    expect(page.get_by_text("Signed out: 1 change kept here")).to_be_attached()
    _sign_in_elsewhere(page, site)
    page.get_by_role("button", name="Go on").click()
    saved(page)
    expect(page.get_by_role("dialog")).to_have_count(0)


def _sign_in_elsewhere(page: Page, site: Served) -> None:
    other = page.context.new_page()
    other.goto(link(site))
    other.get_by_role("button", name="Sign in").click()
    expect(other.get_by_role("link", name="New project")).to_be_visible()
    other.close()
