"""The built-in model: it asks, quotes and looks up by fixed rules, and says what it cannot do."""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from conduet.agents.fence import fenced
from conduet.engine.context import Passage
from conduet.engine.shape import Exit
from conduet.kit.json import Json
from conduet.llm.answer import ModelAnswer
from conduet.llm.brief import Brief, Wanted, Way
from conduet.llm.errors import NotConfigured, UnknownModel
from conduet.llm.event import TextDelta, Usage
from conduet.llm.message import Assistant, ModelRequest, ToolCall, ToolResult, ToolSpec, User
from conduet.llm.models import Models, Told
from conduet.llm.name import Chain, parse_chain
from conduet.providers.local import Local
from conduet.providers.minilm import MiniLm
from tests.agents.talking import Chat, tool
from tests.engine.talk import FakeContext

BUILT_IN = parse_chain("local:extractive")
SEARCH = ToolSpec("kb_search", "Look something up.", {"properties": {"query": {"type": "string"}}})
ESCALATE = ToolSpec("escalate", "Let a person take over.")
BUTTONS = ToolSpec("show_buttons", "Show quick replies.")
UNKNOWN = "I cannot answer that: I only quote what I was given, without a language model."
HOURS: dict[str, Json] = {
    "title": "Opening hours",
    "content": "The shop has a blue door. We open at nine. On Sundays we are closed.",
}
ORDER = {
    **tool("order_status", parameters={"properties": {"orderNumber": {"type": "string"}}, "required": ["orderNumber"]}),
    "description": "Tells the state of an order: where it is and when it arrives.",
    "type": "api",
    "config": {"method": "GET", "url": "https://shop.example/orders/{{args.orderNumber}}"},
}


@pytest.fixture(scope="module")
def models() -> Iterator[Models]:
    embedder = MiniLm()
    yield Models({"local": Local(embedder=embedder)})
    embedder.close()


ANSWER = "We open at nine. On Sundays we are closed. (Opening hours)"
CLOSEST = "This is the closest I found: We open at nine. (Opening hours)\n- Holidays"


class World:
    """A world whose only model is the built-in one."""

    chain = BUILT_IN

    def __init__(self, models: Models) -> None:
        self._models = models
        self.found: Sequence[Passage] = ()

    @property
    def has_knowledge(self) -> bool:
        return bool(self.found)

    async def search(
        self,
        place: str,
        query: str,
        *,
        top_k: int = 5,
        min_score: float | None = None,
        metadata: Mapping[str, Json] | None = None,
    ) -> Sequence[Passage]:
        return self.found

    def model(self, place: str, chain: Chain, request: ModelRequest, *, seconds: float) -> AsyncGenerator[Told]:
        return self._models.stream(chain, request)


class Talk(Chat):
    """A conversation with an agent that has no other model."""

    def __init__(self, models: Models, *, exits: tuple[Exit, ...] = (), **document: Any) -> None:
        super().__init__("", **document)
        self.agent = replace(self.agent, chain=BUILT_IN, exits=exits)
        self.scene: Any = World(models)

    async def hears(self, text: str) -> str:
        """All that is said in answer."""
        return " ".join(payload["message"] for kind, payload in await self.say(text) if kind == "text")

    async def calls(self, text: str) -> list[tuple[str, str]]:
        """The tools that are called in answer."""
        traces = await self.say(text)
        return [(payload["name"], payload["argsJson"]) for kind, payload in traces if kind == "tool_call"]


def found(
    *passages: dict[str, Json], said: str = "When do you open?", tools: tuple[ToolSpec, ...] = ()
) -> ModelRequest:
    """A request after a search of the knowledge base."""
    call = ToolCall("call_1", "kb_search", '{"query": "?"}')
    result = ToolResult("call_1", "kb_search", fenced("kb_search", {"passages": [*passages]}))
    return ModelRequest(
        (User("When do you open?"), Assistant("", (call,)), result), (SEARCH, ESCALATE, *tools), brief=Brief("Ann")
    )


