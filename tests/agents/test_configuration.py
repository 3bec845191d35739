"""The harness as a document configures it: spellings, mistakes by path, and what is unfinished."""

from typing import Any

import pytest

from conduet.agents.configuration import RICH, harness_flaws, harness_json, read_harness
from conduet.engine.check import check
from conduet.errors import BadRequest
from tests.agents.talking import MAIN, Chat, tool
from tests.engine.talk import compiled


def test_the_shorter_spellings_are_read() -> None:
    shape = read_harness(
        {
            "uiBuiltins": ["showBadge"],
            "phases": {
                "id": "only",
                "buttons": ["Yes", {"label": "No"}],
                "exit": {"when": {"expression": "x > 1"}, "to": "only"},
            },
            "later": 1,
        }
    )
    assert harness_json(shape) == {
        "uiBuiltins": {"showBadge": True},
        "phases": [
            {
                "id": "only",
                "buttons": [{"label": "Yes"}, {"label": "No"}],
                "exit": [{"expression": "x > 1", "to": "only"}],
            }
        ],
        "later": 1,
    }


def test_what_is_left_out_has_the_defaults_of_the_contract() -> None:
    shape = read_harness({})
    assert (shape.implementation, shape.max_handoffs, shape.max_rounds, shape.max_tool_calls) == (
        "default-v1",
        2,
        8,
        16,
    )
    assert shape.allowed_tool_ids is None


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        ({"maxHandoffs": "2"}, "maxHandoffs"),
        ({"maxRounds": 0}, "maxRounds"),
        ({"phases": [{"id": 1}]}, "phases[0].id"),
        ({"phases": [{"name": "x"}]}, "phases[0].id"),
        ({"phases": {"id": "a", "exit": [{"when": "x > 1", "to": "a"}]}}, "phases.exit[0]"),
        ({"phases": [{"id": "a"}, {"id": "a"}]}, "phases[1].id"),
        ({"phases": [{"id": "a", "buttons": [{"value": "x"}]}]}, "phases[0].buttons[0].label"),
        ({"uiBuiltins": 5}, "uiBuiltins"),
    ],
)
def test_a_mistake_of_shape_is_told_by_its_path(raw: dict[str, Any], path: str) -> None:
    with pytest.raises(BadRequest) as refused:
        read_harness(raw)
    assert [detail.path for detail in refused.value.details] == [f"behaviourConfig.agentHarness.{path}"]


def test_what_is_unfinished_is_told_by_its_path() -> None:
    facts = compiled(framework="agentic").facts
    shape = read_harness(
        {
            "implementation": "theirs-v9",
            "uiBuiltins": {"showFireworks": True},
            "allowedToolIds": ["t"],
            "allowedPlaybookIds": ["p"],
            "phases": [
                {
                    "id": "a",
                    "allowedToolIds": ["u"],
                    "exit": [{"to": "b", "description": "x"}, {"to": "a"}, {"to": "a", "expression": "1 +"}],
                }
            ],
        }
    )
    assert [(flaw.severity, flaw.code, flaw.path) for flaw in harness_flaws(shape, facts)] == [
        ("warning", "UNKNOWN_IMPLEMENTATION", "implementation"),
        ("warning", "UNKNOWN_BUILTIN", "uiBuiltins.showFireworks"),
        ("error", "UNKNOWN_TOOL", "allowedToolIds[0]"),
        ("error", "UNKNOWN_PLAYBOOK", "allowedPlaybookIds[0]"),
        ("error", "UNKNOWN_TOOL", "phases[0].allowedToolIds[0]"),
        ("error", "UNKNOWN_PHASE", "phases[0].exit[0].to"),
        ("error", "EMPTY_EXIT", "phases[0].exit[1]"),
        ("error", "WRONG_EXPRESSION", "phases[0].exit[2].expression"),
    ]
    assert harness_json(shape)["implementation"] == "theirs-v9"  # pyright: ignore[reportArgumentType, reportCallIssue, reportIndexIssue, reportOptionalSubscript]  # JSON of any shape


def test_a_misspelt_variable_is_told_wherever_a_model_or_a_phase_reads_it() -> None:
    harness = {
        "snapshotKeys": ["name", "nmae.first", "sys.turn"],
        "phases": [
            {
                "id": "a",
                "instructions": "Greet {{nmae}}. {{prompts.house}}",
                "snapshotKeys": ["days", "dyas"],
                "exit": [{"expression": "dyas > 0 and days", "to": "a"}],
            }
        ],
    }
    document = compiled(
        framework="agentic",
        behaviourConfig={"persona": "You help {{name}}. {{prompts.huose}} {{naem}}", "agentHarness": harness},
        playbooks=[{"id": "p", "instructions": "Book {{days}} or {{dayz}}."}],
        prompts={"house": "Be brief."},
        variables=[{"name": "name"}, {"name": "days", "type": "number"}],
    )
    assert {(problem.code, problem.path): problem.fix for problem in check(document)} == {
        ("UNKNOWN_PROMPT", "behaviourConfig.persona"): "Add it to the project's `prompts`.",
        ("UNKNOWN_VARIABLE", "behaviourConfig.persona"): "Did you mean `name`?",
        ("UNKNOWN_VARIABLE", "playbooks[0].instructions"): "Did you mean `days`?",
        ("UNKNOWN_VARIABLE", "behaviourConfig.agentHarness.snapshotKeys[1]"): "Did you mean `name`?",
        ("UNKNOWN_VARIABLE", "behaviourConfig.agentHarness.phases[0].instructions"): "Did you mean `name`?",
        ("UNKNOWN_VARIABLE", "behaviourConfig.agentHarness.phases[0].snapshotKeys[1]"): "Did you mean `days`?",
        ("UNKNOWN_VARIABLE", "behaviourConfig.agentHarness.phases[0].exit[0].expression"): "Did you mean `days`?",
    }


def test_what_is_whole_has_no_flaw() -> None:
    facts = compiled(framework="agentic", tools=[tool("t")]).facts
    exits: list[Any] = [{"description": "x", "to": "a"}, {"expression": "true", "to": "a"}]
    raw: dict[str, Any] = {"uiBuiltins": [*RICH], "allowedToolIds": ["t"], "phases": {"id": "a", "exit": exits}}
    assert [*harness_flaws(read_harness(raw), facts)] == []


async def test_a_model_that_is_no_name_is_passed_over() -> None:
    chat = Chat("Hi.", behaviour={"model": "nonsense"})
    assert chat.agent.chain == MAIN
