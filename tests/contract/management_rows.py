"""The rows of the management API."""

from typing import Final

from tests.contract.knowledge_rows import knowledge
from tests.contract.row import Row
from tests.contract.shapes import DEPLOYMENT, KEY, LISTED, PROJECT, REPORT, SAVED, VERSION

_PROJECTS: Final = "tests/projects/test_projects.py::"
_SAVING: Final = "tests/projects/test_saving.py::"
_CHAT: Final = "tests/conversations/test_chat.py::"
_PUBLISHING: Final = "tests/projects/test_publishing.py::"
_KEYS: Final = "tests/accounts/test_keys.py::"
_DEPLOYED: Final = "tests/deployments/test_deployments.py::"
_IMPORT: Final = "tests/projects/test_import.py::"
_TEMPLATES: Final = "tests/projects/test_templates.py::"
_GENERATE: Final = "tests/projects/test_generate.py::"
_MINE: Final = "/api/v1"
_OURS: Final = "/api/v1/projects/{projectId}"

MANAGEMENT: Final = (
    Row(
        "management",
        1,
        "GET",
        f"{_MINE}/projects",
        200,
        (_PROJECTS + "test_the_list_shows_the_accounts_projects_and_the_last_changed_first",),
        shape=[LISTED],
    ),
    Row(
        "management",
        2,
        "POST",
        f"{_MINE}/projects",
        201,
        (
            _PROJECTS + "test_a_new_project_has_one_primary_workflow_that_holds_a_start",
            _PROJECTS + "test_a_project_that_cannot_be_made_is_a_400_by_path",
        ),
        body={"name": "New"},
        shape=PROJECT,
        wrong=[({}, "name"), ({"name": "x", "framework": "magic"}, "framework"), ({"name": 7}, "name")],
    ),
    Row(
        "management",
        3,
        "GET",
        f"{_MINE}/projects/templates",
        200,
        (
            _TEMPLATES + "test_the_list_shows_each_template_with_a_picture",
            _TEMPLATES + "test_a_template_passes_its_own_tests",
        ),
        shape=[{"id": "", "name": "", "description": "", "framework": "", "language": "", "picture": ""}],
    ),
    Row(
        "management",
        4,
        "POST",
        f"{_MINE}/projects/templates",
        201,
        (_TEMPLATES + "test_a_project_from_a_template_converses_and_passes_its_tests",),
        body={"templateId": "faq"},
        shape=SAVED,
        wrong=[({}, "templateId"), ({"templateId": "faq", "name": ""}, "name")],
    ),
    Row(
        "management",
        5,
        "POST",
        f"{_MINE}/projects/generate",
        201,
        (
            _GENERATE + "test_without_a_model_a_project_is_composed_of_what_the_brief_is_about",
            _GENERATE + "test_a_model_plans_the_project_and_writes_it",
            _GENERATE + "test_a_model_that_is_no_help_leaves_a_project_of_templates",
        ),
        body={"brief": "Books appointments."},
        shape=SAVED,
        wrong=[({}, "brief"), ({"brief": ""}, "brief"), ({"brief": "x", "framework": "magic"}, "framework")],
    ),
    Row(
        "management",
        6,
        "POST",
        f"{_MINE}/projects/import",
        201,
        (
            _IMPORT + "test_every_export_becomes_a_project_without_errors_and_its_report_adds_up",
            _IMPORT + "test_our_own_json_comes_back_as_it_was_but_for_the_values_of_secrets",
        ),
        body={
            "name": "Moved",
            "workflows": [{"id": "m", "steps": [{"id": "s", "type": "start", "config": {}}], "connections": []}],
        },
        shape={"project": SAVED, "report": REPORT},
        wrong=[({"hello": 1}, ""), ([], "")],
    ),
    Row(
        "management",
        7,
        "GET",
        _OURS,
        200,
        (_PROJECTS + "test_a_project_reads_as_it_was_answered",),
        shape=PROJECT,
    ),
    Row(
        "management",
        8,
        "PATCH",
        _OURS,
        200,
        (
            _SAVING + "test_a_patch_merges_objects_replaces_lists_and_resets_what_is_null",
            _SAVING + "test_a_wrong_shape_is_a_400_with_every_mistake_by_path",
            _SAVING + "test_persist_replaces_the_whole_document_and_keeps_the_slug",
        ),
        body={"description": "Changed"},
        shape=SAVED,
        wrong=[([], ""), ({"name": 7}, "name"), ({"workflows": [{"id": "w", "steps": 7}]}, "workflows[0].steps")],
        revision=True,
    ),
    Row(
        "management",
        9,
        "DELETE",
        _OURS,
        204,
        (_PROJECTS + "test_a_deleted_project_is_gone_for_everybody", _PROJECTS + "test_a_stale_delete_is_a_412"),
        revision=True,
    ),
    Row(
        "management",
        10,
        "POST",
        f"{_OURS}/chat",
        200,
        (_CHAT + "test_chat_makes_a_user_and_goes_on_with_them", _CHAT + "test_chat_refuses_by_path"),
        body={"message": "Hi"},
        shape={"userId": "", "traces": [{"type": "text", "payload": {}}]},
        wrong=[({}, "message"), ({"message": 7}, "message"), ({"message": "x", "userId": "no way"}, "userId")],
    ),
    Row(
        "management",
        11,
        "POST",
        f"{_OURS}/chat/stream",
        200,
        (_CHAT + "test_chat_streams_and_tells_the_user_it_made",),
        body={"message": "Hi"},
        wrong=[({"message": 7}, "message")],
    ),
    Row(
        "management",
        12,
        "POST",
        f"{_OURS}/publish",
        201,
        (
            _PUBLISHING + "test_publishing_makes_a_version_that_keys_and_developers_see",
            _PUBLISHING + "test_an_unfinished_project_is_not_published_and_says_why",
            "tests/projects/test_versions.py::test_rolling_back_publishes_an_earlier_version_again",
        ),
        body={"name": "First"},
        shape=VERSION,
        wrong=[({"name": ""}, "name"), ({"id": "x"}, "id")],
        revision=True,
    ),
    *knowledge("management", (13, 0, 14, 15, 16, 17), _OURS),
    Row(
        "management",
        18,
        "GET",
        f"{_OURS}/deployments",
        200,
        (_DEPLOYED + "test_the_widget_is_a_deployment_without_a_webhook",),
        shape=[DEPLOYMENT],
    ),
    Row(
        "management",
        19,
        "POST",
        f"{_OURS}/deployments",
        201,
        (
            _DEPLOYED + "test_a_secret_is_taken_kept_and_never_told",
            _DEPLOYED + "test_what_makes_no_sense_is_told_by_its_path",
        ),
        body={"channel": "web", "name": "Site", "config": {}, "enabled": True},
        shape=DEPLOYMENT,
        wrong=[({}, "channel"), ({"channel": "pigeon"}, "channel"), ({"channel": "web", "enabled": "no"}, "enabled")],
    ),
    Row(
        "management",
        20,
        "PATCH",
        f"{_OURS}/deployments/{{deploymentId}}",
        200,
        (_DEPLOYED + "test_a_change_that_makes_no_sense_changes_nothing",),
        body={"enabled": False},
        shape=DEPLOYMENT,
        wrong=[({"enabled": "no"}, "enabled"), ({"odd": 1}, "odd")],
    ),
    Row(
        "management",
        21,
        "DELETE",
        f"{_OURS}/deployments/{{deploymentId}}",
        204,
        (_DEPLOYED + "test_a_removed_deployment_is_gone_with_its_logs",),
    ),
    Row(
        "management",
        22,
        "GET",
        f"{_OURS}/api-keys",
        200,
        (_KEYS + "test_keys_are_listed_most_recent_first", _KEYS + "test_a_key_is_shown_once_and_listed_without_it"),
        shape=[KEY],
    ),
    Row(
        "management",
        23,
        "POST",
        f"{_OURS}/api-keys",
        201,
        (_KEYS + "test_a_key_is_shown_once_and_listed_without_it", _KEYS + "test_a_mistake_is_told_by_its_path"),
        body={"name": "Mine"},
        shape={**KEY, "key": ""},
        wrong=[({}, "name"), ({"name": "x", "type": "golden"}, "type")],
    ),
    Row(
        "management",
        24,
        "DELETE",
        f"{_OURS}/api-keys/{{keyId}}",
        204,
        (_KEYS + "test_a_revoked_key_is_dead_at_once",),
    ),
)
