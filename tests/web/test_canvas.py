"""The gestures of the canvas, each with what does the same by keys."""

import re
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.web.drawing import canvas, counts, document, find, saved, step
from tests.web.screens import check_themes
from tests.web.test_journeys import draw, row
from tests.web.test_journeys import step as made
from tests.web.workshop import call

SHOP = [
    made(0, "start"),
    made(1, "message", text="Welcome to the shop, {{ name | upper }}"),
    made(2, "message", text="It opens at nine"),
    made(3, "end"),
]
COMPOSING_ESCAPE = (
    "field => field.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape', isComposing: true, bubbles: true}))"
)
NAMES = [{"name": "name", "type": "text", "default": "Ana"}]


def wires(page: Page, project: str) -> set[tuple[str, str]]:
    """The connections of the draft, by what their steps are called; an unnamed step by its type."""
    saved(page)
    flow: Any = document(page, project)["workflows"][0]
    names = {each["id"]: each.get("name") or each["type"] for each in flow["steps"]}
    return {(names[each["source"]], names[each["target"]]) for each in flow["connections"]}


def drag(page: Page, start: tuple[float, float], end: tuple[float, float], *, let_go: bool = True) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    # A drag begins where it is one.
    page.mouse.move(start[0] + 2, start[1])
    for part in range(1, 6):
        page.mouse.move(*(one + (other - one) * part / 5 for one, other in zip(start, end, strict=True)))
    if let_go:
        page.mouse.up()


def port(page: Page, name: str) -> tuple[float, float]:
    box = step(page, name).locator(".react-flow__handle.port").first.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def corner(page: Page, name: str) -> tuple[float, float]:
    box = step(page, name).bounding_box()
    assert box
    return box["x"], box["y"]


def fitted(page: Page, name: str) -> None:
    """All of it is in view, and stands still."""
    canvas(page).press("1")
    step(page, name).hover()


def test_ways_out_are_led_elsewhere_and_steps_are_drawn_into_line(page: Page) -> None:
    project = draw(page, row(*SHOP, variables=NAMES))
    fitted(page, "Step 2")
    # Held over a step that it cannot lead to, it says why; let go over it, nothing is connected.
    x, y = corner(page, "Step 0")
    drag(page, port(page, "Step 2"), (x + 30, y + 12), let_go=False)
    expect(step(page, "Step 0")).to_contain_text("The workflow begins here: nothing leads to it.")
    expect(step(page, "Step 2")).to_contain_text("would follow itself for ever")
    check_themes(page, "canvas-refused")
    page.mouse.up()
    expect(page.get_by_role("region", name="Notifications")).to_contain_text("Not connected")
    # Let go where nothing is: the types that fit are offered there, and the one chosen is wired in between.
    x, y = corner(page, "Step 1")
    drag(page, port(page, "Step 1"), (x + 40, y + 260))
    offered = page.get_by_role("complementary", name="Steps to add")
    expect(offered).to_contain_text("After Step 1 · Next")
    expect(offered.get_by_role("button", name="Set", exact=True)).to_be_visible()
    expect(offered.get_by_role("button", name="End", exact=True)).to_have_count(0)
    check_themes(page, "canvas-quick-add")
    offered.get_by_role("button", name="Set", exact=True).click()
    assert {("Step 1", "set"), ("set", "Step 2")} <= wires(page, project)
    # What was added last is offered first.
    canvas(page).press("a")
    expect(page.get_by_role("region", name="Recent")).to_have_text("RecentSet")
    page.keyboard.press("Escape")
    # By keys: the ways that cannot be are told, the others are taken.
    canvas(page).press("Escape")
    canvas(page).press("ArrowRight")
    canvas(page).press("]")
    canvas(page).press("c")
    options = page.get_by_role("listbox").get_by_role("option")
    expect(options.filter(has_text="nothing leads to it")).to_be_disabled()
    page.keyboard.type("Step 3")
    page.keyboard.press("Enter")
    assert ("Step 1", "Step 3") in wires(page, project)
    # The connection is taken by its end, and led back.
    canvas(page).press("Escape")
    fitted(page, "Step 3")
    x, y = corner(page, "Step 3")
    end = step(page, "Step 3").bounding_box()
    assert end
    there = corner(page, "Step 2")
    drag(page, (x - 8, y + end["height"] / 2), (there[0] + 60, there[1] + 30))
    expect(page).to_have_url(re.compile(r"/build(/main)?$"))
    led = wires(page, project)
    assert len(led & {("Step 1", "Step 3"), ("Step 2", "Step 3")}) == 1
    # Undone, the canvas goes to where that was.
    page.keyboard.press("Control+z")
    expect(page.get_by_role("region", name="Notifications")).to_contain_text("Undone: Connect steps")
    expect(page).to_have_url(re.compile("step=s"))
    assert {("Step 1", "Step 3"), ("Step 2", "Step 3")} <= wires(page, project)
    lines_up(page)
    places = {each.get("name"): each["position"] for each in document(page, project)["workflows"][0]["steps"]}
    assert places["Step 2"]["y"] == places["Step 1"]["y"] == 0


