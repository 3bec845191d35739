"""What the audit list says of projects: not what is drawn, which versions tell, but what becomes of them."""

from collections.abc import Sequence
from typing import Final

from conduet.accounts.audit_store import Deed
from conduet.kit.json import Json
from conduet.projects.document import JsonObject
from conduet.projects.draft import Draft
from conduet.projects.secrets import SecretChange
from conduet.projects.version_store import Version

SETTINGS: Final = ("name", "framework", "language", "slug")
BEHAVIOUR: Final = ("allowedHosts", "budget", "guard", "retention")


def project_facts(draft: Draft) -> dict[str, Json]:
    """What a project is called, and how it is written."""
    return {name: draft.document.get(name) for name in ("name", "framework")}


def version_facts(version: Version) -> dict[str, Json]:
    """What a version is called."""
    return {"name": version.name, "note": version.note}


def deeds_of(project_id: str, before: JsonObject, after: JsonObject, secrets: Sequence[SecretChange]) -> list[Deed]:
    """What a save did beside drawing: settings that became others, and secrets by name alone."""
    old, new = _settings(before), _settings(after)
    changed = [name for name in new if old[name] != new[name]]
    deeds = [_secret(each) for each in secrets]
    if changed:
        was, now = {name: old[name] for name in changed}, {name: new[name] for name in changed}
        deeds.append(Deed("project.changed", project_id, was, now))
    return deeds


def _secret(change: SecretChange) -> Deed:
    action = "secret.removed" if change.value is None else "secret.set"
    return Deed(action, change.name, after={"environment": change.environment})


def _settings(document: JsonObject) -> dict[str, Json]:
    behaviour = document.get("behaviourConfig")
    found = behaviour if isinstance(behaviour, dict) else {}
    return {name: document.get(name) for name in SETTINGS} | {
        f"behaviourConfig.{name}": found.get(name) for name in BEHAVIOUR
    }
