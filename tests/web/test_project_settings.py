"""A project's settings: saved section by section, over what others change, and the end of a project."""

from playwright.sync_api import Page, expect

from tests.web.conftest import NewPage


def test_a_section_saves_for_itself_and_tells_mistakes_at_their_field(page: Page) -> None:
    settings = _new_project(page, "Bakery")
    page.get_by_label("Slug").fill("Not A Slug")
    page.get_by_role("button", name="Save general").click()
    expect(page.get_by_text("Small letters, digits and single hyphens, like spoke-wheel.")).to_be_visible()
    page.get_by_label("Slug").fill("bread")
    page.get_by_label("Description").fill("Sells bread.")
    page.get_by_role("button", name="Save general").click()
    expect(page.get_by_role("form", name="General").get_by_role("status")).to_have_text("Saved")
    page.get_by_label("US dollars a day").fill("2.5")
    page.get_by_label("Personal data").click()
    page.get_by_role("option", name="Mask").click()
    page.get_by_role("button", name="Save limits").click()
    expect(page.get_by_role("form", name="Limits").get_by_role("status")).to_have_text("Saved")
    # What is not saved yet is there again, until it is discarded.
    page.get_by_label("Description").fill("Sells rolls.")
    page.get_by_role("link", name="Keys").click()
    page.wait_for_url("**/keys")
    page.goto(settings)
    expect(page.get_by_label("Description")).to_have_value("Sells rolls.")
    expect(page.get_by_role("form", name="General").get_by_role("status")).to_have_text("Not saved yet")
    page.get_by_role("button", name="Discard changes").click()
    expect(page.get_by_label("Description")).to_have_value("Sells bread.")
    expect(page.get_by_label("Slug")).to_have_value("bread")
    expect(page.get_by_label("US dollars a day")).to_have_value("2.5")
    expect(page.get_by_label("Personal data")).to_contain_text("Mask")


def test_what_two_people_change_at_once_is_not_lost(page: Page, somebody: NewPage) -> None:
    settings = _new_project(page, "Shared")
    other = somebody()
    other.goto(settings)
    expect(other.get_by_label("Description")).to_be_visible()
    page.get_by_role("textbox", name="Persona").fill("Kind.")
    page.get_by_role("button", name="Save model").click()
    expect(page.get_by_role("form", name="Model").get_by_role("status")).to_have_text("Saved")
    other.get_by_label("Description").fill("Ours.")
    other.get_by_role("button", name="Save general").click()
    expect(other.get_by_text("Somebody else changed the project meanwhile.")).to_be_visible()
    expect(other.get_by_label("Description")).to_have_value("Ours.")
    expect(other.get_by_role("textbox", name="Persona")).to_have_value("Kind.")
    other.get_by_role("button", name="Save general").click()
    expect(other.get_by_role("form", name="General").get_by_role("status")).to_have_text("Saved")


def test_a_project_ends_when_its_name_is_typed(page: Page) -> None:
    _new_project(page, "Short-lived")
    page.get_by_role("button", name="Delete project").click()
    dialog = page.get_by_role("dialog", name="Delete Short-lived?")
    expect(dialog.get_by_role("button", name="Delete project")).to_be_disabled()
    dialog.get_by_label("Type Short-lived").fill("Short-lived")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Short-lived deleted")).to_be_visible()
    expect(page.get_by_role("link", name="Short-lived")).to_have_count(0)


def _new_project(page: Page, name: str) -> str:
    page.goto("/?new=blank")
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Create project").click()
    page.wait_for_url("**/p/*/build")
    settings = page.url.replace("/build", "/settings")
    page.goto(settings)
    return settings
