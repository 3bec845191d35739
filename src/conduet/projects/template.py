"""Templates: projects to begin with, each one JSON file in the folder beside this module."""

from functools import cache
from importlib.resources import files
from typing import cast

from conduet.errors import NotFound
from conduet.kit.json import parse
from conduet.projects.document import JsonObject, complete


@cache
def template_ids() -> tuple[str, ...]:
    """The templates there are, by name: those of the files in the folder."""
    names = (file.name for file in files("conduet.projects").joinpath("templates").iterdir())
    return tuple(sorted(name.removesuffix(".json") for name in names if name.endswith(".json")))


def read_template(template_id: str) -> JsonObject:
    """The document of a template, with its tests. Raises `NotFound`."""
    # Only a listed name becomes a path.
    if template_id not in template_ids():
        raise NotFound("There is no such template.")
    file = files("conduet.projects").joinpath("templates", f"{template_id}.json")
    return complete(cast(JsonObject, parse(file.read_bytes())))
