"""The picture of a template: its primary workflow or its phases, drawn as SVG in the colour of the text around it."""

from html import escape
from itertools import count
from typing import Final, cast

from conduet.projects.document import JsonObject, slug_of

WIDTH: Final = 160
HEIGHT: Final = 56
MARGIN: Final = 40
ACROSS: Final = 240
DOWN: Final = 110
"""From one phase to the next."""
LETTERS: Final = 18
"""As many of a step's name fit into its box."""

Places = dict[str, tuple[int, int]]


def picture(document: JsonObject) -> str:
    """The steps of the primary workflow as boxes at their positions, and the connections as curves between them.

    Of an agentic project they are its phases, from the first to the farthest, and the ways out of them.

    Everything is drawn in `currentColor`, so that the same picture suits a light and a dark page.
    Connections pass under the boxes.
    """
    steps, connections = _phases(document) if document["framework"] == "agentic" else _flow(document)
    places = {str(step["id"]): _place(step) for step in steps}
    left, top = (min(place[axis] for place in places.values()) - MARGIN for axis in (0, 1))
    right = max(x for x, _ in places.values()) + WIDTH + MARGIN
    bottom = max(y for _, y in places.values()) + HEIGHT + MARGIN
    title = escape(str(document["name"]))
    box = f"{left} {top} {right - left} {bottom - top}"
    look = 'role="img" fill="none" stroke="currentColor" stroke-width="2"'
    # Several pictures stand on one page, and ids are the page's.
    under = "under-" + slug_of(str(document["name"]), taken=())
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" {look}><title>{title}</title>',
        f'<mask id="{under}" maskUnits="userSpaceOnUse" x="{left}" y="{top}" width="{right - left}"',
        f' height="{bottom - top}" stroke="none">',
        f'<rect x="{left}" y="{top}" width="{right - left}" height="{bottom - top}" fill="white"/>',
        *(_shape(*place, fill="black") for place in places.values()),
        f'</mask><g mask="url(#{under})">',
        *(_curve(each, places) for each in connections),
        "</g>",
        *(_box(step, places[str(step["id"])]) for step in steps),
        "</svg>",
    ]
    return "".join(parts)


def _flow(document: JsonObject) -> tuple[list[JsonObject], list[JsonObject]]:
    workflows = cast(list[JsonObject], document["workflows"])
    workflow = next((each for each in workflows if each.get("primary")), workflows[0])
    return cast(list[JsonObject], workflow["steps"]), cast(list[JsonObject], workflow["connections"])


def _phases(document: JsonObject) -> tuple[list[JsonObject], list[JsonObject]]:
    """Each phase that can be reached stands as far from the first as there are ways to it."""
    behaviour = cast(dict[str, dict[str, list[JsonObject]]], document["behaviourConfig"])
    phases = {str(phase["id"]): phase for phase in behaviour["agentHarness"]["phases"]}
    ways: list[JsonObject] = [
        {"source": phase_id, "target": way["to"]}
        for phase_id, phase in phases.items()
        for way in cast(list[JsonObject], phase.get("exit", []))
        if way["to"] in phases
    ]
    far = {next(iter(phases)): 0}
    for column in count():
        ends = [str(way["target"]) for way in ways if far.get(str(way["source"])) == column]
        if not ends:
            break
        for end in ends:
            far.setdefault(end, column + 1)
    members = {place: [each for each in phases if far.get(each) == place] for place in {*far.values()}}
    tallest = max(map(len, members.values()))
    boxes: list[JsonObject] = [
        {
            "id": each,
            "type": each,
            "name": phases[each].get("name"),
            "position": {"x": place * ACROSS, "y": (row + (tallest - len(column)) / 2) * DOWN},
        }
        for place, column in members.items()
        for row, each in enumerate(column)
    ]
    return boxes, [way for way in ways if way["source"] in far]


def _place(step: JsonObject) -> tuple[int, int]:
    position = cast(dict[str, float], step["position"])
    return round(position["x"]), round(position["y"])


def _shape(x: int, y: int, *, fill: str = "none") -> str:
    return f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="10" fill="{fill}"/>'


def _box(step: JsonObject, place: tuple[int, int]) -> str:
    x, y = place
    words = str(step.get("name") or step["type"])
    shown = words if len(words) <= LETTERS else words[: LETTERS - 1] + "…"
    return (
        f"{_shape(x, y)}"
        f'<text x="{x + WIDTH // 2}" y="{y + HEIGHT // 2 + 5}" text-anchor="middle" font-family="sans-serif"'
        f' font-size="15" fill="currentColor" stroke="none">{escape(shown)}</text>'
    )


def _curve(connection: JsonObject, places: Places) -> str:
    from_x, from_y = places[str(connection["source"])]
    to_x, to_y = places[str(connection["target"])]
    x, y, end = from_x + WIDTH, from_y + HEIGHT // 2, to_y + HEIGHT // 2
    bend = max(40, abs(to_x - x) // 2)
    return f'<path d="M{x} {y}C{x + bend} {y} {to_x - bend} {end} {to_x} {end}" opacity="0.5"/>'
