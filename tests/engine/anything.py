"""Documents made of every step type, and what users and clients may send, for hypothesis."""

import asyncio
import zlib
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from hypothesis import strategies as st

from conduet.engine.asked import Pieces, mocked_answer, told_at_once
from conduet.engine.outside import Broken, Code, Computed, Request, Response, Unreachable
from conduet.engine.values import Json, to_json
from conduet.llm.errors import ServerFailed
from conduet.llm.message import ModelRequest
from conduet.llm.models import Told
from conduet.llm.name import Chain, ModelName
from tests.engine.talk import STEPS, FakeContext

Object: TypeAlias = dict[str, Any]
Objects: TypeAlias = st.SearchStrategy[Object]

WORKFLOWS = ["main", "other", "third"]
NAMES = st.sampled_from(["a", "b", "n", "items", "sys.language", "sys.now", "gone"])
TEXTS = st.sampled_from(
    ["", "hi", "{{a}}", "{{n + 1}} {{items}}", "{{ 1 + }}", "{{gone}}", "{{sys.turn}}", "yes", "help"]
)
SCRIPTED = TEXTS | st.dictionaries(st.sampled_from(["en", "de"]), TEXTS, min_size=1)
EXPRESSIONS = st.sampled_from(
    ["", "n + 1", "items", "n > 3", "a == b", "1 / 0", "((", "items[0]", "[n, n * n]", "n * n * n"]
)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def configured(**fields: st.SearchStrategy[Any]) -> Objects:
    """An object with some of these fields."""
    return st.fixed_dictionaries({}, optional=fields)


def with_ids(item: Objects) -> st.SearchStrategy[list[Object]]:
    """Up to three items, called p0, p1 and p2."""
    return st.lists(item, max_size=3).map(lambda items: [{**each, "id": f"p{at}"} for at, each in enumerate(items)])


TEST = configured(
    variable=NAMES,
    operator=st.sampled_from(["is", "contains", "greaterThan", "isEmpty", "matches"]),
    value=st.sampled_from([1, "x", "{{a}}", None]),
)
CONFIGS: dict[str, Objects] = {
    "start": configured(),
    "message": configured(
        text=SCRIPTED,
        variants=st.lists(SCRIPTED, max_size=2),
        channels=st.just({"sms": {"text": "short"}}),
    ),
    "buttons": configured(
        text=SCRIPTED,
        buttons=with_ids(configured(label=SCRIPTED, value=TEXTS)),
        allowText=st.booleans(),
    ),
    "capture": configured(
        text=TEXTS,
        variable=NAMES,
        retries=st.integers(0, 2),
        type=st.sampled_from(["text", "number", "email", "regex", "date"]),
        pattern=st.sampled_from(["[a-z]+", ".*"]),
    ),
    "condition": configured(rules=with_ids(configured(conditions=st.lists(TEST, max_size=2), expression=EXPRESSIONS))),
    "set": configured(assignments=st.lists(configured(variable=NAMES, value=JSON, expression=EXPRESSIONS), max_size=3)),
    "random": configured(paths=with_ids(configured(weight=st.integers(0, 3))), sticky=st.booleans()),
    "workflow": configured(
        workflowId=st.sampled_from([*WORKFLOWS, "gone"]),
        mode=st.sampled_from(["call", "jump"]),
        inputs=st.dictionaries(NAMES, JSON, max_size=2),
    ),
    "loop": configured(
        items=EXPRESSIONS | st.lists(JSON, max_size=3), itemVariable=NAMES, maxIterations=st.integers(1, 5)
    ),
    "end": configured(resolved=st.booleans(), text=SCRIPTED),
    "delay": configured(seconds=st.integers(0, 30)),
    "api": configured(
        url=TEXTS,
        method=st.sampled_from(["GET", "POST"]),
        headers=st.dictionaries(NAMES, JSON, max_size=2),
        body=JSON | TEXTS,
        bodyType=st.sampled_from(["json", "form", "text"]),
        map=st.lists(configured(path=st.sampled_from(["$.body", "$..*", "nothing"]), variable=NAMES), max_size=2),
    ),
    "tool": configured(
        toolId=st.sampled_from(["free", "asked", "person", "gone"]),
        inputs=st.dictionaries(NAMES, JSON | TEXTS, max_size=2),
        saveTo=NAMES,
        outputs=st.dictionaries(NAMES, NAMES, max_size=2),
    ),
    "code": configured(code=st.sampled_from(["return 1", ""]), timeoutMs=st.integers(1, 5000)),
    "media": configured(
        kind=st.sampled_from(["image", "file", "card", "carousel"]),
        url=TEXTS,
        alt=TEXTS,
        title=SCRIPTED,
        buttons=with_ids(configured(label=SCRIPTED, value=TEXTS)),
        cards=st.lists(configured(title=SCRIPTED, url=TEXTS), max_size=2),
    ),
    "parallel": configured(branches=with_ids(configured()), timeoutMs=st.just(60_000)),
    "client-action": configured(
        name=TEXTS, payload=JSON, paths=with_ids(configured()), wait=st.booleans(), saveTo=NAMES
    ),
    "handoff": configured(target=TEXTS, reason=TEXTS),
    "post-process": configured(
        code=st.sampled_from(["return {text}", ""]), **{"with": st.sampled_from(["code", "prompt"])}
    ),
    "intent": configured(
        text=SCRIPTED, intents=with_ids(configured(name=TEXTS, utterances=st.lists(TEXTS, max_size=2)))
    ),
    "kb-search": configured(query=TEXTS, saveTo=NAMES),
    "prompt": configured(prompt=TEXTS, saveTo=NAMES),
    "agent": configured(instructions=TEXTS, exits=with_ids(configured(collects=st.lists(NAMES, max_size=2)))),
    "playbook": configured(
        playbookId=st.sampled_from(["book", "gone"]), inputs=st.dictionaries(NAMES, JSON, max_size=2)
    ),
}


