"""What else a provider can do over HTTP: be out of reach, ask for patience, and stream what nobody expects."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from conduet.llm.models import Patience
from conduet.settings import Settings
from tests.agents.talking import tool
from tests.conversations.agentic import House, housing
from tests.conversations.agentic_wire import MODELS, results_of
from tests.providers.playing import Reply, wire

formats = pytest.mark.parametrize("kind", MODELS)
FAILED = "I cannot answer just now. Please try again in a moment."
FIND = tool("find_order", config={"language": "javascript", "code": "throw new Error('never run')"})
QUICK = Patience(pause_seconds=0.01)


@pytest.fixture(scope="module")
async def house(settings: Settings) -> AsyncIterator[House]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("conduet.llm.models.Patience", lambda: QUICK)
        async with housing(settings.model_copy(update={"demo": False})) as house:
            yield house


@pytest.fixture(scope="module")
async def remote(settings: Settings) -> AsyncIterator[House]:
    """A server whose OpenAI refuses connections, and whose Anthropic has no TLS where it is asked for."""

    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(16)
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    closed = await asyncio.start_server(plain, "127.0.0.1", 0)
    gone = closed.sockets[0].getsockname()[1]
    closed.close()
    await closed.wait_closed()
    listening = await asyncio.start_server(plain, "127.0.0.1", 0)
    there = listening.sockets[0].getsockname()[1]
    places = {"OPENAI_BASE_URL": f"http://127.0.0.1:{gone}", "ANTHROPIC_BASE_URL": f"https://127.0.0.1:{there}"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("conduet.llm.models.Patience", lambda: QUICK)
        async with listening, housing(settings.model_copy(update={"demo": False}), **places) as house:
            yield house


@pytest.mark.parametrize(
    ("model", "code"),
    [
        ("openai:m", "MODEL_UNREACHABLE"),
        ("openai-responses:m", "MODEL_UNREACHABLE"),
        ("anthropic:m", "MODEL_TLS_FAILED"),
    ],
)
async def test_the_next_model_answers_for_one_that_is_out_of_reach(model: str, code: str, remote: House) -> None:
    place = await remote.agent("google", "By the second.", behaviourConfig={"model": model})
    ben = place.talker()
    assert await ben.say("Hi") == [FAILED, f"error {code}"]
    await place.save(behaviourConfig={"model": [model, "google:m"]})
    assert await ben.say("Hi") == ["By the second."]


def limited(**headers: str) -> Reply:
    told = {"error": {"message": "Slow down.", "type": "requests", "code": "rate_limit_exceeded"}}
    return Reply.json(told, status=429, headers={name.replace("_", "-"): value for name, value in headers.items()})


@formats
async def test_a_model_that_asks_for_patience_is_asked_again(kind: str, house: House) -> None:
    for refusal in (limited(), limited(retry_after="0")):
        place = await house.agent(kind, refusal, "Here I am.")
        assert await place.talker().say("Hi") == ["Here I am."]
        assert len(house.server.asked) == 2


@formats
async def test_a_model_that_asks_for_a_minute_is_not_waited_for(kind: str, house: House) -> None:
    place = await house.agent(kind, limited(retry_after="60"), "Here I am.")
    ben = place.talker()
    assert await ben.say("Hi") == [FAILED, "error MODEL_RATE_LIMITED"]
    assert len(house.server.asked) == 1
    assert await ben.say("Hi") == ["Here I am."]


@formats
@pytest.mark.parametrize("status", [408, 529])
async def test_a_status_without_words_is_understood(kind: str, status: int, house: House) -> None:
    code = {408: "MODEL_TIMED_OUT", 529: "MODEL_OVERLOADED"}[status]
    place = await house.agent(kind, Reply(b"", status))
    assert await place.talker().say("Hi") == [FAILED, f"error {code}"]
    house.script(kind, Reply(b"", status), "By the second.")
    await place.save(behaviourConfig={"model": [MODELS[kind], f"{MODELS[kind]}2"]})
    assert await place.talker().say("Hi") == ["By the second."]


@formats
async def test_events_that_nobody_knows_are_passed_over(kind: str, house: House) -> None:
    place = await house.agent(kind, Reply(wire(f"{kind}/unknown")))
    assert await place.talker().say("Hi") == ["Hello"]


@pytest.mark.parametrize("kind", [kind for kind in MODELS if kind != "google"])
async def test_a_call_with_broken_arguments_is_told_to_the_model_which_goes_on(kind: str, house: House) -> None:
    place = await house.agent(kind, Reply(wire(f"{kind}/broken_arguments")), "Which order do you mean?", tools=[FIND])
    ben = place.talker()
    assert (await ben.say("Where is my order?"))[-1] == "Which order do you mean?"
    [result] = results_of(kind, house.server.asked[1])
    assert "JSON" in result
    assert await ben.say("A-1009") == ["Which order do you mean?"]


async def test_gemini_is_asked_again_for_a_call_that_it_could_not_write(house: House) -> None:
    place = await house.agent("google", Reply(wire("google/broken_arguments")), "Which one?", tools=[FIND])
    assert await place.talker().say("Where is my order?") == ["Which one?"]
    assert len(house.server.asked) == 2
