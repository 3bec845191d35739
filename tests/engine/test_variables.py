"""A conversation's variables outside a turn."""

import pytest

from conduet.engine.run import fresh_state, set_variables, user_scoped
from conduet.engine.state import State
from conduet.engine.values import Json
from conduet.errors import BadRequest, PayloadTooLarge
from tests.engine.talk import compiled

DOCUMENT = compiled(
    variables=[
        {"name": "name", "scope": "user"},
        {"name": "age", "type": "number", "default": "30"},
        {"name": "wrong", "type": "number", "default": "x"},
        {"name": "host", "default": "test", "environments": {"production": "live"}},
    ]
)


def test_a_fresh_state_has_the_declared_defaults_of_its_environment() -> None:
    assert fresh_state(DOCUMENT) == State(variables={"age": 30, "host": "test"})
    assert fresh_state(DOCUMENT, "ver_1") == State(variables={"age": 30, "host": "live"})


def test_variables_of_the_user_outlive_a_reset() -> None:
    state = State(variables={"name": "Ann", "age": 31, "undeclared": 1})
    assert user_scoped(DOCUMENT, state) == {"name": "Ann"}


def test_values_are_merged_and_converted_and_undeclared_names_are_kept_as_they_came() -> None:
    state = State(variables={"age": 30, "other": [1]})
    set_variables(DOCUMENT, state, {"age": "31", "name": 7, "more": {"a": None}})
    assert state == State(variables={"age": 31, "other": [1], "name": "7", "more": {"a": None}})


@pytest.mark.parametrize(
    ("values", "paths"),
    [
        ({"name": "Ann", "age": "old"}, ["variables.age"]),
        ({"age": [], "name": {}}, ["variables.age", "variables.name"]),
        ({"age": None}, ["variables.age"]),
        ({"sys.now": 1}, ["variables.sys.now"]),
        ({"sys": {"language": "de"}}, ["variables.sys"]),
        ({"sys.language": "not a language"}, ["variables.sys.language"]),
        ({"sys.language": 1}, ["variables.sys.language"]),
    ],
)
def test_where_one_value_is_wrong_none_is_set(values: dict[str, Json], paths: list[str]) -> None:
    state = State(variables={"age": 30})
    with pytest.raises(BadRequest) as caught:
        set_variables(DOCUMENT, state, values)
    assert [detail.path for detail in caught.value.details] == paths
    assert caught.value.message.startswith(f"{paths[0]}: ")
    assert state == State(variables={"age": 30})


def test_the_language_is_set_in_the_internal_part() -> None:
    state = State()
    set_variables(DOCUMENT, state, {"sys.language": "de-AT", "name": "Ann"})
    assert state == State(variables={"name": "Ann"}, internal={"language": "de-AT"})


def test_variables_take_256_kb_at_most() -> None:
    state = State(variables={"big": "x" * 200_000})
    with pytest.raises(PayloadTooLarge, match="256 KB"):
        set_variables(DOCUMENT, state, {"more": "y" * 70_000})
    assert "more" not in state.variables
    set_variables(DOCUMENT, state, {"big": "x" * 262_000})
