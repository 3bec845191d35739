"""A conversation's variables outside a turn: their defaults, what survives a reset, and setting them by hand."""

from collections.abc import Mapping

from conduet.engine.facts import Environment
from conduet.engine.fitting import LANGUAGE, VARIABLES_BYTES, fitted
from conduet.engine.graph import Document
from conduet.engine.state import State
from conduet.engine.values import Json, Mismatch, json_bytes
from conduet.errors import At, BadRequest, PayloadTooLarge


def environment_of(version_id: str) -> Environment:
    """`development` for the draft, `production` for everything published."""
    return "development" if version_id == "development" else "production"


def fresh_state(document: Document, version_id: str = "development") -> State:
    """What a conversation begins with: the declared defaults of the environment that the version belongs to."""
    return State(variables=dict(document.defaults[environment_of(version_id)]))


def user_scoped(document: Document, state: State) -> dict[str, Json]:
    """The variables that outlive a reset of the conversation."""
    lasting = {name for name, variable in document.facts.variables.items() if variable.scope == "user"}
    return {name: value for name, value in state.variables.items() if name in lasting}


def set_variables(document: Document, state: State, values: Mapping[str, Json]) -> None:
    """Sets all of `values` or, where one is wrong, none; an undeclared name is kept as it came.

    `sys.language` sets the conversation's language. Raises `BadRequest` with each mistake at `variables.NAME`, and
    `PayloadTooLarge` when the variables together would take more than 256 KB.
    """
    converted: dict[str, Json] = {}
    mistakes: list[At] = []
    for name, value in values.items():
        try:
            converted[name] = fitted(name, value, document.facts.variables.get(name))
        except Mismatch as error:
            mistakes.append(At(f"variables.{name}", f"{error}."))
    if mistakes:
        raise BadRequest(f"{mistakes[0].path}: {mistakes[0].message}", details=mistakes)
    language = converted.pop(LANGUAGE, None)
    together = {**state.variables, **converted}
    if json_bytes(together) > VARIABLES_BYTES:
        raise PayloadTooLarge(f"The variables of a conversation may take {VARIABLES_BYTES // 1024} KB together.")
    state.variables = together
    if language is not None:
        state.internal["language"] = language
