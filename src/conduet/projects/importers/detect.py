"""Which kind of file an import is, told by its keys alone."""

from conduet.errors import BadRequest
from conduet.kit.json import DOCUMENT_LEVELS, Json, parse
from conduet.projects.document import JsonObject
from conduet.projects.importers.native import read_native
from conduet.projects.importers.report import Report
from conduet.projects.importers.voiceflow.importer import read_voiceflow

BOM = b"\xef\xbb\xbf"


def read_export(body: bytes) -> tuple[JsonObject, Report]:
    """The document that an export comes to, and the report. Raises `BadRequest` for what is no export."""
    whole: Json = parse(body.removeprefix(BOM), levels=DOCUMENT_LEVELS)
    if not isinstance(whole, dict):
        raise BadRequest.at("", "An export is a JSON object.")
    if "diagrams" in whole and "version" in whole:
        return read_voiceflow(whole)
    if "programs" in whole:
        raise BadRequest.at("diagrams", "This compiled export has no drawing: export the project as a .vf file.")
    if "workflows" in whole or "framework" in whole:
        return read_native(whole)
    told = "This is no export that is known here: a project of ours has `workflows`, one of Voiceflow's `diagrams`."
    raise BadRequest.at("", told)
