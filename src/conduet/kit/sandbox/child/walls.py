"""What a worker gives up before it runs anything, so that an engine that is broken has nothing to reach for."""

import ctypes
import os
import resource
import signal
import time
from pathlib import Path

from conduet.kit.sandbox.child.calls import program

# linux/prctl.h, linux/sched.h, linux/mount.h, linux/capability.h
PR_SET_PDEATHSIG, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 1, 22, 38
SECCOMP_MODE_FILTER = 2
CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWNET = (
    0x20000,
    0x4000000,
    0x8000000,
    0x10000000,
    0x40000000,
)
NAMESPACES = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REC, MS_PRIVATE = 1, 2, 4, 8, 0x4000, 0x40000
CAPABILITY_VERSION_3 = 0x20080522
NOBODY = 65534
CPU_SECONDS = 120
NICENESS = 5  # the server, and whoever it answers, comes first

_libc = ctypes.CDLL(None, use_errno=True)


class _Program(ctypes.Structure):
    """`struct sock_fprog`."""

    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def raise_walls(*, memory_bytes: int, parent: int) -> list[str]:
    """Gives up everything; the names of the walls that stand (`limits` always).

    `user`: not root, and no way to become it. `network` and `files`: a network without devices, a root folder with
    nothing in it (namespaces). `calls`: a filter of system calls. `limits`: no file, descriptor, process or core dump
    can be made, and memory ends `memory_bytes` above what is used now.
    """
    # Where the machine keeps time matters neither to the code nor to a replay on another machine.
    os.environ["TZ"] = "UTC"
    time.tzset()
    _first_to_go()
    os.nice(NICENESS)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    machine = os.uname().machine
    walls = ["limits"]
    if _alone():
        walls += ["network", "files"]
    if _prctl(PR_SET_NO_NEW_PRIVS, 1) and os.geteuid() != 0:
        walls.append("user")
    _limit(used + memory_bytes)
    # Forgotten by the kernel whenever a process changes who it is.
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)
    if _filter(machine):
        walls.append("calls")
    return walls


def _first_to_go() -> None:
    """When memory runs out, it is this process that the kernel should end, not the server."""
    try:
        Path("/proc/self/oom_score_adj").write_text("1000")
    except OSError:
        return


def _alone() -> bool:
    """Leaves the machine's network and files behind, and root's rights with them; False where the kernel forbids it."""
    if os.geteuid() == 0:
        alone = _succeeds(_libc.unshare(NAMESPACES)) and _empty_root()
        _become_nobody()
        if alone:
            return True
    alone = _succeeds(_libc.unshare(NAMESPACES | CLONE_NEWUSER)) and _empty_root()
    _drop_capabilities()
    return alone


def _become_nobody() -> None:
    try:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    except OSError:  # a root that may not, in a container: it stays who it is
        return


def _empty_root() -> bool:
    """Makes a read-only folder with nothing in it the root of all paths."""
    flags = MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC
    if not (
        _succeeds(_libc.mount(None, b"/", None, MS_REC | MS_PRIVATE, None))
        and _succeeds(_libc.mount(b"none", b"/tmp", b"tmpfs", flags, b"size=4k,nr_inodes=1"))
    ):
        return False
    os.chroot("/tmp")  # noqa: S108  # what was mounted there above: empty, and read-only
    os.chdir("/")
    return True


def _drop_capabilities() -> None:
    """A process has all rights inside a user namespace that it made."""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    _libc.capset(header, (ctypes.c_uint32 * 6)())


def _limit(memory_bytes: int) -> None:
    for limit, value in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_NOFILE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(limit, (value, value))


def _filter(machine: str) -> bool:
    steps = program(machine)
    if steps is None:
        return False
    loaded = _Program(len(steps) // 8, steps)
    return _prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(loaded))


def _prctl(*arguments: object) -> bool:
    padded = [ctypes.c_ulong(argument) if isinstance(argument, int) else argument for argument in arguments]
    return _succeeds(_libc.prctl(*padded, *[ctypes.c_ulong(0)] * (5 - len(padded))))


def _succeeds(returned: int) -> bool:
    return returned == 0
