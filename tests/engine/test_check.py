"""Everything that is unfinished or doubtful, at once and in its place."""

import time
from typing import Any

from inline_snapshot import snapshot

from conduet.engine.check import check
from conduet.engine.document import Document
from tests.engine.talk import compiled, line, step, workflow

SAY = step("say", "message", text="x")


def found(document: Document) -> list[str]:
    """Each problem as `severity CODE path`."""
    return [f"{problem.severity} {problem.code} {problem.path}" for problem in check(document)]


def test_a_finished_document_has_no_problems() -> None:
    assert found(compiled(line(SAY))) == []


def test_a_problem_tells_what_where_and_what_to_do() -> None:
    (problem,) = check(compiled(line(step("m", "message", text="Hi {{nmae}}")), variables=[{"name": "name"}]))
    assert problem.wire() == snapshot({
        "severity": "error",
        "code": "UNKNOWN_VARIABLE",
        "message": "There is no variable 'nmae'.",
        "path": "workflows[0].steps[1].config.text",
        "workflowId": "main",
        "stepId": "m",
        "fix": "Did you mean `name`?",
    })  # fmt: skip


def test_what_does_not_apply_is_left_out() -> None:
    (problem,) = check(compiled(line(SAY), colour="blue"))
    assert problem.wire() == snapshot({
        "severity": "warning",
        "code": "UNKNOWN_FIELD",
        "message": "The field 'colour' is not known here; it is kept.",
        "path": "colour",
        "fix": "Remove it, or check its spelling.",
    })  # fmt: skip


def test_errors_come_first() -> None:
    assert found(compiled(line(step("m", "message", colour="blue")), more=1)) == snapshot([
        "error REQUIRED workflows[0].steps[1].config.text",
        "warning UNKNOWN_FIELD more",
        "warning UNKNOWN_FIELD workflows[0].steps[1].config.colour",
    ])  # fmt: skip


def test_problems_of_the_project() -> None:
    document = compiled(
        behaviourConfig={"timeZone": "Mars/Olympus"},
        variables=[
            {"name": "sys"},
            {"name": "a", "type": "number", "default": "x"},
            {"name": "b", "type": "list", "default": [], "environments": {"production": 1}},
        ],
        intents=[{"id": "i", "workflowId": "gone"}],
        events=[{"name": "e"}],
        pipelines=[{"id": "p", "workflowId": "gone"}],
        playbooks=[{"id": "p", "toolIds": ["t", "gone"]}],
        tools=[
            {"id": "t", "name": "t", "type": "api", "description": "It helps.", "config": {"url": "https://a.example"}}
        ],
    )
    assert found(document) == snapshot([
        "error UNKNOWN_TIME_ZONE behaviourConfig.timeZone",
        "error NO_WORKFLOW workflows",
        "error RESERVED_NAME variables[0].name",
        "error WRONG_DEFAULT variables[1].default",
        "error WRONG_DEFAULT variables[2].environments.production",
        "error UNKNOWN_WORKFLOW intents[0].workflowId",
        "error UNKNOWN_WORKFLOW events[0].workflowId",
        "error UNKNOWN_WORKFLOW pipelines[0].workflowId",
        "error UNKNOWN_TOOL playbooks[0].toolIds[1]",
        "warning NO_TARGET pipelines[0].targets",
    ])  # fmt: skip


def test_problems_of_conversation_tests() -> None:
    expected = [
        {"contains": "x"},
        {"notContains": ""},
        {"step": "say"},
        {"step": "main/say"},
        {"step": "main/sya"},
        {"variable": "nmae", "equals": 1},
        {"variable": "name.first", "equals": 1},
        {"judge": ""},
    ]
    document = compiled(
        line(SAY),
        variables=[{"name": "name"}],
        tests=[
            {"id": "a", "start": {"workflowId": "main", "stepId": "say"}},
            {"id": "b", "start": {"workflowId": "main", "stepId": "gone"}},
            {"id": "c", "turns": [{"action": {"type": "launch"}}, {"action": {"type": "launch"}, "expect": expected}]},
        ],
    )
    assert [f"{problem.severity} {problem.code} {problem.path} {problem.fix}" for problem in check(document)] == [
        "warning UNKNOWN_STEP tests[1].start Choose a step that exists.",
        "warning EMPTY_EXPECTATION tests[2].turns[1].expect[1].notContains Fill it in, or remove the expectation.",
        "warning UNKNOWN_STEP tests[2].turns[1].expect[4].step Did you mean `main/say`?",
        "warning UNKNOWN_VARIABLE tests[2].turns[1].expect[5].variable Did you mean `name`?",
        "warning EMPTY_EXPECTATION tests[2].turns[1].expect[7].judge Fill it in, or remove the expectation.",
    ]