def lines_up(page: Page) -> None:
    """A step that comes near the line of another is drawn into it, and let go in it."""
    canvas(page).press("Escape")
    fitted(page, "Step 2")
    x, y = corner(page, "Step 2")
    drag(page, (x + 60, y + 8), (x + 60, y + 80))
    x, y = corner(page, "Step 2")
    home = corner(page, "Step 1")
    drag(page, (x + 60, y + 8), (x + 60, home[1] + 13), let_go=False)
    expect(canvas(page).locator(".guide").first).to_be_attached()
    page.keyboard.down("Alt")
    page.mouse.move(x + 60, home[1] + 60)
    page.mouse.move(x + 60, home[1] + 13)
    expect(canvas(page).locator(".guide")).to_have_count(0)
    page.keyboard.up("Alt")
    page.mouse.move(x + 60, home[1] + 60)
    page.mouse.move(x + 60, home[1] + 13)
    expect(canvas(page).locator(".guide").first).to_be_attached()
    check_themes(page, "canvas-guides")
    page.mouse.up()
    expect(canvas(page).locator(".guide")).to_have_count(0)
    saved(page)


def test_what_is_looked_for_stands_out_and_every_key_is_told(page: Page) -> None:
    project = draw(page, row(*SHOP, variables=NAMES))
    said = {"workflowId": "main", "stepId": "s1", "text": "Is this the right tone?"}
    call(page, "POST", f"/projects/{project}/comments", said)
    canvas(page).press("0")
    canvas(page).press("Control+f")
    found = page.get_by_role("complementary", name="Find step")
    page.get_by_role("combobox").fill("right tone")
    expect(found.get_by_role("option")).to_contain_text(["Step 1"])
    page.get_by_role("combobox").fill("nine")
    expect(found.get_by_role("option")).to_have_count(1)
    expect(step(page, "Step 1").locator(".opacity-35")).to_be_attached()
    expect(step(page, "Step 2").locator(".opacity-35")).to_have_count(0)
    check_themes(page, "canvas-find")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Step 2")
    expect(canvas(page).locator(".opacity-35")).to_have_count(0)
    expect(canvas(page)).to_be_focused()
    page.keyboard.press("d")
    expect(page.get_by_role("heading", name="2 steps")).to_be_visible()
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Shortcuts").get_by_role("region", name="Canvas")
    for told in ("Add step", "Connect step", "Select downstream", "Zoom to the selection", "Find step", "Tidy steps"):
        expect(keys).to_contain_text(told)


