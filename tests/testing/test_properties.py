"""Whatever the document and the test: a run comes to a result, and to the same one every time."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from conduet.kit.json import dumps
from tests.engine.anything import (
    ACTIONS,
    INTERNALS,
    JSON,
    NAMES,
    TEXTS,
    WORKFLOWS,
    Object,
    Objects,
    configured,
    documents,
)
from tests.testing.playing import all_played

STEPS = st.sampled_from(["s0", "s1", "s2", "gone"])
TRACES = st.sampled_from(["text", "buttons", "end", "error", "typing", "x"])
EXPECTATIONS: Objects = st.one_of(
    st.fixed_dictionaries({"contains": TEXTS}),
    st.fixed_dictionaries({"notContains": TEXTS}),
    st.fixed_dictionaries({"variable": NAMES, "equals": JSON}),
    st.fixed_dictionaries({"step": STEPS | st.sampled_from(["main/s0", "other/s1"])}),
    st.fixed_dictionaries({"trace": TRACES}),
    st.fixed_dictionaries(
        {"trace": st.fixed_dictionaries({"type": TRACES}, optional={"payload": configured(message=JSON)})}
    ),
    st.fixed_dictionaries({"source": TEXTS}),
    st.fixed_dictionaries({"judge": TEXTS}),
)
TURNS: Objects = st.fixed_dictionaries(
    {"action": ACTIONS, "expect": st.lists(EXPECTATIONS, max_size=2)},
    optional={"journal": st.dictionaries(st.sampled_from(["sys.now", "main/s1#1/random1", "main/s1#1/call1"]), JSON)},
)
TESTS: Objects = st.fixed_dictionaries(
    {"id": st.text(min_size=1, max_size=5), "turns": st.lists(TURNS, max_size=5)},
    optional={
        "start": st.fixed_dictionaries({"workflowId": st.sampled_from(WORKFLOWS), "stepId": STEPS}),
        "variables": st.dictionaries(NAMES, JSON, max_size=2),
        "internal": INTERNALS,
        "mocks": st.dictionaries(STEPS | st.just("main/s1"), JSON, max_size=2),
        "now": st.datetimes(timezones=st.timezones()).map(lambda moment: moment.replace(year=2000).isoformat()),
        "userId": st.text(min_size=1, max_size=5),
        "platform": st.sampled_from(["api", "sms"]),
    },
)


@settings(deadline=None)
@given(documents(), TESTS)
def test_any_test_on_any_document_comes_to_a_result_and_to_the_same_one_again(document: Object, test: Object) -> None:
    first, again = (all_played([test], document)[0].wire() for _ in range(2))
    assert first == again
    assert dumps(first) == dumps(again)
    assert json.loads(dumps(first)) == first
    assert ("expected" in first) == ("got" in first) == (not first["ok"])


@settings(deadline=None)
@given(documents(), st.lists(TESTS, max_size=3, unique_by=lambda test: test["id"]))
def test_what_a_test_comes_to_does_not_depend_on_those_before_it(document: Object, tests: list[Object]) -> None:
    forth, back = all_played(tests, document), all_played(tests[::-1], document)
    assert [*forth] == [*reversed(back)]
