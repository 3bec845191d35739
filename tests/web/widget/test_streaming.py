"""What a reply looks like while it comes, and replies that mean harm."""

from itertools import pairwise

from playwright.sync_api import expect

from tests.web.widget.conftest import Host, Model, Owner, Visit, launch, panel, say

# Notes each element that goes from the conversation, but what is in the block that is still being written.
WATCH = """() => {
  const log = document.querySelector("conduet-chat").shadowRoot.querySelector(".log");
  const blocks = () => [...log.querySelectorAll(".theirs:last-of-type .text > *")];
  let before = 0;
  window.frames = 0;
  window.gone = [];
  new MutationObserver(records => {
    window.frames += 1;
    const now = blocks();
    for (const { target, removedNodes } of records)
      for (const node of removedNodes) {
        if (node.nodeType !== Node.ELEMENT_NODE || node.matches(".typing")) continue;
        const block = now.findIndex(each => each.contains(target));
        if (block < 0 || block < before - 1) window.gone.push(`${block}: ${node.outerHTML.slice(0, 80)}`);
      }
    before = now.length;
  }).observe(log, { childList: true, subtree: true });
}"""
REPLY = """# Chains

A **chain** wears out after *about* 3,000 km: `measure` it, see [2].

- Wipe it
- Oil it
  - not too much
- Measure it

| wear | what |
|---|---|
| 0.5 % | buy one |
| 0.75 % | change it |

```python
def wear(km):
    return km / 4000
```

> Ride on.

"""


def test_a_reply_of_five_hundred_pieces_moves_nothing_that_stands(
    owner: Owner, host: Host, visit: Visit, model: Model
) -> None:
    text = REPLY * 6
    ends = [len(text) * at // 500 for at in range(501)]
    model.answers["chains"] = [text[begin:end] for begin, end in pairwise(ends)]
    project = owner.new_project(
        "Chains", ("capture", {"variable": "said"}), ("prompt", {"prompt": "{{said}}", "say": True})
    )
    page = visit("/stream", own_key=owner.new_key(project, host.origin))
    launch(page)
    expect(panel(page).get_by_role("heading", name="Chains")).to_be_visible()
    page.evaluate(WATCH)
    say(page, "chains")
    expect(panel(page).locator(".theirs:last-of-type pre")).to_have_count(6)
    expect(panel(page).get_by_role("button", name="Stop")).to_have_count(0)
    assert page.evaluate("() => window.frames") > 20
    assert page.evaluate("() => window.gone") == []
    last = panel(page).locator(".theirs").last
    expect(last.locator("table")).to_have_count(6)
    # A reply that is longer than the panel begins where one reads it.
    top = last.evaluate("each => each.getBoundingClientRect().top - each.closest('.log').getBoundingClientRect().top")
    assert 0 <= top < 60


def test_whoever_reads_further_up_is_left_there(owner: Owner, host: Host, visit: Visit, model: Model) -> None:
    model.answers["slowly"] = [f"{number} " for number in range(400)]
    told = ("message", {"text": "\n\n".join(f"Line {number}" for number in range(60))})
    project = owner.new_project(
        "Long", told, ("capture", {"variable": "said"}), ("prompt", {"prompt": "slowly", "say": True})
    )
    page = visit("/long", own_key=owner.new_key(project, host.origin))
    launch(page)
    say(page, "Go on")
    expect(panel(page).locator(".theirs").last).to_contain_text("20")
    panel(page).get_by_role("log").evaluate("log => { log.scrollTop = 0; }")
    newer = panel(page).get_by_role("button", name="New messages")
    expect(newer).to_be_visible()
    expect(panel(page).locator(".theirs").last).to_contain_text("399")
    assert panel(page).get_by_role("log").evaluate("log => log.scrollTop") == 0
    newer.click()
    expect(newer).to_have_count(0)


HOSTILE = (
    "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">\n\n"
    "[press](javascript:document.title='owned') ![p](javascript:0) [data](data:text/html,x) [ok](https://a.example)\n\n"
    "invoice\u202egpj.exe\n\n"
    + "> " * 200
    + "deep\n\n"
    + "".join("  " * level + "- in\n" for level in range(40))
    + "\n"
    + "*a **b _c " * 3000
)


def test_what_is_hostile_is_shown_and_does_nothing(owner: Owner, host: Host, visit: Visit) -> None:
    # A megabyte in all.
    dense = "[x](https://a.example) `y` <b>z</b> | | ![p](javascript:0)\n" * 100
    pages = (dense + "many words that are long and say nothing " * 1500)[:60_000]
    megabyte = [("message", {"text": f"{number}\n\n{pages}"}) for number in range(16)]
    project = owner.new_project(
        "Hostile", ("message", {"text": HOSTILE}), ("message", {"text": "> " * 6000 + "deeper"}), *megabyte
    )
    page = visit("/hostile", own_key=owner.new_key(project, host.origin), reduced_motion="reduce")
    launch(page)
    shown = panel(page).locator(".theirs").first
    expect(shown).to_contain_text("<script>document.title='owned'</script>")
    expect(panel(page).locator(".theirs:not(.typing)")).to_have_count(len(megabyte) + 2)
    assert page.title() == "Shop"
    links = shown.locator("a").evaluate_all("all => all.map(each => each.getAttribute('href'))")
    assert links == ["https://a.example"]
    assert panel(page).locator(".log").locator("script, iframe, [onerror], img").count() == 0
    assert "\u202e" not in shown.inner_text()
    # Nothing is wider than the place it is in, however deep and long, and there is still room for words.
    assert panel(page).get_by_role("log").evaluate("log => log.scrollWidth - log.clientWidth") == 0
    deep = shown.get_by_text("deep", exact=True).bounding_box()
    assert deep
    assert deep["width"] > 200
    # The page goes on, and so does the talk.
    page.get_by_role("link", name="More").click()
    expect(page).to_have_url(f"{host.origin}/hostile#more")
    say(page, "x" * 29_000)
    expect(panel(page).locator(".mine")).to_contain_text("xxx")
    assert panel(page).get_by_role("log").evaluate("log => log.scrollWidth - log.clientWidth") == 0
