"""What is unfinished in a document, or odd about it: what `engine.check` finds, and what only the product knows of."""

from collections.abc import Iterator

from conduet.engine.check import Problem, check
from conduet.engine.graph import Document
from conduet.webhooks.event import TYPES


def problems_of(document: Document) -> list[Problem]:
    """All problems of a document, errors first, each group in the order of the document."""
    return sorted([*check(document), *_webhooks(document)], key=lambda problem: problem.severity)


def _webhooks(document: Document) -> Iterator[Problem]:
    for index, webhook in enumerate(document.shape.webhooks):
        path, url = f"webhooks[{index}]", webhook.url.strip()
        if not url and webhook.enabled:
            told = "The webhook has no address: nothing is told to it."
            yield Problem("error", "REQUIRED", told, f"{path}.url", fix="Write its address, or switch it off.")
        elif url and not url.lower().startswith(("http://", "https://")):
            told = f"{url[:100]!r} is no http or https address."
            yield Problem("error", "BAD_URL", told, f"{path}.url", fix="Begin it with https://.")
        for number, event in enumerate(webhook.events):
            if event not in TYPES:
                told = f"There is no event {event!r}: the webhook never hears of it."
                fix = f"There are {', '.join(TYPES)}."
                yield Problem("warning", "UNKNOWN_EVENT", told, f"{path}.events[{number}]", fix=fix)
