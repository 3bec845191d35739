"""Our own JSON: a document as it was read from any server of this kind."""

from collections.abc import Iterator

from conduet.engine.check import READ_ONLY
from conduet.kit.json import Json
from conduet.projects.document import JsonObject
from conduet.projects.importers.report import Entry, Report


def read_native(whole: JsonObject) -> tuple[JsonObject, Report]:
    """The document as it came, without what only answers have; its slug follows from its name anew."""
    report = Report("conduet", _version(whole.get("schemaVersion")))
    for entry in _steps(whole):
        report.add("mapped", entry)
    if whole.get("secrets"):
        report.warn("Values of secrets are never in an export: set them anew.")
    return {name: value for name, value in whole.items() if name not in (*READ_ONLY, "slug")}, report


def _version(value: Json) -> str | None:
    return str(value) if isinstance(value, int | str) and not isinstance(value, bool) else None


def _steps(whole: JsonObject) -> Iterator[Entry]:
    for workflow in _objects(whole.get("workflows")):
        place = str(workflow.get("name") or workflow.get("id") or "")
        for step in _objects(workflow.get("steps")):
            kind = str(step.get("type") or "")
            yield Entry(str(step.get("id") or ""), kind, str(step.get("name") or ""), place, None, kind)


def _objects(value: Json) -> list[JsonObject]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