def test_a_wide_flow_is_seen_where_it_begins_and_a_link_leads_to_its_step(page: Page) -> None:
    steps = (made(0, "start"), *(made(at, "message", text=f"Text {at}") for at in range(1, 40)))
    project = draw(page, row(*steps))
    expect(step(page, "Text 1").first).to_be_in_viewport(ratio=0.99)
    box = step(page, "Step 0").bounding_box()
    assert box
    assert box["width"] >= 120
    page.goto(f"/p/{project}/build/main?step=s25")
    expect(step(page, "Text 25")).to_be_in_viewport(ratio=0.99)
    # Also where the browser's Back leads.
    find(page, "Step 3")
    expect(step(page, "Text 25")).to_have_count(0)
    page.go_back()
    expect(step(page, "Text 25")).to_be_in_viewport(ratio=0.99)


def test_a_click_chooses_one_of_several_and_keys_of_a_search_that_comes_late_are_its_own(page: Page) -> None:
    late: list[Route] = []
    page.route(re.compile("/assets/find-steps-"), lambda route: late.append(route))
    draw(page, row(*SHOP, variables=NAMES))
    fitted(page, "Step 1")
    chosen = canvas(page).locator(".react-flow__node.selected")
    step(page, "Step 1").click()
    step(page, "Step 2").click(modifiers=["Control"])
    expect(chosen).to_have_count(2)
    step(page, "Step 1").click()
    expect(chosen).to_have_text(re.compile("Step 1"))
    # Also where a box is drawn around them.
    fitted(page, "Step 3")
    page.keyboard.down("Shift")
    x, y = corner(page, "Step 1")
    there = corner(page, "Step 3")
    drag(page, (x - 10, y - 60), (there[0] - 10, there[1] + 200))
    page.keyboard.up("Shift")
    expect(chosen).to_have_count(2)
    page.mouse.click(x + 60, y + 10)
    expect(chosen).to_have_text(re.compile("Step 1"))

    canvas(page).press("Control+f")
    page.keyboard.type("stop")
    page.keyboard.press("Backspace")
    page.keyboard.press("Delete")
    while late:
        late.pop().continue_()
    page.unroute_all()
    field = page.get_by_role("complementary", name="Find step").get_by_role("combobox")
    expect(field).to_have_value("sto")
    expect(field).to_be_focused()
    counts(page, 4)
    # A key of an input method does not close it.
    field.evaluate(COMPOSING_ESCAPE)
    expect(field).to_have_value("sto")
    page.keyboard.press("Escape")
    expect(field).to_have_count(0)
    canvas(page).press("m")
    comment = page.get_by_label("Comment on this step")
    comment.fill("Is it so?")
    comment.evaluate(COMPOSING_ESCAPE)
    expect(comment).to_have_value("Is it so?")


def test_the_outline_has_the_step_that_is_open_in_view_and_nothing_is_open_that_is_gone(page: Page) -> None:
    draw(page, row(made(0, "start"), *(made(number, "message", text="Hello") for number in range(1, 40))))
    page.goto(f"{page.url.split('?')[0]}?step=s39")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Step 39")
    canvas(page).press("o")
    rows = page.get_by_role("list", name="Steps of main")
    expect(rows.get_by_role("button", name=re.compile("^Step 39"))).to_be_in_viewport(ratio=0.9)
    # An address that has outlived its step is that of the workflow.
    page.goto(page.url.replace("s39", "s40"))
    counts(page, 40)
    expect(page.get_by_role("region", name="Step", exact=True)).to_have_count(0)