def test_problems_of_what_a_project_publishes_to_and_tells_its_team() -> None:
    x = {"accessToken": "{{secrets.GONE}}", "apiKey": "in-the-open", "baseUrl": "{{secrets.X}}", "colour": "red"}
    document = compiled(
        workflow("main", SAY, wires="start > say"),
        secrets=[{"name": "X"}],
        pipelines=[
            {
                "id": "p",
                "workflowId": "main",
                "targets": [
                    {"connector": "fax"},
                    {"connector": "x", "config": x},
                    {"connector": "discord", "config": {"url": "{{place}}"}},
                    {"connector": "discord", "config": {"url": "{{secrets.X}}"}},
                ],
            }
        ],
        behaviourConfig={
            "handoff": {
                "targets": [
                    {
                        "connectors": [
                            {"connector": "sms", "config": {}},
                            {"connector": "slack", "config": {"channel": "general"}},
                            {"connector": "email", "config": {"to": ["team@shop.example"]}},
                        ]
                    }
                ]
            }
        },
    )
    assert found(document) == snapshot([
        "error UNKNOWN_CONNECTOR behaviourConfig.handoff.targets[0].connectors[0].connector",
        "error INVALID_CONFIG behaviourConfig.handoff.targets[0].connectors[1].config.channel",
        "error UNKNOWN_CONNECTOR pipelines[0].targets[0].connector",
        "error LITERAL_SECRET pipelines[0].targets[1].config.apiKey",
        "error UNKNOWN_SECRET pipelines[0].targets[1].config.accessToken",
        "error INVALID_CONFIG pipelines[0].targets[1].config.colour",
        "error UNKNOWN_VARIABLE pipelines[0].targets[2].config.url",
    ])  # fmt: skip


def test_an_agentic_project_needs_no_workflow() -> None:
    assert found(compiled(framework="agentic")) == []


def test_problems_of_a_workflow() -> None:
    main = workflow(
        "main", step("again", "start"), SAY, step("lost", "message", text="x"), wires="start > say, start > say"
    )
    assert found(compiled(main | {"primary": True}, {"id": "empty", "primary": True})) == snapshot([
        "error TWO_PRIMARIES workflows[1].primary",
        "error TWO_STARTS workflows[0].steps[1]",
        "error NO_START workflows[1]",
        "warning SECOND_CONNECTION workflows[0].connections[1]",
        "warning UNREACHABLE workflows[0].steps[1]",
        "warning UNREACHABLE workflows[0].steps[3]",
    ])  # fmt: skip


def test_names_in_templates_expressions_conditions_and_assignments_are_checked() -> None:
    steps = (
        step("m", "message", text={"en": "{{a.b}} {{sys.turn}}", "de": "{{sys.nothing}}"}, variants=["{{b}}"]),
        step("s", "set", assignments=[{"variable": "c", "value": ["{{d}}", {"x": "{{known[0]}}"}]}]),
        step("s2", "set", assignments=[{"variable": "known", "expression": "e + f"}]),
        step("l", "loop", items="g", itemVariable="h"),
        step("l2", "loop", items="{{i}}", itemVariable="known"),
        step("w", "workflow", workflowId="main", inputs={"known": "{{j}}", "k": 1}),
        step("q", "capture", text="{{l}}", variable="m"),
    )  # fmt: skip
    conditions = [
        {"variable": "n.x", "operator": "is", "value": "{{o}}"},
        {"variable": "sys.language", "operator": "is", "value": 1},
    ]
    fork = step("c", "condition", rules=[{"id": "r", "conditions": conditions}])
    document = compiled(workflow("main", *steps, fork), variables=[{"name": "known", "type": "list"}])
    problems = [problem for problem in check(document) if problem.code == "UNKNOWN_VARIABLE"]
    assert [(problem.step_id, problem.message.split("'")[1]) for problem in problems] == snapshot([
        ("m", "a"), ("m", "sys.nothing"), ("m", "b"), ("s", "c"), ("s", "d"), ("s2", "e"), ("s2", "f"), ("l", "h"),
        ("l", "g"), ("l2", "i"), ("w", "k"), ("w", "j"), ("q", "m"), ("q", "l"), ("c", "n"), ("c", "o"),
    ])  # fmt: skip