async def test_it_greets_and_takes_thanks(models: Models) -> None:
    talk = Talk(models, name="Bike shop")
    assert await talk.hears("Hi!") == "Hello, this is Bike shop. How can I help you?"
    assert await talk.hears("thank you so much") == "You are welcome. Is there anything else?"
    assert await talk.calls("That's all") == [("resolve", '{"reason":"The user has said good-bye."}')]


async def test_a_launch_is_greeted(models: Models) -> None:
    talk = Talk(models, name="Bike shop")
    assert await talk.act("launch") == [["text", {"message": "Hello, this is Bike shop. How can I help you?"}]]


@pytest.mark.parametrize("said", ["agent", "I'd like to talk to somebody real", "Can I speak to a person please?"])
async def test_who_asks_for_a_person_gets_one(models: Models, said: str) -> None:
    talk = Talk(models)
    assert await talk.calls(said) == [("escalate", '{"reason":"The user asks for a person."}')]
    assert talk.outcome is not None


async def test_a_person_is_offered_and_taken_up(models: Models) -> None:
    talk = Talk(models)
    assert await talk.hears("Do you sell cars?") == f"{UNKNOWN} Shall I get a person for you?"
    assert [name for name, _ in await talk.calls("Yes, please")] == ["escalate"]


async def test_what_an_exit_needs_is_asked_for_and_read(models: Models) -> None:
    talk = Talk(
        models,
        exits=(Exit(id="booked", description="The user wants to book a repair.", collects=("email", "bikes", "day")),),
        variables=[
            {"name": "email", "description": "Where the booking is confirmed to."},
            {"name": "bikes", "type": "number", "description": "How many bikes do you bring?"},
        ],
    )
    assert await talk.hears("I want to book a repair") == "What is your email?"
    assert await talk.hears("ann@") == "I could not read that as an e-mail address. What is your email?"
    assert await talk.hears("What does it cost?") == (f"{UNKNOWN} Shall I get a person for you? What is your email?")
    assert await talk.hears("it's ann@Example.org.") == "How many bikes do you bring?"
    assert await talk.hears("I bring 2 bikes") == "What is your day?"
    assert talk.variables["bikes"] == 2
    assert await talk.calls("tomorrow") == [("take_exit", '{"exitId":"booked","day":"2026-03-02"}')]
    assert talk.outcome == replace(talk.outcome, exit_id="booked")  # pyright: ignore[reportArgumentType, reportCallIssue]  # the outcome is of one of several types
    assert talk.variables["email"] == "ann@example.org"


async def test_an_exit_that_needs_nothing_is_taken_when_it_is_meant(models: Models) -> None:
    exits = (
        Exit(id="cancelled", description="The user wants to cancel the subscription."),
        Exit(id="booked", description="The user wants to book a repair."),
    )
    talk = Talk(models, exits=exits)
    assert await talk.calls("please cancel my subscription") == [("take_exit", '{"exitId":"cancelled"}')]


async def test_a_phase_follows_when_its_words_are_said(models: Models) -> None:
    phases = [
        {"id": "start", "exit": [{"description": "The user wants to book a repair", "to": "booking"}]},
        {"id": "booking", "buttons": ["Tomorrow", "Next week"]},
    ]
    talk = Talk(models, harness={"phases": phases})
    traces = await talk.say("I want to book a repair")
    assert ["phase", {"from": "start", "to": "booking"}] in traces
    assert traces[-1][0] == "buttons"


async def test_a_tool_is_used_when_it_is_meant_and_all_it_takes_was_said(models: Models) -> None:
    context = FakeContext(mocks={"order_status": {"status": 200, "body": {"state": "on its way", "day": "Tuesday"}}})
    talk = Talk(models, tools=[ORDER], context=context)
    assert await talk.hears("Where is my order A-77?") == "Here is what I found:\n- state: on its way\n- day: Tuesday"
    assert await talk.hears("Where is my order?") == "What is your order number?"
    assert await talk.calls("it is A-78") == [("order_status", '{"orderNumber":"A-78"}')]


async def test_a_tool_that_changes_something_is_never_used(models: Models) -> None:
    writes = {**ORDER, "config": {"method": "POST", "url": "https://shop.example/"}}
    approved = {**ORDER, "approval": "user"}
    for each in (writes, approved):
        assert await Talk(models, tools=[each]).calls("Where is my order A-77?") == []


