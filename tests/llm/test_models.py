"""Asking models: fallback, trying again, deadlines, fair places, and what it all took."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import ClassVar

import pytest

from conduet.llm.answer import ModelAnswer
from conduet.llm.errors import (
    BrokenStream,
    ContextTooLong,
    EmptyAnswer,
    ModelError,
    NotConfigured,
    OutOfCredit,
    Overloaded,
    RateLimited,
    TimedOut,
)
from conduet.llm.event import CallEnded, CallStarted, Event, Finished, ReasoningDelta, TextDelta, Usage
from conduet.llm.message import ModelRequest, ToolCall, User
from conduet.llm.models import Models, Patience, Told
from conduet.llm.name import ModelName, parse_chain
from conduet.llm.provider import Provider
from conduet.providers.scripted import Line, Scripted, ScriptedCall

HELLO = ModelRequest((User("Hello"),))
QUICK = Patience(first_token_seconds=0.4, total_seconds=1.2, pause_seconds=0.01)
ONE = parse_chain("scripted:main")


class Timed(Provider):
    """Gives its events with pauses between them; a number is a pause in seconds."""

    type: ClassVar[str] = "timed"
    script: tuple[object, ...]
    tally: list[str]

    async def stream(self, model: str, request: ModelRequest) -> AsyncGenerator[Event]:
        self.tally.append("opened")
        try:
            for step in self.script:
                if isinstance(step, float):
                    await asyncio.sleep(step)
                else:
                    yield step  # pyright: ignore[reportReturnType]  # what a test gives may be an error, which is raised before
        finally:
            self.tally.append("closed")


def timed(*script: object, at_once: int = 10) -> Timed:
    return Timed(script=script, tally=[], at_once=at_once)


def scripts(**lines: list[Line | str]) -> Scripted:
    return Scripted(
        scripts={
            name: tuple(Line(text=line) if isinstance(line, str) else line for line in script)
            for name, script in lines.items()
        }
    )


async def collected(models: Models, *names: str) -> tuple[list[Told], ModelAnswer]:
    told = [event async for event in models.stream(parse_chain(names), HELLO)]
    answer = told.pop()
    assert isinstance(answer, ModelAnswer)
    return told, answer


async def test_the_answer_comes_last_with_what_it_took() -> None:
    told, answer = await collected(Models({"scripted": Scripted.saying("Hello there.")}), "scripted:main")
    assert told == [TextDelta("Hello "), TextDelta("there.")]
    assert (answer.model, answer.text, answer.finish, answer.cost_usd) == (
        "scripted:main",
        "Hello there.",
        "stop",
        None,
    )
    assert answer.usage.input > 0
    assert answer.first_token_seconds is not None
    assert 0 <= answer.first_token_seconds <= answer.duration_seconds
    assert [(attempt.model, attempt.error) for attempt in answer.attempts] == [("scripted:main", None)]


async def test_calls_are_told_while_they_come_and_are_in_the_answer() -> None:
    line = Line(reasoning="Hm.", calls=(ScriptedCall(name="find_order", arguments="{"), ScriptedCall(name="hours")))
    told, answer = await collected(Models({"scripted": Scripted.saying(line)}), "scripted:main")
    assert told[0] == ReasoningDelta("Hm.")
    assert [event.name for event in told if isinstance(event, CallStarted)] == ["find_order", "hours"]
    assert [event.call for event in told if isinstance(event, CallEnded)] == list(answer.calls)
    assert answer.message().calls == (ToolCall("call_1", "find_order", "{"), ToolCall("call_2", "hours"))


async def test_a_chain_goes_on_until_a_model_answers() -> None:
    models = Models(
        {"scripted": scripts(a=[Line(error="MODEL_OVERLOADED")], b=[Line(error="MODEL_RATE_LIMITED")], c=["Hi"])}
    )
    _, answer = await collected(models, "scripted:a", "scripted:b", "scripted:c", "scripted:d")
    assert answer.text == "Hi"
    assert [(attempt.model, attempt.error) for attempt in answer.attempts] == [
        ("scripted:a", "MODEL_OVERLOADED"),
        ("scripted:b", "MODEL_RATE_LIMITED"),
        ("scripted:c", None),
    ]


async def test_an_error_that_another_model_does_not_mend_ends_the_chain() -> None:
    models = Models({"scripted": scripts(a=[Line(error="MODEL_CONTEXT_TOO_LONG")], b=["Hi"])})
    with pytest.raises(ContextTooLong):
        await collected(models, "scripted:a", "scripted:b")


async def test_after_the_first_token_nobody_else_is_asked() -> None:
    models = Models({"scripted": scripts(a=[Line(text="Hel", error="MODEL_STREAM_BROKEN")], b=["Hi"])})
    stream = models.stream(parse_chain(["scripted:a", "scripted:b"]), HELLO)
    assert await anext(stream) == TextDelta("Hel")
    with pytest.raises(BrokenStream) as caught:
        await anext(stream)
    assert caught.value.after_first_token
    assert len(caught.value.attempts) == 1


async def test_what_a_model_thought_before_it_failed_is_no_token_of_its_answer() -> None:
    models = Models({"scripted": scripts(a=[Line(reasoning="Hm.", error="MODEL_STREAM_BROKEN")], b=["Hi"])})
    told, answer = await collected(models, "scripted:a", "scripted:b")
    assert told == [ReasoningDelta("Hm."), TextDelta("Hi")]
    assert (answer.text, answer.reasoning) == ("Hi", "")


async def test_the_last_model_of_a_chain_is_asked_once_more() -> None:
    models = Models({"scripted": Scripted.saying(Line(error="MODEL_UNREACHABLE"), "Hi")}, patience=QUICK)
    _, answer = await collected(models, "scripted:main")
    assert [attempt.error for attempt in answer.attempts] == ["MODEL_UNREACHABLE", None]


async def test_a_model_that_fails_twice_has_failed() -> None:
    line = Line(error="MODEL_UNREACHABLE", again=True)
    with pytest.raises(ModelError) as caught:
        await collected(Models({"scripted": Scripted.saying(line)}, patience=QUICK), "scripted:main")
    assert [attempt.error for attempt in caught.value.attempts] == ["MODEL_UNREACHABLE"] * 2


@pytest.mark.parametrize("kind", [TimedOut, OutOfCredit])
async def test_what_waiting_does_not_mend_is_not_tried_again(kind: type[ModelError]) -> None:
    models = Models({"scripted": Scripted.saying(Line(error=kind.code), "Hi")}, patience=QUICK)
    with pytest.raises(kind):
        await collected(models, "scripted:main")


async def test_a_provider_is_left_in_peace_as_long_as_it_asks() -> None:
    clock = asyncio.get_running_loop().time
    models = Models({"scripted": Scripted.saying(Line(error="MODEL_RATE_LIMITED", retry_after_seconds=0.1), "Hi")})
    began = clock()
    _, answer = await collected(models, "scripted:main")
    assert answer.text == "Hi"
    assert clock() - began >= 0.1


@pytest.mark.parametrize("seconds", [1.3, 60])
async def test_a_provider_that_asks_for_too_much_time_is_given_up(seconds: float) -> None:
    line = Line(error="MODEL_RATE_LIMITED", retry_after_seconds=seconds)
    with pytest.raises(RateLimited):
        await collected(Models({"scripted": Scripted.saying(line, "Hi")}, patience=QUICK), "scripted:main")


async def test_each_model_has_its_own_time_to_the_first_token() -> None:
    slow = timed(5.0)
    models = Models({"timed": slow, "scripted": Scripted.saying(Line(text="Hi", seconds=0.05))}, patience=QUICK)
    _, answer = await collected(models, "timed:x", "scripted:main")
    assert answer.text == "Hi"
    assert [attempt.error for attempt in answer.attempts] == ["MODEL_TIMED_OUT", None]
    assert slow.tally == ["opened", "closed"]


async def test_the_time_of_all_attempts_together_is_bounded() -> None:
    models = Models({"timed": timed(5.0)}, patience=Patience(0.5, 0.9))
    clock = asyncio.get_running_loop().time
    began = clock()
    with pytest.raises(TimedOut) as caught:
        await collected(models, "timed:a", "timed:b", "timed:c", "timed:d")
    assert clock() - began < 2
    assert len(caught.value.attempts) == 2


async def test_a_thought_is_a_sign_of_life() -> None:
    models = Models(
        {"timed": timed(0.05, ReasoningDelta("Hm."), 0.5, TextDelta("Hi"), Finished("stop"))}, patience=QUICK
    )
    assert (await models.answer(parse_chain("timed:x"), HELLO)).text == "Hi"


async def test_an_answer_that_does_not_end_in_time_is_cut_off() -> None:
    models = Models({"timed": timed(TextDelta("Hi"), 5.0)}, patience=QUICK)
    with pytest.raises(TimedOut, match="broke off") as caught:
        await models.answer(parse_chain("timed:x"), HELLO)
    assert caught.value.after_first_token


async def test_a_call_takes_no_longer_than_it_was_given() -> None:
    models = Models({"timed": timed(TextDelta("Hi"), 5.0)})
    async with aclosing(models.stream(parse_chain("timed:x"), HELLO, seconds=0.05)) as stream:
        assert await anext(stream) == TextDelta("Hi")
        with pytest.raises(TimedOut, match="broke off"):
            await anext(stream)


async def test_a_reader_who_is_slow_is_not_cut_off_but_by_the_deadline_of_the_call() -> None:
    models = Models({"timed": timed(TextDelta("a"), TextDelta("b"), Finished("stop"))}, patience=QUICK)
    text = ""
    async for told in models.stream(parse_chain("timed:x"), HELLO):
        text += told.text if isinstance(told, TextDelta) else ""
        await asyncio.sleep(0.1)
    assert text == "ab"


async def test_leaving_early_closes_the_stream_and_gives_the_place_back() -> None:
    provider = timed(TextDelta("a"), 5.0, at_once=1)
    models = Models({"timed": provider}, patience=QUICK)
    for _ in range(3):
        async with aclosing(models.stream(parse_chain("timed:x"), HELLO)) as stream:
            assert await anext(stream) == TextDelta("a")
    assert provider.tally == ["opened", "closed"] * 3


async def test_a_cancelled_call_closes_the_stream_and_gives_the_place_back() -> None:
    provider = timed(5.0, at_once=1)
    models = Models({"timed": provider})
    for _ in range(2):
        task = asyncio.create_task(models.answer(parse_chain("timed:x"), HELLO))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert provider.tally == ["opened", "closed"] * 2


async def test_who_finds_no_place_in_time_is_told_and_falls_back() -> None:
    models = Models(
        {"timed": timed(TextDelta("a"), 0.6, Finished("stop"), at_once=1), "scripted": Scripted.saying("Hi")},
        patience=QUICK,
    )
    first = asyncio.create_task(models.answer(parse_chain("timed:x"), HELLO))
    await asyncio.sleep(0.01)
    answer = await models.answer(parse_chain("timed:x, scripted:main"), HELLO)
    assert [attempt.error for attempt in answer.attempts] == [Overloaded.code, None]
    assert (await first).text == "a"


async def test_projects_take_turns_at_a_provider() -> None:
    models = Models({"timed": timed(TextDelta("a"), 0.01, Finished("stop"), at_once=1)})
    order = list[str]()

    async def ask(project: str) -> None:
        await models.answer(parse_chain("timed:x"), HELLO, project=project)
        order.append(project)

    await asyncio.gather(*(ask(project) for project in "aaaab"))
    assert "".join(order) == "aabaa" or "".join(order) == "abaaa"


async def test_an_answer_without_its_end_is_broken_and_one_without_anything_empty() -> None:
    with pytest.raises(BrokenStream):
        await Models({"timed": timed(TextDelta("a"))}).answer(parse_chain("timed:x"), HELLO)
    patience = Patience(retries=0)
    with pytest.raises(EmptyAnswer, match="gave an empty answer"):
        await Models({"timed": timed(Finished("stop"))}, patience=patience).answer(parse_chain("timed:x"), HELLO)
    with pytest.raises(EmptyAnswer, match="used up its tokens"):
        await Models({"timed": timed(Finished("length"))}, patience=patience).answer(parse_chain("timed:x"), HELLO)


async def test_usage_that_is_not_told_is_estimated() -> None:
    models = Models({"timed": timed(TextDelta("Hello there."), Finished("stop"))})
    usage = (await models.answer(parse_chain("timed:x"), HELLO)).usage
    assert usage.estimated
    assert usage.input > 0
    assert usage.output > 0


async def test_a_cost_is_that_of_the_table() -> None:
    provider = timed(TextDelta("Hi"), Usage(1_000_000, 100_000), Finished("stop"))
    models = Models({"openai": provider})
    assert (await models.answer(parse_chain("openai:gpt-5-mini"), HELLO)).cost_usd is None
    priced = Priced(script=provider.script, tally=[])
    answer = await Models({"openai": priced}).answer(parse_chain("openai:gpt-5-mini"), HELLO)
    assert answer.cost_usd == pytest.approx(0.25 + 0.2)


class Priced(Timed):
    """Timed, at the prices of OpenAI."""

    def priced_as(self) -> str | None:
        return "openai"

    def default_model(self) -> str | None:
        return "gpt-5-mini"


async def test_no_text_holds_a_nul() -> None:
    call = ToolCall("call_1", "x", '{"a":"\0"}')
    models = Models(
        {"timed": timed(TextDelta("a\0b"), CallStarted(0, "call_1", "x"), CallEnded(0, call), Finished("calls"))}
    )
    answer = await models.answer(parse_chain("timed:x"), HELLO)
    assert (answer.text, answer.calls[0].arguments) == ("ab", '{"a":""}')


async def test_a_model_of_nobody_and_no_model_at_all_are_told() -> None:
    models = Models({"openai": Priced(script=(), tally=[])})
    with pytest.raises(NotConfigured, match="'nobody'") as caught:
        await models.answer(parse_chain("nobody:x"), HELLO)
    assert [attempt.error for attempt in caught.value.attempts] == ["MODEL_NOT_CONFIGURED"]
    with pytest.raises(NotConfigured, match="No model is named"):
        await models.answer((), HELLO)
    assert models.knows(ModelName("openai", "x"))
    assert not models.knows(ModelName("nobody", "x"))
    assert models.offered() == (ModelName("openai", "gpt-5-mini"),)


async def test_a_fault_of_a_provider_itself_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        await Models({"faulty": Faulty()}).answer(parse_chain("faulty:x, faulty:y"), HELLO)


class Faulty(Provider):
    """Has a bug."""

    type: ClassVar[str] = "faulty"

    async def stream(self, model: str, request: ModelRequest) -> AsyncGenerator[Event]:
        yield TextDelta(str(1 / 0))


def test_it_tells_whether_a_chain_can_be_asked_anything_in_words() -> None:
    class Mute(Timed):
        converses: ClassVar[bool] = False

    models = Models({"timed": timed(), "mute": Mute(script=(), tally=[])})
    found = {
        chain: models.converse(parse_chain(chain)) for chain in ("timed:m", "mute:m", "mute:m,timed:m", "gone:m", "")
    }
    assert found == {"timed:m": True, "mute:m": False, "mute:m,timed:m": False, "gone:m": True, "": False}
