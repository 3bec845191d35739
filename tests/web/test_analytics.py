"""Figures: from the numbers to the conversations behind them, and from a question to its answer."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.web.screens import check_themes
from tests.web.talking import say, try_out

ANALYTICS = "/p/proj_demo/analytics"


@pytest.fixture(autouse=True)
def tried(page: Page) -> None:
    """Something that the demo has no answer to, tried out in the dashboard."""
    try_out(page, "counted", "Opening hours", "Hello", "Do you xyzzy frobs?")


def test_figures_lead_to_what_is_behind_them(page: Page) -> None:
    page.goto(f"{ANALYTICS}?include=dashboard")
    page.get_by_label("Time").click()
    page.get_by_role("option", name="Last 7 days").click()
    expect(page).to_have_url(re.compile("range=7"))
    expect(page.get_by_role("img", name=re.compile("^Conversations by day"))).to_be_visible()
    page.get_by_label("Figure by day").click()
    page.get_by_role("option", name="Messages").click()
    page.get_by_text("Show as a table").click()
    expect(page.get_by_role("table", name="Messages by day").get_by_role("row")).to_have_count(8)
    check_themes(page, "analytics-counted")
    page.set_viewport_size({"width": 390, "height": 844})
    check_themes(page, "analytics-narrow")
    page.get_by_role("list", name="Figures").get_by_role("link", name="Conversations").click()
    expect(page.get_by_role("link", name="counted", exact=True).first).to_be_visible()


def test_a_question_without_an_answer_gets_one(page: Page) -> None:
    page.goto(ANALYTICS)
    page.get_by_role("switch", name="Count tests from the dashboard too").click()
    expect(page).to_have_url(re.compile("include=dashboard"))
    page.get_by_role("link", name="Add an answer to Do you xyzzy frobs?").click()
    expect(page.get_by_role("dialog", name="Add an answer").get_by_label("Name")).to_have_value("Do you xyzzy frobs?")


def test_where_people_stay_is_drawn_on_the_steps(page: Page) -> None:
    say(page, "stays", "Hello")
    page.goto(ANALYTICS)
    page.get_by_role("link", name="Show on the canvas").click()
    expect(page).to_have_url(re.compile("funnel=30"))
    bar = page.get_by_role("region", name="Where people stay")
    expect(bar.get_by_role("status")).to_contain_text("conversation")
    expect(page.locator("[data-funnel]").first).to_be_visible()
    check_themes(page, "build-funnel")
    most = bar.get_by_role("button", name=re.compile("^Most: "))
    most.click()
    step = re.compile(r"step=([\w-]+)")
    expect(page).to_have_url(step)
    opened = step.search(page.url)
    assert opened is not None
    expect(page.locator(f"[data-funnel={opened[1]}]")).to_contain_text(re.compile(r"\d+ dropped off · \d+ %"))
    bar.get_by_role("button", name="Hide where people stay").click()
    expect(page.locator("[data-funnel]")).to_have_count(0)
