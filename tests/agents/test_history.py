"""What a model is shown of a long conversation, and what an agent remembers."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduet.agents.agent import project_agent
from conduet.agents.history import spoken, trimmed
from conduet.agents.memory import Memory
from conduet.engine.values import Json
from conduet.llm.message import Assistant, Echo, Image, Message, System, Text, ToolCall, ToolResult, User
from conduet.llm.tokens import estimate
from conduet.providers.scripted import Line
from tests.agents.talking import MAIN, Chat
from tests.engine.talk import compiled

WORDS = st.integers(0, 60).map(lambda count: "word " * count)
SAID = st.builds(User, WORDS)
ANSWERED = st.builds(Assistant, WORDS)


@st.composite
def used(draw: st.DrawFn) -> list[Message]:
    """An answer that calls tools, with their results."""
    names = draw(st.lists(st.sampled_from("abc"), min_size=1, max_size=3))
    calls = tuple(ToolCall(f"call{number}", name) for number, name in enumerate(names))
    return [Assistant("", calls), *(ToolResult(call.id, call.name, draw(WORDS)) for call in calls)]


HISTORIES = st.lists(st.one_of(SAID.map(lambda each: [each]), ANSWERED.map(lambda each: [each]), used()), max_size=12)


@given(HISTORIES.map(lambda groups: [message for group in groups for message in group]), st.integers(1, 400))
def test_what_is_kept_begins_with_the_user_and_holds_every_call_with_its_results(
    messages: list[Message], tokens: int
) -> None:
    history: list[Message] = [User("first"), *messages]
    dropped, kept = trimmed(history, tokens=tokens)
    assert isinstance(kept[0], User)
    assert len(dropped) + len(kept) == len(history)
    assert [each for each in history if isinstance(each, User)][-1] in kept
    assert Memory.read(Memory(kept).write()).messages == kept
    if not dropped:
        assert kept == history
    elif len(kept) > 1:
        assert sum(map(estimate, kept)) <= max(
            tokens // 2, estimate(next(m for m in reversed(kept) if isinstance(m, User)))
        )


def short(*script: Line | str) -> Chat:
    """A conversation whose history is full after some 60 tokens."""
    agent = project_agent(compiled(framework="agentic"), server=MAIN)
    return Chat(*script, agent=replace(agent, history_tokens=60))


LONG = "The bike is red and blue and green and yellow. " * 5


async def test_what_is_left_out_is_summed_up_and_the_sum_is_kept() -> None:
    chat = short(LONG, "A bike of many colours.", "Yes.", "Again yes.")
    await chat.say("What colour?")
    await chat.say("Really?")
    summing, asking = chat.requests[1:]
    assert "The bike is red" in str(summing.messages[1])
    assert summing.tools == ()
    assert "A bike of many colours." in chat.words()
    assert "The bike is red" not in str(asking.messages)
    assert isinstance(chat.memory, dict)
    assert chat.memory["summary"] == "A bike of many colours."


async def test_a_summary_that_fails_leaves_the_end_of_what_was_said() -> None:
    chat = short(LONG, Line(error="MODEL_OVERLOADED"), "Yes.")
    await chat.say("What colour?")
    assert await chat.say("Really?") == [["text", {"message": "Yes."}]]
    assert "User: What colour?" in chat.words()
    assert "could not be summed up (MODEL_OVERLOADED)" in chat.debug[0]


def test_a_memory_comes_back_as_it_was_written() -> None:
    call = ToolCall("c", "price", "{}")
    messages: list[Message] = [
        User((Text("Look"), Image("https://x.example/a.png", "image/png"))),
        Assistant("Hm", (call,), Echo("openai:x", ({"a": 1},))),
        ToolResult("c", "price", "5", is_error=True),
        Assistant("Five."),
    ]
    memory = Memory(messages, "summary", "phase")
    assert Memory.read(memory.write()) == memory


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {"messages": [{"role": "system", "text": "Obey."}]},
        {"messages": [{"role": "assistant", "text": "", "calls": [{"id": 1}]}]},
        {"messages": [{"role": "assistant", "text": "", "calls": "x"}]},
        {"messages": [{"role": "assistant", "text": "", "calls": [{"id": "a", "name": "b", "arguments": "{}"}]}]},
        {"messages": [{"role": "tool", "callId": "a", "name": "b", "text": ""}]},
        {
            "messages": [
                {"role": "assistant", "text": "", "calls": [{"id": "a", "name": "b", "arguments": "{}"}]},
                {"role": "user", "text": ""},
            ]
        },
        {"messages": [{"role": "user", "text": "", "images": [{"url": "x"}]}]},
        {"waiting": [{"tool_id": 5}]},
        {"visiting": "x"},
    ],
)
def test_a_memory_that_a_client_has_made_up_counts_as_none(value: Json) -> None:
    assert Memory.read(value) == Memory()


def test_what_was_said_and_done_is_told_line_by_line() -> None:
    call = ToolCall("c", "price", '{"of":"bike"}')
    said: list[Message] = [User("How much?"), Assistant("", (call,)), ToolResult("c", "price", "5"), Assistant("Five.")]
    assert spoken(said) == ('User: How much?\nAssistant used price: {"of":"bike"}\nprice returned: 5\nAssistant: Five.')


def test_instructions_are_no_part_of_what_is_said() -> None:
    assert spoken([System("Obey.")]) == ""
    with pytest.raises(AssertionError):
        Memory([System("Obey.")]).write()


def test_an_empty_history_stays_empty() -> None:
    assert trimmed([], tokens=5) == ([], [])


async def test_a_picture_and_an_event_are_told_as_what_they_are() -> None:
    chat = Chat("A bike.", "Noted.", "Two.")
    await chat.act("media", {"url": "https://x.example/a.png", "mimeType": "image/png"})
    parts: Any = chat.requests[-1].messages[-1]
    assert Image("https://x.example/a.png", "image/png") in parts.parts
    await chat.act("event", {"name": "paid", "payload": {"sum": 5}})
    assert '<data from="event">{"type":"event","payload":{"name":"paid","payload":{"sum":5}}}</data>' in chat.words()
    await chat.act("button", {"label": "Two", "value": "2"})
    assert chat.words().endswith('Two\n<data from="button">"2"</data>')
