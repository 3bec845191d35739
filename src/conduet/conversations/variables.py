"""What a web page may see and set of a conversation's variables: those declared `client`."""

from collections.abc import Mapping

from conduet.engine.document import Document
from conduet.engine.fitting import LANGUAGE
from conduet.engine.values import Json
from conduet.errors import At, BadRequest


def check_client(document: Document, values: Mapping[str, Json]) -> None:
    """Raises `BadRequest`, each name by its path, when a page may not set one of `values`."""
    declared = document.facts.variables
    refused = [name for name in values if name != LANGUAGE and not (name in declared and declared[name].client)]
    if refused:
        details = [
            At(f"variables.{name}", "Only variables declared `client` can be set with a widget key.")
            for name in refused
        ]
        raise BadRequest(f"{details[0].path}: {details[0].message}", details=details)


def client_variables(document: Document, values: Mapping[str, Json]) -> dict[str, Json]:
    """What a page may see of `values`."""
    declared = document.facts.variables
    return {name: value for name, value in values.items() if name in declared and declared[name].client}
