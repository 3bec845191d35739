"""What a walk over all screens looks at besides axe: the focus, little room, the other direction, forced colours."""

from playwright.sync_api import Page, expect

from tests.web.screens import WIDE

BATCH = 10
MOST = 400
SPACED = """
* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-block-end: 2em !important; }
"""
SPACE = """css => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [sheet];
}"""
DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
# What has the focus by Tab is looked at once the page has scrolled to it; a press that comes sooner leaves it unseen.
FOLLOW = """known => {
  const wrong = [], seen = new Set();
  const name = each => each.outerHTML.replace(/ class="[^"]*"/, "").slice(0, 140);
  const look = each => {
    if (document.activeElement !== each || each.matches("iframe, conduet-chat, [tabindex='-1']")) return;
    const box = [...each.getClientRects()].find(part => part.width && part.height);
    if (!box) return wrong.push(`${name(each)} has the focus and no box`);
    const ringed = [each, each.nextElementSibling, each.parentElement].filter(Boolean)
      .map(one => getComputedStyle(one)).some(one => one.outlineStyle !== "none" && parseFloat(one.outlineWidth) > 0);
    if (!ringed) wrong.push(`${name(each)} shows no focus`);
    const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
    const inside = [box.top + box.height / 2, box.top + 4, box.bottom - 4].filter(y => y >= 0 && y < innerHeight);
    const hit = inside.map(y => document.elementFromPoint(x, y)).find(Boolean);
    const label = each.closest("label") ?? each.labels?.[0];
    if (!hit || !(each.contains(hit) || hit.contains(each) || label?.contains(hit)))
      wrong.push(`${name(each)} has the focus and is covered by ${hit ? name(hit) : "nothing: it is out of view"}`);
  };
  window.walk = { wrong, over: false };
  const frame = document.querySelector("[role=dialog]") ? null : document.getElementById("page");
  const follow = ({ target }) => {
    if (seen.has(target) || (known && frame && !frame.contains(target))) window.walk.over = true;
    seen.add(target);
    setTimeout(() => look(target));
  };
  addEventListener("focusin", follow);
  // From the last to the first the way leads over the browser's own controls.
  addEventListener("focusout", ({ target, relatedTarget }) => setTimeout(() => {
    if (!relatedTarget && document.hasFocus() && document.activeElement === document.body && !target.isConnected)
      wrong.push(`${name(target)} took the focus with it`);
  }));
  window.walk.end = () => removeEventListener("focusin", follow);
  // Behind what is open nothing is reached.
  frame?.focus();
  return !frame;
}"""
OPENERS = """() => [...document.querySelectorAll("[aria-haspopup]:not([disabled], [aria-disabled=true])")]
  .filter(each => each.checkVisibility({ visibilityProperty: true }) && !each.closest("[inert], [aria-hidden=true]"))
  .filter(each => !document.querySelector("[role=dialog]")?.parentElement || each.closest("[role=dialog]"))
  .map((each, number) => {
    each.dataset.opens = number;
    return each.getAttribute("aria-label") || each.textContent;
  })"""
MOVING = """() => document.getAnimations()
  .filter(each => each.transitionProperty !== "opacity" && each.playState === "running")
  .map(each => `${each.transitionProperty ?? each.animationName} moves`)"""
# What is chosen has to differ from its neighbour by more than a shade, where the system gives all colours.
CHOSEN = """() => {
  const looks = each => [each, ...each.querySelectorAll("*")].flatMap(one => [null, "::before", "::after"].map(part => {
    const style = getComputedStyle(one, part);
    return [style.color, style.backgroundColor, style.borderColor, style.borderWidth, style.outlineStyle,
      style.fontWeight, style.textDecorationLine, style.visibility, style.content, style.transform].join();
  })).join();
  const kinds = ["[aria-current]", "[aria-selected=true]", "[aria-checked=true]"];
  return [...document.querySelectorAll(kinds.join())].filter(each => each.checkVisibility()).flatMap(each => {
    const list = each.closest("ul, nav, tbody, [role=tablist], [role=radiogroup], [role=listbox]");
    const other = [...(list?.querySelectorAll(each.role ? `[role=${each.role}]` : each.tagName) ?? [])]
      .find(one => one !== each && !one.matches(kinds.join()) && !one.closest("thead"));
    return other && looks(each) === looks(other) ? [`${each.outerHTML.slice(0, 140)} looks like its neighbours`] : [];
  });
}"""
# What scrolls both ways, and is no drawing and no table.
BOTH_WAYS = """() => [...document.querySelectorAll("body *")]
  .filter(each => each.scrollWidth > each.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(each).overflowX))
  .filter(each => !each.closest(".conduet-canvas, pre, textarea") && !each.querySelector("table, svg, pre"))
  .map(each => `${each.outerHTML.slice(0, 160)} scrolls sideways`)"""