@dataclass
class AnyContext(FakeContext):
    """A world that answers by the place that asks, with one of `answers`, and takes its time as `seed` has it."""

    chain: Chain = (ModelName("any", "thing"),)
    answers: list[Json] = field(default_factory=list[Json])
    seed: int = 0

    def random(self, place: str) -> float:
        self.dealt = [self._drawn(place, 1000) / 1000]
        return super().random(place)

    async def sleep(self, place: str, *, seconds: float) -> None:
        await self._while(place)
        self.entries[place] = seconds

    async def call(self, place: str, request: Request) -> Response:
        return await self._asked(place, self._answered(place))

    async def compute(self, place: str, code: Code) -> Computed:
        await self._while(place)
        answer = self._answer(place)
        failure = Broken("error", "x", 1) if answer is None else None
        return await self._asked(place, _given(Computed(answer, failure)))

    async def model(self, place: str, chain: Chain, request: ModelRequest, *, seconds: float) -> AsyncGenerator[Told]:
        await self._while(place)
        answer, pieces = self._answer(place), Pieces()
        if answer is None:
            self.entries[place] = pieces.failure(error := ServerFailed("Nobody is there."))
            raise error
        whole = mocked_answer(answer)
        async for each in told_at_once(whole):
            pieces.add(each)
            yield each
        self.entries[place] = pieces.answer(whole)

    async def _answered(self, place: str) -> Response:
        await self._while(place)
        answer = self._answer(place)
        if answer is None:
            raise Unreachable("UNREACHABLE", "Nobody is there.")
        return Response((200, 404)[self._drawn(place, 2)], {"content-type": "application/json"}, to_json(answer))

    def _answer(self, place: str) -> Json:
        return self.answers[self._drawn(place, len(self.answers))] if self.answers else None

    async def _while(self, place: str) -> None:
        for _ in range(self._drawn(f"{self.seed}{place}", 5)):
            await asyncio.sleep(0)

    @staticmethod
    def _drawn(place: str, below: int) -> int:
        return zlib.crc32(place.encode()) % below


async def _given(computed: Computed) -> Computed:
    return computed


CALLS = configured(
    text=TEXTS,
    calls=st.lists(
        st.fixed_dictionaries(
            {"name": st.sampled_from(["set_variable", "respond_with_buttons", "free", "asked", "exit", "gone"])},
            optional={"arguments": JSON},
        ),
        max_size=3,
    ),
)
"""What a model may answer beside JSON of any kind."""

RETURNED = st.fixed_dictionaries(
    {},
    optional={
        "variables": st.dictionaries(NAMES, JSON),
        "say": JSON,
        "port": TEXTS | JSON,
        "text": JSON,
        "block": JSON,
    },
)
ANSWERS: st.SearchStrategy[list[Any]] = st.lists(RETURNED | CALLS | JSON, max_size=4)
"""What the world outside may answer: JSON of any kind, and what code returns."""


FORKING = ["parallel", "api", "code", "set", "message", "delay", "condition", "workflow", "tool", "random"]
"""The types of steps that do something in a branch."""


