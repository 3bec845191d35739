"""What can be in a message, and what one can do with it."""

import time
import zlib
from pathlib import Path

from playwright.sync_api import FilePayload, Page, expect

from tests.web.screens import COLOURS, check_screen
from tests.web.widget.conftest import Host, Model, Owner, Visit, check_targets, launch, panel, say

BIKE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9"><rect width="16" height="9" fill="#0f766e"/></svg>',
    {"Content-Type": "image/svg+xml"},
)
CHAINS = "<title>Chains</title><main><h1>Chains</h1><p>A chain of a bicycle lasts for about 3,000 km.</p></main>"
TABLE = "# Bicycles\n\n| size | price |\n|---|---|\n| S | 15 € |\n\nChoose *one*:\n\n1. by size\n2. by price"
# Puts files on the panel or into the clipboard's event, as a browser does for whoever drags or pastes.
HAND = """(target, [kind, name, type, bytes]) => {
  const files = new DataTransfer();
  files.items.add(new File([new Uint8Array(bytes)], name, { type }));
  const how = { bubbles: true, cancelable: true, composed: true };
  if (kind === "paste") return target.dispatchEvent(new ClipboardEvent("paste", { ...how, clipboardData: files }));
  const drag = type => target.dispatchEvent(new DragEvent(type, { ...how, dataTransfer: files }));
  drag("dragover");
  return new Promise(done => setTimeout(() => done(drag("drop")), 50));
}"""


def picture(name: str, *, more: int = 0) -> FilePayload:
    """A picture of one grey pixel, with so many bytes behind it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)

    header = chunk(b"IHDR", (1).to_bytes(4) * 2 + bytes((8, 0, 0, 0, 0)))
    pixel = chunk(b"IDAT", zlib.compress(b"\x00\x80"))
    content = b"\x89PNG\r\n\x1a\n" + header + pixel + chunk(b"IEND", b"") + bytes(more)
    return {"name": name, "mimeType": "image/png", "buffer": content}


def _see(page: Page, name: str) -> None:
    """On a wide screen and on a phone's, in the light and in the dark."""
    check_screen(page, f"{name}-light")
    check_targets(page)
    page.emulate_media(color_scheme="dark")
    check_screen(page, f"{name}-dark", rules=COLOURS)
    page.emulate_media(color_scheme="light")
    before = page.viewport_size
    page.set_viewport_size({"width": 390, "height": 844})
    check_screen(page, f"{name}-390")
    if before:
        page.set_viewport_size(before)


def test_an_answer_shows_what_it_stands_on_and_is_judged(owner: Owner, host: Host, visit: Visit, model: Model) -> None:
    host.pages["/chains"] = (CHAINS, {})
    model.answers["How long"] = ["A chain lasts for 3,000 km [1].", " Oil it often [2]. See [7]."]
    look = ("kb-search", {"query": "How long does a chain last?"})
    ask = ("prompt", {"prompt": "How long", "say": True})
    project = owner.new_project(
        "Sources", ("capture", {"variable": "said"}), look, ask, ("capture", {"variable": "said"})
    )
    base = f"projects/{project}/knowledge-base"
    owner.ask("POST", f"{base}/upload", {"name": "Chains", "url": f"{host.origin}/chains"})
    owner.ask(
        "POST", base, {"name": "Oil", "type": "text", "content": "Oil the chain of a bicycle, or it does not last."}
    )
    until = time.monotonic() + 60
    while any(each["status"] != "ready" for each in owner.ask("GET", base)["documents"]):
        assert time.monotonic() < until
        time.sleep(0.1)
    page = visit("/sources", own_key=owner.new_key(project, host.origin), reduced_motion="reduce")
    launch(page)
    say(page, "How long?")
    answer = panel(page).locator(".theirs").last
    # What no source stands for is no mark.
    expect(answer).to_contain_text("See [7].")
    mark = answer.get_by_role("button", name="Source 2: ")
    mark.press("Enter")
    card = panel(page).get_by_role("dialog")
    expect(card.get_by_role("listitem")).to_have_count(1)
    expect(card).to_be_focused()
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(mark).to_be_focused()
    answer.get_by_role("button", name="2 sources").click()
    expect(card.get_by_role("listitem")).to_have_count(2)
    expect(card).to_contain_text("lasts for about 3,000 km")
    expect(card).to_contain_text("Oil the chain of a bicycle, or it does not last.")
    link = card.get_by_role("link", name="Open the source")
    expect(link).to_have_attribute("href", f"{host.origin}/chains")
    expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    _see(page, "widget-sources")
    card.get_by_role("button", name="Close").click()
    answer.hover()
    bad = answer.get_by_role("button", name="Bad answer")
    bad.click()
    expect(bad).to_have_attribute("aria-pressed", "true")
    why = answer.get_by_role("textbox", name="What was wrong with it?")
    _see(page, "widget-judged")
    why.fill("It is less in winter.")
    why.press("Enter")
    expect(why).to_have_count(0)
    page.reload()
    again = panel(page).locator(".theirs").last.get_by_role("button", name="Bad answer")
    expect(again).to_have_attribute("aria-pressed", "true")


