"""Tools of an agent that wait for a yes, in every wire format: over restarts, and by a person of the project."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from conduet.settings import Settings
from tests.agents.talking import tool
from tests.conversations.agentic import House, Place, housing
from tests.conversations.agentic_wire import MODELS, results_of, text_of
from tests.conversations.talking import Talker, told

pytestmark = pytest.mark.parametrize("kind", MODELS)
ASK = (("refund", {"of": "Roadster"}),)
WAITING = "I need a go-ahead before I can do this. As soon as there is one, I will go on."


@pytest.fixture(scope="module")
async def house(settings: Settings) -> AsyncIterator[House]:
    async with housing(settings.model_copy(update={"demo": False})) as house:
        yield house


async def refunding(house: House, kind: str, *answers: Any, by: str) -> Place:
    """A project whose agent asks before it refunds."""
    refund = tool("refund", approval=by, config={"language": "javascript", "code": "return 'refunded ' + args.of"})
    return await house.agent(kind, *answers, tools=[refund])


async def asked_for(user: Talker) -> str:
    """Says something that makes the agent ask for a yes; the id of what waits."""
    traces = (await user.send({"type": "text", "payload": "Money back, please"})).json()
    [approval] = [trace["payload"] for trace in traces if trace["type"] == "approval"]
    assert (approval["toolName"], approval["arguments"]) == ("refund", {"of": "Roadster"})
    assert told(traces) == ["tool_call", "approval", WAITING]
    return approval["approvalId"]


def decide(approval_id: str, *, approved: bool) -> dict[str, Any]:
    return {"type": "approval", "payload": {"approvalId": approval_id, "approved": approved}}


async def test_a_yes_runs_the_call_once_after_a_restart(kind: str, house: House) -> None:
    place = await refunding(house, kind, ASK, "It is on its way.", by="user")
    approval_id = await asked_for(place.talker())
    async with house.again(place) as user:
        heard = await user.act(decide(approval_id, approved=True))
        assert heard == ["tool_call", "tool-call", "tool-call", "It is on its way."]
        assert (await user.send(decide(approval_id, approved=True))).status_code == 409
    assert "refunded Roadster" in results_of(kind, house.server.asked[1])[-1]
    assert len(house.server.asked) == 2


async def test_a_no_after_a_restart_is_told_to_the_model_and_nothing_runs(kind: str, house: House) -> None:
    place = await refunding(house, kind, ASK, "Then not.", by="user")
    approval_id = await asked_for(place.talker())
    async with house.again(place) as user:
        assert await user.act(decide(approval_id, approved=False)) == ["Then not."]
    assert r"\"answer\":\"no\"" in text_of(house.server.asked[1]).replace(": ", ":")


async def test_a_person_says_yes_and_the_user_is_answered(kind: str, house: House) -> None:
    place = await refunding(house, kind, ASK, "Somebody looks at it.", "It is on its way.", by="person")
    user = place.talker()
    approval_id = await asked_for(user)
    refused = await user.send(decide(approval_id, approved=True))
    assert (refused.status_code, refused.json()["code"]) == (409, "CONFLICT")
    assert await user.say("And?") == ["Somebody looks at it."]
    [waiting] = (await place.owner.get(f"{place.path}/approvals?status=waiting")).json()
    assert (waiting["id"], waiting["toolName"], waiting["userId"]) == (approval_id, "refund", "user_1")
    answer = await place.owner.post(f"{place.path}/approvals/{approval_id}", json={"approved": True})
    assert (answer.status_code, answer.json()["status"]) == (200, "approved")
    assert (await place.owner.post(f"{place.path}/approvals/{approval_id}", json={"approved": True})).status_code == 409
    said = [each["content"] for each in (await user.state())["history"]]
    assert said[-2:] == ["Somebody looks at it.", "It is on its way."]
    assert "refunded Roadster" in results_of(kind, house.server.asked[-1])[-1]