def test_a_misspelt_variable_in_a_filter_of_the_knowledge_base_lets_nobody_find_anything() -> None:
    document = compiled(
        line(step("k", "kb-search", filter={"audience": ["guest", "{{roels}}"]})),
        behaviourConfig={
            "knowledgeFilter": {"tenant": "{{tennant.id}}", "place": ["{{roles}}", "{{ 1 + }}"], "year": 1}
        },
        variables=[{"name": "tenant"}, {"name": "roles", "type": "list"}],
    )
    problems = [problem for problem in check(document) if problem.severity == "error"]
    assert [(problem.code, problem.path, problem.fix) for problem in problems] == snapshot([
        ("UNKNOWN_VARIABLE", "behaviourConfig.knowledgeFilter.tenant", "Did you mean `tenant`?"),
        ("UNKNOWN_VARIABLE", "workflows[0].steps[1].config.filter.audience", "Did you mean `roles`?"),
    ])  # fmt: skip
    assert "warning UNREADABLE behaviourConfig.knowledgeFilter.place" in found(document)


def test_a_secret_in_a_text_is_out_of_place() -> None:
    document = compiled(line(step("m", "message", text="{{secrets.TOKEN}}")), secrets=[{"name": "TOKEN"}])
    assert found(document) == ["error SECRET_OUT_OF_PLACE workflows[0].steps[1].config.text"]


def test_a_template_that_cannot_be_read_is_doubtful_and_an_expression_is_an_error() -> None:
    steps = (
        step("m", "message", text="{{ 1 + }}"),
        step("s", "set", assignments=[{"variable": "x", "expression": "1 +"}]),
        step("l", "loop", items="1 +", itemVariable="x"),
    )
    assert found(compiled(line(*steps), variables=[{"name": "x"}])) == snapshot([
        "error UNREADABLE workflows[0].steps[2].config.assignments[0].expression",
        "error UNREADABLE workflows[0].steps[3].config.items",
        "warning UNREADABLE workflows[0].steps[1].config.text",
        "warning DEAD_PORT workflows[0].steps[3]",
    ])  # fmt: skip


def test_what_is_laid_over_for_a_platform_is_checked_where_it_differs() -> None:
    channels: dict[str, Any] = {"sms": {"text": "{{b}}", "size": 1}, "web": {"text": ""}}
    assert found(compiled(line(step("m", "message", text="{{a}}", colour=1, channels=channels)))) == snapshot([
        "error UNKNOWN_VARIABLE workflows[0].steps[1].config.text",
        "error UNKNOWN_VARIABLE workflows[0].steps[1].config.channels.sms.text",
        "error REQUIRED workflows[0].steps[1].config.channels.web.text",
        "warning UNKNOWN_FIELD workflows[0].steps[1].config.colour",
        "warning UNKNOWN_FIELD workflows[0].steps[1].config.channels.sms.size",
    ])  # fmt: skip


def test_what_is_wrong_on_every_platform_is_told_once() -> None:
    channels = {"sms": {"variants": ["x"]}, "web": {"variants": ["y"]}}
    assert found(compiled(line(step("m", "message", text="{{a}}", channels=channels)))) == [
        "error UNKNOWN_VARIABLE workflows[0].steps[1].config.text"
    ]


def test_both_a_value_and_an_expression_are_doubtful() -> None:
    both = step("s", "set", assignments=[{"variable": "x", "value": 1, "expression": "1"}])
    rule = {"id": "r", "expression": "true", "conditions": [{"variable": "x", "operator": "isEmpty"}]}
    assert found(compiled(line(both, step("c", "condition", rules=[rule])), variables=[{"name": "x"}])) == snapshot([
        "warning AMBIGUOUS workflows[0].steps[1].config.assignments[0]",
        "warning AMBIGUOUS workflows[0].steps[2].config.rules[0]",
        "warning DEAD_PORT workflows[0].steps[2].config.rules[0]",
    ])  # fmt: skip


