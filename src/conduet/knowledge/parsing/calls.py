"""The system calls that the process that reads a document may not make, as a filter for seccomp(2)."""

import struct
from typing import Final

# From asm/unistd_64.h and asm-generic/unistd.h: sockets, programs, other processes, namespaces, the kernel itself.
X86_64: Final = (
    41, 42, 43, 49, 50, 53, 288,  # socket connect accept bind listen socketpair accept4
    57, 58, 59, 322,  # fork vfork execve execveat
    62, 200, 129, 297, 424, 434, 438,  # kill tkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_send_signal, _open, _getfd
    101, 310, 311,  # ptrace process_vm_readv process_vm_writev
    155, 161, 165, 166, 272, 308, 428, 429, 442,  # pivot_root chroot mount umount2 unshare setns and the newer ones
    175, 246, 313, 320, 248, 249, 250, 298, 304, 319, 321, 323, 425,  # init_module … userfaultfd io_uring_setup
)  # fmt: skip
AARCH64: Final = (
    198, 203, 202, 200, 201, 199, 242,
    221, 281,
    129, 130, 138, 240, 424, 434, 438,
    117, 270, 271,
    41, 51, 40, 39, 97, 268, 428, 429, 442,
    105, 104, 273, 294, 217, 218, 219, 241, 265, 279, 280, 282, 425,
)  # fmt: skip
# The machine's name → its AUDIT_ARCH_… (linux/audit.h), what it may not call, and `clone`, `tgkill`, `prlimit64`.
MACHINES: Final = {
    "x86_64": (0xC000003E, X86_64, 56, 234, 302),
    "aarch64": (0xC00000B7, AARCH64, 220, 131, 261),
}
CLONE3: Final = 435
CLONE_THREAD: Final = 0x10000
X32: Final = 0x40000000
"""From here on numbers are those of another interface of the same machine."""

LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  # BPF_LD|W|ABS, BPF_JMP|J…|K, BPF_RET|K
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data (both machines are little-endian)
ALLOW, KILL, REFUSE, UNKNOWN = 0x7FFF0000, 0x80000000, 0x00050001, 0x00050026  # …, ERRNO | EPERM, ERRNO | ENOSYS


def program(machine: str, *, pid: int) -> bytes | None:
    """The filter as an array of `struct sock_filter`; `None` for a machine whose numbers are not known here.

    Threads can be made, and the process may signal and limit itself (`pid`).
    """
    if machine not in MACHINES:
        return None
    architecture, refused, clone, tgkill, prlimit = MACHINES[machine]
    steps = [
        (LOAD, 0, 0, ARCHITECTURE),
        (EQUAL, 1, 0, architecture),
        (RETURN, 0, 0, KILL),  # numbers of another architecture mean other calls
        (LOAD, 0, 0, NUMBER),
        (AT_LEAST, 0, 1, X32),
        (RETURN, 0, 0, REFUSE),
    ]
    for number in refused:
        steps += [(EQUAL, 0, 1, number), (RETURN, 0, 0, REFUSE)]
    # The C library falls back to `clone`, whose flags can be seen from here.
    steps += [(EQUAL, 0, 1, CLONE3), (RETURN, 0, 0, UNKNOWN)]
    for number, test, value in ((clone, ANY_BIT, CLONE_THREAD), (tgkill, EQUAL, pid), (prlimit, EQUAL, 0)):
        steps += [
            (EQUAL, 0, 4, number),
            (LOAD, 0, 0, FIRST_ARGUMENT),
            (test, 0, 1, value),
            (RETURN, 0, 0, ALLOW),
            (RETURN, 0, 0, REFUSE),
        ]
    steps.append((RETURN, 0, 0, ALLOW))
    return b"".join(struct.pack("=HBBI", *step) for step in steps)
