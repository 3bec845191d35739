"""Drawing a flow, as people do it: what several journeys begin with."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

CANVAS = ".conduet-canvas"


def draw(page: Page) -> str:
    """Makes a project with nothing but a start, shows its canvas, and answers with its id."""
    page.goto("/?new=blank")
    page.get_by_label("Name").fill("Drawn")
    page.get_by_role("button", name="Create project").click()
    page.wait_for_url("**/p/*/build**")
    canvas(page).wait_for()
    return page.url.split("/p/")[1].split("/")[0]


def canvas(page: Page) -> Locator:
    return page.locator(CANVAS)


def step(page: Page, name: str) -> Locator:
    return canvas(page).locator(".react-flow__node").filter(has_text=name)


def counts(page: Page, steps: int) -> None:
    """The canvas has so many steps, also out of sight."""
    expect(page.get_by_label(re.compile(rf"^Canvas of .*: {steps} steps?$"))).to_be_visible()


def document(page: Page, project: str) -> Any:
    """The draft as the server has it."""
    return page.request.get(f"/api/v1/projects/{project}").json()


def add(page: Page, kind: str, name: str) -> None:
    """Adds a step behind the one that is chosen, by keys, and names it."""
    canvas(page).press("a")
    page.get_by_role("searchbox", name="Search steps").fill(kind)
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Step", exact=True)).to_be_visible()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Name", exact=True).press("Escape")


def find(page: Page, name: str) -> None:
    """Opens a step by its name, wherever it is."""
    canvas(page).press("Control+f")
    page.get_by_role("combobox", name="Name, text, variable, type, problem or id").fill(name)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Name", exact=True)).to_have_value(name)


def saved(page: Page) -> None:
    expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible()
