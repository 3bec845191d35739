"""A project's secrets: names stand in the document, values are set by a save and never shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, cast

from pydantic import ConfigDict, Field, ValidationError

from conduet.accounts.principal import ProjectScope
from conduet.errors import At, BadRequest
from conduet.kit.crypto import KeyRing
from conduet.kit.db import Tx
from conduet.kit.json import Json
from conduet.kit.schema import Wire, mistakes
from conduet.projects import secret_store
from conduet.projects.document import JsonObject

Environment = Literal["development", "production"]


class SecretEntry(Wire):
    """One entry of `secrets` in a save; unknown fields of it stay in the document."""

    model_config = ConfigDict(extra="allow")

    name: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,199}$", description="Reached as `{{secrets.NAME}}`.")]
    value: Annotated[
        str | None,
        Field(max_length=32_768, description="Set, and never shown again; `null` removes; left out: nothing changes."),
    ] = None
    environment: Annotated[
        Environment | None, Field(description="For this environment only; left out: where none of its own is set.")
    ] = None


@dataclass(frozen=True, slots=True)
class SecretChange:
    """A value to set, or to remove when it is `None`; without an environment the one for all of them.

    Removing a name without an environment removes the values of every environment.
    """

    name: str
    environment: Environment | None
    value: str | None


def merge_secrets(present: Json, given: Json) -> tuple[list[Json], Sequence[SecretChange]]:
    """The `secrets` of a document after a save that brought `given`, and what that does to the stored values.

    Entries are merged by name: a `null` value removes, an entry without `value` changes nothing, whatever is not
    mentioned stays. Raises `BadRequest` for entries of another shape.
    """
    merged = {cast(str, entry["name"]): entry for entry in cast("list[JsonObject]", present)}
    changes: list[SecretChange] = []
    for entry, parsed in _entries(given):
        if "value" in parsed.model_fields_set:
            changes.append(SecretChange(parsed.name, parsed.environment, parsed.value))
        kept = {name: value for name, value in entry.items() if name not in ("value", "environment")}
        if parsed.value is not None or ("value" not in entry and parsed.name in merged):
            merged[parsed.name] = {**merged.get(parsed.name, {}), **kept}
        elif "value" in entry and parsed.environment is None:
            merged.pop(parsed.name, None)
    return list(merged.values()), changes


def replace_secrets(present: Json, given: Json) -> tuple[list[Json], Sequence[SecretChange]]:
    """The same where a JSON Patch has edited the list itself: what it took out of it is removed."""
    merged, changes = merge_secrets(present, given)
    named = {parsed.name for _, parsed in _entries(given)}
    kept = [entry for entry in merged if cast(JsonObject, entry)["name"] in named]
    gone = [cast(str, entry["name"]) for entry in cast("list[JsonObject]", present) if entry["name"] not in named]
    return kept, [*changes, *(SecretChange(name, None, None) for name in gone)]


def _entries(given: Json) -> list[tuple[Mapping[str, Json], SecretEntry]]:
    if given is None:
        return []
    if not isinstance(given, list):
        raise BadRequest.at("secrets", "Input should be a valid list")
    entries: list[tuple[Mapping[str, Json], SecretEntry]] = []
    found: list[At] = []
    for index, entry in enumerate(given):
        try:
            entries.append((cast(JsonObject, entry), SecretEntry.model_validate(entry)))
        except ValidationError as error:
            found += mistakes(error.errors(), prefix=("secrets", index))
    if found:
        raise BadRequest(f"{found[0].path}: {found[0].message}", details=found)
    return entries


FIELD = "secret.value"


def write_secrets(tx: Tx, scope: ProjectScope, changes: Sequence[SecretChange], *, ring: KeyRing, at: int) -> None:
    """Sets and removes values, encrypted; `at` in milliseconds since 1970."""
    for change in changes:
        if change.value is None:
            secret_store.remove_value(tx, scope, change.name, environment=change.environment)
        else:
            value = ring.encrypt(change.value, row=_row(scope, change.name, change.environment), field=FIELD)
            secret_store.set_value(tx, scope, change.name, environment=change.environment, value=value, at=at)


def read_secrets(tx: Tx, scope: ProjectScope, *, ring: KeyRing, environment: Environment) -> Mapping[str, str]:
    """The values that hold in `environment`, by name."""
    found = secret_store.list_values(tx, scope, environment=environment)
    return {name: ring.decrypt(value, row=_row(scope, name, of), field=FIELD) for name, (of, value) in found.items()}


def reseal_secrets(tx: Tx, ring: KeyRing) -> int:
    """Encrypts every secret of every project with the ring's first key; how many there were to do."""
    count = 0
    for scope, name, environment, stored in secret_store.list_all_values(tx):
        if not ring.is_current(stored):
            row = _row(scope, name, environment)
            value = ring.encrypt(ring.decrypt(stored, row=row, field=FIELD), row=row, field=FIELD)
            secret_store.reseal_value(tx, scope, name, environment=environment, value=value)
            count += 1
    return count


def _row(scope: ProjectScope, name: str, environment: str | None) -> str:
    return f"{scope.project_id}/{name}/{environment or ''}"
