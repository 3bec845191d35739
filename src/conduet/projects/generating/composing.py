"""A project from a brief without a model: composed from the templates that it is about."""

import re
from dataclasses import dataclass
from typing import Any, Final, cast

from conduet.projects.document import JsonObject, complete
from conduet.projects.generating.brief import Brief, plain
from conduet.projects.generating.graph import primary, step
from conduet.projects.generating.merging import merged
from conduet.projects.generating.topics import asked_for
from conduet.projects.template import read_template, template_ids

_RHYTHMS: Final = (
    (re.compile(r"\b(every day|daily|each day|täglich)\b"), "0 9 * * *"),
    (re.compile(r"\b(monthly|every month|each month|monatlich)\b"), "0 9 1 * *"),
)
"""How often something is written; weekly where nothing is said."""


@dataclass(frozen=True, slots=True)
class Composition:
    """A document, and the templates that it was made of; none where it was made of the brief alone."""

    document: JsonObject
    templates: tuple[str, ...] = ()


def compose(brief: Brief) -> Composition:
    """A project that is finished, for any brief."""
    if brief.framework == "agentic":
        found = asked_for(brief.text, _templates("agentic"))[:1]
        return Composition(_adapted(brief, found[0]) if found else _agentic(brief), tuple(found))
    outbound = _templates("outbound")
    if brief.framework == "outbound":
        found = asked_for(brief.text, outbound) or outbound
        return Composition(_adapted(brief, found[0]), (found[0],))
    found = asked_for(brief.text, {*template_ids()} - {*_templates("agentic")})
    if brief.framework is None and found[:1] and found[0] in outbound:
        return Composition(_adapted(brief, found[0]), (found[0],))
    found = [name for name in found if name not in outbound]
    if len(found) > 1:
        return Composition(_several(brief, found), tuple(found))
    return Composition(_adapted(brief, found[0]), (found[0],)) if found else Composition(_conversing(brief))


def _templates(framework: str) -> list[str]:
    return [name for name in template_ids() if read_template(name)["framework"] == framework]


def _adapted(brief: Brief, template_id: str) -> JsonObject:
    document = read_template(template_id)
    document |= _facts(brief, default=str(document["name"]))
    behaviour = cast(dict[str, Any], document["behaviourConfig"])
    behaviour["persona"] = "\n\n".join(part for part in (behaviour["persona"], _persona(brief, document)) if part)
    rhythm = next((cron for words, cron in _RHYTHMS if words.search(brief.text.lower())), None)
    for pipeline in cast(list[dict[str, Any]], document["pipelines"]):
        pipeline["schedule"]["cron"] = rhythm or pipeline["schedule"]["cron"]
    return document


def _several(brief: Brief, found: list[str]) -> JsonObject:
    facts = _facts(brief, default="Front desk")
    document = complete({**facts, **merged(found, name=str(facts["name"]))})
    cast(dict[str, Any], document["behaviourConfig"])["persona"] = _persona(brief, document)
    return document


def _facts(brief: Brief, *, default: str) -> JsonObject:
    return {"name": brief.called(default), "description": brief.description, "slug": None}


def _persona(brief: Brief, document: JsonObject) -> str:
    return brief.persona(str(document["name"]))


_LAUNCH: Final[JsonObject] = {"type": "launch", "payload": None}


def _agentic(brief: Brief) -> JsonObject:
    """One agent that does what the brief says, with the knowledge base and a person behind it."""
    facts = _facts(brief, default="Assistant")
    helping: JsonObject = {
        "id": "help",
        "name": "Help",
        "instructions": "Find out what the user needs, ask for one thing at a time, and search the knowledge base "
        "before you answer a question of fact. Resolve the conversation once the user has what they came for; "
        "escalate to a person when they ask for one or you cannot help.",
    }
    return complete(
        {
            **facts,
            "framework": "agentic",
            "behaviourConfig": {
                "persona": brief.persona(str(facts["name"])),
                "agentHarness": {"phases": [helping], "uiBuiltins": {"showButtons": True}},
            },
            "tests": [
                {
                    "id": "greets",
                    "name": "Greets the user",
                    "mocks": {"model": "Hello! What can I do for you?"},
                    "turns": [{"action": _LAUNCH, "expect": [{"contains": "What can I do for you?"}]}],
                }
            ],
        }
    )


def _conversing(brief: Brief) -> JsonObject:
    """A flow around an agent that does what the brief says: what to do where no template is about it."""
    facts = _facts(brief, default="Assistant")
    name = str(facts["name"])
    helping = {
        "instructions": f"{brief.persona(name)}\n\nBe brief and friendly, and ask for one thing at a time.",
        "knowledgeBase": True,
        "exits": [
            {"id": "done", "description": "The user has what they came for, or says goodbye."},
            {"id": "person", "description": "The user wants to talk to a person."},
        ],
    }
    steps = [
        step("start", "start", {}, at=(0, 1)),
        step("hello", "message", {"mode": "scripted", "text": f"Hello! This is {plain(name)}."}, at=(1, 1)),
        step("help", "agent", helping, at=(2, 1), name="Help"),
        step("bye", "end", {"resolved": True, "text": "Thank you. Goodbye!"}, at=(3, 0), name="Done"),
        step("person", "handoff", {"reason": "{{sys.lastUserMessage}}"}, at=(3, 2), name="To a person"),
    ]
    wires = [
        ("start", "next", "hello"),
        ("hello", "next", "help"),
        ("help", "done", "bye"),
        ("help", "person", "person"),
        ("help", "next", "person"),
    ]
    greeting: JsonObject = {
        "id": "greets",
        "name": "Greets the user",
        "mocks": {"model": "What can I do for you?"},
        "turns": [{"action": _LAUNCH, "expect": [{"contains": "Hello! This is"}]}],
    }
    return complete({**facts, "workflows": [primary("main", "Main", steps, wires)], "tests": [greeting]})
