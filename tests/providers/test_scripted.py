"""The scripted provider gives the same answers each time, for tests."""

import json
from pathlib import Path

import pytest

from conduet.llm.errors import ModelError, RateLimited, RequestRejected
from conduet.llm.event import CallDelta, TextDelta
from conduet.llm.message import Assistant, ModelRequest, System, ToolCall, ToolResult, User
from conduet.llm.models import Models, Patience
from conduet.llm.name import parse_chain
from conduet.llm.transport import Direct
from conduet.providers.scripted import Line, Scripted, ScriptedCall
from tests.providers.playing import HELLO

MAIN = parse_chain("scripted:main")


async def test_answers_come_one_after_the_other_word_by_word() -> None:
    scripted = Scripted.saying("Hello, how are you?", "Bye.")
    assert [event.text async for event in scripted.stream("main", HELLO) if isinstance(event, TextDelta)] == [
        "Hello, ",
        "how ",
        "are ",
        "you?",
    ]
    assert (await Models({"scripted": scripted}).answer(MAIN, HELLO)).text == "Bye."
    assert scripted.requests == (HELLO, HELLO)


async def test_a_script_that_is_over_says_so() -> None:
    with pytest.raises(RequestRejected, match="no answer left to: 'Hello'"):
        await Models({"scripted": Scripted.saying()}).answer(MAIN, HELLO)


async def test_an_answer_may_wait_for_its_cue() -> None:
    models = Models({"scripted": Scripted.saying(Line(when="ORDER", text="Which?", again=True), "Hello!")})

    async def said(words: str) -> str:
        return (await models.answer(MAIN, ModelRequest((User(words),)))).text

    assert [await said(words) for words in ("my order", "Hi", "an order")] == ["Which?", "Hello!", "Which?"]


async def test_a_cue_may_be_what_a_tool_answered() -> None:
    models = Models({"scripted": Scripted.saying("No.", Line(when="on its way", text="It is on its way."))})
    call = ToolCall("call_1", "find_order")
    request = ModelRequest((User("?"), Assistant("", (call,)), ToolResult(call.id, call.name, "state: on its way")))
    assert (await models.answer(MAIN, request)).text == "No."
    assert (await models.answer(MAIN, request)).text == "It is on its way."


async def test_a_cue_may_be_in_any_message_that_is_the_last() -> None:
    models = Models({"scripted": Scripted.saying(Line(when="welcome", text="Yes.", again=True))})
    for message in (System("Welcome them."), Assistant("Welcome!")):
        assert (await models.answer(MAIN, ModelRequest((message,)))).text == "Yes."
    with pytest.raises(RequestRejected):
        await models.answer(MAIN, ModelRequest(()))


async def test_calls_stream_their_arguments_and_have_ids_that_a_history_holds_once() -> None:
    calls = (
        ScriptedCall(name="find_order", arguments={"number": "A-1009"}),
        ScriptedCall(name="broken", arguments="{"),
    )
    scripted = Scripted.saying(Line(calls=calls))
    request = ModelRequest((User("?"), Assistant("", (ToolCall("call_1", "x"),)), ToolResult("call_1", "x", "")))
    told = [event async for event in scripted.stream("main", request)]
    assert "".join(event.arguments for event in told if isinstance(event, CallDelta)) == '{"number":"A-1009"}{'
    answer = await Models({"scripted": Scripted.saying(Line(calls=calls))}).answer(MAIN, request)
    assert answer.finish == "calls"
    assert [(call.id, call.arguments) for call in answer.calls] == [("call_2", '{"number":"A-1009"}'), ("call_3", "{")]


async def test_any_failure_can_be_played_before_or_after_the_first_token() -> None:
    script = Scripted.saying(
        Line(error="MODEL_RATE_LIMITED", retry_after_seconds=7), Line(text="Hel", error="MODEL_STREAM_BROKEN")
    )
    models = Models({"scripted": script}, patience=Patience(retries=0))
    with pytest.raises(RateLimited) as limited:
        await models.answer(MAIN, HELLO)
    assert limited.value.retry_after_seconds == 7
    with pytest.raises(ModelError) as broken:
        await models.answer(MAIN, HELLO)
    assert broken.value.after_first_token


async def test_a_failure_that_there_is_not_is_told_with_those_there_are() -> None:
    with pytest.raises(RequestRejected, match="take one of BUDGET_REACHED, MODEL_ANSWER_EMPTY, "):
        await Models({"scripted": Scripted.saying(Line(error="NONSENSE"))}).answer(MAIN, HELLO)


async def test_scripts_come_from_a_file_by_their_names(tmp_path: Path) -> None:
    path = tmp_path / "answers.json"
    path.write_text(json.dumps({"greeting": [{"text": "Welcome!"}], "other": [{"reasoning": "Hm.", "text": "Yes."}]}))
    scripted = Scripted.from_environment({"SCRIPTED_ANSWERS": str(path)}, Direct())
    assert scripted is not None
    answer = await Models({"scripted": scripted}).answer(parse_chain("scripted:other"), HELLO)
    assert (answer.text, answer.reasoning, answer.cost_usd) == ("Yes.", "Hm.", None)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "SCRIPTED_ANSWERS: the file cannot be read: No such file or directory"),
        ('{"main": [{"texd": ""}]}', r"the file is no script: main\.0\.texd: Extra inputs are not permitted"),
    ],
)
def test_a_file_that_is_no_script_is_told(tmp_path: Path, content: str | None, told: str) -> None:
    path = tmp_path / "answers.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ValueError, match=told):
        Scripted.from_environment({"SCRIPTED_ANSWERS": str(path)}, Direct())
