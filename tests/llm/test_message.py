"""Messages, and what a model's call may look like."""

import pytest

from conduet.llm.message import Assistant, BrokenArguments, Echo, Image, Text, ToolCall, ToolSpec, User


def test_words_alone_are_one_part() -> None:
    assert User("Hello").parts == (Text("Hello"),)


def test_a_picture_is_elsewhere_or_has_its_bytes() -> None:
    assert Image("https://shop.example/a.png").url() == "https://shop.example/a.png"
    assert Image(b"\x89PNG", "image/png").url() == "data:image/png;base64,iVBORw=="


@pytest.mark.parametrize("arguments", ["", "  ", "{}"])
def test_no_arguments_are_an_empty_object(arguments: str) -> None:
    assert ToolCall("call_1", "x", arguments).parsed() == {}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ('{"a":', "not valid JSON"),
        ("NaN", "not valid JSON"),
        ('{"a": NaN}', "not valid JSON"),
        ("[1]", "no object"),
        ('"{}"', "no object"),
        ("[" * 100 + "]" * 100, "not valid JSON"),
        ("\ud800", "not valid JSON"),
        ('{"a": "\\u0000"}', "not valid JSON"),
    ],
)
def test_broken_arguments_are_told_to_the_model_and_kept_for_the_history(arguments: str, told: str) -> None:
    call = ToolCall("call_1", "x", arguments)
    with pytest.raises(BrokenArguments, match=told):
        call.parsed()
    assert call.shown() == {"invalid": arguments}


def test_an_echo_is_for_the_model_that_gave_it() -> None:
    said = Assistant("Hi", echo=Echo("openai:a", ({"x": 1},)))
    assert said.echoed("openai:a") == ({"x": 1},)
    assert said.echoed("openai:b") == Assistant("Hi").echoed("openai:a") == ()


def test_parameters_are_an_object_whatever_is_said() -> None:
    assert ToolSpec("x", "X.").schema == {"type": "object", "properties": {}}
    assert ToolSpec("x", "X.", {"properties": {"a": {}}, "required": ["a"]}).schema == {
        "type": "object",
        "properties": {"a": {}},
        "required": ["a"],
    }
