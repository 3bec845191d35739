"""Changes to a project document: JSON merge patches (RFC 7396) and JSON Patch (RFC 6902)."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, cast

from jsonpatch import InvalidJsonPatch, JsonPatch, JsonPatchException, JsonPatchTestFailed
from jsonpointer import JsonPointer, JsonPointerException

from conduet.errors import At, BadRequest, Conflict, PayloadTooLarge
from conduet.kit.json import DOCUMENT_LEVELS, Json, dumps
from conduet.projects.document import JsonObject

MAX_OPERATIONS = 10_000
COPIED_BYTES = 4 * 1024 * 1024
"""What the `copy` operations of one patch may copy together: each of a few could else double the document."""

TOLD = 200
"""How many characters of what a library says of a mistake are passed on."""


def merge_patch(target: Json, patch: Json) -> Json:
    """`target` with `patch` merged into it: objects merge, anything else is replaced, `null` removes a member.

    Neither is changed. Members keep their places, new ones come last.
    """
    if not isinstance(patch, dict):
        return patch
    merged: JsonObject = dict(target) if isinstance(target, dict) else {}
    for name, value in cast(Mapping[str, Json], patch).items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), value)
    return merged


def json_patch(target: JsonObject, operations: Json) -> JsonObject:
    """`target`, which stays as it is, after all `operations` in turn.

    Raises `BadRequest` that names the operation which is malformed or has nothing to act on, `Conflict` when a `test`
    fails, and `PayloadTooLarge` when the patch has too many operations or makes the document too large or too deep.
    """
    if not isinstance(operations, list):
        raise BadRequest.at("", "A JSON Patch is a list of operations.")
    if len(operations) > MAX_OPERATIONS:
        raise PayloadTooLarge(f"A JSON Patch may have {MAX_OPERATIONS} operations, this one has {len(operations)}.")
    patched: Any = deepcopy(target)
    copied = 0
    for index, operation in enumerate(operations):
        path = f"[{index}]"
        try:
            copied += _cost(patched, operation)
            if copied > COPIED_BYTES:
                raise PayloadTooLarge(f"The operations of a patch may copy {COPIED_BYTES} bytes together.")
            patched = JsonPatch(cast(Any, [operation])).apply(patched, in_place=True)
        except JsonPatchTestFailed:
            told = "The test failed: the document holds something else there."
            raise Conflict(f"{path}: {told}", details=[At(path, told)]) from None
        except (JsonPatchException, JsonPointerException) as error:
            raise BadRequest.at(path, _told(error)) from None
    if not isinstance(patched, dict):
        raise BadRequest.at("", "The patch makes something else than an object of the document.")
    return cast(JsonObject, patched)


def _told(error: Exception) -> str:
    """The library's words as far as they do not show the document."""
    words = str(error)
    if words.startswith(("Document ", "Cannot apply ")):
        return "There is no list and no object at this place."
    return f"{words.partition(' in {')[0][:TOLD]}."


def _cost(document: Json, operation: Json) -> int:
    """How many bytes of the document `operation` copies.

    Raises `PayloadTooLarge` for one that nests the document too deep, before anything of the patch recurses into it.
    """
    if not isinstance(operation, dict) or operation.get("op") not in ("add", "replace", "move", "copy"):
        return 0
    path, source = operation.get("path"), operation.get("from")
    if not isinstance(path, str):
        raise InvalidJsonPatch("The operation has no path")
    moves = operation["op"] in ("move", "copy")
    if moves and not isinstance(source, str):
        raise InvalidJsonPatch("The operation does not say from where")
    value: Json = JsonPointer(cast(str, source)).resolve(document) if moves else operation.get("value")
    if len(JsonPointer(path).parts) + _levels(value) > DOCUMENT_LEVELS:
        raise PayloadTooLarge(f"The document would be nested more than {DOCUMENT_LEVELS} levels deep.")
    return len(dumps(value)) if operation["op"] == "copy" else 0


def _levels(value: Json) -> int:
    """How deep `value` nests; a text or a number not at all."""
    levels = 0
    inside: list[Json] = [value]
    while inside := [part for container in inside for part in _parts(container)]:
        levels += 1
    return levels + (1 if isinstance(value, list | dict) and not value else 0)


def _parts(value: Json) -> list[Json]:
    if isinstance(value, dict):
        return list(cast(Mapping[str, Json], value).values())
    return cast("list[Json]", value) if isinstance(value, list) else []
