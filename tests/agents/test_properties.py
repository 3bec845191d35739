"""Whatever a model answers, a turn ends, says something, and leaves a memory that the next one can go on from."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from conduet.agents.memory import Memory
from conduet.agents.stage import Exited
from conduet.providers.scripted import Line, ScriptedCall
from tests.agents.talking import Chat, tool
from tests.engine.talk import FakeContext

NAMES = st.sampled_from(
    [
        "price",
        "pay",
        "broken",
        "set_variables",
        "advance_phase",
        "handoff",
        "take_exit",
        "escalate",
        "resolve",
        "show_card",
    ]
)
VALUES: st.SearchStrategy[Any] = st.sampled_from(["b", "booking", "done", "x", 3, None, [], {}, "https://x.example/"])
KEYS = st.sampled_from(["of", "days", "to", "playbookId", "reason", "inputs", "exitId", "title", "url", "name"])
ARGUMENTS: st.SearchStrategy[Any] = st.one_of(
    st.dictionaries(KEYS, VALUES, max_size=3), st.sampled_from(["{", "[]", "5", ""])
)
CALLS = st.builds(ScriptedCall, name=NAMES, arguments=ARGUMENTS)
LINES = st.builds(
    Line,
    text=st.sampled_from(["", " ", "Hello [there", "See https://x.example/ now"]),
    calls=st.lists(CALLS, max_size=4).map(tuple),
    error=st.sampled_from([None, None, None, None, "MODEL_OVERLOADED", "MODEL_CONTEXT_TOO_LONG", "MODEL_ANSWER_EMPTY"]),
)
ENDS = {"text", "error", "buttons", "escalation"}


@settings(deadline=None)
@given(st.lists(LINES, max_size=12), st.lists(st.sampled_from(["text", "launch", "approval"]), min_size=1, max_size=4))
async def test_a_turn_ends_whatever_the_model_does(script: list[Line], actions: list[str]) -> None:
    chat = Chat(
        *script,
        harness={
            "allowedPlaybookIds": ["booking"],
            "uiBuiltins": ["showCard"],
            "phases": [{"id": "a", "exit": [{"description": "On.", "to": "b"}]}, {"id": "b", "buttons": ["Yes"]}],
        },
        variables=[{"name": "days", "type": "number"}, {"name": "name"}],
        playbooks=[{"id": "booking", "exits": [{"id": "done", "collects": ["days"]}]}],
        tools=[tool("price"), tool("pay", approval="user"), tool("broken")],
        context=FakeContext(mocks={"price": 5, "pay": "paid"}),
    )
    approval_id = "none"
    for kind in actions:
        payload: Any = {"text": "Hi", "launch": None, "approval": {"approvalId": approval_id, "approved": True}}[kind]
        traces = await chat.act(kind, payload)
        approval_id = next((each["approvalId"] for name, each in traces if name == "approval"), approval_id)
        assert chat.outcome is not None
        assert not isinstance(chat.outcome, Exited)
        if kind == "text":
            assert ENDS & {name for name, _ in traces}
            assert Memory.read(chat.memory).messages
        assert Memory.read(chat.memory).write() == (chat.memory or {})
