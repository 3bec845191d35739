"""What each role may do: the one place that decides it, by method and path."""

import re
from typing import Final, Literal, TypeAlias, get_args

from conduet.errors import Forbidden

Role: TypeAlias = Literal["owner", "editor", "viewer", "agent"]
Right: TypeAlias = Literal["self", "watch", "answer", "read", "edit", "own"]
"""What a request needs.

`self`: one's own sessions, password and tokens. `watch`: to see conversations, the team and the list of projects.
`answer`: to speak in conversations and to decide what waits for a person. `read`: to see everything in a project.
`edit`: to change it. `own`: what opens doors or cannot be undone: members, keys, the audit list, removing a project.
"""

ROLES: Final[tuple[Role, ...]] = get_args(Role)
RIGHTS: Final[dict[Role, frozenset[Right]]] = {
    "owner": frozenset(("self", "watch", "answer", "read", "edit", "own")),
    "editor": frozenset(("self", "watch", "answer", "read", "edit")),
    "viewer": frozenset(("self", "watch", "read")),
    "agent": frozenset(("self", "watch", "answer")),
}

_ANY: Final = "ANY"
_CHANGE: Final = "CHANGE"
_TALK: Final = r"/projects/[^/]+/(inbox|approvals|transcripts|conversations|events|presence|saved-replies)(/.*)?"
# The first that fits decides; what no line names is read by GET and edited by every other method.
_RULES: Final[tuple[tuple[str, str, Right], ...]] = (
    (_ANY, r"/(session|sessions|tokens|passkeys)(/.*)?", "self"),
    ("GET", r"/members", "watch"),
    (_ANY, r"/(members|invitations|audit)(/.*)?", "own"),
    ("GET", r"/projects", "watch"),
    # Prompts and code are the project's.
    ("GET", r"/projects/[^/]+/conversations/[^/]+/turns/[^/]+/calls", "read"),
    ("GET", _TALK, "watch"),
    (_CHANGE, r"/projects/[^/]+/conversations/[^/]+/(state|variables|merge|turns/.*)", "edit"),
    (_CHANGE, _TALK, "answer"),
    ("GET", r"/projects/[^/]+/users(/[^/]+)?", "watch"),
    (_CHANGE, r"/projects/[^/]+/(api-keys(/[^/]+)?|identity-secret)", "own"),
    ("GET", r"/projects/[^/]+/runs(/[^/]+)?", "watch"),
    (_CHANGE, r"/projects/[^/]+/runs/[^/]+/(approve|reject|retry)", "answer"),
    ("DELETE", r"/projects/[^/]+", "own"),
    ("POST", r"/projects/[^/]+/knowledge-base/search", "read"),
)
_COMPILED: Final[tuple[tuple[str, re.Pattern[str], Right], ...]] = tuple(
    (methods, re.compile(pattern), right) for methods, pattern, right in _RULES
)
_READS: Final = frozenset(("GET", "HEAD"))


def right_for(method: str, path: str) -> Right:
    """The right that a request needs; `path` is the one below the API's base, like `/projects/proj_1/publish`."""
    reads = method in _READS
    for methods, pattern, right in _COMPILED:
        fits = methods == _ANY or (methods == _CHANGE and not reads) or methods == ("GET" if reads else method)
        if fits and pattern.fullmatch(path):
            return right
    return "read" if reads else "edit"


def check(role: Role, method: str, path: str) -> None:
    """Raises `Forbidden` where a member of this role may not make the request."""
    right = right_for(method, path)
    if right not in RIGHTS[role]:
        able = " or ".join(f"`{each}`" for each in ROLES if right in RIGHTS[each])
        raise Forbidden(f"Your role is `{role}`; this takes {able}. An owner of the account can change your role.")
