"""What every screen is held to."""

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, ViewportSize

AXE = Path("web/node_modules/axe-core/axe.min.js")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
ALL: Mapping[str, object] = {"type": "tag", "values": TAGS}
COLOURS: Mapping[str, object] = {"type": "rule", "values": ["color-contrast"]}
SHOTS = os.environ.get("SHOTS")
# Every box that can be pressed and is smaller than 24 by 24 (WCAG 2.5.8); a link in a sentence may be.
SMALL = """() => [...document.querySelectorAll("a, button, input, [role=tab], [role=checkbox], [role=switch]")]
  .filter(each => each.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
  .filter(each => !each.closest("p, .sr-only, [inert], [aria-hidden=true]"))
  .map(each => ({ each, box: each.getBoundingClientRect(), after: getComputedStyle(each, "::after") }))
  .filter(({ box, after }) => (box.width < 24 || box.height < 24) && after.position !== "absolute")
  .map(({ each, box }) => `${each.outerHTML.slice(0, 120)} is ${box.width} by ${box.height}`)"""
# An animation that repeats, or that the page has let go of, never finishes, and a page that is not drawn has no frames.
STILL = """() => Promise.race([
  new Promise(done => setTimeout(done, 3000)),
  document.fonts.ready
    .then(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))))
    .then(() => Promise.all(document.getAnimations().map(each => each.finished.catch(() => 0)))),
]).then(() => true)"""
READY = "() => document.querySelector('h1') && !document.querySelector('[aria-busy=true], .skeleton')"
# A call into the page has no limit of its own.
LOOK = """options => Promise.race([
  axe.run(document, options),
  new Promise((_, fail) => setTimeout(() => fail(new Error("axe was not done within a minute")), 60000)),
])"""
SIZES: dict[str, ViewportSize] = {"wide": {"width": 1280, "height": 800}, "narrow": {"width": 390, "height": 844}}
WIDE = "() => document.documentElement.scrollWidth > innerWidth"


def settle(page: Page) -> None:
    """Waits until nothing is loading or moving."""
    page.wait_for_function(READY)
    page.evaluate(STILL)


def check_themes(page: Page, name: str) -> None:
    """`check_screen` in the light and in the dark."""
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        # What is dark differs in its colours alone.
        check_screen(page, f"{name}-{theme}", rules=COLOURS if theme == "dark" else ALL)


def check_sizes(page: Page, name: str) -> None:
    """`check_themes` at both widths."""
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)
        check_themes(page, f"{name}-{size}")


def check_screen(page: Page, name: str, *, rules: Mapping[str, object] = ALL) -> None:
    """Fails on what axe finds, on targets that are too small, and on a page that is wider than its window."""
    settle(page)
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(SHOTS) / f"{name}.png")
    wrong = [*_violations(page, rules), *page.evaluate(SMALL)]
    assert wrong == [], "\n".join([name, *wrong])
    assert not page.evaluate(WIDE), "the page scrolls sideways"


@cache
def _axe() -> str:
    return AXE.read_text("utf-8")


def _violations(page: Page, rules: Mapping[str, object]) -> list[str]:
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_axe())
    # Not the style sheets, which it would fetch anew for a rule that is not among these.
    options = {"runOnly": rules, "resultTypes": ["violations"], "preload": {"assets": ["media"]}}
    result: dict[str, Any] = page.evaluate(LOOK, options)
    return [
        f"{violation['id']}: {violation['help']}: {node['html'][:200]}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]