def test_cards_are_walked_through_by_keys(owner: Owner, host: Host, visit: Visit) -> None:
    host.pages["/bike.svg"] = BIKE
    cards = [
        {
            "title": f"Bicycle {number}",
            "description": "For the town, with lights and a rack.",
            "imageUrl": f"{host.origin}/bike.svg",
            "buttons": [
                {"id": f"book{number}", "label": f"Book {number}"},
                {"id": f"more{number}", "label": "More", "url": "https://bikes.example"},
            ],
        }
        for number in range(1, 5)
    ]
    project = owner.new_project(
        "Cards",
        (
            "message",
            {"text": TABLE},
        ),
        ("media", {"kind": "image", "url": f"{host.origin}/bike.svg", "alt": "A green bicycle"}),
        ("media", {"kind": "file", "url": f"{host.origin}/prices.pdf", "alt": "Prices"}),
        ("media", {"kind": "video", "url": f"{host.origin}/ride.mp4", "alt": "A ride"}),
        ("media", {"kind": "carousel", "cards": cards}),
    )
    page = visit("/cards", own_key=owner.new_key(project, host.origin), reduced_motion="reduce")
    launch(page)
    shown = panel(page).get_by_role("group", name="Bicycle 1")
    expect(shown.get_by_role("button")).to_have_text([f"Book {number}" for number in range(1, 5)])
    expect(panel(page).get_by_role("img", name="A green bicycle")).to_be_visible()
    # Its place is there before it is.
    size = panel(page).get_by_role("img", name="A green bicycle").bounding_box()
    assert size
    assert round(size["width"] / size["height"], 2) == 1.33
    _see(page, "widget-cards")
    panel(page).get_by_role("button", name="Next").focus()
    page.keyboard.press("Enter")
    page.wait_for_function(SCROLLED)
    last = shown.get_by_role("button", name="Book 4")
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        if last.evaluate("each => each === each.getRootNode().activeElement"):
            break
    expect(last).to_be_focused()
    expect(last).to_be_in_viewport()


SCROLLED = "() => document.querySelector('conduet-chat').shadowRoot.querySelector('.carousel').scrollLeft > 100"


def test_files_are_sent_from_wherever_they_come(owner: Owner, host: Host, visit: Visit, tmp_path: Path) -> None:
    huge = tmp_path / "huge.png"
    huge.write_bytes(bytes(10 * 1024 * 1024 + 1))
    waits = ("capture", {"variable": "said"})
    project = owner.new_project("Files", ("message", {"text": "A picture of the wheel?"}), waits, waits, waits, waits)
    page = visit("/files", own_key=owner.new_key(project, host.origin), reduced_motion="reduce")
    launch(page)
    expect(panel(page).locator(".theirs", has_text="A picture")).to_be_visible()
    attach = panel(page).get_by_role("button", name="Attach a file: PNG, JPEG, GIF, WebP or PDF, at most 10 MB")

    def pick(*files: FilePayload | Path) -> None:
        with page.expect_file_chooser() as chooser:
            attach.press("Enter")
        chooser.value.set_files([*files])  # pyright: ignore[reportArgumentType]  # all of one kind, as they are here

    uploads = panel(page).locator(".upload")
    pick(
        {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"Notes"},
        # Its content is none of these: the server tells so.
        {"name": "fake.png", "mimeType": "image/png", "buffer": b"<script>"},
    )
    pick(huge)
    expect(uploads.filter(has_text="notes.txt is no picture and no PDF.")).to_be_visible()
    expect(uploads.filter(has_text="huge.png is over 10 MB.")).to_be_visible()
    expect(uploads.filter(has_text="fake.png could not be sent.")).to_be_visible()
    slow = page.context.new_cdp_session(page)
    network = {"offline": False, "latency": 0, "downloadThroughput": -1}
    slow.send("Network.emulateNetworkConditions", {**network, "uploadThroughput": 100_000})  # pyright: ignore[reportUnknownMemberType]  # Playwright types what it sends as unknown
    pick(picture("wheel.png", more=1_000_000))
    progress = panel(page).get_by_role("progressbar", name="wheel.png")
    expect(progress).to_be_visible()
    page.wait_for_function(SOME)
    _see(page, "widget-upload")
    for name in ("notes.txt", "huge.png", "fake.png", "wheel.png"):
        panel(page).get_by_role("button", name=f"Remove {name}").click()
    expect(uploads).to_have_count(0)
    expect(panel(page).locator("textarea")).to_be_focused()
    slow.send("Network.emulateNetworkConditions", {**network, "uploadThroughput": -1})  # pyright: ignore[reportUnknownMemberType]  # Playwright types what it sends as unknown
    pictures = panel(page).locator(".mine img")
    for at, kind in enumerate(("paste", "drop"), start=1):
        file = picture(f"{kind}.png")
        told = [kind, file["name"], file["mimeType"], [*file["buffer"]]]
        panel(page).locator("textarea").evaluate(HAND, told)
        expect(pictures).to_have_count(at)
        expect(pictures.last).to_have_attribute("alt", f"{kind}.png")
    pick(picture("picked.png"))
    expect(pictures).to_have_count(3)
    page.wait_for_function(DRAWN)
    shown = panel(page).locator(".mine, .theirs:not(.typing)")
    before = shown.all_inner_texts()
    page.reload()
    # Where they were, and as they were called.
    expect(shown).to_have_count(len(before))
    assert shown.all_inner_texts() == before
    for at, name in enumerate(("paste.png", "drop.png", "picked.png")):
        expect(pictures.nth(at)).to_have_attribute("alt", name)
    page.wait_for_function(DRAWN)


SOME = """() => {
  const { value } = document.querySelector("conduet-chat").shadowRoot.querySelector("progress");
  return value > 0 && value < 1;
}"""
DRAWN = """() => [...document.querySelector("conduet-chat").shadowRoot.querySelectorAll(".mine img")]
  .every(each => each.naturalWidth > 0)"""
