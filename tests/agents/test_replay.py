"""A turn runs again from its journal, with no world at all: the same traces, the same memory."""

import copy
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any

from conduet.agents.harness import Harness
from conduet.agents.memory import Memory
from conduet.agents.stage import Stage
from conduet.agents.trace import whole
from conduet.engine.action import Action
from conduet.engine.context import Passage
from conduet.engine.journal import ReplayContext
from conduet.engine.session import open_turn
from conduet.engine.trace import Trace
from conduet.engine.values import Json
from conduet.llm.answer import ModelAnswer
from conduet.llm.errors import ModelError, Overloaded
from conduet.llm.event import Finished, Usage
from conduet.llm.message import ModelRequest
from conduet.llm.models import Told
from conduet.llm.name import Chain
from conduet.llm.record import read_answer, write_answer
from conduet.providers.scripted import Line
from tests.agents.talking import Chat, Scene, calling, tool
from tests.engine.talk import ACTION, FakeContext, stored


class Recording(Scene):
    """Keeps what the models answered, as JSON, by the place that asked."""

    kept: dict[str, Json]

    async def model(self, place: str, chain: Chain, request: ModelRequest, *, seconds: float) -> AsyncGenerator[Told]:
        try:
            async with aclosing(super().model(place, chain, request, seconds=seconds)) as stream:
                async for told in stream:
                    if isinstance(told, ModelAnswer):
                        self.kept[place] = write_answer(told)
                    yield told
        except ModelError as error:
            self.kept[place] = error.code
            raise


class Recorded:
    """Answers what was kept."""

    has_knowledge = False

    async def search(self, place: str, query: str, **how: Any) -> Sequence[Passage]:
        raise AssertionError(place)

    def __init__(self, kept: dict[str, Json]) -> None:
        self.kept = kept

    async def model(self, place: str, chain: Chain, request: ModelRequest, *, seconds: float) -> AsyncGenerator[Told]:
        found = self.kept[place]
        if isinstance(found, str):
            raise Overloaded
        answer = read_answer(found)
        for event in answer.events():
            if not isinstance(event, Usage | Finished):
                yield event
        yield answer


async def run_again(chat: Chat, state: Any, memory: Json, action: Action, kept: dict[str, Json]) -> tuple[Any, Json]:
    """The traces and the memory of the turn that began there."""
    entries = chat.context.entries
    context = ReplayContext(entries, user_id="user_1", platform="api", version_id="development")
    turn = open_turn(chat.document, state, action, context, (), counts=True)
    stage = Stage(turn, Recorded(kept), chat.agent, Memory.read(memory), "agent")
    traces = [trace async for trace in whole(Harness(stage).traces(action))]
    return [(trace.type, trace.payload()) for trace in traces], stage.memory.write()


async def test_a_turn_runs_again_from_its_journal() -> None:
    chat = Chat(
        calling(("price", {"of": "a"}), ("price", {"of": "b"}), ("broken", {})),
        Line(text="Two prices: https://x.example/ says so."),
        calling(("pay", {})),
        Line(text="Paid."),
        Line(error="MODEL_OVERLOADED"),
        tools=[tool("price"), tool("broken"), tool("pay", approval="user")],
        context=FakeContext(mocks={"price": 5, "pay": "paid"}),
    )
    chat.scene = recording = Recording(chat.scene.scripted, chat.context)
    approval_id = ""
    for kind, payload in (("text", "Prices?"), ("text", "Pay!"), ("approval", None), ("text", "Bye")):
        said: Json = {"approvalId": approval_id, "approved": True} if kind == "approval" else payload
        chat.context.entries, recording.kept = {}, {}
        state, memory = stored(chat.state), copy.deepcopy(chat.memory)
        traces = await chat.turn(kind, said)

        async def lived(traces: list[Trace] = traces) -> AsyncGenerator[Trace]:
            for trace in traces:
                yield trace

        shown: list[Any] = [(trace.type, trace.payload()) async for trace in whole(lived())]
        approval_id = next((each["approvalId"] for name, each in shown if name == "approval"), approval_id)
        action = ACTION.validate_python({"type": kind, "payload": said})
        assert await run_again(chat, state, memory, action, recording.kept) == (shown, chat.memory)