def test_unknown_fields_are_found_at_every_level() -> None:
    buttons = step("b", "buttons", buttons=[{"id": "x", "label": "X", "icon": "star"}])
    document = compiled(
        line(buttons, colour=1), variables=[{"name": "x", "unit": "km"}], behaviourConfig={"budget": {"perWeek": 1}}
    )
    assert found(document) == snapshot([
        "warning UNKNOWN_FIELD workflows[0].colour",
        "warning UNKNOWN_FIELD variables[0].unit",
        "warning UNKNOWN_FIELD behaviourConfig.budget.perWeek",
        "warning UNKNOWN_FIELD workflows[0].steps[1].config.buttons[0].icon",
        "warning DEAD_PORT workflows[0].steps[1].config.buttons[0]",
    ])  # fmt: skip


ROUND = "start > a, a > b, b > a"
A, B = step("a", "message", text="a"), step("b", "message", text="b")
ASK = step("b", "buttons", buttons=[{"id": "next", "label": "Next"}])


def endless(document: Document) -> list[str]:
    return [problem.message for problem in check(document) if problem.code == "ENDLESS"]


def test_steps_that_lead_round_without_waiting_are_doubtful() -> None:
    assert endless(compiled(workflow("main", A, B, wires=ROUND))) == [
        "These steps lead round and never wait for the user: a, b."
    ]
    assert len(endless(compiled(workflow("main", A, wires="start > a, a > a")))) == 1
    assert endless(compiled(workflow("main", A, ASK, wires=ROUND))) == []


def test_every_way_round_is_told() -> None:
    steps = [step(f"s{number}", "message", text="x") for number in range(30)]
    main = workflow("main", *steps, wires=", ".join(f"s{number} > s{number}" for number in range(30)))
    assert len(endless(compiled(main))) == 20


def test_the_body_of_a_loop_may_lead_back_to_it() -> None:
    loop = step("loop", "loop", items="[1]", itemVariable="x")
    wires = "start > loop, loop.body > a, a > loop"
    assert endless(compiled(workflow("main", loop, A, wires=wires), variables=[{"name": "x"}])) == []
    assert len(endless(compiled(workflow("main", loop, A, wires="start > loop, loop > loop")))) == 1


def test_workflows_that_call_each_other_lead_round_unless_one_waits() -> None:
    call, back = step("a", "workflow", workflowId="other"), step("b", "workflow", workflowId="main")
    main, other = line(call), line(back, workflow_id="other")
    assert len(endless(compiled(main, other))) == 1
    asking = line(step("q", "buttons", buttons=[{"id": "next", "label": "Next"}]), back, workflow_id="other")
    asking["connections"][1]["sourcePort"] = "next"
    assert endless(compiled(main, asking)) == []
    through = line(step("c", "workflow", workflowId="third"), back, workflow_id="other")
    third = line(step("q", "capture", variable="x"), workflow_id="third")
    assert endless(compiled(main, through, third)) == []
    assert endless(compiled(line(step("a", "workflow", workflowId="gone")))) == []
    assert endless(compiled(line(step("a", "workflow", workflowId="other")), {"id": "other"})) == []


def test_a_port_that_is_there_to_lead_somewhere_and_leads_nowhere_is_doubtful() -> None:
    buttons = [{"id": "x", "label": "X"}, {"id": "y", "label": "Y", "url": "u"}]
    steps = (
        step("b", "buttons", buttons=[{"id": "x", "label": "X"}, {"id": "y", "label": "Y"}]),
        step("l", "loop", items="[1]", itemVariable="x"),
        step("p", "parallel", branches=[{"id": "z"}]),
        step("m", "media", kind="card", title="t", buttons=buttons),
        step("end", "end"),
    )
    main = workflow("main", *steps, wires="start > b, b.x > l, l > p, p > m, m > end")
    dead = [problem.path for problem in check(compiled(main, variables=[{"name": "x"}])) if problem.code == "DEAD_PORT"]
    assert dead == snapshot([
        "workflows[0].steps[1].config.buttons[1]",
        "workflows[0].steps[2]",
        "workflows[0].steps[3].config.branches[0]",
        "workflows[0].steps[4].config.buttons[0]",
    ])  # fmt: skip


