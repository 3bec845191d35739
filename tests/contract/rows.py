"""The contract's 41 endpoints: how each is asked, what it answers by name, and the tests that hold it."""

from typing import Final

from tests.contract.knowledge_rows import knowledge
from tests.contract.management_rows import MANAGEMENT
from tests.contract.row import Row
from tests.contract.shapes import ANY, FIGURES, LAUNCH, LISTED, NO_ACTION, STATE, TIME, TRACES, TRANSCRIPT, VERSION

_TURNS: Final = "tests/conversations/test_turns.py::"
_STATE: Final = "tests/conversations/test_state.py::"
_SAID: Final = "tests/analytics/test_transcripts.py::"
_FIGURES: Final = "tests/analytics/test_figures.py::"
_PROJECTS: Final = "tests/projects/test_projects.py::"
_STREAMS: Final = "tests/conversations/test_streams.py::"
_PUBLISHING: Final = "tests/projects/test_publishing.py::"
_MINE: Final = "/api/v1"
_TALK: Final = f"{_MINE}/conversations/{{userId}}"

CONVERSATIONS: Final = (
    Row(
        "conversations",
        1,
        "POST",
        f"{_TALK}/interact",
        200,
        (
            _TURNS + "test_a_conversation_goes_from_its_start_to_its_end",
            _TURNS + "test_every_action_of_the_contract_is_taken",
        ),
        body=LAUNCH,
        shape=TRACES,
        wrong=NO_ACTION,
    ),
    Row(
        "conversations",
        2,
        "POST",
        f"{_TALK}/interact/stream",
        200,
        (
            _STREAMS + "test_the_stream_and_interact_say_the_same",
            _STREAMS + "test_a_dropped_client_resumes_where_it_was",
        ),
        body=LAUNCH,
        wrong=NO_ACTION,
    ),
    Row(
        "conversations",
        3,
        "GET",
        f"{_TALK}/state",
        200,
        (_STATE + "test_a_user_never_seen_has_a_fresh_state", _STATE + "test_the_state_counts_its_changes"),
        shape=STATE,
    ),
    Row(
        "conversations",
        4,
        "PUT",
        f"{_TALK}/state",
        200,
        (_STATE + "test_put_takes_what_get_gave", _STATE + "test_put_refuses_by_path"),
        body={"variables": {"name": "Ada"}, "history": [{"role": "user", "content": "Hi"}]},
        shape=STATE,
        wrong=[({"variables": []}, "variables"), ({"history": [{"role": 7}]}, "history[0].role")],
        revision=True,
    ),
    Row(
        "conversations",
        5,
        "PATCH",
        f"{_TALK}/variables",
        200,
        (_STATE + "test_variables_are_merged_bare_or_wrapped", _STATE + "test_one_wrong_value_sets_nothing"),
        body={"name": "Ada"},
        shape={**STATE, "history": ANY},
        wrong=[([], ""), ({"count": "many"}, "variables.count")],
        revision=True,
    ),
    Row(
        "conversations",
        6,
        "DELETE",
        f"{_TALK}/state",
        204,
        (_STATE + "test_delete_resets_all_but_the_users_own_variables",),
        revision=True,
    ),
)


KNOWLEDGE: Final = knowledge("knowledge", (1, 2, 3, 4, 5, 6), _MINE)

ANALYTICS: Final = (
    Row(
        "analytics",
        1,
        "GET",
        f"{_MINE}/analytics",
        200,
        (
            _FIGURES + "test_conversations_and_messages_are_counted_on_the_day_they_began",
            _FIGURES + "test_what_a_model_took_is_told_with_the_turns_it_answered_in",
        ),
        shape=FIGURES,
        wrong_queries=[("from=yesterday", "query.from"), ("include=all", "query.include")],
    ),
    Row(
        "analytics",
        2,
        "GET",
        f"{_MINE}/transcripts",
        200,
        (
            _SAID + "test_pages_follow_one_another_and_lose_and_repeat_nothing",
            "tests/analytics/test_exports.py::test_transcripts_are_looked_for",
        ),
        shape=[TRANSCRIPT],
        wrong_queries=[("limit=0", "query.limit"), ("cursor=x", "query.cursor"), ("resolved=maybe", "query.resolved")],
    ),
    Row(
        "analytics",
        3,
        "GET",
        f"{_MINE}/transcripts/{{transcriptId}}",
        200,
        (
            _SAID + "test_a_conversation_is_read_from_its_first_turn_to_its_end",
            _SAID + "test_its_traces_are_those_that_the_turns_answered",
        ),
        shape={**TRANSCRIPT, "messages": [{"id": "", "role": "", "content": "", "createdAt": TIME}]},
        wrong_queries=[("include=all", "query.include")],
    ),
)

PUBLIC: Final = (
    Row(
        "project",
        1,
        "GET",
        f"{_MINE}/project",
        200,
        (_PROJECTS + "test_a_key_sees_its_project_and_the_widget_configuration",),
        shape={**LISTED, "widget": {}},
    ),
    Row(
        "project",
        2,
        "GET",
        f"{_MINE}/project/versions",
        200,
        (_PUBLISHING + "test_publishing_makes_a_version_that_keys_and_developers_see",),
        shape=[VERSION],
    ),
)

ROWS: Final = (*CONVERSATIONS, *KNOWLEDGE, *ANALYTICS, *PUBLIC, *MANAGEMENT)
SIZES: Final = {"conversations": 6, "knowledge": 6, "analytics": 3, "project": 2, "management": 24}
