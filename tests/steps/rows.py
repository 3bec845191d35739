"""The table of steps: for each type the tests of its ports and of what goes wrong in it.

Its configuration errors by path are in `refused.py` and `unfinished.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Row:
    """Names of tests in the type's own file; without `failures` nothing can go wrong in it once it is finished."""

    ports: Sequence[str]
    failures: Sequence[str] = ()


ROWS: Final[Mapping[str, Row]] = {
    "start": Row(
        ("test_a_workflow_begins_at_its_start", "test_a_start_that_leads_nowhere_is_the_end_of_the_workflow"),
    ),
    "message": Row(
        (
            "test_a_message_is_a_text_with_its_variables_filled_in",
            "test_generated_text_needs_a_model_and_the_flow_goes_on",
        ),
        (
            "test_generated_text_needs_a_model_and_the_flow_goes_on",
            "test_where_no_text_is_generated_a_written_one_is_said",
        ),
    ),
    "buttons": Row(
        (
            "test_a_press_matches_by_its_value_against_id_then_value_then_label",
            "test_a_text_matches_a_label_or_a_value_without_regard_to_case_and_punctuation",
        ),
        ("test_without_free_text_the_buttons_are_shown_again",),
    ),
    "capture": Row(
        ("test_an_answer_is_kept_with_its_type", "test_after_its_retries_the_flow_leaves_by_no_match"),
        (
            "test_what_is_no_answer_is_asked_for_again",
            "test_an_answer_that_its_variable_does_not_take_is_an_error_and_the_flow_goes_on",
        ),
    ),
    "intent": Row(
        (
            "test_a_name_or_an_utterance_picks_the_path",
            "test_the_nearest_meaning_picks_the_path_and_what_is_named_is_kept",
        ),
        ("test_without_intents_of_its_own_it_waits_for_the_global_ones",),
    ),
    "condition": Row(
        ("test_the_first_rule_that_holds_is_taken", "test_all_or_any_of_a_rules_conditions_must_hold"),
        (
            "test_an_expression_that_cannot_be_read_or_has_no_value_does_not_hold_and_leaves_a_debug_trace",
            "test_a_pattern_that_is_refused_once_it_is_filled_in_never_matches",
        ),
    ),
    "set": Row(
        ("test_a_variable_becomes_a_value_or_what_an_expression_comes_to",),
        (
            "test_a_value_of_the_wrong_type_is_an_error_and_the_old_value_stays",
            "test_an_expression_without_a_value_sets_nothing",
            "test_variables_that_would_take_more_than_256_kb_keep_their_old_values",
        ),
    ),
    "random": Row(("test_a_path_is_taken_as_often_as_it_weighs", "test_a_path_without_weight_is_never_taken")),
    "kb-search": Row(
        (
            "test_what_is_found_grounds_the_next_call_of_a_model_and_no_other",
            "test_where_nothing_is_found_it_leaves_by_no_results",
        ),
        (
            "test_without_a_knowledge_base_it_leaves_by_no_results_with_a_remark",
            "test_a_search_that_fails_is_an_error_and_it_leaves_by_no_results",
        ),
    ),
    "prompt": Row(
        ("test_the_answer_is_kept_and_not_said", "test_a_model_that_fails_leads_to_error"),
        ("test_a_model_that_fails_leads_to_error", "test_json_is_checked_and_mended_once"),
    ),
    "agent": Row(
        (
            "test_it_talks_until_it_takes_an_exit_and_the_flow_goes_on_with_what_it_collected",
            "test_without_exits_it_answers_once_and_the_flow_goes_on",
        ),
        ("test_a_model_that_fails_leads_to_next_after_its_error",),
    ),
    "playbook": Row(
        (
            "test_its_ports_are_the_exits_of_the_playbook",
            "test_it_has_the_conversation_until_it_is_done_and_what_it_collected_comes_back",
        ),
        ("test_without_a_model_it_leaves_by_next",),
    ),
    "api": Row(
        (
            "test_an_answer_is_kept_and_the_flow_goes_on",
            "test_any_status_but_2xx_leaves_by_error_and_its_answer_is_read_all_the_same",
        ),
        (
            "test_a_call_that_takes_too_long_is_given_up",
            "test_a_failed_call_is_tried_again_as_often_as_it_says",
            "test_what_cannot_be_called_is_a_plain_error",
            "test_a_form_that_is_no_object_is_an_error_and_nothing_is_sent",
            "test_an_answer_that_a_variable_does_not_take_is_an_error_and_the_flow_goes_on",
        ),
    ),
    "tool": Row(
        ("test_a_result_is_kept_whole_and_in_parts", "test_a_tool_that_fails_leaves_by_error"),
        (
            "test_what_the_parameters_do_not_take_is_an_error",
            "test_a_tool_that_is_unfinished_or_off_or_gone_cannot_be_used",
            "test_a_no_takes_its_error_and_the_tool_is_not_used",
            "test_after_a_day_it_is_a_no",
        ),
    ),
    "code": Row(
        ("test_it_leaves_by_the_port_that_it_names", "test_a_connection_may_leave_from_a_port_of_any_name"),
        (
            "test_an_error_names_its_line",
            "test_code_that_does_not_end_is_stopped",
            "test_what_is_no_object_is_an_error",
            "test_without_a_sandbox_the_flow_leaves_by_error",
        ),
    ),
    "workflow": Row(
        ("test_a_call_comes_back_when_the_workflow_is_over", "test_a_jump_does_not_come_back"),
        (
            "test_a_caller_that_is_gone_leaves_the_conversation_at_rest",
            "test_a_workflow_that_calls_itself_for_ever_is_bounded",
            "test_a_workflow_without_a_start_cannot_be_called",
        ),
    ),
    "parallel": Row(
        (
            "test_what_branches_say_and_set_comes_in_their_order",
            "test_an_unconnected_branch_is_done_at_once_and_no_branch_at_all_too",
        ),
        (
            "test_a_branch_that_waits_stops_and_the_step_leaves_by_error",
            "test_a_branch_that_takes_too_long_is_given_up_and_nothing_is_kept_of_it",
            "test_a_step_that_fails_in_a_branch_takes_its_own_error_port",
        ),
    ),
    "loop": Row(
        (
            "test_the_body_runs_once_for_each_item_of_an_expression_a_template_or_a_list",
            "test_no_more_than_max_iterations",
        ),
        (
            "test_what_is_no_list_is_an_error_and_the_flow_goes_on",
            "test_an_item_of_the_wrong_type_is_an_error_and_the_body_runs",
        ),
    ),
    "post-process": Row(
        ("test_what_was_said_is_rewritten_as_one_text", "test_what_is_said_behind_it_stays_as_it_is"),
        ("test_what_could_not_be_looked_at_is_not_said", "test_without_a_model_nothing_is_said_unseen"),
    ),
    "media": Row(
        (
            "test_it_waits_only_when_a_button_leads_somewhere",
            "test_a_button_leads_where_it_is_connected_and_anything_else_goes_on",
        ),
    ),
    "client-action": Row(
        (
            "test_the_page_is_asked_and_its_answer_picks_the_path_and_brings_something_along",
            "test_next_is_a_path_too",
        ),
        (
            "test_an_answer_that_nobody_waits_for_changes_nothing",
            "test_an_answer_that_its_variable_does_not_take_is_an_error_and_the_flow_goes_on",
        ),
    ),
    "delay": Row(("test_it_leaves_by_next_alone",)),
    "handoff": Row(
        ("test_handed_back_the_flow_goes_on_behind_it_with_the_next_words",),
        ("test_nothing_is_handed_back_that_nobody_has",),
    ),
    "end": Row(("test_nothing_leads_on_from_an_end",)),
}

TOOLS: Final[Mapping[str, Sequence[str]]] = {
    "api": ("test_any_status_but_2xx_is_a_failure", "test_what_cannot_be_called_is_a_failure"),
    "function": ("test_a_failure_names_its_line", "test_an_unfinished_tool_is_told_when_it_is_used"),
    "integration": (
        "test_what_a_service_refuses_is_a_failure",
        "test_inputs_that_do_not_fit_are_told_by_path_and_nothing_is_done",
    ),
    "mcp": (
        "test_a_server_that_is_away_is_a_plain_failure_and_a_replay_knows_it",
        "test_a_tool_s_own_failure_is_told_in_its_words",
        "test_a_pinned_tool_is_used_and_a_changed_one_is_not",
    ),
}
"""For each type of tool the tests of what goes wrong in it, in its own file."""
