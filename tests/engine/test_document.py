"""Documents are refused for their shape alone, with every mistake told by its path."""

from typing import Any

import pytest

from conduet.engine.check import check
from conduet.engine.document import compile_document
from conduet.errors import BadRequest
from tests.engine.talk import PLUGINS, STEPS, compiled, line, step, workflow


def refusal(*workflows: Any, **more: Any) -> dict[str, str]:
    """The mistakes that a document is refused for, by path."""
    with pytest.raises(BadRequest) as caught:
        compile_document({"workflows": list(workflows), **more}, PLUGINS)
    assert caught.value.message.startswith("The document is not valid: ")
    return {detail.path: detail.message for detail in caught.value.details}


def rule(**condition: Any) -> dict[str, Any]:
    return {"id": "x", "conditions": [condition]}


def test_an_empty_document_compiles() -> None:
    document = compile_document({}, PLUGINS)
    assert document.primary is None
    assert document.framework == "conversation-flow"
    assert document.facts.language == "en"


def test_all_mistakes_are_told_at_once() -> None:
    found = refusal(
        {"id": "", "steps": [step("a", "message", text=5), step("b", "delay", seconds=31), {"id": "c"}]},
        {"id": "two", "steps": [step("a", "juggle")]},
        name=3,
        variables=[{"name": "x", "type": "colour"}],
        tools=[{"id": "t", "name": "no spaces", "type": "magic"}],
    )
    assert found == {
        "name": "Input should be a valid string.",
        "tools[0].name": "String should match pattern '^[a-zA-Z0-9_-]{1,64}$'.",
        "tools[0].type": "There is no tool type 'magic'; there are api, function, integration, mcp.",
        "variables[0].type": "Input should be 'text', 'number', 'boolean', 'list' or 'object'.",
        "workflows[0].id": "String should have at least 1 character.",
        "workflows[0].steps[0].config.text": "Input should be a valid string.",
        "workflows[0].steps[1].config.seconds": "Input should be less than or equal to 30.",
        "workflows[0].steps[2].type": "A field is missing here.",
        "workflows[1].steps[0].type": f"There is no step type 'juggle'; there are {', '.join(STEPS)}.",
    }


