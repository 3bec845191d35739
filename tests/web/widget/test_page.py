"""The widget on pages of another site."""

from playwright.sync_api import Browser, expect

from tests.cli.served import Served
from tests.web.screens import ALL, COLOURS, check_screen
from tests.web.widget.conftest import Host, Visit, check_targets, launch, panel, say


def test_one_line_of_html_is_enough(visit: Visit) -> None:
    page = visit()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    page.wait_for_load_state("networkidle")
    assert [url.rsplit("/", 1)[1] for url in asked] == ["shop", "widget.js"]
    panel = launch(page)
    expect(panel.get_by_role("heading", name="Spoke & Wheel")).to_be_visible()
    expect(panel.locator("textarea")).to_be_focused()
    panel.get_by_role("button", name="See prices").click()
    expect(panel.locator(".mine")).to_have_text("You: See prices")
    expect(panel.locator(".theirs").filter(has_text="€")).to_be_visible()
    assert page.evaluate("() => document.cookie") == ""
    page.get_by_role("button", name="Close chat").click()
    expect(page.get_by_role("button", name="Chat", exact=True)).to_be_focused()


def test_a_strict_policy_is_no_hindrance(site: Served, visit: Visit) -> None:
    policy = (
        f"default-src 'none'; script-src {site.url}; connect-src {site.url}; img-src {site.url}; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    page = visit("/strict", headers={"Content-Security-Policy": policy})
    launch(page).get_by_role("button", name="See prices").click()
    expect(panel(page).locator(".theirs").filter(has_text="€")).to_be_visible()
    assert panel(page).evaluate("panel => getComputedStyle(panel).position") == "fixed"


def test_a_page_that_is_not_allowed_is_told_so_and_unharmed(
    site: Served, key: str, host: Host, browser: Browser
) -> None:
    tag = f'<script src="{site.url}/widget.js" data-key="{key}" defer></script>'
    host.pages["/other"] = (f"<!doctype html><title>Other</title>{tag}<button>Buy</button>", {})
    with browser.new_context() as context:
        page = context.new_page()
        failed: list[str] = []
        page.on("pageerror", lambda error: failed.append(str(error)))
        # By another name it is another origin, which no key names.
        page.goto(host.origin.replace("127.0.0.1", "localhost") + "/other")
        told = launch(page).locator(".strip.bad")
        expect(told).to_contain_text("This chat is not set up for this page (http://localhost:")
        page.get_by_role("button", name="Buy").click()
        assert failed == []


def test_it_is_for_everybody_in_the_light_and_in_the_dark(visit: Visit) -> None:
    page = visit("/axe", reduced_motion="reduce")
    launch(page).get_by_role("button", name="See prices").click()
    expect(panel(page).locator(".theirs").filter(has_text="€")).to_be_visible()
    check_screen(page, "widget-light", rules=ALL)
    page.emulate_media(color_scheme="dark")
    check_screen(page, "widget-dark", rules=COLOURS)


def test_a_narrow_screen_is_covered_and_given_back(visit: Visit) -> None:
    page = visit("/narrow", viewport={"width": 320, "height": 640}, reduced_motion="reduce", has_touch=True)
    launch(page)
    expect(panel(page).get_by_role("button", name="See prices")).to_be_visible()
    box = panel(page).bounding_box()
    assert box == {"x": 0, "y": 0, "width": 320, "height": 640}
    expect(page.locator("main")).to_have_attribute("inert", "")
    check_screen(page, "widget-320")
    # Fingers are wider than a mouse's arrow.
    check_targets(page, 44)
    page.keyboard.press("Escape")
    expect(page.locator("main")).not_to_have_attribute("inert", "")


def test_arabic_runs_from_right_to_left(visit: Visit) -> None:
    page = visit("/ar", lang="ar", attributes='data-lang="ar"', reduced_motion="reduce")
    page.get_by_role("button", name="دردشة").click()
    expect(panel(page)).to_have_attribute("dir", "rtl")
    say(page, "مرحبا")
    expect(panel(page).locator(".mine")).to_be_visible()
    ours = panel(page).locator(".mine").bounding_box()
    whole = panel(page).bounding_box()
    assert ours
    assert whole
    assert ours["x"] < whole["x"] + whole["width"] / 2
    check_screen(page, "widget-rtl", rules=COLOURS)


def test_keys_alone_are_enough(visit: Visit) -> None:
    page = visit("/keys")
    page.get_by_role("link", name="More").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(panel(page).locator("textarea")).to_be_focused()
    expect(panel(page).get_by_role("button", name="See prices")).to_be_visible()
    for _ in range(8):
        page.keyboard.press("Shift+Tab")
        if (
            page.evaluate("() => document.querySelector('conduet-chat').shadowRoot.activeElement?.innerText")
            == "See prices"
        ):
            break
    page.keyboard.press("Enter")
    expect(panel(page).locator(".mine")).to_have_text("You: See prices")
    expect(panel(page).get_by_role("status")).to_contain_text("Is there anything else?")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Chat", exact=True)).to_be_focused()
