"""A worker whose engine is broken: it raises the same walls, and then runs Python for whoever asks."""

# All that the attempts need, since nothing can be imported behind the walls.
import ctypes
import json
import os
import socket
import threading
from pathlib import Path

from conduet.kit.sandbox.child import walls
from conduet.kit.sandbox.child.worker import receive, send

"".encode("idna")  # loads what a socket needs for a name
NAMES = {"ctypes": ctypes, "os": os, "socket": socket, "threading": threading, "Path": Path}


def serve(_engine: str, memory_bytes: str, parent: str) -> None:
    """The first request lists walls that are not raised, of `limits`, `namespaces` and `calls`.

    Each of the others is `{"code", "given"}`, answered with `{"worked": what the code left in `got`}` or `{"refused":
    the error}`.
    """
    send({"walls": []})
    leave_out = json.loads(receive() or b"[]")
    if "limits" in leave_out:
        setattr(walls, "_limit", _nothing)  # noqa: B010  # pyright refuses to assign what is hidden
    if "namespaces" in leave_out:
        setattr(walls, "_alone", _only_drop_root)  # noqa: B010  # pyright refuses to assign what is hidden
    if "calls" in leave_out:
        setattr(walls, "_filter", _nothing)  # noqa: B010  # pyright refuses to assign what is hidden
    send(walls.raise_walls(memory_bytes=int(memory_bytes), parent=int(parent)))
    for request in iter(receive, None):
        send(_attempt(**json.loads(request)))
    os._exit(0)


def _attempt(code: str, given: object) -> dict[str, str]:
    names: dict[str, object] = {**NAMES, "given": given}
    try:
        exec(code, names)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is the answer
        return {"refused": type(error).__name__}
    return {"worked": repr(names.get("got"))}


def _nothing(_given: object) -> bool:
    return False


def _only_drop_root() -> bool:
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(walls.NOBODY, walls.NOBODY, walls.NOBODY)
        os.setresuid(walls.NOBODY, walls.NOBODY, walls.NOBODY)
    return False
