"""An agent that has a conversation again reads what was said while a person had it."""

from collections.abc import AsyncIterator

import pytest

from conduet.settings import Settings
from tests.conversations.agentic import House, housing
from tests.conversations.agentic_wire import text_of


@pytest.fixture(scope="module")
async def house(settings: Settings) -> AsyncIterator[House]:
    async with housing(settings.model_copy(update={"demo": False})) as house:
        yield house


async def test_the_model_reads_it_and_the_note_once(house: House) -> None:
    place = await house.agent("openai", "Hello.", "As agreed.", "Bye.")
    user, inbox = place.talker(), f"{place.path}/inbox/user_1"
    assert await user.say("Hi") == ["Hello."]
    replied = await place.owner.post(f"{inbox}/take")
    assert replied.status_code == 200, replied.text
    assert (await place.owner.post(f"{inbox}/reply", json={"text": "It costs forty."})).status_code == 200
    assert await user.say("Agreed") == []
    assert (await place.owner.post(f"{inbox}/hand-back", json={"note": "Paid in cash."})).status_code == 200
    # A page that opens again does not use it up.
    assert await user.launch() == []
    assert await user.say("So?") == ["As agreed."]
    read = text_of(house.server.asked[1])
    assert all(read.count(words) == 1 for words in ("It costs forty.", "Agreed", "Paid in cash."))
    assert await user.say("Bye") == ["Bye."]
    assert text_of(house.server.asked[2]).count("Paid in cash.") == 1
    assert "returned" not in (await user.state())["internal"]
