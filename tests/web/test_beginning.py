"""A project with nothing in it yet: what each of its pages is for, what to do first, and the demo's to look at."""

import re

from playwright.sync_api import Page, expect

from tests.web.screens import SIZES, check_themes
from tests.web.workshop import call

SHOWN = ("build", "knowledge", "build/variables", "build/intents", "test?view=tests")
"""What the demo has too."""


def test_an_empty_page_says_what_to_do_first_and_shows_the_demos(page: Page) -> None:
    made = call(page, "POST", "/projects", {"name": "Begun"})["id"]
    see = page.get_by_role("link", name="See the demo's")
    for path in SHOWN:
        page.goto(f"/p/{made}/{path}")
        see.click()
        place, _, query = path.partition("?")
        expect(page).to_have_url(re.compile(f"/p/proj_demo/{place}.*{query}"))
        expect(page.get_by_text("Spoke & Wheel").first).to_be_visible()
        expect(see).to_have_count(0)
    for path in ("build/tools", "build/secrets"):
        page.goto(f"/p/{made}/{path}")
        expect(page.get_by_role("button", name="Add ")).to_be_visible()
        expect(page.get_by_text("Begun").first, "the projects are known").to_be_visible()
        expect(see).to_have_count(0)


def test_a_blank_flow_says_how_to_begin_until_it_has_begun(page: Page) -> None:
    made = call(page, "POST", "/projects", {"name": "Begun"})["id"]
    page.goto(f"/p/{made}/build")
    begin = page.get_by_role("region", name="How to begin")
    check_themes(page, "build-blank")
    begin.get_by_role("button", name="Add the first step").click()
    expect(begin).to_have_count(0)
    page.keyboard.press("Escape")
    page.set_viewport_size(SIZES["narrow"])
    check_themes(page, "build-blank-narrow")
    begin.get_by_role("button", name="Add the first step").click()
    page.get_by_role("complementary", name="Steps to add").get_by_role("button", name="Message").first.click()
    page.get_by_role("region", name="Step", exact=True).get_by_role("button", name="Close").click()
    expect(page.get_by_role("list", name="Steps of Main")).to_contain_text("Message")
    expect(begin).to_have_count(0)


def test_the_part_that_is_shown_is_in_view_among_the_others(page: Page) -> None:
    page.set_viewport_size(SIZES["narrow"])
    page.goto("/p/proj_demo/build/secrets")
    expect(page.get_by_role("button", name="Secrets", exact=True)).to_be_in_viewport(ratio=0.9)
