"""From bytes to the document: JSON or YAML, bounded, and nothing in it but what JSON has."""

import re
from collections.abc import Iterator
from typing import Any, Final, cast

from conduet.errors import BadRequest, PayloadTooLarge
from conduet.kit.json import DOCUMENT_LEVELS, Json, parse
from conduet.projects.document import JsonObject

BYTES: Final = 5 * 1024 * 1024
"""The largest document."""

NODES: Final = 500_000
"""How many values it may hold, each that YAML repeats by an alias counted each time."""

BOM: Final = b"\xef\xbb\xbf"
_VERSION: Final = re.compile(r"3\.[0-9]+(\.[0-9]+)?")


def read_openapi(body: bytes) -> JsonObject:
    """The document. Raises `BadRequest` for what is none of OpenAPI 3, and `PayloadTooLarge`."""
    if len(body) > BYTES:
        raise PayloadTooLarge(f"An OpenAPI document may have {BYTES // 1024 // 1024} MB.")
    body = body.removeprefix(BOM)
    whole = parse(body, levels=DOCUMENT_LEVELS) if body.lstrip()[:1] == b"{" else _read_yaml(body)
    if not isinstance(whole, dict):
        raise BadRequest.at("", "An OpenAPI document is an object.")
    version = whole.get("openapi")
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        found = f"version {whole['swagger']} of Swagger" if "swagger" in whole else "none that is known here"
        raise BadRequest.at("openapi", f"A document of OpenAPI 3 is needed (`openapi: 3.1.0`); this is {found}.")
    return whole


def _read_yaml(body: bytes) -> Json:
    import yaml

    try:
        whole: object = yaml.load(body, Loader=_loader())  # noqa: S506  # a safe loader, with less in it
        nodes = iter(range(NODES))
        return _as_json(whole, nodes, 0)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f" in line {mark.line + 1}" if mark is not None else ""
        raise BadRequest.at("", f"This is neither JSON nor YAML{place}.") from None
    except (RecursionError, UnicodeError, ValueError):
        raise BadRequest.at("", "This is neither JSON nor YAML.") from None


def _loader() -> Any:
    """YAML's safe loader without dates, and with `true` and `false` alone for booleans, as YAML 1.2 has it."""
    import yaml

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    resolvers: dict[str, list[tuple[str, Any]]] = base.yaml_implicit_resolvers
    kept = {first: [each for each in known if each[0] not in _OTHER_TAGS] for first, known in resolvers.items()}
    loader: Any = type("Loader", (base,), {"yaml_implicit_resolvers": kept})
    loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"true|True|TRUE|false|False|FALSE"), [*"tTfF"])
    return loader


_OTHER_TAGS: Final = ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")


def _as_json(value: object, nodes: Iterator[int], level: int) -> Json:
    """The value with texts for keys. Raises `BadRequest` for what JSON has not, and `PayloadTooLarge`."""
    if next(nodes, None) is None or level > DOCUMENT_LEVELS:
        raise PayloadTooLarge("The document holds too much, or is nested too deeply.")
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            if value != value or value in (float("inf"), float("-inf")):
                raise BadRequest.at("", "A number in it is none that JSON has.")
            return value
        case dict():
            found = cast("dict[object, object]", value)
            return {_key(key): _as_json(item, nodes, level + 1) for key, item in found.items()}
        case list():
            return [_as_json(item, nodes, level + 1) for item in cast("list[object]", value)]
        case _:
            raise BadRequest.at("", f"It holds a value that JSON has not ({type(value).__name__}).")


def _key(key: object) -> str:
    if isinstance(key, bool):
        return "true" if key else "false"
    if isinstance(key, str | int | float):
        return str(key)
    raise BadRequest.at("", "It holds a name that is no text.")
