"""Intents and entities of an export."""

import re
from collections.abc import Sequence

from conduet.kit.json import Json
from conduet.projects.importers.voiceflow.export import Export, items, obj, objects, text
from conduet.projects.importers.voiceflow.words import template

_BUILT_IN = {
    "VF.YES": ("yes", "yeah", "yep", "sure", "of course", "okay"),
    "VF.NO": ("no", "nope", "no thanks", "not really"),
    "VF.STOP": ("stop", "quit", "exit", "that is all"),
    "VF.HELP": ("help", "help me", "I need help"),
    "VF.CANCEL": ("cancel", "never mind", "forget it"),
    "VF.NEXT": ("next", "skip", "go on"),
    "VF.PREVIOUS": ("previous", "go back", "back"),
    "VF.REPEAT": ("repeat", "say that again", "once more"),
    "VF.START_OVER": ("start over", "restart", "from the beginning"),
    "VF.PAUSE": ("pause", "wait"),
    "VF.RESUME": ("resume", "continue"),
}
"""What people say to mean an intent that Voiceflow brings along without a word of it in the export."""


def utterances_of(export: Export, key: Json) -> tuple[str, Sequence[str]]:
    """The name of an intent and how people say it; nothing for one that is not there."""
    name = text(key)
    row = export.row("intents", key)
    said = [template(export, each.get("text")) for each in export.rows_of("utterances", "intentID", key)]
    old = export.old("intents", key)
    said += [template(export, each.get("text")) for each in objects(old.get("inputs"))]
    name = text(row.get("name")) or text(old.get("name")) or name
    # `{{size}} pizza` is said of any size: what stands in braces is another's word.
    spoken = dict.fromkeys(" ".join(_without_slots(each).split()) for each in said)
    return name, [each for each in spoken if each] or _BUILT_IN.get(name, ())


def entities_of(export: Export) -> list[Json]:
    """The entities that are closed lists of values."""
    found: list[Json] = []
    for row in export.rows("entities"):
        variants = export.rows_of("entityVariants", "entityID", row.get("id"))
        values: list[Json] = [_value(text(each.get("value")), items(each.get("synonyms"))) for each in variants]
        if values:
            found.append({"id": text(row.get("id")), "name": text(row.get("name")), "values": values})
    known = {text(obj(each).get("id")) for each in found}
    for row in objects(export.platform_data.get("slots")):
        inputs = [text(each).split(",") for each in items(row.get("inputs")) if text(each)]
        if inputs and text(row.get("key")) not in known:
            values = [_value(words[0].strip(), [word.strip() for word in words[1:]]) for words in inputs]
            found.append({"id": text(row.get("key")), "name": text(row.get("name")), "values": values})
    return found


def entity_of(export: Export, key: Json) -> tuple[str, str]:
    """The name of an entity and its class without `VF.`; the class is empty for words of any kind (a name, a place)."""
    row = export.row("entities", key)
    old = export.old("slots", key)
    kind = (text(row.get("classifier")) or text(obj(old.get("type")).get("value"))).removeprefix("VF.").upper()
    is_closed = bool(export.rows_of("entityVariants", "entityID", key) or items(old.get("inputs")))
    shown = text(row.get("name")) or text(old.get("name"))
    return shown, kind if kind in _KNOWN or is_closed else ""


_KNOWN = frozenset({"EMAIL", "PHONENUMBER", "NUMBER", "DATETIME", "URL"})


def entity_variables(export: Export) -> list[str]:
    """The names of all entities: what was understood of them is kept in variables of these names."""
    rows = [*export.rows("entities"), *objects(export.platform_data.get("slots"))]
    return [*dict.fromkeys(name for row in rows if (name := text(row.get("name"))))]


def _value(value: str, synonyms: Sequence[Json]) -> Json:
    return {"value": value, "synonyms": [text(each) for each in synonyms if text(each)]}


def _without_slots(said: str) -> str:
    return re.sub(r"\{\{[^{}]*\}\}", " ", said)
