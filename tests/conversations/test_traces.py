"""The traces that the contract names, as `interact` and the stream of the same turn tell them."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from conduet.app.edge import Edge
from conduet.settings import Settings
from tests.conversations.agentic import House, coded, housing
from tests.conversations.listening import streamed

COMPLETION = ("completion-start", "completion-continue", "completion-end")


@pytest.fixture(scope="module")
async def house(settings: Settings, server: Edge) -> AsyncIterator[House]:
    async with housing(settings.model_copy(update={"demo": False})) as house:
        yield house


def plain(traces: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """Type and payload of all but remarks, without how long it took."""
    return [
        (trace["type"], {name: value for name, value in trace["payload"].items() if name != "durationMs"})
        for trace in traces
        if trace["type"] not in ("debug", "step")
    ]


async def test_a_turn_of_a_model_and_its_tool_says_the_same_whole_and_streamed(house: House) -> None:
    script = ((("price", {"of": "Roadster"}),), "The **Roadster** is 24 euros.")
    place = await house.agent("openai", *script, tools=[coded("price", "return args.of.length * 3")])
    whole = (await place.talker().send({"type": "text", "payload": "How much?"})).json()
    called, begun, ended, said = (trace for trace in whole if trace["type"] not in ("debug", "step"))
    assert (called["type"], called["payload"]) == (
        "tool_call",
        {"name": "price", "argsJson": '{"of": "Roadster"}'},
    )
    assert (begun["type"], begun["payload"]["phase"], begun["payload"]["toolName"]) == ("tool-call", "start", "price")
    assert ended["type"] == "tool-call"
    assert {**ended["payload"], "durationMs": 0} == {
        **begun["payload"],
        "phase": "end",
        "ok": True,
        "durationMs": 0,
    }
    assert ended["payload"]["durationMs"] >= 0
    assert (said["type"], said["payload"]) == ("text", {"message": "The **Roadster** is 24 euros."})

    house.script("openai", *script)
    other = place.talker("user_2")
    action = {"action": {"type": "text", "payload": "How much?"}}
    stream = await streamed(other.client, "POST", other.path("interact/stream"), json=action)
    assert stream.is_done
    pieces = [trace for trace in stream.traces if trace["type"] in COMPLETION]
    assert (pieces[0]["type"], pieces[-1]["type"]) == (COMPLETION[0], COMPLETION[-1])
    assert "".join(trace["payload"].get("text", "") for trace in pieces) == said["payload"]["message"]
    rest = [trace for trace in stream.traces if trace["type"] not in COMPLETION]
    assert plain(rest) == plain(whole)[:-1]
