"""Several templates as one project: each becomes workflows of its own, and a menu leads to them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from conduet.kit.json import Json
from conduet.projects.document import JsonObject
from conduet.projects.generating.brief import plain
from conduet.projects.generating.graph import Wire, primary, step
from conduet.projects.generating.topics import TOPICS
from conduet.projects.template import read_template

MODEL: Final = "model"
"""The name by which a test answers for every model."""

_JOINED: Final = ("variables", "secrets", "tools", "playbooks", "entities", "intents", "tests")
_NAMED: Final = ("variables", "secrets")


def merged(template_ids: Sequence[str], *, name: str) -> JsonObject:
    """The templates under one menu, each with its tests; `name` is said in the greeting.

    Variables and secrets of one name become one: templates mean the same by it.
    """
    parts = {template_id: _Part(template_id, read_template(template_id)) for template_id in template_ids}
    document: JsonObject = {field: _joined(field, [part.list(field) for part in parts.values()]) for field in _JOINED}
    labels = {template_id: part.label for template_id, part in parts.items()}
    workflows = [each for part in parts.values() for each in part.list("workflows")]
    document["workflows"] = [_menu(labels, name), *workflows]
    document["intents"] = [*_ways_in(labels), *cast(list[Json], document["intents"])]
    document["tests"] = [_greeting(labels), *cast(list[Json], document["tests"])]
    behaviours = [cast(dict[str, Any], part.document["behaviourConfig"]) for part in parts.values()]
    document["behaviourConfig"] = {
        "allowedHosts": [host for each in behaviours for host in each["allowedHosts"]],
        "answerOnlyFromSources": any(each["answerOnlyFromSources"] for each in behaviours),
    }
    return document


class _Part:
    """A template whose workflows, intents and tests bear its id."""

    def __init__(self, template_id: str, document: JsonObject) -> None:
        self._id = template_id
        self.label = TOPICS[template_id].label
        workflows = cast(list[dict[str, Any]], document["workflows"])
        self._primary = next((each["id"] for each in workflows if each.get("primary")), workflows[0]["id"])
        self._step_in = {step["id"]: each["id"] for each in reversed(workflows) for step in each["steps"]}
        self._said = {
            words.lower()
            for intent in cast(list[dict[str, Any]], document["intents"])
            for words in (intent["name"], *intent["utterances"])
        }
        self._workflows = {each["id"]: self._workflow_id(each["id"]) for each in workflows}
        self.document = document
        document["workflows"] = [self._workflow(each) for each in workflows]
        document["intents"] = [self._intent(each) for each in cast(list[dict[str, Any]], document["intents"])]
        document["tests"] = [self._test(each) for each in cast(list[dict[str, Any]], document["tests"])]

    def list(self, field: str) -> "list[JsonObject]":
        return cast("list[JsonObject]", self.document[field])

    def _workflow_id(self, workflow_id: str) -> str:
        return self._id if workflow_id == self._primary else f"{self._id}-{workflow_id}"

    def _workflow(self, workflow: Mapping[str, Any]) -> JsonObject:
        is_primary = workflow["id"] == self._primary
        steps = [{**step, "config": self._config(step["config"])} for step in workflow["steps"]]
        name = self.label if is_primary else f"{self.label}: {workflow['name']}"
        moved: dict[str, Any] = {"id": self._workflows[workflow["id"]], "name": name, "steps": steps}
        return {**moved, "connections": workflow["connections"]}

    def _config(self, config: Mapping[str, Any]) -> JsonObject:
        workflow_id = config.get("workflowId")
        return {**config, "workflowId": self._workflows[workflow_id]} if workflow_id in self._workflows else {**config}

    def _intent(self, intent: Mapping[str, Any]) -> JsonObject:
        moved = {"id": f"{self._id}-{intent['id']}", "workflowId": self._workflows[intent["workflowId"]]}
        return {**intent, **moved}

    def _test(self, test: Mapping[str, Any]) -> JsonObject:
        """The test, which begins where the template did, unless its first words are those of an intent."""
        start = test.get("start", {"workflowId": self._primary, "stepId": "start"})
        moved: JsonObject = {
            **test,
            "id": f"{self._id}-{test['id']}",
            "name": f"{self.label}: {test['name']}",
            "mocks": {self._place(name): mock for name, mock in test.get("mocks", {}).items()},
            "turns": [{**turn, "expect": [self._expected(each) for each in turn["expect"]]} for turn in test["turns"]],
        }
        first = test["turns"][0]["action"]
        if str(first["payload"]).lower() not in self._said:
            moved["start"] = {**start, "workflowId": self._workflows[start["workflowId"]]}
        return moved

    def _expected(self, expectation: Mapping[str, Any]) -> JsonObject:
        return {**expectation, "step": self._place(expectation["step"])} if "step" in expectation else {**expectation}

    def _place(self, name: str) -> str:
        """A step by workflow and id: other templates have steps of its id too."""
        workflow_id, slash, step_id = name.rpartition("/")
        if not slash:
            workflow_id = self._step_in.get(step_id, "")
        return f"{self._workflows[workflow_id]}/{step_id}" if workflow_id in self._workflows else name


def _joined(field: str, lists: Sequence[Sequence[JsonObject]]) -> list[Json]:
    key = "name" if field in _NAMED else "id"
    found: dict[str, Json] = {}
    for parts in lists:
        for each in parts:
            found.setdefault(str(each[key]), each)
    return [*found.values()]


def _menu(labels: Mapping[str, str], name: str) -> JsonObject:
    buttons = [{"id": part, "label": label, "value": part} for part, label in labels.items()]
    welcome = f"Hello! This is {plain(name)}. What can I do for you?"
    wrong = {
        "mode": "scripted",
        "text": "I can help with what stands on the buttons.",
        "variants": ["Please choose one of the buttons."],
    }
    further = [{"id": "yes", "label": "Yes, please"}, {"id": "no", "label": "No, that is all"}]
    steps = [
        step("start", "start", {}, at=(0, 1)),
        step("menu", "buttons", {"text": welcome, "buttons": buttons}, at=(1, 1)),
        step("unclear", "message", wrong, at=(1, 2.5)),
        *(
            step(f"part-{part}", "workflow", {"workflowId": part, "mode": "call"}, at=(2, row), name=label)
            for row, (part, label) in enumerate(labels.items())
        ),
        step("more", "buttons", {"text": "Is there anything else?", "buttons": further}, at=(3, 1)),
        step("done", "end", {"resolved": True, "text": "Thank you. Goodbye!"}, at=(4, 1)),
    ]
    wires: list[Wire] = [("start", "next", "menu"), ("menu", "noMatch", "unclear"), ("unclear", "next", "menu")]
    for part in labels:
        wires += [("menu", part, f"part-{part}"), (f"part-{part}", "next", "more")]
    wires += [("more", "yes", "menu"), ("more", "no", "done"), ("more", "noMatch", "menu")]
    return primary("menu", "Menu", steps, wires)


def _ways_in(labels: Mapping[str, str]) -> list[Json]:
    """A template is reached by its name and by what its users say, from anywhere."""
    return [
        {"id": part, "name": label, "utterances": [*TOPICS[part].asks], "workflowId": part}
        for part, label in labels.items()
    ]


def _greeting(labels: Mapping[str, str]) -> Json:
    shown: list[Json] = [{"label": label} for label in labels.values()]
    return {
        "id": "greets",
        "name": "Greets, and tells what there is",
        "turns": [
            {
                "action": {"type": "launch", "payload": None},
                "expect": [
                    {"contains": "What can I do for you?"},
                    {"trace": {"type": "buttons", "payload": {"buttons": shown}}},
                ],
            },
            {"action": {"type": "text", "payload": "qwertyuiop"}, "expect": [{"step": "menu/unclear"}]},
        ],
    }