async def test_a_tool_that_fails_is_told(models: Models) -> None:
    talk = Talk(models, tools=[ORDER], context=FakeContext(mocks={"order_status": {"status": 500}}))
    assert await talk.hears("Where is my order A-77?") == "That did not work just now. Shall I get a person for you?"


async def test_the_knowledge_base_is_asked_last(models: Models) -> None:
    request = ModelRequest((User("When do you open?"),), (SEARCH, ESCALATE), brief=Brief("Ann"))
    assert (await models.answer(BUILT_IN, request)).calls == (
        ToolCall("call_101", "kb_search", '{"query":"When do you open?"}'),
    )


@pytest.mark.parametrize(
    ("score", "next_score", "said"),
    [
        (0.6, 0.59, ANSWER),
        (0.3, 0.2, ANSWER),
        (0.45, 0.44, CLOSEST),
        (0.3, 0.26, CLOSEST),
        (0.27, 0.1, CLOSEST),
        (0.3, 0.29, "I am not sure. Did you mean one of these?\n- Opening hours\n- Holidays"),
        (0.19, 0.0, f"{UNKNOWN} Shall I get a person for you?"),
    ],
)
async def test_how_much_is_claimed_goes_by_the_score_and_its_lead(
    models: Models, score: float, next_score: float, said: str
) -> None:
    holidays: dict[str, Json] = {"title": "Holidays", "content": "In May.", "score": next_score}
    answer = await models.answer(BUILT_IN, found(holidays, {**HOURS, "score": score}))
    assert answer.text == said


@pytest.mark.parametrize(
    ("score", "said"),
    [(0.6, "This is the closest I found:"), (0.45, "I am not sure. Did you mean"), (0.3, UNKNOWN)],
)
async def test_less_is_claimed_where_a_word_of_the_question_is_known_nowhere(
    models: Models, score: float, said: str
) -> None:
    answer = await models.answer(BUILT_IN, found({**HOURS, "score": score, "unknownWords": ["bitcoin"]}))
    assert answer.text.startswith(said)


async def test_a_passage_leads_those_of_other_documents_not_of_its_own(models: Models) -> None:
    more: dict[str, Json] = {"title": "Opening hours", "content": "Ring twice.", "score": 0.34}
    other: dict[str, Json] = {"title": "Holidays", "content": "In May.", "score": 0.2}
    for request in (
        found({**HOURS, "score": 0.35}, more, other),
        found({**HOURS, "score": 0.35}, {**more, "score": 0.2}),
    ):
        assert (await models.answer(BUILT_IN, request)).text == ANSWER
    alone = await models.answer(BUILT_IN, found({**HOURS, "score": 0.35}))
    assert alone.text.startswith("I am not sure.")


async def test_an_agent_answers_from_the_knowledge_base(models: Models) -> None:
    talk = Talk(models)
    text = "Our shop opens at nine. It has a blue door."
    talk.scene.found = [Passage("chunk_1", "doc_1", "Opening hours", None, 0.62, text, text)]
    traces = await talk.say("When do you open?")
    assert [kind for kind, _ in traces if kind == "knowledge"] == ["knowledge"]
    assert traces[-1] == ["text", {"message": "Our shop opens at nine. (Opening hours)"}]


async def test_titles_become_buttons_where_there_are_some(models: Models) -> None:
    request = found({**HOURS, "score": 0.3}, tools=(BUTTONS,))
    call = ToolCall("call_102", "show_buttons", '{"buttons":["Opening hours"]}')
    assert (await models.answer(BUILT_IN, request)).calls == (call,)
    shown = (Assistant("", (call,)), ToolResult("call_102", "show_buttons", "Shown to the user."))
    answer = await models.answer(BUILT_IN, replace(request, messages=(*request.messages, *shown)))
    assert answer.text == "I am not sure. Did you mean one of these?"


