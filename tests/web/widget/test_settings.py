"""What a page can say of the widget: by attributes, by its interface, by its styles."""

import hashlib
import hmac
import re
from urllib.request import urlopen

from playwright.sync_api import Page, expect

from tests.cli.served import Served
from tests.web.screens import COLOURS, check_screen
from tests.web.widget.conftest import Host, Owner, Visit, launch, panel, say

ECHO = (("capture", {"variable": "said"}), ("message", {"text": "{{plan}} {{said}}"}))
EARLY = """<script>
window.told = [];
window.Conduet = [["set", { variables: { plan: "gold" } }], ["open"], ["send", "Early"]];
for (const name of "ready open close message trace unread handoff error".split(" "))
  document.addEventListener(`conduet:${name}`, event => told.push([name, event.detail]));
</script><main><h1>Bikes</h1></main>"""


def test_a_page_does_with_it_what_it_likes(owner: Owner, host: Host, visit: Visit) -> None:
    project = owner.new_project("Interface", *ECHO, *ECHO, *ECHO)
    page = visit("/interface", own_key=owner.new_key(project, host.origin), body=EARLY)
    said = panel(page).locator(".theirs:not(.typing)")
    expect(said).to_have_text(["Assistant: gold Early"])
    page.evaluate("() => Conduet.toggle()")
    expect(panel(page)).to_be_hidden()
    page.evaluate("() => { window.heard = event => told.push(['heard', event.detail]); Conduet.on('message', heard); }")
    page.evaluate("() => Conduet.send('Late')")
    # What is said behind a shut panel is counted at the launcher.
    page.get_by_role("button", name="Chat (1)").wait_for()
    page.evaluate("() => { Conduet.off('message', heard); Conduet.set({ variables: { plan: 'iron' } }); }")
    page.evaluate("() => { Conduet.open(); Conduet.send('Later'); }")
    expect(said).to_have_text([f"Assistant: {words}" for words in ("gold Early", "gold Late", "iron Later")])
    names = [name for name, _ in page.evaluate("() => told")]
    assert names.count("ready") == 1
    assert names.count("open") == 2
    assert names.count("close") == 1
    assert names.count("message") == 3
    assert names.count("heard") == 1
    unread = [detail["count"] for name, detail in page.evaluate("() => told") if name == "unread"]
    assert unread[-2:] == [1, 0]
    assert {"trace"} < {*names}
    # Signing out: nothing of it is left, and another one begins.
    before = page.evaluate(KEPT)
    page.evaluate("() => Conduet.reset()")
    expect(said).to_have_count(0)
    page.wait_for_function(f"id => ({KEPT})()?.id && ({KEPT})().id !== id", arg=before["id"])
    say(page, "New")
    expect(said).to_have_text([re.compile("New")])
    page.evaluate("() => Conduet.destroy()")
    expect(page.locator("conduet-chat")).to_have_count(0)
    assert page.evaluate("() => document.cookie") == ""
    assert page.context.cookies() == []


KEPT = """() => JSON.parse(Object.entries(localStorage).find(([name]) => name.startsWith("conduet:"))?.[1] ?? "null")"""


def test_what_is_written_is_kept_and_goes_out_when_it_is_meant_to(owner: Owner, host: Host, visit: Visit) -> None:
    project = owner.new_project("Draft", *ECHO)
    page = visit("/draft", own_key=owner.new_key(project, host.origin))
    launch(page)
    field = panel(page).locator("textarea")
    field.press_sequentially("One")
    field.press("Shift+Enter")
    field.press_sequentially("Two")
    for _ in range(8):
        field.press("Shift+Enter")
    expect(panel(page).locator(".mine")).to_have_count(0)
    box = field.bounding_box()
    assert box
    assert 100 <= box["height"] <= 112
    page.reload()
    expect(field).to_have_value("One\nTwo" + "\n" * 8)
    # Enter that chooses a word of an input method sends nothing.
    field.fill("")
    typing = page.context.new_cdp_session(page)
    typing.send("Input.imeSetComposition", {"text": "にほん", "selectionStart": 3, "selectionEnd": 3})  # pyright: ignore[reportUnknownMemberType]  # Playwright types what it sends as unknown
    field.press("Enter")
    typing.send("Input.insertText", {"text": "日本"})  # pyright: ignore[reportUnknownMemberType]  # Playwright types what it sends as unknown
    expect(panel(page).locator(".mine")).to_have_count(0)
    field.press("Enter")
    expect(panel(page).locator(".mine")).to_have_count(1)
    expect(panel(page).locator(".mine")).to_contain_text("日本")
    # Nothing is kept where the page says so.
    quiet = visit("/quiet", own_key=owner.new_key(project, host.origin), attributes='data-persist="none"')
    launch(quiet)
    say(quiet, "Secret")
    expect(panel(quiet).locator(".theirs", has_text="Secret")).to_be_visible()
    assert quiet.evaluate("() => localStorage.length + sessionStorage.length") == 0