def test_steps_are_led_in_the_outline_edited_together_and_bring_along_what_they_use(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    project = draw(page, row(*SHOP, variables=NAMES))
    # The outline does by keys what is dragged on the canvas.
    canvas(page).press("o")
    rows = page.get_by_role("list", name="Steps of main")
    rows.get_by_role("button", name=re.compile("^Step 2")).click()
    expect(rows.get_by_role("button", name="Move Step 2 earlier")).to_be_visible()
    check_themes(page, "canvas-outline")
    rows.get_by_role("button", name=re.compile("^Step 2")).press("Shift+ArrowUp")
    assert wires(page, project) == {("Step 0", "Step 2"), ("Step 2", "Step 1"), ("Step 1", "Step 3")}
    page.keyboard.press("Control+z")
    expect(rows.get_by_role("listitem").nth(1)).to_contain_text("Step 1")
    # Under a template stands what it says with the last test's values.
    page.get_by_role("button", name="Test", exact=True).click()
    page.get_by_role("button", name="Start conversation").click()
    expect(page.get_by_role("region", name="Conversation")).to_contain_text("Welcome to the shop, ANA")
    page.get_by_role("button", name="Test", exact=True).click()
    rows.get_by_role("button", name=re.compile("^Step 1")).click()
    expect(page.get_by_text("In the last test: Welcome to the shop, ANA")).to_be_visible()
    check_themes(page, "canvas-preview")
    # Several steps are given one text at once.
    rows.get_by_role("button", name=re.compile("^Step 1")).press("Escape")
    canvas(page).press("d")
    canvas(page).press("Control+c")
    expect(page.get_by_text("3 steps copied").first).to_be_visible()
    fitted(page, "Step 3")
    step(page, "Step 3").click(modifiers=["Shift"])
    fields = page.get_by_role("region", name="Fields of all")
    expect(fields).to_contain_text("They differ")
    check_themes(page, "canvas-fields-of-all")
    fields.get_by_label("Text", exact=True).fill("We are closed")
    saved(page)
    steps = document(page, project)["workflows"][0]["steps"]
    assert [each["config"].get("text") for each in steps] == [None, "We are closed", "We are closed", None]
    # Elsewhere, what they use is offered with them.
    other = draw(page, row(made(0, "start"), made(1, "end")))
    canvas(page).focus()
    page.keyboard.press("Control+v")
    dialog = page.get_by_role("dialog", name="Create what the steps use")
    expect(dialog.get_by_role("checkbox", name="Variable name")).to_be_checked()
    check_themes(page, "canvas-missing")
    dialog.get_by_role("button", name="Create 1 part").click()
    saved(page)
    draft = document(page, other)
    assert [each["name"] for each in draft["variables"]] == ["name"]
    assert len(draft["workflows"][0]["steps"]) == 5


def test_a_message_takes_back_what_it_tells_of_and_keys_what_was_typed(page: Page) -> None:
    project = draw(page, row(*SHOP, variables=NAMES))
    canvas(page).press("o")
    rows = page.get_by_role("list", name="Steps of main")
    rows.get_by_role("button", name=re.compile("^Step 2")).click()
    canvas(page).press("Delete")
    told = page.get_by_text("Step deleted")
    expect(told).to_be_visible()
    rows.get_by_role("button", name=re.compile("^Step 1")).click()
    page.get_by_label("Name", exact=True).fill("Greeting")
    page.get_by_role("button", name="Undo").last.click()
    expect(told).to_have_count(0)
    expect(rows.get_by_role("button", name=re.compile("^Step 2"))).to_be_visible()
    assert ("Greeting", "Step 2") in wires(page, project)
    # In a field that is none of the document's, keys take back what was typed in it.
    page.get_by_role("button", name="Test", exact=True).click()
    said = page.get_by_role("textbox", name="Message")
    said.focus()
    page.keyboard.insert_text("Hello")
    said.press("Control+z")
    expect(said).to_have_value("")
    assert ("Greeting", "Step 2") in wires(page, project)
    # What is undone otherwise is not offered any more.
    canvas(page).press("Escape")
    rows.get_by_role("button", name=re.compile("^Step 2")).click()
    canvas(page).press("Delete")
    canvas(page).press("Control+z")
    expect(page.get_by_text("Undone: Delete step")).to_be_visible()
    expect(told).to_have_count(0)
