"""The list of projects, and the ways to a new one."""

import json
import re
from pathlib import Path

from playwright.sync_api import Page, Route, expect


def test_a_template_becomes_a_project_that_opens(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="New project").click()
    page.get_by_role("radio", name="Appointment booking").click()
    page.get_by_label("Name").fill("Haircuts")
    page.get_by_role("button", name="Create project").click()
    page.wait_for_url("**/p/*/build")
    expect(page.get_by_role("navigation", name="Breadcrumb")).to_contain_text("Haircuts")
    page.goto("/")
    expect(page.get_by_role("link", name="Haircuts")).to_be_visible()


def test_a_description_becomes_a_project(page: Page) -> None:
    page.goto("/?new=describe")
    page.get_by_label("What should it do?").fill("Take bookings for a hair salon and answer questions about prices.")
    page.get_by_label("Name").fill("Salon")
    # What is written stays while one looks elsewhere.
    page.get_by_role("tab", name="Blank").click()
    page.keyboard.press("Escape")
    page.goto("/?new=describe")
    expect(page.get_by_label("What should it do?")).to_have_value(re.compile("^Take bookings"))
    page.get_by_role("button", name="Create project").dblclick()
    page.wait_for_url("**/p/*/build")
    expect(page.get_by_role("navigation", name="Breadcrumb")).to_contain_text("Salon")
    expect(page.get_by_text("Composed from Appointment booking")).to_be_visible()
    page.goto("/?new=describe")
    expect(page.get_by_label("What should it do?")).to_have_value("")
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Salon")).to_have_count(1)


def test_a_project_is_deleted_and_brought_back(page: Page) -> None:
    _make(page, "Fleeting")
    card = page.get_by_role("listitem").filter(has_text="Fleeting")
    card.get_by_role("button", name="More for Fleeting").click()
    page.get_by_role("menuitem", name="Delete project").click()
    expect(card).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(card).to_be_visible()
    page.reload()
    expect(card).to_be_visible()


def test_leaving_the_page_finishes_a_deletion(page: Page) -> None:
    _make(page, "Gone")
    card = page.get_by_role("listitem").filter(has_text="Gone")
    card.get_by_role("button", name="More for Gone").click()
    page.get_by_role("menuitem", name="Delete project").click()
    expect(card).to_have_count(0)
    page.reload()
    expect(page.get_by_role("listitem").first).to_be_visible()
    expect(card).to_have_count(0)
    page.goto("/p/proj_gone/build")
    expect(page.get_by_role("heading", name="There is no such project")).to_be_visible()
    page.get_by_role("link", name="All projects").click()
    expect(page.get_by_role("listitem").first).to_be_visible()


def test_an_export_can_be_imported_again(page: Page, tmp_path: Path) -> None:
    _make(page, "There and back")
    page.get_by_role("button", name="More for There and back").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Export as JSON").click()
    export = tmp_path / "export.json"
    download.value.save_as(export)
    assert json.loads(export.read_text())["name"] == "There and back"
    page.goto("/?new=import")
    page.get_by_label("Export to import").set_input_files(export)
    expect(page.get_by_text("There and back was imported from Conduet")).to_be_visible()


def test_a_file_that_is_no_export_is_told_what_is_wrong(page: Page, tmp_path: Path) -> None:
    (tmp_path / "letter.json").write_text("Dear Sir")
    page.goto("/?new=import")
    page.get_by_label("Export to import").set_input_files(tmp_path / "letter.json")
    expect(page.get_by_role("alert").filter(has_text="JSON")).to_be_visible()


def test_a_project_is_found_by_the_keyboard_alone(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("link", name="New project")).to_be_visible()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog", name="Command menu")).to_be_visible()
    page.keyboard.type("wheel")
    expect(page.get_by_role("option", name="Spoke & Wheel", selected=True)).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/p/proj_demo/build")
    expect(page.get_by_role("heading", name="Build")).to_be_attached()
    page.keyboard.type("gk")
    page.wait_for_url("**/p/proj_demo/knowledge")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_what_is_typed_before_the_command_menu_is_there_is_in_its_field(page: Page) -> None:
    late: list[Route] = []
    # Before the page is idle, and long after the keys.
    page.route(re.compile(r"/assets/(palette|account-items|project-items)-"), lambda route: late.append(route))
    page.goto("/p/proj_demo/keys")
    expect(page.get_by_role("link", name="Create key").first).to_be_visible()
    page.keyboard.press("Control+k")
    page.keyboard.type("gt kx")
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    while late:
        late.pop().continue_()
    page.unroute_all()
    field = page.get_by_role("dialog", name="Command menu").get_by_role("combobox")
    expect(field).to_have_value("gt k")
    expect(field).to_be_focused()
    page.keyboard.type("x")
    expect(field).to_have_value("gt kx")
    page.keyboard.press("Escape")
    assert page.url.endswith("/keys")


def test_a_menu_of_the_rail_that_is_not_there_yet_keeps_its_button(page: Page) -> None:
    late: list[Route] = []
    page.route(re.compile(r"/assets/(account|project)-items-"), lambda route: late.append(route))
    page.goto("/p/proj_demo/keys")
    account = page.get_by_role("button", name="Account and theme")
    expect(account).to_have_attribute("aria-haspopup", "menu")
    before = account.bounding_box()
    account.click()
    expect(account).to_be_focused()
    page.wait_for_function("() => !document.querySelector('[aria-busy=true]')")
    while late:
        late.pop().continue_()
    expect(page.get_by_role("menuitem", name="Sign out")).to_be_visible()
    page.keyboard.press("Escape")
    expect(account).to_be_focused()
    assert account.bounding_box() == before


def test_a_page_can_be_had_from_the_api(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/p/proj_demo/keys")
    expect(page.get_by_role("link", name="Create key").first).to_be_visible()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog", name="Command menu")).to_be_visible()
    page.keyboard.type("curl")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Copied as curl")).to_be_visible()
    command = page.evaluate("() => navigator.clipboard.readText()")
    assert command.endswith("/api/v1/projects/proj_demo/api-keys'")


def _make(page: Page, name: str) -> None:
    page.goto("/?new=blank")
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Create project").click()
    page.wait_for_url("**/p/*/build")
    page.goto("/")
