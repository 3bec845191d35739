"""The account: members, passwords, tokens, and where one is signed in."""

import re
import urllib.request
from typing import Any

from playwright.sync_api import Page, expect

from tests.cli.served import Served
from tests.web.conftest import NewPage, link
from tests.web.screens import check_themes

PASSWORD = "correct horse battery"


def test_somebody_is_invited_joins_and_signs_in_by_password(site: Served, page: Page, stranger: NewPage) -> None:
    page.goto("/settings?tab=members")
    page.get_by_role("button", name="Invite somebody").click()
    page.get_by_label("Name").fill("Grace")
    page.get_by_role("button", name="Make link").click()
    invitation = page.get_by_role("dialog").get_by_text("invitation=").inner_text()
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_role("listitem").filter(has_text="Grace")).to_contain_text("Editor")

    theirs = stranger()
    theirs.goto(invitation)
    expect(theirs.get_by_text("as editor")).to_be_visible()
    theirs.get_by_label("Sign-in name").fill("grace@example.com")
    theirs.get_by_label("Password").fill(PASSWORD)
    theirs.get_by_role("button", name="Join account").click()
    expect(theirs.get_by_role("link", name="New project")).to_be_visible()

    elsewhere = stranger()
    elsewhere.goto("/sign-in")
    elsewhere.get_by_label("Sign-in name").fill("grace@example.com")
    elsewhere.get_by_label("Password").fill("wrong horse battery")
    elsewhere.keyboard.press("Enter")
    expect(elsewhere.get_by_role("alert").filter(has_text="wrong")).to_be_visible()
    elsewhere.get_by_label("Password").fill(PASSWORD)
    elsewhere.keyboard.press("Enter")
    expect(elsewhere).to_have_url(f"{site.url}/")
    elsewhere.goto("/settings?tab=members")
    expect(elsewhere.get_by_role("row").filter(has_text="Grace")).to_contain_text("Editor")
    expect(elsewhere.get_by_role("button", name="Invite somebody")).to_have_count(0)

    elsewhere.goto("/settings")
    elsewhere.get_by_label("Your name").fill("Grace Hopper")
    elsewhere.get_by_role("button", name="Save name").click()
    expect(elsewhere.get_by_text("Name saved")).to_be_visible()
    elsewhere.get_by_role("button", name="Sign out there").click()
    expect(elsewhere.get_by_role("button", name="Sign out there")).to_have_count(0)
    theirs.reload()
    expect(theirs.get_by_role("heading", name="Sign in")).to_be_visible()

    page.reload()
    page.get_by_role("button", name="Remove Grace Hopper").click()
    page.get_by_role("button", name="Remove member").click()
    expect(page.get_by_role("row").filter(has_text="Grace")).to_have_count(0)


def test_a_passkey_is_added_and_signs_in_alone(site: Served, stranger: NewPage) -> None:
    page = stranger()
    # A passkey belongs to a name, never to an address of numbers.
    home = site.url.replace("127.0.0.1", "localhost")
    page.goto("/sign-in")
    expect(page.get_by_label("Password")).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_have_count(0)
    browser: Any = page.context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    made = browser.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**key, "isUserVerified": True, "automaticPresenceSimulation": True}},
    )

    page.goto(link(site).replace("127.0.0.1", "localhost"))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="New project")).to_be_visible()
    page.goto(f"{home}/settings")
    passkeys = page.get_by_role("region", name="Passkeys")
    passkeys.get_by_role("button", name="Add passkey").click()
    page.get_by_label("Name", exact=True).fill("Laptop")
    page.keyboard.press("Enter")
    expect(passkeys.get_by_text("Laptop · added")).to_be_visible()
    held = browser.send("WebAuthn.getCredentials", {"authenticatorId": made["authenticatorId"]})["credentials"]
    assert [(each["rpId"], each["isResidentCredential"]) for each in held] == [("localhost", True)]

    # The device holds it already.
    passkeys.get_by_role("button", name="Add passkey").click()
    page.get_by_label("Name", exact=True).fill("Again")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_text("holds a passkey of yours already")).to_be_visible()
    page.keyboard.press("Escape")

    passkeys.get_by_role("button", name="Rename Laptop").click()
    page.get_by_label("Name", exact=True).fill("Old laptop")
    page.keyboard.press("Enter")
    expect(passkeys.get_by_text("Old laptop · added")).to_be_visible()
    check_themes(page, "settings-passkeys")

    page.get_by_role("button", name="Sign out", exact=True).click()
    page.get_by_role("button", name="Sign in with a passkey").wait_for()
    check_themes(page, "sign-in-passkey")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("link", name="New project")).to_be_visible()
    page.goto(f"{home}/settings")
    expect(passkeys.get_by_text("Old laptop · used")).to_be_visible()

    passkeys.get_by_role("button", name="Remove Old laptop").click()
    page.get_by_role("button", name="Remove passkey").click()
    expect(passkeys.get_by_text("Old laptop")).to_have_count(0)
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert").filter(has_text="may have been removed")).to_be_visible()


def test_a_token_is_made_used_and_revoked(site: Served, page: Page) -> None:
    page.goto("/settings?tab=tokens")
    page.get_by_role("button", name="Create token").click()
    page.get_by_label("Name").fill("CI")
    page.keyboard.press("Enter")
    token = page.get_by_role("dialog", name="CI is ready").get_by_text("cdt_acc_").inner_text()
    asked = urllib.request.Request(f"{site.url}/api/v1/session", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(asked) as answer:
        assert answer.status == 200
    page.get_by_role("button", name="Done").click()
    page.get_by_role("button", name="Revoke CI").click()
    page.get_by_role("button", name="Revoke token").click()
    expect(page.get_by_role("button", name="Revoke CI")).to_have_count(0)
    page.get_by_role("tab", name="Audit list").click()
    entries = page.get_by_role("listitem")
    expect(entries.filter(has_text="revoked token").first).to_be_visible()
    page.get_by_role("combobox", name="Action").click()
    page.get_by_role("option", name="Sign-ins and sign-outs").click()
    expect(entries.filter(has_text="revoked token")).to_have_count(0)
    page.get_by_role("combobox", name="Person").click()
    page.get_by_role("option").nth(1).click()
    expect(entries.filter(has_text="begun session").first).to_be_visible()
    expect(entries.filter(has_text="revoked token")).to_have_count(0)
    # Filters are in the address.
    expect(page).to_have_url(re.compile("action=session.*|member=mem_.*action=session"))
    check_themes(page, "audit-filtered")
    page.get_by_role("button", name="Clear filters").click()
    expect(entries.filter(has_text="revoked token").first).to_be_visible()


def test_the_theme_is_there_before_the_first_paint(page: Page) -> None:
    page.goto("/settings")
    page.get_by_role("combobox", name="Theme").click()
    page.get_by_role("option", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    # The scripts in files never come: only the page's own, inline one runs.
    page.route("**/assets/*.js", lambda _: None)
    page.goto("/settings", wait_until="commit")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
