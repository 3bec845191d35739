import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduet.engine.check import READ_ONLY
from conduet.errors import BadRequest
from conduet.kit.json import Json
from conduet.projects.converters import SCHEMA_VERSION, Converter, convert
from conduet.projects.document import DEFAULTS, SLUG_LENGTH, blank, complete, slug_of

values: st.SearchStrategy[Json] = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.builds(dict[str, Json]) | st.builds(list[Json])
)
documents: st.SearchStrategy[dict[str, Json]] = st.dictionaries(
    st.sampled_from([*DEFAULTS, *READ_ONLY, "x", "y"]), values, max_size=8
)


@given(given=documents)
def test_a_complete_document_has_every_part_and_completing_it_again_changes_nothing(given: dict[str, Json]):
    document = complete({**given, "name": "a"})
    assert {*DEFAULTS, "name"} <= set(document)
    assert not READ_ONLY.intersection(document)
    assert all(document[name] is not None for name in DEFAULTS if name != "slug")
    assert repr(complete(document)) == repr(document)


@given(given=documents)
def test_completing_leaves_what_is_there_as_it_came(given: dict[str, Json]):
    document = complete({**given, "name": "a"})
    for name, value in given.items():
        if name not in READ_ONLY and value is not None and not isinstance(value, dict):
            assert document[name] is value


def test_completing_changes_neither_what_was_given_nor_the_defaults():
    before = repr(DEFAULTS)
    given: dict[str, Json] = {"name": "a", "behaviourConfig": {"retention": {"journalDays": None}}}
    document = complete(given)
    assert document["behaviourConfig"] == DEFAULTS["behaviourConfig"]
    assert given == {"name": "a", "behaviourConfig": {"retention": {"journalDays": None}}}
    assert repr(DEFAULTS) == before


def test_a_document_needs_a_name():
    nameless: list[dict[str, Json]] = [{}, {"name": None}]
    for document in nameless:
        with pytest.raises(BadRequest) as refused:
            complete(document)
        assert refused.value.details[0].path == "name"


def test_a_blank_document_keeps_the_order_of_the_contract():
    document = blank({"name": "a", "description": "", "framework": "agentic", "language": "en", "slug": "a"})
    first = ["name", "description", "framework", "language", "slug", "workflows", "playbooks", "tools", "variables"]
    assert list(document)[: len(first)] == first


@given(name=st.text(min_size=1, max_size=200), taken=st.integers(0, 30))
def test_a_slug_is_readable_short_and_free(name: str, taken: int):
    slugs: set[str] = set()
    for _ in range(taken + 1):
        slug = slug_of(name, taken=slugs)
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
        assert len(slug) <= SLUG_LENGTH
        assert slug not in slugs
        slugs.add(slug)


def test_an_older_document_is_read_through_one_converter_a_step():
    converters: dict[int, Converter] = {
        1: lambda document: {**document, "one": True},
        2: lambda document: {**document, "seen": list(document)},
    }
    assert convert({"name": "a"}, 1, converters=converters, target=3) == {
        "name": "a",
        "one": True,
        "seen": ["name", "one"],
    }
    assert convert({"name": "a"}, 3, converters=converters, target=3) == {"name": "a"}


def test_a_document_of_a_newer_schema_or_without_a_converter_is_refused():
    with pytest.raises(ValueError, match="newer"):
        convert({}, SCHEMA_VERSION + 1)
    with pytest.raises(ValueError, match="no converter"):
        convert({}, 1, converters={}, target=2)


def test_what_fills_a_gap_belongs_to_the_document():
    first = complete({"name": "First"})
    assert isinstance(first["behaviourConfig"], dict)
    first["behaviourConfig"]["persona"] = "Loud"
    second = complete({"name": "Second"})
    assert isinstance(second["behaviourConfig"], dict)
    assert second["behaviourConfig"]["persona"] == ""
