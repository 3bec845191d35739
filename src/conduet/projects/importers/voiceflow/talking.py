"""Nodes that say or show something."""

from collections.abc import Mapping

import orjson

from conduet.kit.json import Json
from conduet.projects.importers.voiceflow.export import Object, items, obj, objects, text
from conduet.projects.importers.voiceflow.made import Dropped, Made, Reader, Reading, Step, chain
from conduet.projects.importers.voiceflow.words import messages, plain, referring, said_by, template


def _scripted(variants: list[str]) -> dict[str, Json]:
    config: dict[str, Json] = {"mode": "scripted", "text": variants[0]}
    if len(variants) > 1:
        config["variants"] = [*variants]
    return config


def _message(reading: Reading) -> Made | Dropped:
    data = reading.node.data
    said, conditional = messages(reading.export, data["messageID"]) if data.get("messageID") else ([], False)
    said = said or said_by(reading.export, data)
    if not said:
        return Dropped("It says nothing.")
    reason = "One of its variants was said under a condition only; now any may be." if conditional else None
    return Made([Step("message", _scripted(said), reading.on())], reason)


def _speak(reading: Reading) -> Made | Dropped:
    rows = objects(reading.node.data.get("dialogs"))
    audio = next((text(row.get("audio")) for row in rows if text(row.get("audio"))), "")
    said = [template(reading.export, row.get("content") or row.get("text") or "") for row in rows]
    spoken = [plain(each) for each in said if plain(each)]
    if audio and not spoken:
        return Made([Step("media", {"kind": "audio", "url": referring(reading.export, audio)}, reading.on())])
    if not spoken:
        return Dropped("It says nothing.")
    reason = "Marks for speech (SSML) were left out." if spoken != [each for each in said if each.strip()] else None
    return Made([Step("message", _scripted(spoken), reading.on())], reason)


def _card(reading: Reading, given: Object) -> dict[str, Json]:
    export = reading.export
    card: dict[str, Json] = {"title": template(export, given.get("title")) or "Card"}
    for name, value in (("description", given.get("description")), ("imageUrl", given.get("imageUrl"))):
        said = template(export, value).strip()
        if said:
            card[name] = said
    buttons: list[Json] = [
        {"id": text(each.get("id")), "label": template(export, each.get("name") or each.get("label")) or "Choose"}
        for each in objects(given.get("buttons"))
    ]
    if buttons:
        card["buttons"] = buttons
    return card


def _button_ports(reading: Reading, cards: list[dict[str, Json]]) -> dict[str, str | None]:
    ids = [text(obj(each).get("id")) for card in cards for each in items(card.get("buttons"))]
    ports: dict[str, str | None] = {
        key: reading.ports.get(key) or reading.ports.at(index) for index, key in enumerate(ids)
    }
    return ports | reading.on()


def _carousel(reading: Reading) -> Made | Dropped:
    cards = [_card(reading, each) for each in objects(reading.node.data.get("cards"))]
    if not cards:
        return Dropped("It has no cards.")
    return Made([Step("media", {"kind": "carousel", "cards": [*cards]}, _button_ports(reading, cards))])


def _one_card(reading: Reading) -> Made | Dropped:
    card = _card(reading, reading.node.data)
    return Made([Step("media", {"kind": "card", **card}, _button_ports(reading, [card]))])


def _visual(reading: Reading) -> Made | Dropped:
    data = reading.node.data
    if text(data.get("visualType")) == "apl":
        return Dropped("A screen of Alexa's (APL) has no twin here.")
    url = template(reading.export, data.get("image"))
    return Made([Step("media", {"kind": "image", "url": url}, reading.on())]) if url else Dropped("It has no image.")


def _stream(reading: Reading) -> Made | Dropped:
    url = template(reading.export, reading.node.data.get("audio"))
    told = "An audio file is shown to be played; it does not repeat, and cannot be paused from the flow."
    return Made([Step("media", {"kind": "audio", "url": url}, reading.on())], told)


