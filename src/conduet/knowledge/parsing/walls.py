"""What the process that reads a document gives up before it looks at it: a broken parser has nothing to reach for.

As in the sandbox for code, whose process needs far less: a parser imports what it needs while it reads.
"""

import ctypes
import os
import resource
import signal
import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from conduet.knowledge.parsing.calls import program

NICENESS: Final = 10  # the server, and whoever it answers, comes first

# linux/prctl.h, linux/sched.h, linux/landlock.h
PR_SET_PDEATHSIG, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 1, 22, 38
SECCOMP_MODE_FILTER: Final = 2
NEW_NETWORK: Final = 0x40000000 | 0x10000000  # CLONE_NEWNET, CLONE_NEWUSER
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
ABI_VERSION, PATH_BENEATH = 1, 1
READ_FILE, READ_DIR = 1 << 2, 1 << 3
# All rights that a version of the kernel's interface knows of: those to files, to ports, to signals and sockets.
FILES: Final = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
PORTS: Final = {4: 3}
SCOPES: Final = {6: 3}
# Beside Python's own folders: what the loader of libraries and the clock look at.
READABLE: Final = ("/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime")

_libc = ctypes.CDLL(None, use_errno=True)


class _Program(ctypes.Structure):
    """`struct sock_fprog`."""

    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def raise_walls(*, memory_bytes: int, cpu_seconds: int, parent: int) -> list[str]:
    """Gives up all that reading takes no part in; the names of the walls that stand (`limits` always).

    `limits`: memory, time, and no file or core dump can be written. `network`: one without devices. `files`: only
    Python's folders and the system's libraries can be opened, to be read (Landlock). `calls`: no socket, process,
    program, signal or namespace can be made.
    """
    os.nice(NICENESS)
    with suppress(OSError):  # an older kernel: the limit below holds all the same
        Path("/proc/self/oom_score_adj").write_text("1000")
    walls = ["limits"]
    if _libc.unshare(NEW_NETWORK) == 0:
        walls.append("network")
    # Forgotten by the kernel whenever a process changes who it is, as just now.
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)
    if _prctl(PR_SET_NO_NEW_PRIVS, 1):
        if _only_reads():
            walls.append("files")
        if _filter():
            walls.append("calls")
    for limit, value in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        resource.setrlimit(limit, (value, value))
    return walls


def _only_reads() -> bool:
    """Lets nothing be opened but what is read to run; False where the kernel has no Landlock."""
    abi = _libc.syscall(CREATE_RULESET, None, 0, ABI_VERSION)
    if abi < 1:
        return False
    rights = [_rights(known, abi) for known in (FILES, PORTS, SCOPES)]
    # An older kernel takes only the fields it knows.
    asked = struct.pack("QQQ", *rights)[: 8 if abi < 4 else 16 if abi < 6 else 24]
    rules = _libc.syscall(CREATE_RULESET, asked, len(asked), 0)
    if rules < 0:
        return False
    for path in _readable():
        folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
        allowed = READ_FILE | READ_DIR if path.is_dir() else READ_FILE
        _libc.syscall(ADD_RULE, rules, PATH_BENEATH, struct.pack("=Qi", allowed, folder), 0)
        os.close(folder)
    done = _libc.syscall(RESTRICT_SELF, rules, 0) == 0
    os.close(rules)
    return done


def _readable() -> Iterator[Path]:
    for path in {*sys.path, sys.prefix, sys.base_prefix, *READABLE}:
        if Path(path).is_absolute() and Path(path).exists():
            yield Path(path)


def _rights(known: dict[int, int], abi: int) -> int:
    return known[max(version for version in known if version <= abi)] if abi >= min(known) else 0


def _filter() -> bool:
    steps = program(os.uname().machine, pid=os.getpid())
    if steps is None:
        return False
    loaded = _Program(len(steps) // 8, steps)
    return _prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(loaded))


def _prctl(*arguments: object) -> bool:
    padded = [ctypes.c_ulong(argument) if isinstance(argument, int) else argument for argument in arguments]
    return _libc.prctl(*padded, *[ctypes.c_ulong(0)] * (5 - len(padded))) == 0
