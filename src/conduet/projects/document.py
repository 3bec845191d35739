"""The project document apart from its graph: what is in it, what is not, and what fills the gaps."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from copy import deepcopy
from itertools import count

from conduet.engine.check import READ_ONLY
from conduet.errors import BadRequest
from conduet.kit.json import Json

JsonObject = dict[str, Json]

DOCUMENT_BYTES = 20 * 1024 * 1024

DEFAULTS: Mapping[str, Json] = {
    "description": "",
    "framework": "conversation-flow",
    "language": "en",
    "slug": None,
    "workflows": [],
    "playbooks": [],
    "tools": [],
    "variables": [],
    "secrets": [],
    "prompts": {},
    "behaviourConfig": {
        "persona": "",
        "timeZone": "UTC",
        "allowedHosts": [],
        "answerOnlyFromSources": False,
        "retention": {"transcriptsDays": 365, "journalDays": 30},
        "agentHarness": {},
    },
    "widget": {},
    "intents": [],
    "events": [],
    "entities": [],
    "pipelines": [],
    "tests": [],
    "webhooks": [],
}
"""What a part that was left out, or reset by `null`, is; a name has no default, a slug follows from the name."""

SLUG_LENGTH = 64

_BLANK_WORKFLOW: JsonObject = {
    "id": "main",
    "name": "Main",
    "primary": True,
    "steps": [{"id": "start", "type": "start", "config": {}, "position": {"x": 80, "y": 160}}],
    "connections": [],
}


def blank(facts: Mapping[str, Json]) -> JsonObject:
    """A new document: one primary workflow that holds a `start`, and `facts` such as its name."""
    return complete({**facts, "workflows": [_BLANK_WORKFLOW]})


def complete(given: Mapping[str, Json]) -> JsonObject:
    """`given` without the fields that only answers have, and with a default for each part that is missing or `null`.

    Everything else stays as it came, unknown fields included. Raises `BadRequest` when there is no name.
    """
    document = _filled({name: value for name, value in given.items() if name not in READ_ONLY}, DEFAULTS)
    if document.get("name") is None:
        raise BadRequest.at("name", "A project needs a name.")
    return document


def _filled(given: JsonObject, defaults: Mapping[str, Json]) -> JsonObject:
    for name, default in defaults.items():
        present = given.get(name)
        if present is None:
            given[name] = deepcopy(default)
        elif isinstance(present, dict) and isinstance(default, dict):
            given[name] = _filled(dict(present), default)
    return given


def slug_of(name: str, *, taken: Collection[str]) -> str:
    """A slug for a project called `name` that is not among `taken`: `front-desk`, `front-desk-2`, …"""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[: SLUG_LENGTH - 8].strip("-") or "project"
    return slug if slug not in taken else next(one for n in count(2) if (one := f"{slug}-{n}") not in taken)