def test_a_conversation_that_no_way_leads_out_of_is_doubtful() -> None:
    ask = step("ask", "buttons", text="?", buttons=[{"id": "again", "label": "Again"}])
    steps = (ask, step("say", "message", text="x"), step("end", "end"))
    wires = "start > say, say > ask, ask.again > say, ask.noMatch > "
    assert "warning NO_END workflows[0].steps[0]" in found(compiled(workflow("main", *steps, wires=f"{wires} say")))
    assert found(compiled(workflow("main", *steps, wires=f"{wires} end"))) == []


def test_a_trap_is_told_where_it_begins() -> None:
    ask = step("ask", "buttons", text="?", buttons=[{"id": "a", "label": "A"}, {"id": "b", "label": "B"}])
    menu = step("menu", "buttons", text="?", buttons=[{"id": "again", "label": "Again"}])
    wires = "start > ask, ask.a > menu, menu.again > menu, menu.noMatch > menu, ask.b > end"
    main = workflow("main", ask, menu, step("end", "end"), wires=wires)
    assert found(compiled(main)) == ["warning NO_END workflows[0].steps[2]"]


def test_a_tool_that_waits_for_a_yes_should_know_what_follows_a_no() -> None:
    tool = {"id": "t", "name": "t", "description": "x", "type": "function", "approval": "user", "config": {"code": "x"}}
    use, sorry = step("use", "tool", toolId="t"), step("sorry", "message", text="x")
    assert found(compiled(line(use), tools=[tool])) == ["warning APPROVAL_WITHOUT_ERROR workflows[0].steps[1]"]
    answered = workflow("main", use, sorry, wires="start > use, use.error > sorry")
    assert found(compiled(answered, tools=[tool])) == []
    assert found(compiled(line(use), tools=[{**tool, "approval": "none"}])) == []


def test_a_branch_that_waits_is_told_even_where_it_waits_in_another_workflow() -> None:
    fork = step("fork", "parallel", branches=[{"id": "a"}, {"id": "b"}])
    call, say = step("call", "workflow", workflowId="other"), step("say", "message", text="x")
    other = line(step("ask", "capture", text="?", variable="x"), workflow_id="other")
    main = workflow("main", fork, call, say, wires="start > fork, fork.a > say, fork.b > call, call > say")
    (problem,) = check(compiled(main, other, variables=[{"name": "x"}]))
    assert (problem.code, problem.path) == ("BRANCH_WAITS", "workflows[0].steps[1].config.branches[1]")
    assert problem.message == "The branch 'b' reaches 'ask', which waits for the user: no branch may."


def test_what_a_step_refers_to_must_be_there() -> None:
    exits = [{"id": "e", "collects": ["x", "y"]}]
    agent = step("a", "agent", instructions="x", toolIds=["t", "gone"], playbookIds=["gone"], exits=exits)
    main = workflow("main", agent, step("p", "playbook", playbookId="gone"), wires="start > a, a.e > p")
    tools = [{"id": "t", "name": "t", "description": "x", "type": "function", "config": {"code": "x"}}]
    errors = [
        told for told in found(compiled(main, tools=tools, variables=[{"name": "x"}])) if told.startswith("error")
    ]
    assert errors == snapshot([
        "error UNKNOWN_TOOL workflows[0].steps[1].config.toolIds[1]",
        "error UNKNOWN_PLAYBOOK workflows[0].steps[1].config.playbookIds[0]",
        "error UNKNOWN_VARIABLE workflows[0].steps[1].config.exits[0].collects[1]",
        "error UNKNOWN_PLAYBOOK workflows[0].steps[2].config.playbookId",
    ])  # fmt: skip


def test_a_document_full_of_branches_is_checked_in_time() -> None:
    branches = [{"id": str(number)} for number in range(20)]
    steps = [step(f"p{number}", "parallel", branches=branches) for number in range(300)]
    wires = ", ".join(f"p{at}.{port} > p{(at + 1) % 300}" for at in range(300) for port in range(20))
    document = compiled(workflow("main", *steps, wires=f"start > p0, {wires}"))
    began = time.process_time()
    check(document)
    assert time.process_time() - began < 1
