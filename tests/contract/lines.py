"""The contract's lines beside its tables of endpoints: each unmarked one with the tests that hold it, through HTTP.

A test that takes `project` or `world` runs on SQLite and on PostgreSQL; those of `test_workers.py` on two processes of
each.
"""

from collections.abc import Mapping, Sequence
from typing import Final

_MANNERS: Final = "tests/contracts/test_manners.py::"
_CONVENTIONS: Final = "tests/contracts/test_conventions.py::"
_OPENAPI: Final = "tests/contracts/test_openapi.py::"
_TENANTS: Final = "tests/contracts/test_tenants.py::"
_WALK: Final = "tests/contract/test_walk.py::"
_ROWS: Final = "tests/contract/test_rows.py::"
_KEYS: Final = "tests/accounts/test_keys.py::"
_TOKENS: Final = "tests/accounts/test_access.py::"
_EDGE: Final = "tests/app/test_edge.py::"
_TURNS: Final = "tests/conversations/test_turns.py::"
_STATE: Final = "tests/conversations/test_state.py::"
_STREAMS: Final = "tests/conversations/test_streams.py::"
_VERSIONS: Final = "tests/conversations/test_versions.py::"
_TRACES: Final = "tests/conversations/test_traces.py::"
_KEPT: Final = "tests/conversations/test_idempotency.py::"
_WORKERS: Final = "tests/conversations/test_workers.py::"
_PROCESSES: Final = "tests/conversations/test_processes.py::"
_SAVING: Final = "tests/projects/test_saving.py::"
_PROJECTS: Final = "tests/projects/test_projects.py::"
_PUBLISHING: Final = "tests/projects/test_publishing.py::"

CONVENTIONS: Final[Mapping[str, Sequence[str]]] = {
    "JSON is camelCase, times are ISO 8601 in UTC with `Z`, ids carry a type prefix": (
        _CONVENTIONS + "test_ids_tell_what_they_name_and_times_are_utc",
        _WALK + "test_a_row_answers_as_the_contract_says",
    ),
    "Base: `/api/v1`. The management endpoints also answer under `/v1`": (
        _PROJECTS + "test_the_management_api_answers_under_both_bases",
        _ROWS + "test_the_management_rows_answer_under_the_short_base_too",
    ),
    "Two families of secret, both shown once at creation": (
        _KEYS + "test_a_key_is_shown_once_and_listed_without_it",
        "tests/accounts/test_members.py::test_a_token_may_what_its_member_may",
    ),
    "stored only as a hash": (_TOKENS + "test_only_a_hash_of_a_secret_is_stored",),
    "`cdt_…`: belongs to one project": (
        _TENANTS + "test_what_is_in_another_project_of_the_account_looks_like_nothing",
        _KEYS + "test_a_key_dies_with_its_project",
    ),
    "`cdt_acc_…`: full access to the projects of its account, with the role of the member who made it": (
        _TURNS + "test_the_same_paths_answer_to_a_developer",
        "tests/accounts/test_roles.py::test_each_role_may_what_the_page_says_and_nothing_else",
    ),
    "Only this one opens the management API; the other way round too": (
        _TENANTS + "test_each_family_of_secret_opens_its_own_addresses_only",
        _WALK + "test_a_row_is_closed_to_who_shows_no_key_or_one_of_the_other_family",
    ),
    "Errors, always this body, whatever raised them": (
        _OPENAPI + "test_every_operation_tells_its_errors_with_the_one_body",
        _MANNERS + "test_an_unknown_address_is_told_with_manners",
        _WALK + "test_a_wrong_body_is_told_by_its_path",
    ),
    "400 `BAD_REQUEST`, never FastAPI's 422": (
        _WALK + "test_what_is_no_good_json_is_refused",
        _WALK + "test_a_wrong_query_is_told_by_its_path",
        "tests/contracts/test_schemathesis.py::test_no_answer_surprises",
    ),
    "401 `UNAUTHORIZED`: missing, malformed, revoked or wrong-family key": (
        _OPENAPI + "test_who_shows_no_valid_key_is_told_so_whatever_the_body",
        _KEYS + "test_a_revoked_key_is_dead_at_once",
    ),
    "404 `NOT_FOUND`: unknown, or owned by somebody else (the two look the same)": (
        _TENANTS + "test_a_project_of_another_account_looks_like_none_at_every_address",
        _WALK + "test_what_is_unknown_or_somebody_elses_looks_the_same",
    ),
    "429 `RATE_LIMITED`: with `Retry-After` in seconds": (
        _WALK + "test_one_request_too_many_is_a_429",
        _WALK + "test_one_turn_too_many_is_a_429",
    ),
    "500 `INTERNAL`: no stack trace, no secret in it; carries a request id": (
        _EDGE + "test_a_bug_is_a_500_that_tells_nothing_and_a_log_line_that_tells_everything",
        _TURNS + "test_a_bug_in_the_runtime_leaves_a_usable_conversation",
    ),
    "the interact endpoints are limited per end user": (
        _TURNS + "test_the_users_rate_is_counted_and_then_a_429",
        _CONVENTIONS + "test_the_window_is_a_users_on_turns_and_else_the_keys_or_the_addresss",
        _WORKERS + "test_the_users_rate_is_exact",
    ),
    "Every response of the API carries the three headers": (
        _MANNERS + "test_a_known_address_answers_with_manners",
        _MANNERS + "test_an_unknown_address_is_told_with_manners",
    ),
}

