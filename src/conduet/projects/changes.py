"""What a save does to a document: merges a patch into it, edits it by operations, or replaces it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from conduet.errors import BadRequest
from conduet.kit.json import Json
from conduet.projects.document import JsonObject, complete
from conduet.projects.patch import json_patch, merge_patch
from conduet.projects.secrets import SecretChange, merge_secrets, replace_secrets


@dataclass(frozen=True, slots=True)
class Changed:
    """The document after a change, and the secret values that are set or removed with it."""

    document: JsonObject
    secrets: Sequence[SecretChange] = field(default=())


Change = Callable[[JsonObject], Changed]
"""From a document as it is answered, read-only fields included, to what is to be saved."""


def merge(body: Json) -> Change:
    """A JSON merge patch; of all arrays only `secrets` is merged, by name."""
    patch = _object(body)

    def change(present: JsonObject) -> Changed:
        secrets = patch.get("secrets", [])
        merged = cast(JsonObject, merge_patch(present, {**patch, "secrets": present["secrets"]}))
        return _with_secrets(merged, present, secrets)

    return change


def edit(body: Json) -> Change:
    """A JSON Patch; what it takes out of `secrets` is removed."""

    def change(present: JsonObject) -> Changed:
        edited = json_patch(present, body)
        secrets, changes = replace_secrets(present["secrets"], edited.get("secrets"))
        return Changed(complete({**edited, "secrets": secrets}), changes)

    return change


def replace(body: Json) -> Change:
    """The whole document; `secrets` is merged by name, and without a slug it keeps the one it has."""
    whole = _object(body)

    def change(present: JsonObject) -> Changed:
        slug = whole["slug"] if "slug" in whole else present["slug"]
        return _with_secrets({**whole, "slug": slug}, present, whole.get("secrets", []))

    return change


def _with_secrets(document: JsonObject, present: JsonObject, given: Json) -> Changed:
    """`null` resets the secrets like any part: to none."""
    merged, changes = (replace_secrets if given is None else merge_secrets)(present["secrets"], given)
    return Changed(complete({**document, "secrets": merged}), changes)


def _object(body: Json) -> Mapping[str, Json]:
    if not isinstance(body, dict):
        raise BadRequest.at("", "A JSON object is needed.")
    return cast(Mapping[str, Json], body)
