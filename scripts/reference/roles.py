"""The page of roles."""

from collections.abc import Iterator
from typing import cast

from conduet.accounts.roles import RIGHTS, ROLES, right_for
from scripts.reference.endpoints import Object, read_document
from scripts.reference.table import table

HEAD = """# Roles

What each member may ask of the management API, by a dashboard session or a developer token. A request that the role
does not allow is a 403 and changes nothing. [Members and roles](../guides/members.md) says how people join.

"""
BASE = "/api/v1"


def page() -> str:
    """Every endpoint of the management API with the roles that may ask."""
    return HEAD + table(("method and path", *ROLES), _rows(read_document()))


def _rows(document: dict[str, Object]) -> Iterator[tuple[str, ...]]:
    for path, item in document["paths"].items():
        for method, operation in cast(dict[str, Object], item).items():
            if any("developerToken" in choice for choice in cast(list[Object], operation.get("security") or [])):
                right = right_for(method.upper(), path.removeprefix(BASE))
                yield (f"`{method.upper()} {path}`", *("yes" if right in RIGHTS[role] else "" for role in ROLES))
