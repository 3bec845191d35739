"""Keys: made, used and revoked."""

import subprocess

from playwright.sync_api import Page, expect

KEYS = "/p/proj_demo/keys"


def test_a_new_key_is_shown_once_in_a_command_that_runs(page: Page) -> None:
    page.goto(KEYS)
    page.get_by_role("link", name="Create key").first.click()
    page.get_by_label("Name").fill("Back office")
    page.keyboard.press("Enter")
    shown = page.get_by_role("dialog", name="Back office is ready")
    command = shown.get_by_role("region", name="curl example").inner_text()
    answered = subprocess.run(("sh", "-c", command), capture_output=True, text=True, check=True)
    assert '"type":"text"' in answered.stdout
    shown.get_by_role("button", name="Done").click()
    expect(page.get_by_role("row").filter(has_text="Back office")).to_be_visible()
    page.reload()
    assert command.split("Bearer ")[1].split("'")[0] not in page.content()


def test_an_origin_that_is_none_is_told_at_its_field(page: Page) -> None:
    page.goto(f"{KEYS}?new=widget")
    page.get_by_label("Name").fill("Shop")
    page.get_by_label("Origins").fill("https://shop.example\nshop.example")
    page.get_by_role("button", name="Create key").click()
    expect(page.get_by_text("'shop.example' is no origin")).to_be_visible()
    page.get_by_label("Origins").fill("https://shop.example")
    page.get_by_role("button", name="Create key").click()
    expect(page.get_by_role("region", name="Web page example")).to_contain_text('data-key="cdt_')


def test_a_key_is_revoked_after_a_question(page: Page) -> None:
    page.goto(f"{KEYS}?new=secret")
    page.get_by_label("Name").fill("Leaked")
    page.get_by_role("button", name="Create key").click()
    page.get_by_role("button", name="Done").click()
    page.get_by_role("button", name="Revoke Leaked").click()
    page.get_by_role("dialog", name="Revoke Leaked?").get_by_role("button", name="Revoke key").click()
    expect(page.get_by_role("row").filter(has_text="Leaked")).to_have_count(0)
