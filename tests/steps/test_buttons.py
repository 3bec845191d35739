"""The step `buttons`: what is shown, and what counts as pressing one."""

from typing import Any

import pytest

from conduet.engine.trace import Buttons
from tests.engine.talk import Talk, step, workflow

BUTTONS = [
    {"id": "b1", "label": "Yes, please!", "value": "yes"},
    {"id": "b2", "label": {"en": "No", "de": "Nein"}},
    {"id": "b3", "label": "{{name}}'s bike", "value": "bike of {{name}}"},
    {"id": "yes", "label": "b2"},
]
SAID = [step(f"said_{button}", "message", text=button) for button in ("b1", "b2", "b3", "yes", "none")]
WIRES = "start > ask, ask.b1 > said_b1, ask.b2 > said_b2, ask.b3 > said_b3, ask.yes > said_yes, ask.noMatch > said_none"


def talk(**config: object) -> Talk:
    ask = step("ask", "buttons", **{"text": "Well?", "buttons": BUTTONS, **config})
    return Talk(workflow("main", ask, *SAID, wires=WIRES), variables=[{"name": "name", "default": "Ann"}])


async def test_buttons_are_shown_with_id_label_and_value() -> None:
    _, shown = await talk().traces("launch", None)
    assert isinstance(shown, Buttons)
    assert shown.payload() == {
        "buttons": [
            {"id": "b1", "label": "Yes, please!", "value": "yes"},
            {"id": "b2", "label": "No", "value": "b2"},
            {"id": "b3", "label": "Ann's bike", "value": "bike of Ann"},
            {"id": "yes", "label": "b2", "value": "yes"},
        ]
    }


async def test_the_text_may_be_left_out() -> None:
    assert await talk(text="").launch() == ["[Yes, please!] [No] [Ann's bike] [b2]"]


@pytest.mark.parametrize(
    ("label", "value", "expected"),
    [
        ("", "b1", "b1"),
        ("", "yes", "yes"),  # an id goes before a value
        ("", "b2", "b2"),  # and before a label
        ("", "bike of Ann", "b3"),
        ("", "Ann's bike", "b3"),
        ("yes please", "gone", "b1"),  # an unknown one is the text of its label
        ("no", None, "b2"),
        ("what", 7, "none"),
    ],
)
async def test_a_press_matches_by_its_value_against_id_then_value_then_label(
    label: str, value: Any, expected: str
) -> None:
    asked = talk()
    await asked.launch()
    assert await asked.press(label, value) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("yes please", "b1"),
        ("YES", "b1"),
        (" No. ", "b2"),
        ("anns BIKE", "b3"),
        ("bike of ann", "b3"),
        ("maybe", "none"),
    ],
)
async def test_a_text_matches_a_label_or_a_value_without_regard_to_case_and_punctuation(
    text: str, expected: str
) -> None:
    asked = talk()
    await asked.launch()
    assert await asked.say(text) == [expected]


async def test_labels_are_matched_in_the_language_they_are_shown_in() -> None:
    asked = talk()
    asked.state.internal["language"] = "de"
    assert (await asked.launch())[1] == "[Yes, please!] [Nein] [Ann's bike] [b2]"
    assert await asked.say("nein") == ["b2"]


async def test_without_free_text_the_buttons_are_shown_again() -> None:
    asked = talk(allowText=False)
    await asked.launch()
    assert await asked.say("maybe") == ["Well?", "[Yes, please!] [No] [Ann's bike] [b2]"]
    assert await asked.say("no") == ["b2"]


async def test_without_buttons_the_step_is_unfinished() -> None:
    asked = Talk(workflow("main", step("ask", "buttons", text="Well?"), wires="start > ask"))
    assert await asked.launch() == ["error UNFINISHED_STEP"]
