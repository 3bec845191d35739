"""Whatever a model writes: either nothing comes of it, or a document that can be published."""

import json
from collections.abc import Sequence
from copy import deepcopy
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conduet.engine.plugins import Plugins
from conduet.projects.generating.brief import Brief
from conduet.projects.generating.judging import Useless, judge, mend
from conduet.projects.generating.mending import cut, tidied
from conduet.projects.generating.plan import Plan
from conduet.projects.template import read_template, template_ids

PLUGINS = Plugins.installed()
PLAN = Plan.model_validate(
    {
        "name": "Any",
        "framework": "conversation-flow",
        "description": "Anything.",
        "language": "en",
        "persona": "Kind.",
        "collects": [],
        "outside": [],
        "workflows": [{"id": "main", "purpose": "Anything.", "steps": []}],
    }
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 10**20),
    st.floats(allow_nan=False),
    st.sampled_from(["", "main", "start", "next", "{{", "{{x}}", "message", "workflows", "(?=x)", "a" * 300]),
    st.lists(st.sampled_from([None, 1, "start", {}]), max_size=2),
    st.dictionaries(st.sampled_from(["id", "type", "name", "config"]), st.sampled_from(["start", 7, None]), max_size=3),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value inside."""
    names: Sequence[Any] = ()
    if isinstance(value, dict):
        names = [*cast("dict[str, Any]", value)]
    elif isinstance(value, list):
        names = range(len(cast("list[Any]", value)))
    return [path, *(place for name in names for place in places(value[name], (*path, name)))]


@st.composite
def damaged(draw: st.DrawFn) -> dict[str, Any]:
    """A template with a few of its values replaced by any others, or taken out."""
    document: Any = json.loads(json.dumps(read_template(draw(st.sampled_from(template_ids())))))
    for _ in range(draw(st.integers(0, 6))):
        *outer, last = draw(st.sampled_from([place for place in places(document) if place]))
        holder = document
        for name in outer:
            holder = holder[name]
        if draw(st.booleans()):
            holder[last] = deepcopy(draw(VALUES))
        else:
            del holder[last]
    return document


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(damaged())
def test_what_is_mended_can_be_published(written: dict[str, Any]) -> None:
    try:
        document = mend(judge(tidied(written, PLAN, Brief("Anything.")), PLUGINS), PLUGINS)
    except Useless:
        return
    assert judge(document, PLUGINS).errors == []


@pytest.mark.parametrize("name", template_ids())
def test_what_is_right_stays_as_it_was_written(name: str) -> None:
    written: Any = json.loads(json.dumps(read_template(name)))
    plan = PLAN.model_copy(update={"framework": written["framework"]})
    document: Any = mend(judge(tidied(written, plan, Brief("Anything.")), PLUGINS), PLUGINS)
    steps = [step["id"] for workflow in written["workflows"] for step in workflow["steps"]]
    assert [step["id"] for workflow in document["workflows"] for step in workflow["steps"]] == steps


@pytest.mark.parametrize(
    ("path", "left"),
    [
        ("tools[0].config", {"tools": [2], "deep": {"a": 1}, "name": "x"}),
        ("deep.a", {"tools": [1, 2], "deep": {}, "name": "x"}),
        ("deep.a[3].b", {"tools": [1, 2], "deep": {}, "name": "x"}),
        ("name", {"tools": [1, 2], "deep": {"a": 1}}),
    ],
)
def test_what_lies_at_a_path_is_taken_out(path: str, left: dict[str, Any]) -> None:
    document: dict[str, Any] = {"tools": [1, 2], "deep": {"a": 1}, "name": "x"}
    assert cut(document, [path])
    assert document == left


def test_what_is_wrong_in_many_places_is_taken_out_at_once() -> None:
    def flow(name: str) -> dict[str, Any]:
        steps = [{"id": f"{name}{number}"} for number in range(3)]
        wires = [
            {"id": f"{name}-{number}", "source": f"{name}{number}", "target": f"{name}{number + 1}"}
            for number in (0, 1)
        ]
        return {"id": name, "steps": steps, "connections": wires}

    document: dict[str, Any] = {"workflows": [flow("a"), flow("b"), flow("c")]}
    paths = [
        "workflows[0]",
        "workflows[0].steps[1].type",
        "workflows[1].steps[1]",
        "workflows[1].connections[1].source",
    ]
    assert cut(document, [*paths, "workflows[2].steps[7]", "workflows[9].steps[0]"])
    assert [each["id"] for each in document["workflows"]] == ["b", "c"]
    assert [each["id"] for each in document["workflows"][0]["steps"]] == ["b0", "b2"]
    assert document["workflows"][0]["connections"] == []
    assert document["workflows"][1] == flow("c")


@pytest.mark.parametrize("path", ["", "nothing", "nothing.there", "tools[9]"])
def test_where_nothing_lies_nothing_is_taken_out(path: str) -> None:
    assert not cut({"tools": [1]}, [path])
