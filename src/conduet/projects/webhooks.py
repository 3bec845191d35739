"""The webhooks that a document declares."""

from collections.abc import Sequence

from conduet.engine.shape import Webhook as Declared
from conduet.projects.document import JsonObject
from conduet.webhooks.store import Webhook


def webhooks_of(document: JsonObject) -> Sequence[Webhook]:
    """What events of the project are told to; `document` is one whose shape was checked."""
    listed = document.get("webhooks")
    declared = [Declared.model_validate(each) for each in listed] if isinstance(listed, list) else []
    return [Webhook(each.id, each.url, each.events, enabled=each.enabled and bool(each.url)) for each in declared]