def test_who_is_signed_in_is_proven(owner: Owner, host: Host, visit: Visit) -> None:
    project = owner.new_project("Signed", *ECHO)
    secret = owner.ask("POST", f"projects/{project}/identity-secret")["secret"]
    own_key = owner.new_key(project, host.origin, requireIdentity=True)
    proof = {name: hmac.new(secret.encode(), name.encode(), hashlib.sha256).hexdigest() for name in ("ada", "ben")}
    page = visit("/in", own_key=own_key, attributes=f'data-user-id="ada" data-user-hash="{proof["ada"]}" data-open')
    said = panel(page).locator(".theirs:not(.typing)")
    say(page, "I am Ada")
    expect(said).to_have_text([re.compile("I am Ada")])
    # Another one sits down there, and sees nothing of it.
    page.evaluate("who => Conduet.identify(who)", {"userId": "ben", "hash": proof["ben"]})
    expect(said).to_have_count(0)
    say(page, "I am Ben")
    expect(said).to_have_text([re.compile("I am Ben")])
    page.evaluate("who => Conduet.identify(who)", {"userId": "ada", "hash": proof["ben"]})
    expect(panel(page).locator(".strip.bad")).to_contain_text("This chat cannot be opened:")
    expect(said).to_have_count(0)
    check_screen(page, "widget-refused")


def test_it_speaks_first_where_the_page_says_so(visit: Visit) -> None:
    greeting = 'data-greeting="May I help you?" data-greeting-delay="0"'
    page = visit("/greeting", attributes=greeting, reduced_motion="reduce")
    teaser = page.get_by_role("button", name="May I help you?", exact=True)
    expect(teaser).to_be_visible()
    check_screen(page, "widget-greeting")
    page.get_by_role("button", name="✕ May I help you?").click()
    expect(page.get_by_role("button", name="Chat", exact=True)).to_be_focused()
    page.reload()
    page.wait_for_load_state("networkidle")
    expect(teaser).to_have_count(0)
    tall = '<main style="height: 4000px"><h1>Bikes</h1></main>'
    rules = 'data-open-on="/prices*" data-open-scroll="50"'
    other = visit("/bikes/1", attributes=rules, body=tall)
    other.wait_for_load_state("networkidle")
    other.mouse.wheel(0, 4000)
    other.wait_for_function("() => scrollY > 2000")
    other = visit("/prices/1", attributes=rules, body=tall, page=other)
    other.wait_for_load_state("networkidle")
    other.evaluate("() => scrollTo(0, 0)")
    expect(panel(other)).to_be_hidden()
    other.mouse.wheel(0, 4000)
    expect(panel(other)).to_be_visible()
    # Once: who shuts it is left alone.
    other.get_by_role("button", name="Close chat").click()
    later = visit("/prices/2", attributes='data-open-after="0"', body=tall, page=other)
    later.wait_for_load_state("networkidle")
    expect(panel(later)).to_be_hidden()
    later.evaluate("() => localStorage.clear()")
    soon = visit("/soon", attributes='data-open-after="0.2"', page=later)
    expect(panel(soon)).to_be_visible()
    # By itself it takes nobody's place.
    assert soon.evaluate("() => document.activeElement === document.body")


# Leaves a browser no idle moment: whatever time a frame has is taken.
BUSY = """<main><h1>Bikes</h1></main><script>
window.idle = 0;
requestIdleCallback(() => window.idle++);
const work = () => {
  const until = performance.now() + 40;
  while (performance.now() < until);
  requestAnimationFrame(work);
  setTimeout(() => { const until = performance.now() + 20; while (performance.now() < until); });
};
requestAnimationFrame(work);
</script>"""