async def test_passages_that_a_step_has_found_are_quoted(models: Models) -> None:
    data = fenced("knowledge", [{**HOURS, "score": 0.7}])
    request = ModelRequest((User(f"{data}\nWhen do you open?"),), brief=Brief("Ann"))
    assert (await models.answer(BUILT_IN, request)).text.startswith("We open at nine.")


async def test_it_streams_by_sentence_costs_nothing_and_is_always_the_same(models: Models) -> None:
    request = found({**HOURS, "score": 0.6})
    told = [[each async for each in models.stream(BUILT_IN, request)] for _ in range(2)]
    pieces = [each.text for each in told[0] if isinstance(each, TextDelta)]
    assert pieces == ["We open at nine. ", "On Sundays we are closed. ", "(Opening hours)"]
    answers = [each[-1] for each in told]
    assert isinstance(answers[0], ModelAnswer)
    assert isinstance(answers[1], ModelAnswer)
    assert answers[0].text == answers[1].text
    assert (answers[0].model, answers[0].usage, answers[0].cost_usd) == ("local:extractive", Usage(), 0.0)


async def test_what_is_beyond_it_is_an_error_that_names_the_fix(models: Models) -> None:
    with pytest.raises(NotConfigured, match=r"needs a language model.*OPENAI_API_KEY.*CONDUET_MODEL"):
        await models.answer(BUILT_IN, ModelRequest((User("Write a poem."),)))
    with pytest.raises(UnknownModel, match="there is local:extractive"):
        await models.answer(parse_chain("local:poet"), found())


async def test_it_speaks_the_language_of_the_conversation(models: Models) -> None:
    talk = Talk(models, name="Radladen", language="de")
    assert await talk.hears("Guten Tag") == "Guten Tag, hier ist Radladen. Wie kann ich helfen?"
    assert "ohne Sprachmodell" in await talk.hears("Verkauft ihr Autos?")


async def test_without_an_embedding_model_it_goes_by_words() -> None:
    talk = Talk(Models({"local": Local()}))
    assert [name for name, _ in await talk.calls("I want to talk to a human")] == ["escalate"]
    assert "without a language model" in await talk.hears("Something else")


@pytest.mark.parametrize(
    ("wanted", "said", "value"),
    [
        (Wanted("name"), "My name is Ann.", '"name":"Ann"'),
        (Wanted("phone"), "you can call +49 30 901820", '"phone":"+4930901820"'),
        (Wanted("news", "boolean", "Do you want our news?"), "No thanks", '"news":false'),
        (Wanted("news", "boolean", "Do you want our news?"), "yes", '"news":true'),
        (Wanted("website"), "it is conduet.example", '"website":"https://conduet.example/"'),
    ],
)
async def test_answers_are_read_by_what_they_are_asked_for(
    models: Models, wanted: Wanted, said: str, value: str
) -> None:
    exits = (Way("done", "Done.", (wanted.name,)),)
    brief = Brief("Ann", wanted=(wanted,), exits=exits)
    tools = (ToolSpec("take_exit", "End your part."),)
    asked = await models.answer(BUILT_IN, ModelRequest((User("Let us go on."),), tools, brief=brief))
    heard = ModelRequest((User("Let us go on."), Assistant(asked.text), User(said)), tools, brief=brief)
    assert value in (await models.answer(BUILT_IN, heard)).calls[0].arguments


async def test_many_answers_are_made_at_once(models: Models) -> None:
    answers = await asyncio.gather(*(models.answer(BUILT_IN, found({**HOURS, "score": 0.6})) for _ in range(20)))
    assert len({answer.text for answer in answers}) == 1


async def test_a_prompt_that_is_said_quotes_what_was_found_for_it(models: Models) -> None:
    fence = fenced("knowledge base", [{**HOURS, "score": 0.6}])
    asked = ModelRequest((User(f"{fence}\nAnswer in four sentences."),), brief=Brief("Ann", asked="When do you open?"))
    assert (await models.answer(BUILT_IN, asked)).text == ANSWER
    far = ModelRequest((User(fenced("knowledge base", [{**HOURS, "score": 0.1}])),), brief=Brief("Ann", asked="Cars?"))
    with pytest.raises(NotConfigured):
        await models.answer(BUILT_IN, far)
