"""Whatever a document holds, saving it is an answer and never an accident."""

from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from conduet.engine.check import Problem, check
from conduet.engine.document import compile_document
from conduet.engine.plugins import Plugins
from conduet.errors import BadRequest
from conduet.kit.json import Json, dumps, parse
from conduet.projects.changes import merge, replace
from conduet.projects.demo import read_demo
from conduet.projects.document import READ_ONLY

PLUGINS = Plugins.installed()
DEMO = read_demo()

values: st.SearchStrategy[Json] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
    | st.sampled_from(["start", "name", "{{name}}", "{{", "front_desk", "(", "en", "UTC", "next"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "type", "name", "text", "x", "value"]) | st.text(max_size=3), inner, max_size=3
        )
    ),
    max_leaves=8,
)


def places(value: Any) -> list[Any]:
    """The keys or indices of what is inside `value`."""
    if isinstance(value, dict):
        return [*cast("dict[str, Any]", value)]
    return [*range(len(cast("list[Any]", value)))] if isinstance(value, list) else []


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Json]:
    """The demo with something else in a few places."""
    document: Any = parse(dumps(DEMO))
    for _ in range(draw(st.integers(1, 4))):
        around, place = document, draw(st.sampled_from(places(document)))
        while places(around[place]) and draw(st.integers(0, 5)):
            around = around[place]
            place = draw(st.sampled_from(places(around)))
        around[place] = draw(values)
    return document


@given(document=documents())
def test_any_document_is_saved_or_refused_by_path(document: dict[str, Json]):
    refused: BadRequest | None = None
    after: dict[str, Json] = {}
    problems: list[Problem] = []
    try:
        after = replace(document)(DEMO).document
        if after["slug"] is None:
            after["slug"] = "demo"
        problems = check(compile_document(after, PLUGINS))
    except BadRequest as error:
        refused = error
    if refused:
        assert refused.details
        assert all(detail.message for detail in refused.details)
        return
    for problem in problems:
        assert problem.path
        dumps(problem.wire())
    # What was saved is what came.
    sent = {name: value for name, value in document.items() if name not in READ_ONLY and value is not None}
    for name, value in sent.items():
        if not isinstance(value, dict):
            assert dumps(after[name]) == dumps(value)
    assert dumps(merge({})(after).document) == dumps(after)
