"""The step `media`: what is shown in each kind, and when it waits."""

from typing import Any, cast

import pytest

from conduet.engine.check import check
from conduet.engine.document import compile_document
from conduet.engine.run import at_rest
from conduet.errors import BadRequest
from tests.engine.talk import PLUGINS, FakeContext, Talk, compiled, line, step, workflow

NAMES = [{"name": "model", "default": "roadster"}]
BUTTONS = [
    {"id": "book", "label": {"en": "Book it", "de": "Buchen"}, "value": "b"},
    {"id": "more", "label": "More", "url": "https://bikes.example/{{model}}"},
]
CARD: dict[str, Any] = {
    "kind": "card",
    "title": "The {{model}}",
    "description": "Fast",
    "imageUrl": "https://bikes.example/{{model}}.jpg",
    "url": "https://bikes.example",
    "buttons": BUTTONS,
}
CAROUSEL: dict[str, Any] = {
    "kind": "carousel",
    "cards": [CARD | {"buttons": BUTTONS[:1]}, {"title": "Other", "buttons": [{"id": "other", "label": "This one"}]}],
}


@pytest.mark.parametrize("kind", ["image", "video", "audio", "file"])
async def test_it_shows_what_lies_at_an_address(kind: str) -> None:
    shown = Talk(line(step("m", "media", kind=kind, url="https://a.example/{{model}}")), variables=NAMES)
    assert await shown.launch() == [f"{kind} https://a.example/roadster"]
    assert shown.seen[0].payload() == {"url": "https://a.example/roadster"}


async def test_what_is_known_of_it_is_told_too() -> None:
    config = {"url": "https://a.example", "alt": {"en": "A bike", "de": "Ein Rad"}, "mimeType": "image/png"}
    shown = Talk(line(step("m", "media", **config)), language="de")
    await shown.launch()
    assert shown.seen[0].payload() == {"url": "https://a.example", "alt": "Ein Rad", "mimeType": "image/png"}


async def test_a_platform_may_have_its_own() -> None:
    shown = step("m", "media", url="large.png", channels={"sms": {"url": "small.png"}})
    assert await Talk(line(shown), context=FakeContext(platform="sms")).launch() == ["image small.png"]


def talk(config: dict[str, Any], wires: str) -> Talk:
    main = workflow(
        "main", step("m", "media", **config), step("b", "message", text="booked"), step("o", "message", text="other"),
        step("n", "message", text="next"), wires=f"start > m, {wires}",
    )  # fmt: skip
    return Talk(main, variables=NAMES)


async def test_a_card_shows_its_parts() -> None:
    shown = talk(CARD, "m > n")
    assert await shown.launch() == ["card The roadster [Book it] [More]", "next"]
    assert shown.seen[0].payload() == {
        "title": "The roadster",
        "description": "Fast",
        "imageUrl": "https://bikes.example/roadster.jpg",
        "url": "https://bikes.example",
        "buttons": [
            {"id": "book", "label": "Book it", "value": "b"},
            {"id": "more", "label": "More", "value": "more", "url": "https://bikes.example/roadster"},
        ],
    }


async def test_a_card_of_a_title_alone_shows_no_more() -> None:
    shown = talk({"kind": "card", "title": "Only"}, "m > n")
    await shown.launch()
    assert shown.seen[0].payload() == {"title": "Only", "buttons": []}


async def test_it_waits_only_when_a_button_leads_somewhere() -> None:
    waiting, passing = talk(CARD, "m.book > b, m > n"), talk(CARD, "m > n")
    await waiting.launch()
    await passing.launch()
    assert (at_rest(waiting.state), at_rest(passing.state)) == (False, True)


@pytest.mark.parametrize(
    ("do", "told"),
    [
        (("text", "book it!"), ["booked"]),
        (("text", "b"), ["booked"]),
        (("button", {"label": "Book it", "value": "book"}), ["booked"]),
        (("button", {"label": "Book it", "value": "old"}), ["booked"]),
        (("button", {"label": "More", "value": "more"}), []),
        (("text", "something else"), ["next"]),
        (("media", {"url": "https://a.example"}), ["next"]),
    ],
)
async def test_a_button_leads_where_it_is_connected_and_anything_else_goes_on(do: Any, told: list[str]) -> None:
    shown = talk(CARD, "m.book > b, m > n")
    await shown.launch()
    assert await shown.act(*do) == told


async def test_cards_side_by_side_are_chosen_from() -> None:
    shown = talk(CAROUSEL, "m.book > b, m.other > o")
    assert await shown.launch() == ["card The roadster [Book it] | card Other [This one]"]
    assert [card["title"] for card in cast("Any", shown.seen[0].payload()["cards"])] == ["The roadster", "Other"]
    assert await shown.launch() == ["card The roadster [Book it] | card Other [This one]"]
    assert await shown.say("this one") == ["other"]


@pytest.mark.parametrize(
    ("config", "path", "told"),
    [
        ({"kind": "hologram"}, "kind", "Input should be"),
        (CARD | {"buttons": [{"id": "next"}]}, "buttons[0].id", "is a port that the step has anyway."),
        (CARD | {"buttons": [{"id": "a"}, {"id": "a"}]}, "buttons[1].id", "is there twice"),
        (
            CAROUSEL | {"cards": [{"buttons": [{"id": "a"}]}, {"buttons": [{"id": "b"}, {"id": "b"}]}]},
            "cards[1].buttons[1].id",
            "is there twice",
        ),
    ],
)
def test_a_wrong_shape_is_refused_by_path(config: dict[str, Any], path: str, told: str) -> None:
    with pytest.raises(BadRequest) as refused:
        compile_document({"workflows": [line(step("m", "media", **config))]}, PLUGINS)
    (detail,) = refused.value.details
    assert detail.path == f"workflows[0].steps[1].config.{path}"
    assert told in detail.message


def test_buttons_of_different_lists_may_not_be_called_alike() -> None:
    config = CAROUSEL | {"buttons": [{"id": "other", "label": "x"}]}
    with pytest.raises(BadRequest, match="is there twice"):
        compile_document({"workflows": [line(step("m", "media", **config))]}, PLUGINS)


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ({}, ["error REQUIRED url"]),
        ({"kind": "card"}, ["error REQUIRED title"]),
        ({"kind": "carousel"}, ["error REQUIRED cards"]),
        ({"kind": "carousel", "cards": [{"title": "a"}, {}]}, ["error REQUIRED cards[1].title"]),
        ({"kind": "card", "title": "a", "buttons": [{"id": "a", "url": "u"}]}, ["error REQUIRED buttons[0].label"]),
        ({"url": "{{gone}}"}, ["error UNKNOWN_VARIABLE url"]),
    ],
)
def test_what_is_unfinished_is_a_problem(config: dict[str, Any], told: list[str]) -> None:
    base = "workflows[0].steps[1].config."
    problems = check(compiled(line(step("m", "media", **config))))
    assert [f"{each.severity} {each.code} {each.path.removeprefix(base)}" for each in problems] == told
