"""The system calls that a worker may make, as a filter for seccomp(2).

Whatever is not listed fails with `EPERM`, and memory can be neither mapped nor made executable: a broken engine can
open, connect, start and load nothing.
"""

import struct

# From asm/unistd_64.h and asm-generic/unistd.h: what the allocator, the clock, the pipe and the interpreter's end need.
X86_64 = {
    "read": 0,
    "write": 1,
    "close": 3,
    "mmap": 9,
    "mprotect": 10,
    "munmap": 11,
    "brk": 12,
    "rt_sigaction": 13,
    "rt_sigprocmask": 14,
    "rt_sigreturn": 15,
    "sched_yield": 24,
    "mremap": 25,
    "madvise": 28,
    "exit": 60,
    "gettimeofday": 96,
    "sysinfo": 99,
    "sigaltstack": 131,
    "futex": 202,
    "restart_syscall": 219,
    "clock_gettime": 228,
    "exit_group": 231,
    "getrandom": 318,
}
AARCH64 = {
    "close": 57,
    "read": 63,
    "write": 64,
    "exit": 93,
    "exit_group": 94,
    "futex": 98,
    "clock_gettime": 113,
    "sched_yield": 124,
    "restart_syscall": 128,
    "sigaltstack": 132,
    "rt_sigaction": 134,
    "rt_sigprocmask": 135,
    "rt_sigreturn": 139,
    "gettimeofday": 169,
    "sysinfo": 179,
    "brk": 214,
    "munmap": 215,
    "mremap": 216,
    "mmap": 222,
    "mprotect": 226,
    "madvise": 233,
    "getrandom": 278,
}
# The machine's name → its AUDIT_ARCH_… (linux/audit.h) and its numbers.
MACHINES = {"x86_64": (0xC000003E, X86_64), "aarch64": (0xC00000B7, AARCH64)}

LOAD, EQUAL, ANY_BIT, RETURN = 0x20, 0x15, 0x45, 0x06  # BPF_LD|W|ABS, BPF_JMP|JEQ|K, BPF_JMP|JSET|K, BPF_RET|K
NUMBER, ARCHITECTURE, THIRD_ARGUMENT = 0, 4, 32  # offsets in struct seccomp_data (both machines are little-endian)
ALLOW, KILL, REFUSE = 0x7FFF0000, 0x80000000, 0x00050001  # SECCOMP_RET_ALLOW, _KILL_PROCESS, _ERRNO | EPERM
PROT_EXEC = 4


def program(machine: str) -> bytes | None:
    """The filter as an array of `struct sock_filter`; `None` for a machine whose numbers are not known here."""
    if machine not in MACHINES:
        return None
    architecture, numbers = MACHINES[machine]
    mapping = [numbers["mmap"], numbers["mprotect"]]
    plain = [number for number in numbers.values() if number not in mapping]
    steps = [
        (LOAD, 0, 0, ARCHITECTURE),
        (EQUAL, 1, 0, architecture),
        (RETURN, 0, 0, KILL),  # numbers of another architecture mean other calls
        (LOAD, 0, 0, NUMBER),
    ]
    for number in plain:
        steps += [(EQUAL, 0, 1, number), (RETURN, 0, 0, ALLOW)]
    for number in mapping:
        steps += [
            (EQUAL, 0, 4, number),
            (LOAD, 0, 0, THIRD_ARGUMENT),
            (ANY_BIT, 1, 0, PROT_EXEC),
            (RETURN, 0, 0, ALLOW),
            (RETURN, 0, 0, REFUSE),
        ]
    steps.append((RETURN, 0, 0, REFUSE))
    return b"".join(struct.pack("=HBBI", *step) for step in steps)