def test_it_speaks_on_a_page_that_is_never_idle(visit: Visit) -> None:
    page = visit("/busy-page", attributes='data-greeting="May I help you?"', body=BUSY)
    expect(page.get_by_role("button", name="May I help you?", exact=True)).to_be_visible()
    assert page.evaluate("() => window.idle") == 0


STYLES = """<style>
conduet-chat { --cdt-accent: #ffd400; --cdt-radius: 3px; --cdt-font: monospace; }
conduet-chat::part(header) { text-transform: uppercase; }
</style><main><h1>Bikes</h1></main>"""


def test_it_looks_as_the_page_wants_and_can_be_read(host: Host, key: str, site: Served, visit: Visit) -> None:
    page = visit("/yellow", body=STYLES, attributes='data-theme="dark" data-position="start" data-offset="40,30"')
    launcher = page.get_by_role("button", name="Chat", exact=True)
    box = launcher.bounding_box()
    assert box
    assert box["x"] == 40
    launch(page).get_by_role("button", name="See prices").click()
    mine = panel(page).locator(".mine")
    # White on yellow could not be read.
    assert mine.evaluate("each => getComputedStyle(each).color") == "rgb(0, 0, 0)"
    assert panel(page).evaluate("each => getComputedStyle(each).borderRadius") == "3px"
    assert panel(page).locator(".header").evaluate("each => getComputedStyle(each).textTransform") == "uppercase"
    assert "monospace" in panel(page).evaluate("each => getComputedStyle(each).fontFamily")
    expect(panel(page).locator(".theirs").filter(has_text="€")).to_be_visible()
    check_screen(page, "widget-yellow", rules=COLOURS)
    page.emulate_media(forced_colors="active")
    check_screen(page, "widget-forced", rules={"type": "rule", "values": ["button-name"]})
    # What is a shape by its colour alone has an edge then.
    for each in (launcher, mine, panel(page).locator(".text").first):
        assert each.evaluate("each => getComputedStyle(each).borderColor") != "rgba(0, 0, 0, 0)"
    _hand_written(page, host, key, site)


def _hand_written(page: Page, host: Host, key: str, site: Served) -> None:
    page.emulate_media(forced_colors="none")
    for mode, size in (("inline", (500, 400)), ("page", (1280, 720))):
        document = (
            '<!doctype html><html lang="en"><title>Help</title><main><h1>Help</h1>'
            '<div style="width: 500px; height: 400px">'
            f'<conduet-chat key="{key}" mode="{mode}" persist="none" style="height: 100%"></conduet-chat></div></main>'
            f'<script src="{site.url}/widget.js" defer></script>'
        )
        host.pages[f"/{mode}"] = (document, {})
        page.goto(f"{host.origin}/{mode}")
        expect(panel(page).get_by_role("button", name="See prices")).to_be_visible()
        box = panel(page).bounding_box()
        assert box
        assert (box["width"], box["height"]) == size
        expect(page.get_by_role("button", name="Chat", exact=True)).to_have_count(0)
        check_screen(page, f"widget-{mode}")


def test_any_page_may_load_it_and_keeps_it_as_long_as_it_is_the_same(site: Served) -> None:
    with urlopen(f"{site.url}/widget.js", timeout=60) as answer:
        loader, headers = answer.read().decode(), answer.headers
    assert headers["Cache-Control"] == "public, max-age=300"
    panel_js = re.findall(r"/widget/(\w+-[\w-]{8}\.js)", loader)
    assert [name.partition("-")[0] for name in panel_js] == ["panel", "attention"]
    for name in panel_js:
        with urlopen(f"{site.url}/widget/{name}", timeout=60) as answer:
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            headers_of = answer.headers
        for found in (headers, headers_of):
            assert found["Access-Control-Allow-Origin"] == "*"
            assert found["Cross-Origin-Resource-Policy"] == "cross-origin"
            assert found["X-Content-Type-Options"] == "nosniff"
            assert found["Content-Type"].startswith("text/javascript")
            assert found["Set-Cookie"] is None
