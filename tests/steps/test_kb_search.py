"""The step `kb-search`: what it finds is told, kept, and grounds the next call of a model."""

from collections.abc import Sequence
from typing import Any

from conduet.engine.check import check
from conduet.engine.context import Passage
from conduet.engine.outside import Unreachable
from tests.agents.obeying import speaking
from tests.engine.talk import FakeContext, Talk, compiled, line, step, workflow

FOUND = Passage("chunk_1", "doc_1", "Opening hours", None, 0.8, "The shop opens at nine.", "opens at nine")
MAIN = workflow(
    "main",
    step("search", "kb-search", query="{{sys.lastUserMessage}}?", minScore=0.5, saveTo="found"),
    step("it", "prompt", prompt="Answer.", say=True),
    step("again", "prompt", prompt="And now?"),
    step("none", "message", text="none"),
    wires="start > search, search > it, it > again, search.noResults > none",
)
VARIABLES = [{"name": "found", "type": "list"}]


async def test_what_is_found_grounds_the_next_call_of_a_model_and_no_other() -> None:
    async with speaking("At nine.", found=[FOUND]) as world:
        talk = Talk(MAIN, context=world, variables=VARIABLES)
        await talk.say("When do you open")
        assert world.queries == ["When do you open?"]
        assert "The shop opens at nine." in world.prompt(0)
        assert "The shop opens at nine." not in world.prompt(1)
        (told,) = [trace.payload() for trace in talk.seen if trace.type == "knowledge"]
        source = {"documentId": "doc_1", "name": "Opening hours", "chunkId": "chunk_1", "score": 0.8}
        assert told == {"query": "When do you open?", "sources": [{**source, "excerpt": "opens at nine"}]}
        assert "opens at nine" in str(talk.variables["found"])


async def test_what_is_found_waits_for_a_model_that_is_asked_turns_later() -> None:
    main = line(
        step("search", "kb-search"),
        step("ask", "capture", text="Whose?", variable="who"),
        step("it", "agent", instructions="Answer."),
    )
    async with speaking("At nine.", found=[FOUND]) as world:
        talk = Talk(main, context=world, variables=[{"name": "who"}])
        await talk.say("When do you open")
        await talk.say("Yours")
        assert "The shop opens at nine." in world.prompt()


async def test_where_nothing_is_found_it_leaves_by_no_results() -> None:
    talk = Talk(MAIN, context=FakeContext(has_knowledge=True), variables=VARIABLES)
    assert await talk.say("x") == ["none"]
    assert talk.variables["found"] == []


async def test_without_a_knowledge_base_it_leaves_by_no_results_with_a_remark() -> None:
    talk = Talk(MAIN, variables=VARIABLES)
    assert await talk.say("x") == ["none"]
    assert "There is nothing in the knowledge base to be searched." in talk.debug


async def test_a_search_that_fails_is_an_error_and_it_leaves_by_no_results() -> None:
    class Away(FakeContext):
        async def search(self, place: str, query: str, **how: Any) -> Sequence[Passage]:
            raise Unreachable("UNREACHABLE", "The embedding model did not answer.")

    talk = Talk(MAIN, context=Away(has_knowledge=True), variables=VARIABLES)
    assert await talk.say("x") == ["error UNREACHABLE", "none"]
    assert talk.variables["found"] == []


async def test_an_agent_that_may_looks_up_by_itself_and_cites() -> None:
    look = (("kb_search", {"query": "opening hours"}),)
    main = line(step("it", "agent", instructions="Answer.", knowledgeBase=True))
    async with speaking(look, "At nine, say the opening hours.", found=[FOUND]) as world:
        talk = Talk(main, context=world)
        await talk.say("When?")
        assert [trace.type for trace in talk.seen if trace.type == "knowledge"] == ["knowledge"]
        assert "The shop opens at nine." in world.prompt(1)


async def test_an_agent_that_may_not_is_not_offered_it() -> None:
    async with speaking("Hello.", found=[FOUND]) as world:
        await Talk(line(step("it", "agent", instructions="Answer.")), context=world).say("When?")
        assert "kb_search" not in world.prompt()


async def test_who_answers_only_from_sources_is_given_them_before_being_asked() -> None:
    main = line(step("it", "agent", instructions="Answer.", knowledgeBase=True))
    async with speaking("At nine.", found=[FOUND]) as world:
        await Talk(main, context=world, behaviourConfig={"answerOnlyFromSources": True}).say("When?")
        assert "The shop opens at nine." in world.prompt(0)
        assert "and from nothing else" in world.prompt(0)


def test_it_has_no_problem() -> None:
    assert [each.severity for each in check(compiled(line(step("s", "kb-search"))))] in ([], ["warning"])


async def test_a_test_may_say_what_is_found() -> None:
    async with speaking("At nine.") as world:
        world.mocks["search"] = [{"name": "Opening hours", "content": "The shop opens at nine."}]
        talk = Talk(MAIN, context=world, variables=VARIABLES)
        await talk.say("When do you open")
        assert world.queries == []
        assert "The shop opens at nine." in world.prompt(0)
        (told,) = [trace.payload() for trace in talk.seen if trace.type == "knowledge"]
        assert "'name': 'Opening hours'" in str(told["sources"])


async def test_only_documents_that_its_filter_and_the_projects_let_through_are_looked_into() -> None:
    main = workflow(
        "main",
        step("search", "kb-search", filter={"audience": "{{groups}}", "level": "{{level}}", "place": "{{place}}"}),
        wires="start > search",
    )
    variables = [
        {"name": "groups", "type": "list", "default": ["staff", "all"]},
        {"name": "level", "type": "number", "default": 2},
        {"name": "place"},
        {"name": "tenant", "default": "a"},
    ]
    behaviour = {"knowledgeFilter": {"tenant": "{{tenant}}", "level": 1, "lost": "{{nobody.knows}}"}}
    context = FakeContext(has_knowledge=True)
    talk = Talk(main, context=context, variables=variables, behaviourConfig=behaviour)
    await talk.say("When do you open")
    own = {"audience": ["staff", "all"], "place": []}
    assert context.filters == [{**own, "tenant": "a", "level": 1, "lost": []}], "what is not set lets nothing through"


async def test_a_model_that_looks_up_finds_only_what_the_project_lets_be_found() -> None:
    look = (("kb_search", {"query": "opening hours"}),)
    main = line(step("it", "agent", instructions="Answer.", knowledgeBase=True))
    async with speaking(look, "At nine.", found=[FOUND]) as world:
        behaviour = {"knowledgeFilter": {"audience": "{{role}}"}}
        talk = Talk(main, context=world, variables=[{"name": "role", "default": "guest"}], behaviourConfig=behaviour)
        await talk.say("When do you open")
        assert world.filters == [{"audience": "guest"}]


async def test_a_citation_tells_where_a_page_is_and_when_it_was_last_looked_at() -> None:
    looked_at = "2026-03-01T12:00:00.000Z"
    page = Passage(
        *("chunk_1", "doc_1", "Hours", "https://shop.example/hours", 0.8, "At nine.", "At nine."), crawled_at=looked_at
    )
    async with speaking("At nine.", found=[page]) as world:
        talk = Talk(MAIN, context=world, variables=VARIABLES)
        await talk.say("When do you open")
        told = str(next(trace.payload() for trace in talk.seen if trace.type == "knowledge"))
        assert f"'url': 'https://shop.example/hours', 'crawledAt': '{looked_at}'" in told
        assert looked_at in world.prompt(0)
