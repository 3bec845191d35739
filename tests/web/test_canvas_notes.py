"""Notes and frames on the canvas, tidying, and lines for several steps: by pointer and by keys."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.web.drawing import canvas, document, saved, step
from tests.web.screens import check_themes
from tests.web.test_canvas import corner, drag, fitted
from tests.web.test_journeys import draw, row
from tests.web.test_journeys import step as made


def shop(*heights: float, notes: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """Four steps in a row, as far down as `heights` say, with notes."""
    steps = [
        made(0, "start"),
        made(1, "message", text="Welcome to the shop"),
        made(2, "message", text="It opens at nine"),
        made(3, "end"),
    ]
    for each, y in zip(steps, heights, strict=False):
        each["position"]["y"] = y
    document = row(*steps)
    document["workflows"][0]["notes"] = [*notes]
    return document


def flow(page: Page, project: str) -> Any:
    """The workflow as the server has it."""
    saved(page)
    return document(page, project)["workflows"][0]


def places(page: Page, project: str) -> dict[str, tuple[float, float]]:
    """Where each step and note stands, by its name or text."""
    told = flow(page, project)
    items = [*told["steps"], *told.get("notes", [])]
    return {each.get("name") or each.get("text"): (each["position"]["x"], each["position"]["y"]) for each in items}


def frame(page: Page, title: str) -> Locator:
    return canvas(page).locator(".react-flow__node-frame").filter(has_text=title)


def by(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    return other[0] - one[0], other[1] - one[1]


def test_a_frame_is_drawn_around_steps_and_takes_them_along(page: Page) -> None:
    project = draw(page, shop())
    fitted(page, "Step 1")
    step(page, "Step 1").click()
    step(page, "Step 2").click(modifiers=["Shift"])
    canvas(page).press("f")
    title = page.get_by_label("Title")
    expect(title).to_be_focused()
    title.fill("Opening")
    expect(page.get_by_text("It holds 2 steps.")).to_be_visible()
    page.get_by_label("Colour").click()
    page.get_by_role("option", name="Talk").click()
    title.press("Escape")
    expect(canvas(page)).to_be_focused()
    told = flow(page, project)["notes"][0]
    assert (told["kind"], told["text"], told["color"]) == ("frame", "Opening", "talk")
    fitted(page, "Step 3")
    check_themes(page, "canvas-frame")

    # Gripped by its title it takes along what lies in it, and nothing else: one edit.
    before = places(page, project)
    x, y = corner(page, "Opening")
    drag(page, (x + 60, y + 12), (x + 60, y + 92))
    after = places(page, project)
    moved = by(before["Opening"], after["Opening"])
    assert moved[1] > 0
    assert by(before["Step 1"], after["Step 1"]) == by(before["Step 2"], after["Step 2"]) == moved
    assert (after["Step 0"], after["Step 3"]) == (before["Step 0"], before["Step 3"])
    page.keyboard.press("Control+z")
    expect(page.get_by_role("region", name="Notifications")).to_contain_text("Undone: Move 2 steps, 1 frame")
    assert places(page, project) == before
    # With Alt it goes alone.
    canvas(page).press("Escape")
    x, y = corner(page, "Opening")
    page.keyboard.down("Alt")
    drag(page, (x + 60, y + 12), (x + 60, y - 68))
    page.keyboard.up("Alt")
    after = places(page, project)
    assert by(before["Opening"], after["Opening"])[1] < 0
    assert after["Step 1"] == before["Step 1"]
    page.keyboard.press("Control+z")
    assert places(page, project) == before

    # By keys, the same: arrows take along, numbers do not.
    frame(page, "Opening").get_by_text("Opening").click()
    canvas(page).press("Shift+ArrowDown")
    after = places(page, project)
    assert {by(before[name], after[name]) for name in ("Opening", "Step 1", "Step 2")} == {(0, 40)}
    page.get_by_label("Down").fill("0")
    alone = places(page, project)
    assert (alone["Opening"][1], alone["Step 1"]) == (0, after["Step 1"])
    page.get_by_label("Width").fill("10")
    expect(page.get_by_text("From 40 to 20000 px.")).to_be_visible()
    page.get_by_label("Width").fill("800")
    assert flow(page, project)["notes"][0]["size"]["width"] == 800


def test_a_box_that_is_drawn_in_a_frame_chooses_what_is_in_it(page: Page) -> None:
    around = {"id": "all", "kind": "frame", "text": "Everything", "size": {"width": 1400, "height": 400}}
    draw(page, shop(notes=[{**around, "position": {"x": -60, "y": -120}}]))
    fitted(page, "Step 1")
    x, y = corner(page, "Step 1")
    far, low = corner(page, "Step 2")
    page.keyboard.down("Shift")
    drag(page, (x - 8, y - 8), (far + 20, low + 20))
    page.keyboard.up("Shift")
    expect(page.get_by_role("heading", name="2 steps", exact=True)).to_be_visible()
    canvas(page).press("Escape")
    # Around all of it, it is chosen too.
    x, y = corner(page, "Everything")
    box = frame(page, "Everything").bounding_box()
    assert box
    page.keyboard.down("Shift")
    drag(page, (x - 20, y - 20), (x + box["width"] + 20, y + box["height"] + 20))
    page.keyboard.up("Shift")
    expect(page.get_by_role("heading", name="4 steps, 1 frame", exact=True)).to_be_visible()
    canvas(page).press("Escape")
    # A press in its middle is one on the canvas.
    frame(page, "Everything").get_by_text("Everything").click()
    expect(page.get_by_label("Title")).to_have_value("Everything")
    page.mouse.click(x + box["width"] / 2, y + box["height"] - 10)
    expect(page.get_by_label("Title")).to_have_count(0)


def test_a_note_is_written_found_copied_and_deleted(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    project = draw(page, shop())
    canvas(page).press("a")
    page.get_by_role("searchbox", name="Search steps").fill("documentation")
    page.get_by_role("button", name="Note", exact=True).click()
    text = page.get_by_label("Text", exact=True)
    expect(text).to_be_focused()
    text.fill("Ask legal before\nthis is changed")
    page.get_by_label("Across").fill("0")
    page.get_by_label("Down").fill("-200")
    text.press("Escape")
    fitted(page, "Step 2")
    note = canvas(page).locator(".react-flow__node-note")
    expect(note).to_contain_text("Ask legal before")
    check_themes(page, "canvas-note")
    # It is made larger by its corner.
    box = note.bounding_box()
    assert box
    end = (box["x"] + box["width"], box["y"] + box["height"])
    drag(page, end, (end[0] + 80, end[1] + 40))
    size = flow(page, project)["notes"][0]["size"]
    assert size["width"] > 240
    assert size["height"] > 120
    page.keyboard.press("Control+z")
    assert flow(page, project)["notes"][0]["size"] == {"width": 240, "height": 120}
    # Copied, cut, put back, found and listed as steps are.
    canvas(page).press("Control+c")
    expect(page.get_by_text("Note copied").first).to_be_visible()
    canvas(page).press("Control+v")
    assert [each["text"] for each in flow(page, project)["notes"]] == ["Ask legal before\nthis is changed"] * 2
    canvas(page).press("Delete")
    expect(page.get_by_text("Note deleted").first).to_be_visible()
    assert len(flow(page, project)["notes"]) == 1
    canvas(page).press("Escape")
    canvas(page).press("Control+f")
    page.get_by_role("combobox").fill("legal")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Text", exact=True)).to_have_value("Ask legal before\nthis is changed")
    canvas(page).press("o")
    notes = page.get_by_role("list", name="Notes of main")
    row_ = notes.get_by_role("button", name="Ask legal before")
    expect(row_).to_have_attribute("aria-current", "true")
    check_themes(page, "canvas-note-outline")
    # Dropped from the palette it stands where it was dropped.
    canvas(page).press("o")
    canvas(page).press("Escape")
    canvas(page).press("a")
    page.get_by_role("button", name="Frame", exact=True).drag_to(canvas(page), target_position={"x": 300, "y": 120})
    expect(page.get_by_label("Title")).to_be_focused()
    assert [each["kind"] for each in flow(page, project)["notes"]] == ["note", "frame"]
    # Where there is no canvas, the outline has them.
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("region", name="Step", exact=True).get_by_role("button", name="Close").click()
    page.get_by_role("list", name="Notes of main").get_by_role("button", name="Ask legal before").click()
    page.get_by_label("Text", exact=True).fill("Legal agreed")
    expect(page.get_by_text("Note deleted")).to_have_count(0)
    check_themes(page, "canvas-note-narrow")
    assert flow(page, project)["notes"][0]["text"] == "Legal agreed"


def test_tidied_steps_glide_into_order_and_keep_the_one_they_were_given(page: Page) -> None:
    buttons = [{"id": "a", "label": "A"}, {"id": "b", "label": "B"}]
    steps = [
        {**made(0, "start"), "position": {"x": -320, "y": 0}},
        {**made(1, "message", text="One"), "position": {"x": 400, "y": 320}},
        {**made(2, "message", text="Two"), "position": {"x": 400, "y": 0}},
        {**made(3, "buttons", text="Which?", buttons=buttons), "position": {"x": 0, "y": 0}},
    ]
    fork = row(*steps)
    [main] = fork["workflows"]
    main["connections"] = [
        {"id": "c0", "source": "s0", "sourcePort": "next", "target": "s3"},
        {"id": "c1", "source": "s3", "sourcePort": "a", "target": "s1"},
        {"id": "c2", "source": "s3", "sourcePort": "b", "target": "s2"},
    ]
    size = {"width": 320, "height": 560}
    main["notes"] = [{"id": "f", "kind": "frame", "text": "Both", "position": {"x": 360, "y": -60}, "size": size}]
    project = draw(page, fork)
    fitted(page, "Step 1")
    page.evaluate(
        """() => {
          window.glides = 0;
          document.addEventListener("transitionrun", event => {
            if (event.target.matches(".react-flow__node") && event.propertyName === "transform") window.glides += 1;
          });
        }"""
    )
    canvas(page).press("l")
    expect(page.get_by_role("button", name="Undo", exact=True)).to_be_enabled()
    page.wait_for_function("() => window.glides > 1")
    after = places(page, project)
    # The way to Step 1 leaves above that to Step 2; by hand it stands below.
    assert after["Step 2"][1] < after["Step 1"][1]
    assert after["Step 2"][0] == after["Step 1"][0]
    # The frame went with what it held.
    told = flow(page, project)["notes"][0]
    assert after["Both"][0] < after["Step 1"][0]
    assert after["Both"][1] < after["Step 2"][1]
    assert told["position"]["y"] + told["size"]["height"] > after["Step 1"][1] + 80
    check_themes(page, "canvas-tidied")
    page.keyboard.press("Control+z")
    expect(page.get_by_role("region", name="Notifications")).to_contain_text("Undone: Tidy steps")
    assert places(page, project)["Step 1"] == (400, 320)
    # Whoever wants no motion gets none.
    page.emulate_media(reduced_motion="reduce")
    page.reload()
    fitted(page, "Step 1")
    redo = page.get_by_role("button", name="Redo", exact=True)
    expect(redo).to_be_enabled()
    canvas(page).press("l")
    expect(redo).to_be_disabled()
    assert places(page, project)["Step 1"] != (400, 320)
    expect(canvas(page)).not_to_have_attribute("data-gliding", "")


def test_several_steps_are_drawn_into_line_as_one(page: Page) -> None:
    project = draw(page, shop(0, 200, 320, 0))
    fitted(page, "Step 1")
    step(page, "Step 1").click()
    step(page, "Step 2").click(modifiers=["Shift"])
    x, y = corner(page, "Step 1")
    home = corner(page, "Step 0")
    zoom = (y - home[1]) / 200
    # Nearly level with the start: the upper edge of both comes into its line.
    drag(page, (x + 60, y + 8), (x + 60, home[1] + 8 + 10 * zoom), let_go=False)
    expect(canvas(page).locator(".guide").first).to_be_attached()
    page.mouse.up()
    after = places(page, project)
    assert (after["Step 1"][1], after["Step 2"][1]) == (0, 120)


def test_a_red_test_is_shown_at_its_step_and_opens_where_it_differs(page: Page) -> None:
    told = {"action": {"type": "launch"}, "expect": [{"contains": "It opens at ten"}]}
    test = {"id": "hours", "name": "Tells the hours", "turns": [told]}
    project = draw(page, {**shop(), "tests": [test]})
    page.goto(f"/p/{project}/test?view=tests")
    page.get_by_role("button", name="Run all on the draft").click()
    expect(page.get_by_text("1 of 1 not as expected")).to_be_visible()
    # Elsewhere on the same page: what was found is not asked for again.
    page.get_by_role("link", name="Build", exact=True).click()
    badge = canvas(page).get_by_role("button", name=re.compile("^1 test not as expected at Step"))
    expect(badge).to_be_visible()
    canvas(page).press("0")
    check_themes(page, "canvas-red-test")
    name = (badge.get_attribute("aria-label") or "").removeprefix("1 test not as expected at ")
    step(page, name).click()
    inspector = page.get_by_role("region", name="Step", exact=True)
    expect(inspector.get_by_role("link", name="Test “Tells the hours” is first not as expected here")).to_be_visible()
    # The step may have stood where the inspector is now.
    canvas(page).press("2")
    expect(badge).to_be_in_viewport(ratio=1)
    badge.click()
    expect(page).to_have_url(re.compile(r"/test\?view=tests&item=hours"))
    expect(page.get_by_text("Turn 1 is the first that is not as expected.")).to_be_visible()
    expect(page.get_by_text("It opens at ten").first).to_be_visible()
