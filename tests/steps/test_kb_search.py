"""The step `kb-search`, while there is no knowledge base."""

from conduet.engine.check import check
from tests.engine.talk import Talk, compiled, line, step, workflow


async def test_it_tells_that_a_knowledge_base_is_needed_and_leaves_by_no_results() -> None:
    found, none = (step(name, "message", text=name) for name in ("found", "none"))
    main = workflow(
        "main", step("search", "kb-search"), found, none,
        wires="start > search, search > found, search.noResults > none",
    )  # fmt: skip
    assert await Talk(main).launch() == ["error KNOWLEDGE_NEEDED", "none"]


def test_it_is_doubtful() -> None:
    (problem,) = check(compiled(line(step("s", "kb-search", query="{{sys.lastUserMessage}}"))))
    assert (problem.severity, problem.code) == ("warning", "NOT_AVAILABLE")
