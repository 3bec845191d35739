"""What the canvas costs with 500 steps, in headless Chromium: `python -m benchmarks.canvas [--steps 500]`.

Counted by the browser itself (`Performance.getMetrics`): seconds of its main thread, which say less about how busy the
machine is than times on the clock do. What the thread spent on a core (`/proc`) says least of that: compare by it.
"""

import argparse
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx2
from playwright.sync_api import Page, sync_playwright

from benchmarks.chromium import find_chromium
from benchmarks.served import Place

COLUMNS: Final = 25
MOVES: Final = 120
KEYS: Final = 20
FRAME = "() => new Promise(done => requestAnimationFrame(done))"
PAINTED = """() => new Promise(done => {
  const look = () => {
    if (!document.querySelector(".react-flow__node")) return requestAnimationFrame(look);
    requestAnimationFrame(() => setTimeout(() => done(performance.now())));
  };
  look();
})"""
PAINTS = """() => { performance.mark("asked"); }"""
SINCE = """() => new Promise(done => requestAnimationFrame(() => setTimeout(
  () => done(performance.now() - performance.getEntriesByName("asked").at(-1).startTime))))"""
ZOOM = "() => Number(/scale\\(([\\d.]+)\\)/.exec(document.querySelector('.react-flow__viewport').style.transform)[1])"
COUNT_FRAMES = """() => {
  window.frames_ = 0;
  const count = () => { window.frames_ += 1; window.counting_ = requestAnimationFrame(count); };
  count();
}"""
LONG_TASKS = """() => {
  window.long_ = [];
  new PerformanceObserver(list => window.long_.push(...list.getEntries().map(each => each.duration)))
    .observe({ entryTypes: ["longtask"] });
}"""