@st.composite
def workflows(draw: st.DrawFn, workflow_id: str, kinds: Sequence[str]) -> Object:
    """A workflow of up to seven steps, their ports connected here and there."""
    kinds = ["start", *draw(st.lists(st.sampled_from(kinds), max_size=6))]
    steps: list[Object] = [
        {"id": f"s{at}", "type": kind, "config": draw(CONFIGS[kind])} for at, kind in enumerate(kinds)
    ]
    connections: list[Object] = []
    for each in steps:
        made = STEPS[each["type"]].model_validate(each["config"])
        for port in (*made.ports(), *(["other"] if made.open_ports else [])):
            target = draw(st.none() | st.integers(0, len(steps) - 1))
            if target is not None:
                wire = {"source": each["id"], "sourcePort": port, "target": f"s{target}"}
                connections.append({"id": f"c{len(connections)}", **wire})
    return {"id": workflow_id, "steps": steps, "connections": connections}


@st.composite
def documents(draw: st.DrawFn, kinds: Sequence[str] = tuple(CONFIGS)) -> Object:
    """A document of a right shape, finished or not, of steps of these types."""
    return {
        "language": draw(st.sampled_from(["en", "de"])),
        "workflows": [draw(workflows(name, kinds)) for name in WORKFLOWS[: draw(st.integers(0, 3))]],
        "variables": [
            {"name": "a"},
            {"name": "b", "default": "x"},
            {"name": "n", "type": "number", "default": draw(st.integers())},
            {"name": "items", "type": "list", "default": [1, "two", None]},
        ],
        "tools": [
            {"id": name, "name": name, "type": "function", "approval": approval, "config": {"code": "return 1"}}
            for name, approval in (("free", "none"), ("asked", "user"), ("person", "person"))
        ],
        "intents": [
            {"id": "i", "name": "help", "workflowId": "other"},
            {"id": "j", "name": "yes", "workflowId": "third", "local": True},
        ],
        "playbooks": [{"id": "book", "exits": [{"id": "other"}]}],
        "events": [{"name": "paid", "workflowId": "other"}],
    }


def action(kind: str, payload: st.SearchStrategy[Any]) -> Objects:
    """An action of a user."""
    return st.fixed_dictionaries({"type": st.just(kind), "payload": payload})


IDS = st.sampled_from(["open", "gone"])
"""What an action names a call by: one that is open, where the test puts its id, or none."""

ACTIONS: Objects = st.one_of(
    action("launch", st.none()),
    action("text", st.sampled_from(["", "hi", "yes", "help", "7", "a@example.org", "x" * 300])),
    action("button", st.fixed_dictionaries({"label": TEXTS, "value": JSON})),
    action("media", st.just({"url": "https://a.example/x"})),
    action("client", st.fixed_dictionaries({"callId": IDS, "path": NAMES, "payload": JSON})),
    action("approval", st.fixed_dictionaries({"approvalId": IDS, "approved": st.booleans()})),
    action("event", st.fixed_dictionaries({"name": st.sampled_from(["paid", "x"]), "payload": JSON})),
)

CALL: dict[str, st.SearchStrategy[Any]] = {
    "callId": IDS | JSON,
    "toolId": st.sampled_from(["free", "asked"]) | JSON,
    "args": configured(a=JSON) | JSON,
    "by": st.sampled_from(["user", "person"]) | JSON,
    "askedAt": st.just("2026-03-01T12:00:00Z") | JSON,
}
FRAMES: Objects = st.fixed_dictionaries(
    {
        "workflowId": st.sampled_from(WORKFLOWS) | JSON,
        "stepId": st.sampled_from(["s0", "s1", "s2"]) | JSON,
        "why": st.sampled_from(["waiting", "approving", "handed", "calling", "looping"]) | JSON,
        "memory": st.just(Object()) | configured(items=JSON, index=JSON, retries=JSON, **CALL) | JSON,
    }
)
INTERNALS: Objects = configured(
    stack=st.lists(FRAMES, max_size=4) | JSON,
    turn=JSON,
    said=JSON,
    language=JSON,
    event=JSON,
    kept=JSON,
    handedOver=JSON,
)
"""The internal part of a state as no engine wrote it."""

_STEPS = st.fixed_dictionaries(
    {"id": st.text(max_size=2) | JSON, "type": st.sampled_from([*STEPS]) | JSON},
    optional={
        "config": st.dictionaries(st.sampled_from(["text", "buttons", "rules", "items", "channels"]), JSON) | JSON,
        "position": JSON,
    },
)
_WORKFLOWS = st.fixed_dictionaries(
    {"id": st.text(max_size=2) | JSON}, optional={"steps": st.lists(_STEPS | JSON) | JSON, "connections": JSON}
)
PARTS = ("framework", "language", "variables", "tools", "intents", "events", "prompts", "behaviourConfig", "other")
SCRIBBLES: Objects = st.fixed_dictionaries(
    {}, optional={"workflows": st.lists(_WORKFLOWS | JSON) | JSON, **dict.fromkeys(PARTS, JSON)}
)
"""JSON that looks like a document from afar."""
