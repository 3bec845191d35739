"""Documents: added, looked at, searched and deleted."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

RETURNS = "# Returns\n\nAnything can be sent back within thirty days.\n\n# Shipping\n\nWe ship on Tuesdays.\n"


@pytest.fixture
def knowledge(page: Page) -> str:
    """The address of the knowledge of a new project."""
    page.goto("/?new=blank")
    page.get_by_label("Name").fill("Shop")
    page.get_by_role("button", name="Create project").click()
    page.wait_for_url("**/p/*/build")
    address = page.url.replace("/build", "/knowledge")
    page.goto(address)
    return address


def test_a_file_is_read_looked_at_and_found(page: Page, knowledge: str, tmp_path: Path) -> None:
    (tmp_path / "returns.md").write_text(RETURNS)
    page.get_by_label("Files to add").set_input_files(tmp_path / "returns.md")
    row = page.get_by_role("row").filter(has_text="returns.md")
    expect(row).to_contain_text("Ready")
    row.get_by_role("link").click()
    expect(page.get_by_role("list", name="Chunks")).to_contain_text("within thirty days")
    page.get_by_role("button", name="Try search").click()
    page.get_by_label("Question").fill("Can I send something back?")
    found = page.get_by_role("region", name="Try search")
    expect(found.get_by_role("listitem").first).to_contain_text("within thirty days")
    # The address leads to the same again.
    page.reload()
    expect(page.get_by_label("Question")).to_have_value("Can I send something back?")
    expect(found.get_by_role("listitem").first).to_contain_text("within thirty days")
    # What is added while a document is open says how far it is.
    page.route("**/knowledge-base/upload", lambda asked: asked.fulfill(status=415))
    page.get_by_label("Files to add").set_input_files(tmp_path / "returns.md")
    expect(page.get_by_role("status").filter(has_text="returns.md was not added")).to_be_visible()


def test_files_that_cannot_be_read_say_why(page: Page, knowledge: str, tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_bytes(b"\0\0\0\x18ftypmp42")
    (tmp_path / "returns.md").write_text(RETURNS)
    page.get_by_label("Files to add").set_input_files([tmp_path / "film.mp4", tmp_path / "returns.md"])
    expect(page.get_by_role("row").filter(has_text="returns.md")).to_contain_text("Ready")
    refused = page.get_by_role("status").filter(has_text="film.mp4 was not added")
    failed = page.get_by_role("row").filter(has_text="film.mp4").filter(has_text="Failed")
    expect(refused.or_(failed)).to_be_visible()


def test_a_text_is_written_deleted_and_brought_back(page: Page, knowledge: str) -> None:
    page.goto(f"{knowledge}?add=text")
    page.get_by_label("Name").fill("Opening hours")
    page.get_by_label("Text", exact=True).fill("We are open from nine to five.")
    page.get_by_role("button", name="Add document").click()
    row = page.get_by_role("row").filter(has_text="Opening hours")
    expect(row).to_contain_text("Ready")
    row.get_by_role("button", name="Delete Opening hours").click()
    expect(row).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(row).to_be_visible()
