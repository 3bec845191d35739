"""One turn of an agent: the loop, its bounds, and what becomes of everything that can go wrong in it."""

import pytest

from conduet.agents.stage import Answered, Failed
from conduet.llm.message import Assistant
from conduet.providers.scripted import Line, Scripted
from tests.agents.talking import Chat, calling, tool
from tests.engine.talk import FakeContext


async def test_an_answer_streams_and_comes_whole_for_who_reads_no_deltas() -> None:
    chat = Chat("Hello there, Ben.")
    traces = await chat.turn("text", "Hi")
    assert [(trace.type, trace.payload()["text"]) for trace in traces] == [
        ("completion-start", "Hello "),
        ("completion-continue", "there, "),
        ("completion-end", "Ben."),
    ]
    assert isinstance(chat.outcome, Answered)
    assert await Chat("Hello there, Ben.").say("Hi") == [["text", {"message": "Hello there, Ben."}]]


async def test_the_next_turn_knows_what_was_said() -> None:
    chat = Chat("Hello.", "As I said.")
    await chat.say("Hi")
    await chat.say("And?")
    assert [type(message).__name__ for message in chat.requests[-1].messages] == ["System", "User", "Assistant", "User"]


async def test_a_launch_calls_the_model_once_and_then_shows_the_last_buttons() -> None:
    phase = {"id": "hi", "instructions": "Greet.", "buttons": ["Rent", {"id": "b", "label": "Buy", "value": "buy"}]}
    chat = Chat("Welcome.", harness={"phases": phase})
    buttons = [
        "buttons",
        {
            "buttons": [
                {"id": "button1", "label": "Rent", "value": "Rent"},
                {"id": "b", "label": "Buy", "value": "buy"},
            ]
        },
    ]
    assert await chat.act("launch") == [["text", {"message": "Welcome."}], buttons]
    assert "has said nothing yet" in chat.words()
    assert await chat.act("launch") == [buttons]
    assert len(chat.requests) == 1


async def test_a_tool_that_does_not_exist_is_told_with_those_that_do() -> None:
    chat = Chat(calling(("fly", {})), "I cannot fly.", tools=[tool("price")])
    await chat.say("Fly!")
    result = chat.requests[-1].messages[-1]
    assert "There is no tool of that name here. There are: price" in str(result)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("{", "The arguments are not valid JSON. Send one JSON object."),
        ("[1]", "The arguments are JSON, but no object."),
        ('{"days": "many"}', "Wrong arguments: days"),
        ('{"wrong": 1}', "Wrong arguments: "),
    ],
)
async def test_wrong_arguments_go_back_to_the_model_in_words(arguments: str, told: str) -> None:
    chat = Chat(
        calling(("set_variables", arguments)),
        calling(("set_variables", {"days": 3})),
        "Three days.",
        variables=[{"name": "days", "type": "number"}],
    )
    await chat.say("Three days")
    assert told in str(chat.requests[1].messages[-1])
    assert chat.variables["days"] == 3


async def test_the_same_failing_call_is_not_made_twice() -> None:
    same = ("price", {"of": "bike"})
    chat = Chat(calling(same), calling(same), "I do not know.", tools=[tool("price")])
    traces = await chat.say("How much?")
    assert [kind for kind, _ in traces].count("tool-call") == 2
    assert "Not run: this very call has failed already." in str(chat.requests[-1].messages[-1])


async def test_a_long_result_is_cut_with_a_notice() -> None:
    chat = Chat(
        calling(("price", {})), "Much.", tools=[tool("price")], context=FakeContext(mocks={"price": "x" * 90_000})
    )
    await chat.say("How much?")
    result = str(chat.requests[-1].messages[-1])
    assert "(Cut: the first 16000 of 90002 characters are shown.)" in result
    assert len(result) < 17_000


