"""Pictures of every screen in every state, in both themes and at both widths, to be looked at.

PYTHONPATH=. .venv/bin/python -m tests.web.pictures FOLDER [WORD …]     only those whose name has one of the words

They are laid out on sheets, which are in FOLDER/sheets. Nothing is held to anything here: `test_screens.py` does that.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright
from playwright.sync_api import TimeoutError as Late

from tests.cli.served import served
from tests.web.conftest import launch, link
from tests.web.filled import fill
from tests.web.outside import outside
from tests.web.screens import SIZES, STILL
from tests.web.workshop import come

# What the frame around a page is made of is there before the page is.
FRAME: Final = ("/session", "/sign-in", "/events", "/presence")
PAUSE_MS: Final = 900
"""Longer than the frame takes, and than a skeleton is held back."""
SIGN_IN: Final = {
    "sign-in": "/sign-in",
    "sign-in-link": "/sign-in?token=abc",
    "sign-in-refused": "/sign-in?refused=unknown",
    "join": "/sign-in?invitation=abc",
}
COLUMNS: Final = {"wide": 2, "narrow": 5}
ROWS: Final = {"wide": 3, "narrow": 2}
WIDTHS: Final = {"wide": 760, "narrow": 300}


def main() -> None:
    arguments = argparse.ArgumentParser(description="Pictures of every screen in every state.")
    arguments.add_argument("folder", type=lambda name: Path(name).absolute())
    arguments.add_argument("words", nargs="*")
    arguments.add_argument(
        "--states", default="full,empty,loading,error,viewer,stranger", help="which of these, with commas"
    )
    asked = arguments.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as place,
        outside() as vendor,
        served(Path(place) / "data", CONDUET_ALLOW_PRIVATE_URLS=vendor.place) as site,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        context = browser.new_context(base_url=site.url)
        page = context.new_page()
        page.goto(link(site))
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("link", name="New project").wait_for()
        full, empty = fill(page, vendor)
        owner, viewer = Path(place) / "owner.json", Path(place) / "viewer.json"
        context.storage_state(path=owner)
        theirs = browser.new_context(base_url=site.url)
        come(page, theirs.new_page(), "Vera", role="viewer")
        theirs.storage_state(path=viewer)
        for state, (size, viewport) in product(asked.states.split(","), SIZES.items()):
            routes = {"empty": empty, "stranger": SIGN_IN}.get(state, full)
            wanted = {
                name: path for name, path in routes.items() if not asked.words or any(w in name for w in asked.words)
            }
            kept = {"viewer": viewer, "stranger": None}.get(state, owner)
            for theme in ("light", "dark"):
                inside = browser.new_context(
                    base_url=site.url,
                    storage_state=kept,
                    viewport=viewport,
                    color_scheme=theme,
                    reduced_motion="reduce",
                )
                pictures = [*_take(inside, state, wanted, asked.folder / f"{state}-{size}-{theme}")]
                inside.close()
                _lay_out(browser, pictures, asked.folder / "sheets" / f"{state}-{size}-{theme}", size)
        browser.close()


def _take(context: BrowserContext, state: str, routes: Mapping[str, str], folder: Path) -> Iterator[Path]:
    page = context.new_page()
    held: list[Route] = []
    if state == "loading":
        page.route("**/api/v1/**", lambda route: held.append(route) if _is_pages_own(route) else route.continue_())
    elif state == "error":
        page.route("**/api/v1/**", lambda route: _break(route) if _is_pages_own(route) else route.continue_())
    elif state == "stranger":
        page.route("**/api/v1/sign-in", lambda route: route.fulfill(json={"provider": "Example & Co."}))
    for name, path in routes.items():
        page.goto(path)
        if state == "loading":
            page.wait_for_timeout(PAUSE_MS)
        else:
            _settle(page, failing=state == "error")
        file = folder / f"{name}.png"
        page.screenshot(path=file)
        while held:
            held.pop().abort()
        yield file


def _settle(page: Page, *, failing: bool) -> None:
    """Until nothing loads any more; what is broken is asked for thrice."""
    page.wait_for_timeout(PAUSE_MS)
    still = "() => document.querySelector('h1') && !document.querySelector('[aria-busy=true], .skeleton')"
    try:
        page.wait_for_function(still, timeout=30_000 if failing else 15_000)
    except Late:
        sys.stdout.write(f"still loading: {page.url}\n")
    page.evaluate(STILL)


def _is_pages_own(route: Route) -> bool:
    path = route.request.url.partition("/api/v1")[2].partition("?")[0]
    return not path.endswith(FRAME)


def _break(route: Route) -> None:
    body = {"error": "Something went wrong on the server. Nothing was changed.", "code": "INTERNAL_ERROR"}
    route.fulfill(status=500, json=body, headers={"X-Request-Id": "req_0198f3a2"})


def _lay_out(browser: Browser, pictures: list[Path], sheet: Path, size: str) -> None:
    """Sheets of some pictures each, with their names."""
    sheet.parent.mkdir(parents=True, exist_ok=True)
    page = browser.new_page(viewport={"width": COLUMNS[size] * (WIDTHS[size] + 16) + 16, "height": 400})
    many = COLUMNS[size] * ROWS[size]
    for number, first in enumerate(range(0, len(pictures), many)):
        shown = "".join(
            f"<figure><figcaption>{each.stem}</figcaption><img src='{each.as_uri()}' width={WIDTHS[size]}></figure>"
            for each in pictures[first : first + many]
        )
        html = sheet.with_name("sheet.html")
        html.write_text(
            "<style>body{margin:8px;background:#777;display:flex;flex-wrap:wrap;font:13px sans-serif}"
            f"figure{{margin:8px 8px 0}}img{{display:block}}</style>{shown}"
        )
        page.goto(html.as_uri())
        page.screenshot(path=f"{sheet}-{number}.png", full_page=True)
        html.unlink()
    page.close()


if __name__ == "__main__":
    main()
