"""A network of its own for a test: every address leads to this machine, and no packet can leave it.

Inside, the loopback device is the only one, and it takes all of IPv4 and IPv6 for its own (Linux' "AnyIP"): whoever
connects to 10.0.0.5, 169.254.169.254 or 93.184.216.34 finds the listener that the test put there, and the test can see
every packet of it. The system's resolver asks the test's name server.
"""

import ctypes
import fcntl
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

NAME_SERVER = "93.184.216.53"
# Everything the resolver reads; bound over the machine's own, in a mount namespace that ends with the test.
FILES = {
    "/etc/resolv.conf": f"nameserver {NAME_SERVER}\nsearch internal.example\noptions timeout:1 attempts:1\n",
    "/etc/hosts": "127.0.0.1 localhost\n127.0.1.1 thismachine\n::1 localhost ip6-localhost ip6-loopback\n",
    "/etc/nsswitch.conf": "hosts: files dns\n",
}

OUTSIDE = "CONDUET_TEST_OUTSIDE_NETWORK"

MS_BIND = 4096
IFF_UP = 1
SIOCGIFFLAGS, SIOCSIFFLAGS = 0x8913, 0x8914
RTM_NEWROUTE, NLM_F_REQUEST, NLM_F_ACK, NLM_F_CREATE = 24, 1, 4, 0x400
RT_TABLE_LOCAL, RTPROT_STATIC, RT_SCOPE_HOST, RTN_LOCAL, RTA_OIF = 255, 4, 254, 2, 4


def run_inside(module: str, *, timeout_seconds: float, **environment: str) -> Any:
    """What `python -m module` prints as JSON, run in namespaces of its own.

    Skips only where the machine has neither root nor user namespaces to give.
    """
    root = os.geteuid() == 0
    ways = [["--net", "--mount"]] if root else []
    for flags in [*ways, ["--user", "--map-root-user", "--net", "--mount"]]:
        command = [shutil.which("unshare") or "unshare", *flags, sys.executable]
        if subprocess.run([*command, "-c", ""], capture_output=True, check=False).returncode == 0:
            break
    else:
        if root or _has_user_namespaces():
            pytest.fail(
                "No network namespace can be made, though this machine should have them (unshare of util-linux)."
            )
        pytest.skip("This needs root or user namespaces.")
    done = subprocess.run(
        [*command, "-m", module],
        capture_output=True,
        text=True,
        timeout=timeout_seconds,
        check=False,
        env={**os.environ, OUTSIDE: _network(), **environment},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _has_user_namespaces() -> bool:
    """Whether the kernel lets anybody make them; Debian, Ubuntu and plain Linux each have their own switch."""
    switches = {
        "/proc/sys/user/max_user_namespaces": "0",
        "/proc/sys/kernel/unprivileged_userns_clone": "0",
        "/proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1",
    }
    if not Path("/proc/self/ns/user").exists():
        return False
    return not any(Path(path).exists() and Path(path).read_text().strip() == off for path, off in switches.items())


def furnish(folder: Path) -> None:
    """Called inside: brings the loopback device up, gives it every address, puts the resolver's files in place.

    By ioctl, netlink and mount(2), as a bare machine has no `ip`.
    """
    if os.environ.get(OUTSIDE, _network()) == _network():
        raise RuntimeError("This is the machine's own network.")
    _bring_up("lo")
    for family in (socket.AF_INET, socket.AF_INET6):
        _own_everything(family, device=socket.if_nametoindex("lo"))
    libc = ctypes.CDLL(None, use_errno=True)
    for path, content in FILES.items():
        source = folder / Path(path).name
        source.write_text(content)
        if not Path(path).exists():
            continue
        if libc.mount(os.fsencode(source), os.fsencode(path), None, MS_BIND, None) != 0:
            raise OSError(ctypes.get_errno(), f"mount over {path}")


def _network() -> str:
    return str(Path("/proc/self/ns/net").readlink())


def _bring_up(device: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sh14x", device.encode(), 0)
        _, flags = struct.unpack("16sh14x", fcntl.ioctl(control, SIOCGIFFLAGS, request))
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sh14x", device.encode(), flags | IFF_UP))


def _own_everything(family: socket.AddressFamily, *, device: int) -> None:
    """`ip route add local default dev lo table local` (rtnetlink(7))."""
    route = struct.pack("BBBBBBBBI", family, 0, 0, 0, RT_TABLE_LOCAL, RTPROT_STATIC, RT_SCOPE_HOST, RTN_LOCAL, 0)
    attribute = struct.pack("HHI", 8, RTA_OIF, device)
    length = 16 + len(route) + len(attribute)
    header = struct.pack("IHHII", length, RTM_NEWROUTE, NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE, 1, 0)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as kernel:
        kernel.send(header + route + attribute)
        (error,) = struct.unpack_from("i", kernel.recv(4096), 16)
    if error:
        raise OSError(-error, "the kernel took no route")