def _url(reading: Reading) -> Made | Dropped:
    url = template(reading.export, reading.node.data.get("url"))
    button: dict[str, Json] = {"id": "open", "label": "Open", "url": url}
    config: dict[str, Json] = {"kind": "card", "title": url or "Open", "buttons": [button]}
    return Made([Step("media", config, reading.on())], "The page is offered by a button, not opened by itself.")


def _custom(reading: Reading) -> Made | Dropped:
    """A custom action: the page does something, and may answer by a path."""
    data, ports = reading.node.data, reading.ports
    payload = obj(data.get("payload"))
    labels = [text(each.get("label")) or f"path {index}" for index, each in enumerate(objects(data.get("paths")), 1)]
    waits = payload.get("isBlocking") is True
    config: dict[str, Json] = {
        "name": text(payload.get("name")) or reading.node.name or "custom",
        "payload": _body(reading, text(payload.get("body"))),
        "paths": [{"id": label, "label": label} for label in dict.fromkeys(labels)] if waits else [],
        "wait": waits,
    }
    targets: dict[str, str | None] = {
        label: ports.at(index) or ports.get(label) or reading.next for index, label in enumerate(labels)
    }
    if not waits:
        first = next((target for target in targets.values() if target), reading.next)
        targets = {"next": first}
    return Made([Step("client-action", config, targets)])


def _body(reading: Reading, body: str) -> Json:
    try:
        value: Json = orjson.loads(body)
    except orjson.JSONDecodeError:
        return referring(reading.export, body)
    return _filled(reading, value)


def _filled(reading: Reading, value: Json) -> Json:
    if isinstance(value, str):
        return referring(reading.export, value)
    if isinstance(value, list):
        return [_filled(reading, each) for each in value]
    if isinstance(value, dict):
        return {key: _filled(reading, each) for key, each in value.items()}
    return value


def _generative(reading: Reading) -> Made | Dropped:
    """Response AI: a model's words, from memory or from the knowledge base."""
    data = reading.node.data
    prompt = _prompt(reading, data)
    config: dict[str, Json] = {**prompt, "output": "text", "say": True}
    answer = Step("prompt", config, reading.on())
    if text(data.get("source")) == "knowledge_base" or data.get("knowledgeBase"):
        search = Step("kb-search", {}, {"noResults": reading.ports.get("else") or reading.next})
        return chain(search, answer, reason="Documents are not in an export: upload them to the knowledge base.")
    return Made([answer], "The project's model answers; its words will differ.")


def _prompt(reading: Reading, data: Object) -> dict[str, Json]:
    config: dict[str, Json] = {"prompt": template(reading.export, data.get("prompt")) or "{{sys.lastUserMessage}}"}
    system = template(reading.export, data.get("system"))
    numbers = {"temperature": data.get("temperature"), "maxTokens": data.get("maxTokens")}
    kept = {name: value for name, value in numbers.items() if isinstance(value, int | float) and value is not True}
    return config | ({"system": system} if system.strip() else {}) | kept


def _response_prompt(reading: Reading) -> Made | Dropped:
    export = reading.export
    row = export.row("prompts", reading.node.data.get("promptID"))
    rows = [obj(export.row("promptMessages", key).get("data")) for key in items(row.get("messageOrder"))]
    said = {
        role: "\n".join(template(export, each.get("content")) for each in rows if text(each.get("role")) == role)
        for role in ("system", "user", "assistant")
    }
    config = _prompt(reading, {**obj(row.get("settings")), "prompt": said["user"], "system": said["system"]})
    reason = None if row else "Its prompt is not in the export: write one."
    if not row:
        config["prompt"] = ""
    return Made([Step("prompt", {**config, "output": "text", "say": True}, reading.on())], reason)


READERS: Mapping[str, Reader] = {
    "text": _message,
    "message": _message,
    "speak": _speak,
    "carousel": _carousel,
    "card": _one_card,
    "cardV2": _one_card,
    "visual": _visual,
    "stream": _stream,
    "url": _url,
    "trace": _custom,
    "generative": _generative,
    "response-prompt": _response_prompt,
}