@pytest.mark.parametrize(
    ("config", "path"),
    [
        (step("a", "message", text={}), "text"),
        (step("a", "message", text={"en": 1}), "text.en"),
        (step("a", "message", variants="x"), "variants"),
        (step("a", "message", channels={"sms": {"text": 1}}), "channels.sms.text"),
        (step("a", "buttons", buttons=[{"label": "x"}]), "buttons[0].id"),
        (step("a", "buttons", allowText="yes"), "allowText"),
        (step("a", "buttons", buttons=[{"id": "x"}, {"id": "x"}]), "buttons[1].id"),
        (step("a", "buttons", buttons=[{"id": "noMatch"}]), "buttons[0].id"),
        (step("a", "capture", type="colour"), "type"),
        (step("a", "capture", type="regex", pattern="("), "pattern"),
        (step("a", "capture", type="regex", pattern="(?=x)"), "pattern"),
        (step("a", "capture", retries=-1), "retries"),
        (step("a", "condition", rules=[rule(operator="like")]), "rules[0].conditions[0].operator"),
        (step("a", "condition", rules=[rule(operator="matches", value="(")]), "rules[0].conditions[0].value"),
        (step("a", "random", paths=[{"id": "x", "weight": -1}]), "paths[0].weight"),
        (step("a", "random", paths=[{"id": "x", "weight": "1"}]), "paths[0].weight"),
        (step("a", "loop", items=5), "items"),
        (step("a", "loop", maxIterations=0), "maxIterations"),
        (step("a", "workflow", inputs=[]), "inputs"),
        (step("a", "media", kind="hologram"), "kind"),
        (step("a", "delay", seconds=True), "seconds"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_step_is_told_by_its_path(config: dict[str, Any], path: str) -> None:
    assert [*refusal(workflow("main", config))] == [f"workflows[0].steps[1].config.{path}"]


@pytest.mark.parametrize(
    "broken", [3, "x", [], {"id": 1}, {"id": "s", "type": 5}, {"id": "s", "type": "message", "config": 5}]
)
def test_a_step_that_is_none_is_refused(broken: Any) -> None:
    assert all(path.startswith("workflows[0].steps[0]") for path in refusal({"id": "w", "steps": [broken]}))


@pytest.mark.parametrize("broken", [3, {}, [3], [{"id": "w", "steps": 3}], [{"id": "w", "connections": {}}]])
def test_workflows_that_are_none_are_refused(broken: Any) -> None:
    with pytest.raises(BadRequest):
        compile_document({"workflows": broken}, PLUGINS)


def test_connections_must_lead_from_a_port_to_a_step() -> None:
    main = workflow("main", step("m", "message", text="x"), step("e", "end"), wires=(
        "start > m, m.other > e, e > m, gone > m, m > gone"
    ))  # fmt: skip
    assert refusal(main) == {
        "workflows[0].connections[1].sourcePort": "The step 'm' has no port 'other'; it has next.",
        "workflows[0].connections[2].sourcePort": "The step 'e' has no port 'next'; it has none.",
        "workflows[0].connections[3].source": "There is no step 'gone' in this workflow.",
        "workflows[0].connections[4].target": "There is no step 'gone' in this workflow.",
    }


def test_ids_are_unique_in_their_workflow_and_all_else_in_the_project() -> None:
    main = line(step("m", "message", text="x"), step("m", "message", text="y"))
    main["connections"][1]["id"] = "c0"
    found = refusal(
        main, workflow("main"),
        variables=[{"name": "x"}, {"name": "x"}],
        events=[{"name": "e"}, {"name": "e"}],
        intents=[{"id": "i"}, {"id": "i"}],
        tools=[{"id": "t", "name": "a", "type": "mcp"}, {"id": "t", "name": "b", "type": "mcp"}],
    )  # fmt: skip
    assert [*found] == [
        "workflows[1].id",
        "tools[1].id",
        "intents[1].id",
        "variables[1].name",
        "events[1].name",
        "workflows[0].steps[2].id",
        "workflows[0].connections[1].id",
    ]
    assert found["variables[1].name"] == "'x' is there twice; each needs its own."


def test_the_same_step_id_in_two_workflows_is_fine() -> None:
    document = compiled(line(step("m", "message", text="a")), line(step("m", "message", text="b"), workflow_id="other"))
    assert {"main/m", "other/m"} <= document.nodes.keys()


def test_an_unknown_time_zone_falls_back_to_utc_and_a_known_one_is_taken() -> None:
    assert compiled(behaviourConfig={"timeZone": "Europe/Vienna"}).facts.time_zone == "Europe/Vienna"
    for unknown in ("Mars/Olympus", "../../etc/passwd", "", "Europe"):
        assert compiled(behaviourConfig={"timeZone": unknown}).facts.time_zone == "UTC"


def test_every_field_of_the_contract_is_known() -> None:
    document = compiled(
        workflow("main", name="Main", primary=True),
        id="proj_1", name="Front desk", description=None, framework="outbound", language="de", slug="front-desk",
        createdAt="2026-01-01T00:00:00Z", updatedAt="2026-01-01T00:00:00Z", revision=3, schemaVersion=1, problems=[],
        hasIdentitySecret=False,
        playbooks=[{
            "id": "p", "name": "P", "description": "d", "instructions": "i", "model": ["a:b"], "toolIds": ["t"],
            "knowledgeBase": True, "inputs": ["x", {"name": "y", "description": "z"}],
            "exits": [{"id": "e", "description": "d", "collects": ["x"]}], "maxRounds": 3,
        }],
        tools=[{
            "id": "t", "name": "t", "description": "d", "type": "api", "parameters": {"type": "object"},
            "config": {"url": "https://a.example"}, "enabled": False, "approval": "person",
        }],
        variables=[{
            "name": "x", "type": "number", "default": 1, "description": "d", "pii": True, "client": True,
            "scope": "user", "environments": {"production": 2},
        }],
        secrets=[{"name": "TOKEN"}],
        prompts={"tone": "kind"},
        behaviourConfig={
            "persona": "p", "model": "a:b", "temperature": 0.5, "timeZone": "UTC", "allowedHosts": ["a.example"],
            "answerOnlyFromSources": True, "budget": {"perDayUsd": 1.5, "perTurnTokens": 100},
            "retention": {"transcriptsDays": 1, "journalDays": 1},
            "guard": {"blockedTopics": ["x"], "personalData": "mask"}, "agentHarness": {"phases": []},
        },
        widget={"colour": "blue"},
        intents=[{
            "id": "i", "name": "n", "description": "d", "utterances": ["u"], "workflowId": "main", "local": True
        }],
        events=[{"name": "e", "workflowId": "main", "client": True}],
        entities=[{"id": "en", "name": "n", "values": [{"value": "v", "synonyms": ["w"]}]}],
        pipelines=[{
            "id": "pi", "name": "n", "enabled": True, "schedule": {"cron": "0 9 * * *", "timeZone": "UTC"},
            "workflowId": "main", "approval": "none", "targets": [
                {"connector": "slack", "config": {"botToken": "{{secrets.TOKEN}}", "channel": "C1"}},
            ],
        }],
        tests=[{
            "id": "te", "name": "n", "start": {"workflowId": "main", "stepId": "start"}, "variables": {}, "mocks": {},
            "turns": [{"action": {"type": "launch"}, "expect": [
                {"contains": "x"}, {"notContains": "y"}, {"variable": "x", "equals": None}, {"step": "start"},
                {"trace": "end"}, {"source": "hours.md"}, {"judge": "It is friendly."},
            ]}],
        }],
        webhooks=[{"id": "w", "url": "https://a.example", "events": ["conversation.ended"], "enabled": False}],
    )  # fmt: skip
    assert check(document) == []


def test_mistakes_are_told_in_the_words_of_json() -> None:
    with pytest.raises(BadRequest) as caught:
        compile_document({"workflows": {}, "behaviourConfig": [], "prompts": 1, "variables": [1]}, PLUGINS)
    assert {detail.path: detail.message for detail in caught.value.details} == {
        "workflows": "Input should be a list.",
        "variables[0]": "Input should be an object.",
        "prompts": "Input should be an object.",
        "behaviourConfig": "Input should be an object.",
    }


def test_a_hundred_mistakes_are_told_and_how_many_more_there_are() -> None:
    with pytest.raises(BadRequest, match=r"and 299 more") as caught:
        compile_document({"workflows": [workflow("main", *(step(f"s{at}", "nothing") for at in range(300)))]}, PLUGINS)
    assert len(caught.value.details) == 100