def flow(count: int) -> Mapping[str, Any]:
    """A workflow of so many steps of four types, each connected to the next, with longer ways between."""
    kinds: Sequence[Callable[[int], Mapping[str, Any]]] = (
        lambda n: {"type": "message", "config": {"text": f"Hello {n}, how can we help you with your order today?"}},
        lambda n: {
            "type": "buttons",
            "config": {"text": f"Choice {n}", "buttons": [{"id": f"b{i}", "label": f"Way {i}"} for i in range(3)]},
        },
        lambda n: {"type": "set", "config": {"assignments": [{"variable": "seen", "value": str(n)}]}},
        lambda n: {"type": "condition", "config": {"rules": [{"id": "r", "expression": f"seen == {n}"}]}},
    )
    steps: list[Mapping[str, Any]] = [{"id": "start", "type": "start", "config": {}, "position": {"x": 0, "y": 0}}]
    for number in range(1, count):
        place = {"x": number % COLUMNS * 320, "y": number // COLUMNS * 240}
        made = kinds[number % len(kinds)](number)
        steps.append({"id": f"s{number}", "name": f"Step {number}", "position": place, **made})
    wires: list[Mapping[str, Any]] = []
    for number, step in enumerate(steps[:-1]):
        ports = {"buttons": ["b0", "b1"], "condition": ["r", "else"]}.get(str(step["type"]), ["next"])
        for far, port in enumerate(ports):
            target = f"s{min(count - 1, number + 1 + far * COLUMNS)}"
            wires.append({"id": f"c{number}{port}", "source": step["id"], "sourcePort": port, "target": target})
    main = {"id": "main", "name": "Main", "primary": True, "steps": steps, "connections": wires}
    return {"workflows": [main], "variables": [{"name": "seen", "type": "text"}]}


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of the main thread, in all, in scripts and on a core, and on the clock."""

    task: float
    script: float
    core: float
    clock: float


class Browser:
    """The page with its counters."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._session: Any = page.context.new_cdp_session(page)
        self._session.send("Performance.enable")
        browser = page.context.browser
        if browser is None:
            raise RuntimeError("There is no browser.")
        self._browser: Any = browser.new_browser_cdp_session()

    def metrics(self) -> Mapping[str, float]:
        """All counters of the page."""
        found: Any = self._session.send("Performance.getMetrics")
        return {each["name"]: each["value"] for each in found["metrics"]}

    def cores(self) -> Mapping[int, float]:
        """Seconds that the main thread of each process with pages was on a core."""
        found: Any = self._browser.send("SystemInfo.getProcessInfo")
        pages: list[int] = [each["id"] for each in found["processInfo"] if each["type"] == "renderer"]
        stats = {pid: Path(f"/proc/{pid}/task/{pid}/schedstat") for pid in pages}
        return {pid: int(stat.read_text().split()[0]) / 1e9 for pid, stat in stats.items() if stat.exists()}

    @contextmanager
    def measured(self) -> Generator[list[Cost]]:
        """Appends what was used meanwhile."""
        costs: list[Cost] = []
        before, cores, begun = self.metrics(), self.cores(), time.perf_counter()
        yield costs
        clock, after, later = time.perf_counter() - begun, self.metrics(), self.cores()
        core = max(spent - cores.get(pid, spent) for pid, spent in later.items())
        spent = [after[name] - before[name] for name in ("TaskDuration", "ScriptDuration")]
        costs.append(Cost(spent[0], spent[1], core, clock))

    def moved(self, name: str, x: float, y: float, *, button: str = "left") -> None:
        """Presses at a point and moves in a circle; prints what one move costs."""
        mouse = self.page.mouse
        mouse.move(x, y)
        mouse.down()
        mouse.move(x + 8, y + 8)
        self.page.evaluate(COUNT_FRAMES)
        frames = self.page.evaluate("() => window.frames_")
        with self.measured() as costs:
            for number in range(MOVES):
                mouse.move(x + 8 + number * 1.5, y + 8 + number % 20 * 2)
                self.page.evaluate(FRAME)
        frames = self.page.evaluate("() => window.frames_") - frames
        self.page.evaluate("() => cancelAnimationFrame(window.counting_)")
        mouse.up()
        (cost,) = costs
        print(
            f"{name}: {cost.task / MOVES * 1000:.1f} ms of the main thread a move "
            f"({cost.script / MOVES * 1000:.1f} in scripts, {cost.core / MOVES * 1000:.1f} on a core), "
            f"{frames / cost.clock:.0f} frames/s"
        )


def measure(browser: Browser, address: str) -> None:
    """Walks through what people do on a canvas, and prints what each costs."""
    page = browser.page
    page.goto(address)
    first = page.evaluate(PAINTED)
    print(f"first step painted: {first:.0f} ms after the address was opened")
    before = browser.metrics()
    page.reload()
    again = page.evaluate(PAINTED)
    spent = browser.metrics()["TaskDuration"]
    print(
        f"opened again: {again:.0f} ms, {spent * 1000:.0f} ms of the main thread ({before['Nodes']:.0f} nodes before)"
    )
    page.wait_for_timeout(1500)
    canvas = page.locator(".conduet-canvas")
    canvas.focus()
    page.keyboard.press("1")
    page.wait_for_timeout(1000)
    far = page.evaluate(ZOOM)
    print(f"zoomed out ({far:.2f}): {_elements(page)} elements")
    _moves(browser, "zoomed out")
    _to_zoom(page, 0.6)
    near = page.evaluate(ZOOM)
    print(f"zoom {near:.2f}: {_elements(page)} elements")
    _moves(browser, f"zoom {near:.2f}")
    _find(browser)
    _type(browser)
    page.evaluate(LONG_TASKS)
    canvas.focus()
    page.keyboard.press("Escape")
    canvas.focus()
    with browser.measured() as costs:
        page.keyboard.press("l")
        page.get_by_role("button", name="Undo").and_(page.locator(":enabled")).wait_for()
        page.get_by_text("Saved", exact=True).wait_for()
    print(
        f"tidy and save: {costs[0].clock * 1000:.0f} ms, {costs[0].task * 1000:.0f} ms of the main thread; "
        f"long tasks: {[round(each) for each in page.evaluate('() => window.long_')]}"
    )


def _elements(page: Page) -> int:
    return page.evaluate("() => document.querySelectorAll('*').length")


def _to_zoom(page: Page, wanted: float) -> None:
    page.locator(".conduet-canvas").focus()
    page.keyboard.press("0")
    page.wait_for_timeout(500)
    while page.evaluate(ZOOM) > wanted + 0.05:
        page.keyboard.press("-")
        page.wait_for_timeout(400)


def _moves(browser: Browser, name: str) -> None:
    page = browser.page
    box = page.locator(".conduet-canvas").bounding_box()
    if box is None:
        raise RuntimeError("There is no canvas.")
    # A place where nothing is: between two steps.
    free: Any = page.evaluate(
        """box => {
          for (let y = box.y + 100; y < box.y + box.height - 100; y += 7)
            for (let x = box.x + 300; x < box.x + box.width - 300; x += 7)
              if (document.elementFromPoint(x, y)?.matches(".react-flow__pane")) return { x, y };
        }""",
        box,
    )
    browser.moved(f"{name}, pan", free["x"], free["y"])
    step: Any = page.evaluate(
        """box => {
          const nodes = [...document.querySelectorAll(".react-flow__node")].map(each => each.getBoundingClientRect());
          const inside = nodes.find(each => each.x > box.x + 40 && each.right < box.x + box.width - 250
            && each.y > box.y + 60 && each.bottom < box.y + box.height - 120);
          return { x: inside.x + inside.width / 2, y: inside.y + Math.min(10, inside.height / 4) };
        }""",
        box,
    )
    browser.moved(f"{name}, drag", step["x"], step["y"])


def _find(browser: Browser) -> None:
    page = browser.page
    page.locator(".conduet-canvas").focus()
    page.keyboard.press("Control+f")
    field = page.get_by_role("combobox").or_(page.get_by_role("searchbox", name="Find"))
    field.first.wait_for()
    _keys(browser, "find, a key", "step 250 help you or")
    page.keyboard.press("Escape")


def _type(browser: Browser) -> None:
    page = browser.page
    page.locator(".react-flow__node").filter(has_text="Hello").first.click()
    text = page.get_by_role("region", name="Step", exact=True).get_by_label("Text", exact=True)
    text.click()
    _keys(browser, "inspector, a key", "and how are you today"[:KEYS])


def _keys(browser: Browser, name: str, text: str) -> None:
    times: list[float] = []
    page = browser.page
    with browser.measured() as costs:
        for letter in text:
            page.evaluate(PAINTS)
            page.keyboard.insert_text(letter)
            times.append(page.evaluate(SINCE))
    print(
        f"{name}: {costs[0].task / len(text) * 1000:.1f} ms of the main thread "
        f"({costs[0].core / len(text) * 1000:.1f} on a core), painted after "
        f"{statistics.median(times):.0f} ms (median), {max(times):.0f} ms at most"
    )


def main() -> None:
    """Reads the arguments, starts a server of its own and a browser."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=500)
    steps: int = parser.parse_args().steps
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        place = Place(Path(folder) / "data")
        server = place.serve("--no-demo")
        try:
            server.wait_ready()
            headers = {"Authorization": f"Bearer {place.command('token', 'create', '--name', 'bench')}"}
            with httpx2.Client(base_url=f"{server.url}/api/v1", headers=headers, trust_env=False) as client:
                project = client.post("/projects", json={"name": "Measured"}).json()["id"]
                client.patch(f"/projects/{project}", json=flow(steps)).raise_for_status()
            found = re.search(r"http\S+token=\S+", place.command("link"))
            if found is None:
                raise RuntimeError("`conduet link` printed no link.")
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
                page = browser.new_page(viewport={"width": 1440, "height": 900})
                page.goto(found[0])
                page.get_by_role("button", name="Sign in").click()
                page.get_by_role("link", name="New project").first.wait_for()
                measure(Browser(page), f"{server.url}/p/{project}/build")
                browser.close()
        finally:
            server.stop()


if __name__ == "__main__":
    main()
