"""Documents of an older schema, made new: one converter for each step from a schema version to the next."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from conduet.projects.document import JsonObject

SCHEMA_VERSION = 1
"""The schema that documents are written under now."""

Converter = Callable[[JsonObject], JsonObject]

CONVERTERS: Mapping[int, Converter] = MappingProxyType({})
"""By the schema version that each of them reads; it gives a document of the next."""


def convert(
    document: JsonObject,
    schema_version: int,
    *,
    converters: Mapping[int, Converter] = CONVERTERS,
    target: int = SCHEMA_VERSION,
) -> JsonObject:
    """`document`, written under `schema_version`, as one of version `target`, step by step.

    Raises `ValueError` for a version that is newer than `target`, or for which there is no converter.
    """
    if schema_version > target:
        raise ValueError(f"the document has schema version {schema_version}, which is newer than {target}")
    for step in range(schema_version, target):
        if step not in converters:
            raise ValueError(f"no converter reads schema version {step}")
        document = converters[step](document)
    return document