# Where each thing is, from the side where lines begin.
PLACES = """() => Object.fromEntries(
  [...document.querySelectorAll("h2, h3, button, a, input, th, [role=tab], [role=switch]")]
    .filter(each => each.checkVisibility() && !each.closest("[aria-hidden=true], [dir=ltr], code, .conduet-canvas"))
    .map((each, number) => {
      const box = each.getBoundingClientRect();
      const start = document.dir === "rtl" ? innerWidth - box.right : box.left;
      return [`${number} ${each.outerHTML.slice(0, 120)}`, Math.round(start)];
    }))"""


def tab_through(page: Page, *, known: bool) -> list[str]:
    """What is wrong with the focus on its way by Tab through the content, and the frame if that is not `known`."""
    floats = page.evaluate(FOLLOW, known)
    for _ in range(MOST // BATCH):
        for _ in range(BATCH):
            page.keyboard.press("Tab")
            if floats:
                # What holds the focus in a dialog does so a frame later.
                page.evaluate(DRAWN)
        if page.evaluate("() => window.walk.over"):
            break
    else:
        return [f"{MOST} presses of Tab do not lead through the page"]
    return page.evaluate("() => { window.walk.end(); return window.walk.wrong; }")


def open_and_close(page: Page, known: set[str]) -> list[str]:
    """What does not give the focus back, of all that opens; what is `known` was looked at on another screen."""
    wrong: list[str] = []
    for number, name in enumerate(page.evaluate(OPENERS)):
        if name in known:
            continue
        known.add(name)
        opener = page.locator(f"[data-opens='{number}']")
        opener.focus()
        page.keyboard.press("Enter")
        expect(opener).to_have_attribute("aria-expanded", "true")
        wrong += page.evaluate(MOVING)
        page.keyboard.press("Escape")
        try:
            expect(opener).to_be_focused()
        except AssertionError:
            wrong.append(f"{name!r} does not get the focus back")
    return wrong


def reflow(page: Page) -> list[str]:
    """What scrolls both ways where a page is 320 pixels wide and its text is set wide (WCAG 1.4.10 and 1.4.12)."""
    before = page.viewport_size
    assert before
    page.set_viewport_size({"width": 320, "height": 640})
    page.evaluate(SPACE, SPACED)
    page.evaluate(DRAWN)
    wrong: list[str] = page.evaluate(BOTH_WAYS)
    if page.evaluate(WIDE):
        wrong.append("the page scrolls sideways where there is little room")
    page.evaluate("() => { document.adoptedStyleSheets = [] }")
    page.set_viewport_size(before)
    return wrong


def mirror(page: Page) -> list[str]:
    """What is not at the other side where lines go from right to left."""
    before: dict[str, int] = page.evaluate(PLACES)
    page.evaluate("() => { document.dir = 'rtl'; document.documentElement.lang = 'ar'; }")
    page.evaluate(DRAWN)
    after: dict[str, int] = page.evaluate(PLACES)
    wide = page.evaluate(WIDE)
    page.evaluate("() => { document.dir = 'ltr'; document.documentElement.lang = 'en'; }")
    wrong = [
        f"{name} begins {before[name]} pixels from the start, and {x} when it is mirrored"
        for name, x in after.items()
        if name in before and abs(before[name] - x) > 2
    ]
    return [*wrong, *(["the page scrolls sideways when it is mirrored"] if wide else [])]


def force_colours(page: Page) -> list[str]:
    """What cannot be told apart in the colours of the system."""
    page.emulate_media(forced_colors="active")
    wrong: list[str] = page.evaluate(CHOSEN)
    page.emulate_media(forced_colors="none")
    return wrong
