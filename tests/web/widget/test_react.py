"""The widget in an application of React, which makes and takes away what is on the page as it likes."""

import json
import subprocess

import pytest
from playwright.sync_api import Page, expect

from tests.cli.served import Served
from tests.web.conftest import NewPage
from tests.web.widget.conftest import Host, panel, say


@pytest.fixture(scope="module")
def application() -> str:
    """The application, built as its authors build it."""
    build = ["node", "tests/web/widget/react_page.mjs"]
    return subprocess.run(build, check=True, capture_output=True, text=True, timeout=120).stdout


@pytest.fixture
def shop(site: Served, host: Host, key: str, application: str, stranger: NewPage) -> Page:
    """A page with it."""
    settings = json.dumps({"server": site.url, "widgetKey": key})
    host.pages["/app.js"] = (f"const SETTINGS = {settings};\n{application}", {"Content-Type": "text/javascript"})
    document = '<!doctype html><html lang="en"><title>Shop</title><div id="root"></div><script src="/app.js"></script>'
    host.pages["/react"] = (document, {})
    page = stranger()
    page.goto(f"{host.origin}/react")
    return page


def test_it_comes_and_goes_with_what_react_shows(shop: Page) -> None:
    launcher = shop.get_by_role("button", name="Chat", exact=True)
    # Strict mode runs each effect twice: there is one launcher, and `Conduet` is its.
    expect(launcher).to_have_count(1)
    shop.wait_for_load_state("networkidle")
    shop.evaluate("() => Conduet.open()")
    expect(panel(shop).get_by_role("button", name="See prices")).to_be_visible()
    say(shop, "See prices")
    expect(panel(shop).locator(".theirs").filter(has_text="€")).to_be_visible()
    said = panel(shop).locator(".theirs:not(.typing)").count()
    shop.get_by_role("button", name="/empty").click()
    expect(shop.locator("conduet-chat")).to_have_count(0)
    # Calls wait for the next one.
    shop.evaluate("() => Conduet.open()")
    shop.get_by_role("button", name="/shop").click()
    expect(panel(shop).locator(".theirs:not(.typing)")).to_have_count(said)
    shop.get_by_role("button", name="/help").click()
    expect(shop.locator("conduet-chat")).to_have_count(1)
    expect(panel(shop).locator(".theirs:not(.typing)")).to_have_count(said)
    expect(launcher).to_have_count(0)
    # What else React draws there takes nothing away.
    panel(shop).locator("textarea").fill("Half a")
    shop.get_by_role("button", name="Asked 0").click()
    expect(shop.get_by_role("button", name="Asked 1")).to_be_visible()
    expect(panel(shop).locator("textarea")).to_have_value("Half a")
