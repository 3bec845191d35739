"""An answer that goes through JSON is the same answer."""

import json

import pytest

from conduet.llm.answer import Assembly, Attempt, ModelAnswer
from conduet.llm.event import Finished, TextDelta, Usage
from conduet.llm.message import Echo, ToolCall
from conduet.llm.record import read_answer, write_answer

WHOLE = ModelAnswer(
    model="openai:gpt-5",
    text="Let me look.",
    calls=(ToolCall("call_1", "find_order", '{"number":'), ToolCall("call_2", "opening_hours")),
    finish="calls",
    reasoning="Two things are needed.",
    echo=Echo("openai:gpt-5", ({"type": "reasoning", "encrypted_content": "x", "n": [1, None, 2.5]},)),
    usage=Usage(1117, 46, 1024, 0, 32),
    cost_usd=0.00012,
    first_token_seconds=0.3,
    duration_seconds=1.5,
    attempts=(Attempt("anthropic:x", 0.1, "MODEL_OVERLOADED", "Overloaded"), Attempt("openai:gpt-5", 1.4)),
)


@pytest.mark.parametrize("answer", [WHOLE, ModelAnswer("scripted:main", "Hello")])
def test_an_answer_is_read_back_as_it_was_written(answer: ModelAnswer) -> None:
    assert read_answer(json.loads(json.dumps(write_answer(answer)))) == answer


def test_what_has_its_default_is_left_out() -> None:
    assert write_answer(ModelAnswer("scripted:main", "Hello")) == {"model": "scripted:main", "text": "Hello"}


def test_what_is_no_answer_is_refused() -> None:
    with pytest.raises(ValueError, match="model"):
        read_answer({"text": "Hello"})


def test_an_answer_of_words_alone_can_be_streamed_again() -> None:
    assert ModelAnswer("scripted:main", "Hello").events() == [TextDelta("Hello"), Usage(), Finished("stop")]
    assert ModelAnswer("scripted:main").events() == [Usage(), Finished("stop")]


def test_an_answer_can_be_streamed_again() -> None:
    assembly = Assembly(WHOLE.model)
    for event in WHOLE.events():
        assembly.take(event)
    again = assembly.answer()
    assert (again.text, again.calls, again.finish, again.reasoning, again.echo) == (
        WHOLE.text,
        WHOLE.calls,
        WHOLE.finish,
        WHOLE.reasoning,
        WHOLE.echo,
    )