CONVERSATIONS: Final[Mapping[str, Sequence[str]]] = {
    "one user action in, all traces of the turn out as a JSON array": (
        _TURNS + "test_a_conversation_goes_from_its_start_to_its_end",
    ),
    "`versionId`: `development` (the default: latest unpublished changes)": (
        _VERSIONS + "test_development_is_the_default_and_is_the_draft_as_it_is",
    ),
    "`production` (most recently published; a 404 that says so when nothing is published)": (
        _VERSIONS + "test_production_needs_something_published",
        _VERSIONS + "test_a_conversation_that_has_ended_takes_the_newest_version",
    ),
    "or one version's id": (_VERSIONS + "test_a_conversation_stays_on_its_version_until_it_is_at_rest",),
    "`text`, `launch`, `button`, `media`": (
        _TURNS + "test_every_action_of_the_contract_is_taken",
        _TURNS + "test_what_is_no_action_is_a_400_by_path",
    ),
    "`text/event-stream`, one `data: {json trace}` an event, last `data: [DONE]`": (
        _STREAMS + "test_a_stream_has_its_headers_and_numbers_its_events",
        _STREAMS + "test_events_come_as_they_happen_and_done_after_the_turn_is_kept",
    ),
    "`interact` and the stream of the same turn say the same thing": (
        _STREAMS + "test_the_stream_and_interact_say_the_same",
        _TRACES + "test_a_turn_of_a_model_and_its_tool_says_the_same_whole_and_streamed",
    ),
    "`completion-…`, `tool-call`, `tool_call`": (
        _TRACES + "test_a_turn_of_a_model_and_its_tool_says_the_same_whole_and_streamed",
    ),
    "`debug`: only for `development`": (_TURNS + "test_debug_is_for_development_only",),
    "never a secret": ("tests/conversations/test_outside.py::test_a_secret_reaches_the_service_and_nobody_else",),
    "State: `variables`, `history: [{role, content, createdAt}]`, the internal agent state": (
        _STATE + "test_a_user_never_seen_has_a_fresh_state",
        _STATE + "test_put_takes_what_get_gave",
        _WALK + "test_a_row_answers_as_the_contract_says",
    ),
    "replace it whole": (_STATE + "test_what_put_leaves_out_is_empty_and_at_rest",),
    "merge variables into it": (
        _STATE + "test_variables_are_merged_bare_or_wrapped",
        _STATE + "test_one_wrong_value_sets_nothing",
    ),
    "reset the conversation": (_STATE + "test_delete_resets_all_but_the_users_own_variables",),
    "limits, serialisation, idempotency and resume with two workers": (
        _WORKERS + "test_the_users_rate_is_exact",
        _WORKERS + "test_turns_of_one_user_never_overlap_and_both_workers_take_some",
        _WORKERS + "test_a_request_that_is_sent_to_both_is_done_once",
        _WORKERS + "test_a_stream_is_resumed_wherever_one_lands",
        _PROCESSES + "test_more_than_eight_waiting_is_a_409",
        _PROCESSES + "test_who_waits_too_long_gets_a_409",
        _PROCESSES + "test_a_key_is_one_over_processes",
        _KEPT + "test_a_repeated_request_gets_the_first_answer",
    ),
}

DOCUMENTS: Final[Mapping[str, Sequence[str]]] = {
    "a new blank one, with one primary workflow that holds a `start`": (
        _PROJECTS + "test_a_new_project_has_one_primary_workflow_that_holds_a_start",
    ),
    "any part of it; also `persist` with the whole document": (
        _SAVING + "test_a_patch_merges_objects_replaces_lists_and_resets_what_is_null",
        _SAVING + "test_a_json_patch_edits_in_order",
        _SAVING + "test_persist_replaces_the_whole_document_and_keeps_the_slug",
    ),
    "it and all its data": (
        _PROJECTS + "test_a_deleted_project_is_gone_for_everybody",
        "tests/migrations/test_deletion.py::test_a_deleted_project_leaves_no_row_anywhere",
    ),
    "an immutable version": (
        _PUBLISHING + "test_a_version_never_changes",
        _PUBLISHING + "test_publishing_makes_a_version_that_keys_and_developers_see",
    ),
    "`framework` can be switched later, nothing is lost by it": (
        _SAVING + "test_switching_the_framework_there_and_back_keeps_the_document_byte_for_byte",
    ),
    "one is the primary; a start step begins it, end steps end the conversation, from any depth": (
        "tests/steps/test_workflow.py::test_end_ends_the_conversation_from_any_depth",
        _TURNS + "test_a_conversation_goes_from_its_start_to_its_end",
    ),
    "a port with no connection returns to the caller": (
        "tests/steps/test_workflow.py::test_a_call_comes_back_when_the_workflow_is_over",
    ),
    "branching steps have one output port a path": (
        "tests/steps/test_contract.py::test_its_ports_are_what_its_description_says",
    ),
    "configuration errors by path": (
        "tests/steps/test_mistakes.py::test_a_mistake_of_shape_is_refused_by_its_path",
        "tests/steps/test_mistakes.py::test_what_is_unfinished_is_a_problem_at_its_path",
        "tests/tools/test_mistakes.py::test_a_mistake_of_shape_is_refused_by_its_path",
        "tests/tools/test_mistakes.py::test_what_is_unfinished_is_a_problem_at_its_path",
    ),
}

LINES: Final = {**CONVENTIONS, **CONVERSATIONS, **DOCUMENTS}
