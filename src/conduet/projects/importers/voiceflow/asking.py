"""Nodes that wait for the user."""

from collections.abc import Mapping

from conduet.kit.json import Json
from conduet.projects.importers.voiceflow.export import Object, items, obj, objects, text
from conduet.projects.importers.voiceflow.made import Dropped, Made, Reader, Reading, Step, chain
from conduet.projects.importers.voiceflow.understanding import entity_of, utterances_of
from conduet.projects.importers.voiceflow.words import reprompt, template

LISTENS = "It only waits for one of the project's intents."


def _missed(reading: Reading) -> dict[str, str | None]:
    return {"noMatch": reading.ports.get("else", "noMatch")}


def _listen(reading: Reading, *, exact: bool = False) -> Made:
    said = reprompt(reading.export, reading.node.data.get("noMatch") or reading.node.data.get("noMatches"))
    reason = None if exact else LISTENS + (f" What it said without a match was left out: {said!r}." if said else "")
    return Made([Step("intent", {"intents": []}, _missed(reading))], reason)


def _buttons(reading: Reading) -> Made | Dropped:
    data, export = reading.node.data, reading.export
    rows = [*objects(data.get("buttons")), *objects(data.get("items"))]
    if not rows:
        return _listen(reading)
    buttons: list[Json] = []
    ports = _missed(reading)
    notes: list[str] = []
    for index, row in enumerate(rows):
        key = text(row.get("id")) or f"button-{index + 1}"
        label = template(export, row.get("name") or row.get("label")).strip()
        buttons.append({"id": key, "label": label or f"Button {index + 1}"})
        ports[key] = reading.ports.get(key) or reading.ports.at(index)
        if row.get("url") or "URL" in str(row.get("actions")):
            notes.append(f"{label!r} opened a page: add a card whose button has that address.")
        if row.get("intent"):
            notes.append(f"{label!r} was matched by an intent too: now by its words.")
    again = reprompt(export, data.get("noMatch"))
    config: dict[str, Json] = {"buttons": buttons}
    if ports["noMatch"] is None:
        # Without a way for other words they are shown again, as there.
        config["allowText"] = False
    if again:
        notes.append(f"What it said without a match was left out: {again!r}.")
    return Made([Step("buttons", config, ports)], " ".join(notes) or None)


def _choice(reading: Reading) -> Made | Dropped:
    data, export = reading.node.data, reading.export
    choices = objects(data.get("choices"))
    labels = [template(export, row.get("name")) for row in objects(data.get("buttons"))]
    if not choices:
        return _listen(reading, exact=True)
    meanings: list[Json] = []
    ports = _missed(reading)
    for index, row in enumerate(choices):
        key = f"choice-{index + 1}"
        name, said = utterances_of(export, row.get("intent"))
        written = [text(each) for each in items(row.get("inputs"))]
        meanings.append({"id": key, "name": name or key, "utterances": [*(said or written)]})
        ports[key] = reading.ports.at(index) or reading.ports.get(text(row.get("id")))
    notes = [f"Its buttons are named in its question: {', '.join(labels)}."] if labels else []
    again = reprompt(export, data.get("noMatch") or data.get("else"))
    if again:
        notes.append(f"What it said without a match was left out: {again!r}.")
    if any(objects(row.get("mappings")) for row in choices):
        notes.append("Slots of a choice set their variables no more: capture them by a step.")
    config: dict[str, Json] = {"intents": meanings}
    if labels:
        config["text"] = " · ".join(labels)
    return Made([Step("intent", config, ports)], " ".join(notes) or None)


def _capture(reading: Reading) -> Made | Dropped:
    data, export = reading.node.data, reading.export
    given = obj(data.get("capture"))
    kind = text(given.get("type"))
    if kind in ("intent", "entity", "entities"):
        return _entities(reading, given)
    key = given.get("variable") or given.get("variableID") or data.get("variable")
    name = export.name_of(key) or "last_utterance"
    ports: dict[str, str | None] = {"next": reading.next, "noMatch": reading.ports.get("else") or reading.next}
    return Made([Step("capture", {"variable": name, "type": "text"}, ports)])


_KINDS: Mapping[str, str] = {
    "EMAIL": "email",
    "PHONENUMBER": "phone",
    "NUMBER": "number",
    "DATETIME": "date",
    "URL": "url",
}


def _entities(reading: Reading, given: Object) -> Made | Dropped:
    export = reading.export
    rows = [*objects(given.get("items")), *objects(given.get("slots")), *objects(obj(given.get("intent")).get("slots"))]
    again = reprompt(export, reading.node.data.get("noMatch"))
    steps: list[Step] = []
    for row in rows:
        slot = row.get("slot") or row.get("entityID") or row.get("id")
        name, kind = entity_of(export, slot)
        name = name or export.name_of(row.get("variableID")) or text(slot)
        if name:
            config: dict[str, Json] = {"variable": name, "type": _KINDS.get(kind, "entity" if kind else "text")}
            config |= {"entity": name} if config["type"] == "entity" else {}
            config |= {"retryText": again} if again else {}
            steps.append(Step("capture", config, {"next": reading.next, "noMatch": reading.ports.get("else")}))
    if not steps:
        return _listen(reading)
    return chain(*steps, reason="Each entity is asked for by a step of its own, from the whole answer.")


def _trigger(reading: Reading) -> Made | Dropped:
    """What starts here is told by the project's intents and events: nothing is left to be done."""
    data = reading.node.data
    rows = objects(data.get("items"))
    notes = ["Slots of the intent set their variables no more."] if objects(data.get("mappings")) else []
    local = text(data.get("availability")) == "LOCAL" or any(obj(row.get("settings")).get("local") for row in rows)
    if local:
        notes.append("It is understood inside its workflow only.")
    return Made([], " ".join(notes) or None)


def _ai_capture(reading: Reading) -> Made | Dropped:
    export, data = reading.export, reading.node.data
    names = [export.name_of(row.get("variable") or row.get("variableID")) for row in objects(data.get("entities"))]
    rules = template(export, data.get("rules") or data.get("prompt")) or "Ask for what is missing."
    done: dict[str, Json] = {"id": "done", "description": "All of it is known.", "collects": [*filter(None, names)]}
    config: dict[str, Json] = {"instructions": rules, "exits": [done]}
    ports: dict[str, str | None] = {"done": reading.next, "next": reading.ports.get("else") or reading.next}
    return Made([Step("agent", config, ports)], "A model asks for what is missing.")


READERS: Mapping[str, Reader] = {
    "buttons": _buttons,
    "buttons-v2": _buttons,
    "interaction": _choice,
    "prompt": _listen,
    "capture": _capture,
    "captureV2": _capture,
    "capture-v3": _capture,
    "ai_capture": _ai_capture,
    "intent": _trigger,
    "trigger": _trigger,
    "command": _trigger,
}
