"""Whatever the document, the actions and the state: a turn gives traces, ends, and leaves JSON behind."""

import asyncio
import json
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st

from conduet.engine.check import check
from conduet.engine.context import Context
from conduet.engine.document import Document, compile_document
from conduet.engine.journal import ReplayContext
from conduet.engine.run import STEPS as STEPS_A_TURN
from conduet.engine.run import approvals, at_rest, fresh_state, run
from conduet.engine.state import State
from conduet.engine.trace import Trace
from conduet.errors import BadRequest
from tests.engine.anything import (
    ACTIONS,
    ANSWERS,
    CONFIGS,
    FORKING,
    INTERNALS,
    SCRIBBLES,
    AnyContext,
    Object,
    documents,
)
from tests.engine.talk import ACTION, PLUGINS, STEPS, stored


def turn(document: Document, state: State, action: Object, context: Context, *, watches: bool = False) -> list[Trace]:
    """The traces of a turn."""

    async def traces() -> list[Trace]:
        parsed = ACTION.validate_python(action)
        return [trace async for trace in run(document, state, parsed, context, watches=watches)]

    return asyncio.run(traces())


def named(action: Object, document: Document, state: State) -> Object:
    """The action with the id of a call that is open, where it wants one."""
    waiting = [each.id for each in approvals(document, state)]
    payload = action["payload"]
    if not waiting or not isinstance(payload, dict) or "open" not in cast("Object", payload).values():
        return action
    return {**action, "payload": {k: waiting[0] if v == "open" else v for k, v in cast("Object", payload).items()}}


def integers(value: Any) -> list[int]:
    """The integers in a JSON value."""
    if isinstance(value, dict):
        return integers([*cast("Object", value).values()])
    if isinstance(value, list):
        return [number for item in cast("list[Any]", value) for number in integers(item)]
    return [value] if isinstance(value, int) else []


def test_every_step_type_is_tried() -> None:
    assert CONFIGS.keys() == STEPS.keys()


@settings(deadline=None)
@given(documents(), st.lists(ACTIONS, min_size=1, max_size=6), st.sampled_from(["api", "sms"]), ANSWERS, st.booleans())
def test_any_conversation_with_any_document_goes_on_in_traces_and_json(
    raw: Object, actions: list[Object], platform: str, answers: list[Any], watches: bool
) -> None:
    document = compile_document(raw, PLUGINS)
    context = AnyContext(platform=platform, answers=answers)
    state = fresh_state(document)
    for action in actions:
        traces = turn(document, state, named(action, document, state), context, watches=watches)
        wire = [{"type": trace.type, "payload": trace.payload()} for trace in traces]
        assert json.loads(json.dumps(wire, allow_nan=False)) == wire
        assert [trace.type for trace in traces].count("end") <= 1
        assert [trace.type for trace in traces].count("step") <= (STEPS_A_TURN if watches else 0)
        again = stored(state)
        assert again == state
        assert all(-(2**63) <= number < 2**63 for number in integers(state.variables))
        state = again
    assert len(json.dumps(state.internal)) < 100_000


@settings(deadline=None)
@given(documents(), st.lists(ACTIONS, min_size=1, max_size=4), ANSWERS)
def test_any_turn_run_again_from_its_journal_says_the_same(
    raw: Object, actions: list[Object], answers: list[Any]
) -> None:
    document = compile_document(raw, PLUGINS)
    state = fresh_state(document)
    for action in actions:
        context = AnyContext(answers=answers)
        before, asked = stored(state), named(action, document, state)
        recorded = turn(document, state, asked, context)
        journal = json.loads(json.dumps(context.entries))
        replay = ReplayContext(journal, user_id="user_1", platform="api", version_id="development", chain=context.chain)
        assert turn(document, before, asked, replay) == recorded
        assert before == state


@settings(deadline=None)
@given(documents(kinds=FORKING), ANSWERS, st.integers(1, 1000), st.integers(1, 1000))
def test_what_comes_of_branches_does_not_depend_on_the_order_in_which_they_end(
    raw: Object, answers: list[Any], one: int, other: int
) -> None:
    document = compile_document(raw, PLUGINS)
    found: list[tuple[list[Trace], State]] = []
    for seed in (one, other):
        state = fresh_state(document)
        launch = {"type": "launch", "payload": None}
        found.append((turn(document, state, launch, AnyContext(answers=answers, seed=seed)), state))
    assert found[0] == found[1]


@settings(deadline=None)
@given(documents(), INTERNALS, ACTIONS)
def test_any_internal_state_that_a_client_puts_is_taken(raw: Object, internal: Object, action: Object) -> None:
    document = compile_document(raw, PLUGINS)
    state = State(internal=internal)
    at_rest(state)
    list(approvals(document, state))
    turn(document, state, action, AnyContext())
    assert stored(state) == state


@settings(deadline=None)
@given(SCRIBBLES)
def test_any_json_as_a_document_compiles_or_is_refused_by_path(raw: Object) -> None:
    refused: BadRequest | None = None
    try:
        check(compile_document(raw, PLUGINS))
    except BadRequest as error:
        refused = error
    assert refused is None or all(detail.message for detail in refused.details)
    assert refused is None or refused.details


@settings(deadline=None)
@given(documents())
def test_every_problem_says_what_it_is_and_where(raw: Object) -> None:
    for problem in check(compile_document(raw, PLUGINS)):
        assert problem.message.endswith(".")
        assert problem.path
        assert json.dumps(problem.wire())
