"""Models that hang or fail, in every wire format: the user is told, the conversation goes on, a replay is the same."""

from collections.abc import AsyncIterator

import pytest

from conduet.llm.errors import Passing
from conduet.llm.models import Patience
from conduet.settings import Settings
from tests.conversations.agentic import House, Place, housing
from tests.conversations.agentic_wire import MODELS
from tests.conversations.talking import told
from tests.providers.complaints import COMPLAINTS
from tests.providers.playing import Reply, wire

formats = pytest.mark.parametrize("kind", MODELS)
# The second model of a chain has what the first one left, and on a busy machine an answer takes two tenths of a second.
HASTY = Patience(first_token_seconds=0.4, total_seconds=1.2, pause_seconds=0.01)
FAILED = "I cannot answer just now. Please try again in a moment."


@pytest.fixture(scope="module")
async def house(settings: Settings) -> AsyncIterator[House]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("conduet.llm.models.Patience", lambda: HASTY)
        async with housing(settings.model_copy(update={"demo": False})) as house:
            yield house


def begun(kind: str) -> bytes:
    """An answer as far as its first word."""
    whole = wire(f"{kind}/text")
    return whole[: whole.rindex(b"data:", 0, whole.index(b"w\xc3\xb6rld"))]


async def replayed(place: Place, turn_id: str) -> list[str]:
    """What a turn says when it is run again, which is what it said."""
    again = await place.project.client.post(place.talker().path(f"turns/{turn_id}/replay"), json={})
    assert again.status_code == 200, again.text
    assert again.json()["differences"] == []
    return told(again.json()["traces"])


COMPLAINED = [(kind, code, reply) for kind, complaints in COMPLAINTS.items() for code, reply in complaints.items()]
BROKEN = {
    "MODEL_UNREACHABLE": Reply(then="cut"),
    "MODEL_STREAM_BROKEN": Reply(b": hello\n\n", then="cut"),
    "MODEL_ANSWER_MALFORMED": Reply(b'data: {"choices": [\n\n'),
    "MODEL_TIMED_OUT": Reply(b": hello\n\n", then="hang"),
}
EVERY = [
    *COMPLAINED,
    *((kind, code, reply) for kind in MODELS for code, reply in BROKEN.items()),
    *((kind, "MODEL_ANSWER_EMPTY", Reply(wire(f"{kind}/empty"))) for kind in MODELS),
    *((kind, "MODEL_OVERLOADED", Reply(wire(f"{kind}/overloaded"))) for kind in MODELS),
    *((kind, "MODEL_CONTENT_FILTERED", Reply(wire(f"{kind}/filtered"))) for kind in MODELS if kind != "anthropic"),
]
# What is too long is asked again with less of it, all else that may be better of the next model.
ANSWERED = {kind.code for kind in Passing.__subclasses__()} | {"MODEL_CONTEXT_TOO_LONG"}


@pytest.mark.parametrize(("kind", "code", "reply"), EVERY, ids=[f"{kind}-{code}" for kind, code, _ in EVERY])
async def test_whatever_fails_another_model_answers_or_it_is_told_and_the_conversation_goes_on(
    kind: str, code: str, reply: Reply, house: House
) -> None:
    place = await house.agent(kind, reply)
    ben = place.talker()
    assert await ben.say("Hi") == [FAILED, f"error {code}"]
    house.script(kind, reply, "By the second.")
    await place.save(behaviourConfig={"model": [MODELS[kind], f"{MODELS[kind]}2"]})
    is_answered = code in ANSWERED
    assert await ben.say("Hi") == (["By the second."] if is_answered else [FAILED, f"error {code}"])
    assert len(house.server.asked) == (2 if is_answered else 1)
    assert [each["content"] for each in (await ben.state())["history"]][:2] == ["Hi", FAILED]


@formats
async def test_a_model_that_declines_is_told_and_no_other_is_asked(kind: str, house: House) -> None:
    place = await house.agent(kind, Reply(wire(f"{kind}/refusal")), "By the second.")
    await place.save(behaviourConfig={"model": [MODELS[kind], f"{MODELS[kind]}2"]})
    code = "MODEL_CONTENT_FILTERED" if kind == "google" else "MODEL_DECLINED"
    assert await place.talker().say("Hi") == [FAILED, f"error {code}"]


@formats
async def test_a_model_that_hangs_before_its_first_word_is_not_waited_for(kind: str, house: House) -> None:
    place = await house.agent(kind, Reply(then="hang"))
    ben = place.talker()
    assert await ben.say("Hi") == [FAILED, "error MODEL_TIMED_OUT"]
    assert len(house.server.asked) == 1
    house.script(kind, "Here again.")
    assert await ben.say("Hi") == ["Here again."]


@formats
async def test_the_next_of_the_chain_answers_for_a_model_that_hangs(kind: str, house: House) -> None:
    place = await house.agent(kind, Reply(then="hang"), "By the second.")
    await place.save(behaviourConfig={"model": [MODELS[kind], f"{MODELS[kind]}2"]})
    assert await place.talker().say("Hi") == ["By the second."]
    assert len(house.server.asked) == 2


@formats
async def test_a_model_that_hangs_amid_its_answer_is_cut_off_and_what_was_seen_stays(kind: str, house: House) -> None:
    place = await house.agent(kind, Reply(begun(kind), then="hang"))
    ben = place.talker()
    heard = await ben.say("Hi")
    assert heard == ["Hello", FAILED, "error MODEL_TIMED_OUT"]
    assert [each["content"] for each in (await ben.state())["history"]] == ["Hi", "Hello", FAILED]
    assert await replayed(place, ben.turn_id) == heard


@formats
@pytest.mark.parametrize("status", [401, 429, 500])
async def test_a_turn_whose_model_failed_is_replayed_as_it_was(kind: str, status: int, house: House) -> None:
    place = await house.agent(kind, Reply(b"{}", status))
    ben = place.talker()
    heard = await ben.say("Hi")
    assert (heard[0], len(heard)) == (FAILED, 2)
    house.script(kind, "Here again.")
    assert await replayed(place, ben.turn_id) == heard
    assert house.server.asked == []


@formats
async def test_a_turn_that_failed_after_its_tools_is_replayed_as_it_was(kind: str, house: House) -> None:
    place = await house.agent(
        kind, (("set_variables", {"name": "Ann"}),), Reply(b"{}", 500), variables=[{"name": "name", "type": "text"}]
    )
    ann = place.talker()
    heard = await ann.say("I am Ann")
    assert heard == ["tool_call", "tool-call", "tool-call", FAILED, "error MODEL_SERVER_FAILED"]
    assert (await ann.state())["variables"]["name"] == "Ann"
    assert await replayed(place, ann.turn_id) == heard
    house.script(kind, "Hello Ann.")
    assert await ann.say("Hi") == ["Hello Ann."]