@pytest.mark.parametrize(
    ("script", "harness", "behaviour", "code"),
    [
        ([calling(("price", {}), again=True)], {"maxRounds": 3}, {}, "MAX_ROUNDS"),
        ([calling(*[("price", {"of": str(n)}) for n in range(5)])], {"maxToolCalls": 4}, {}, "MAX_TOOL_CALLS"),
        ([calling(("price", {}))], {}, {"budget": {"perTurnTokens": 10}}, "TOKEN_BUDGET"),
    ],
)
async def test_a_bound_ends_with_a_sentence_and_an_error(
    script: list[Line], harness: dict[str, int], behaviour: dict[str, object], code: str
) -> None:
    mocks = FakeContext(mocks={"price": 5})
    chat = Chat(*script, harness=harness, behaviour=behaviour, context=mocks, tools=[tool("price")])
    traces = await chat.say("How much?")
    assert traces[-2][0] == "text"
    assert traces[-1][0] == "error"
    assert traces[-1][1]["code"] == code
    assert chat.outcome == Failed(code)
    # The conversation goes on: every call has its result.
    chat.scene.scripted = Scripted.saying("Here I am.")
    assert await chat.say("Are you there?") == [["text", {"message": "Here I am."}]]


async def test_a_turn_that_takes_too_long_says_so() -> None:
    context = FakeContext(mocks={"price": 5})
    chat = Chat(calling(("price", {})), "Never said.", tools=[tool("price")], context=context)
    chat.scene.takes_seconds = 115
    traces = await chat.say("How much?")
    assert traces[-1][1]["code"] == "TURN_TIMED_OUT"


async def test_a_model_that_fails_is_told_and_the_conversation_goes_on() -> None:
    chat = Chat(Line(error="MODEL_OVERLOADED"), "Now I can.")
    assert await chat.say("Hi") == [
        ["text", {"message": "I cannot answer just now. Please try again in a moment."}],
        ["error", {"code": "MODEL_OVERLOADED", "message": "The model's provider is overloaded.", "handled": True}],
    ]
    assert await chat.say("Again") == [["text", {"message": "Now I can."}]]


async def test_an_answer_that_breaks_off_keeps_what_was_seen() -> None:
    chat = Chat(Line(text="The price is ", error="MODEL_STREAM_BROKEN"), "Sorry.")
    traces = await chat.say("How much?")
    assert [kind for kind, _ in traces] == ["text", "text", "error"]
    await chat.say("Go on")
    assert isinstance(said := chat.requests[-1].messages[2], Assistant)
    assert said.text == "The price is \n\nI cannot answer just now. Please try again in a moment."


async def test_a_model_that_says_nothing_after_its_tools_has_said_enough() -> None:
    chat = Chat(calling(("resolve", {"reason": "Done"}), text="Bye!"), Line(error="MODEL_ANSWER_EMPTY"))
    traces = await chat.say("Thanks, bye")
    assert [kind for kind, _ in traces] == ["text", "tool_call", "tool-call", "resolution", "tool-call"]


async def test_an_answer_of_nothing_but_white_space_is_none() -> None:
    traces = await Chat(Line(text=" \n")).say("Hi")
    assert [payload.get("code") for _, payload in traces] == [None, "MODEL_ANSWER_EMPTY"]


async def test_an_answer_that_was_cut_off_is_told_to_who_builds() -> None:
    chat = Chat(Line(text="And then", finish="length"))
    assert await chat.say("Tell me") == [["text", {"message": "And then"}]]
    assert chat.debug == ["The model's answer was cut off at its limit of tokens."]


async def test_what_cannot_be_made_shorter_ends_in_an_error() -> None:
    traces = await Chat(Line(error="MODEL_CONTEXT_TOO_LONG")).say("Hi")
    assert traces[-1][1]["code"] == "MODEL_CONTEXT_TOO_LONG"


async def test_what_does_not_fit_into_the_model_is_asked_again_with_less() -> None:
    chat = Chat("One.", "Two.", Line(error="MODEL_CONTEXT_TOO_LONG"), "Three.")
    await chat.say("first words " * 50)
    await chat.say("second words " * 50)
    assert await chat.say("third") == [["text", {"message": "Three."}]]
    assert "first words" in str(chat.requests[2].messages[1])
    assert "User: first words" in chat.words()
