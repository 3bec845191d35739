"""The world inside the namespace: a name server, web servers, services that nobody may reach, a wiretap."""

import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

OPEN_V4, OTHER_V4, OPEN_V6 = "93.184.216.34", "93.184.216.35", "2606:2800:220::34"
NAME_SERVER = "93.184.216.53"
PUBLIC = frozenset({OPEN_V4, OTHER_V4, OPEN_V6, NAME_SERVER})
PORTS = (22, 25, 80, 443, 2375, 3128, 6379, 8080, 11211)
SECRET = b"the secret of the inner network"

# One list of addresses for each time the name is asked; the last one stays.
Answers = Sequence[Sequence[str]]
NAMES: Mapping[str, Answers] = {
    "open.example": [[OPEN_V4]],
    "other.example": [[OTHER_V4]],
    "six.example": [[OPEN_V6]],
    "both.example": [[OPEN_V4, OPEN_V6]],
    "xn--bcher-kva.example": [[OPEN_V4]],
    "localtest.example": [["127.0.0.1"]],
    "loop6.example": [["::1"]],
    "mapped.example": [["::ffff:127.0.0.1"]],
    "nat64.example": [["64:ff9b::a00:5"]],
    "zero.example": [["0.0.0.0"]],
    "lan.example": [["10.0.0.5"]],
    "linklocal.example": [["169.254.169.254"]],
    "metadata.google.internal": [["169.254.169.254"]],
    "metadata.internal.example": [["169.254.169.254"]],
    "ula.example": [["fd00:ec2::254"]],
    "mixed.example": [[OPEN_V4, "10.0.0.5"]],
    "mixed6.example": [[OPEN_V4, "::1"]],
    "last.example": [[*(f"93.184.216.{n}" for n in range(100, 110)), "127.0.0.1"]],
    "rebind.example": [[OPEN_V4], ["127.0.0.1"]],
    "rebind-metadata.example": [[OPEN_V4], ["169.254.169.254"]],
    "rebind-mixed.example": [[OPEN_V4], [OPEN_V4, "127.0.0.1"]],
}
ALIASES = {"cname.example": "lan.example", "cname2.example": "cname.example"}


@dataclass
class FarSide:
    """All of it, in threads of its own. `touched` lists the inner addresses that took a connection."""

    names: Mapping[str, Answers] = field(default_factory=lambda: NAMES)
    touched: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    served: Counter[str] = field(default_factory=Counter[str])
    asked: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    hits: list[bytes] = field(default_factory=list[bytes])

    def start(self) -> None:
        for port in PORTS:
            for family, everywhere in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):
                listener = socket.socket(family)
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if family == socket.AF_INET6:
                    listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                listener.bind((everywhere, port))
                listener.listen(64)
                threading.Thread(target=self._accept, args=(listener, port), daemon=True).start()
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        server.bind((NAME_SERVER, 53))
        threading.Thread(target=self._answer_names, args=(server,), daemon=True).start()

    def forget(self) -> None:
        """Names begin anew."""
        self.asked.clear()
        self.hits.clear()
        self.touched.clear()

    def _accept(self, listener: socket.socket, port: int) -> None:
        while True:
            connection, _ = listener.accept()
            address = connection.getsockname()[0]
            if address not in PUBLIC:
                self.touched.append((address, port))
            threading.Thread(target=self._serve, args=(connection, address in PUBLIC), daemon=True).start()

    def _serve(self, connection: socket.socket, public: bool) -> None:
        with connection:
            connection.settimeout(5)
            data = b""
            try:
                while b"\r\n\r\n" not in data and (more := connection.recv(65536)):
                    data += more
                if data:
                    self.hits.append(data)
                    connection.sendall(self._page(data) if public else _response(200, SECRET))
            except OSError:
                return

    def _page(self, request: bytes) -> bytes:
        target = request.split(b" ", 2)[1].decode()
        parts = urlsplit(target)
        _, kind, *rest = parts.path.split("/")
        to = parse_qs(parts.query).get("to", [""])[0]
        self.served[kind] += 1
        if kind == "redirect":
            return _response(int(rest[0]), b"", f"Location: {to}")
        if kind == "chain":
            left = int(rest[0])
            return _response(302, b"", f"Location: /chain/{left - 1}?{parts.query}" if left else f"Location: {to}")
        if kind == "loop":
            return _response(302, b"", f"Location: {target}")
        if kind == "hints":
            hints = [
                f"Refresh: 0; url={to}",
                f'Alt-Svc: http/1.1="{urlsplit(to).netloc}"',
                f"Link: <{to}>; rel=preload",
            ]
            return _response(200, f'<meta http-equiv="refresh" content="0; url={to}">'.encode(), *hints)
        if kind == "echo":
            return _response(200, request)
        return _response(200, b"hello from outside")

    def _answer_names(self, server: socket.socket) -> None:
        while True:
            data, client = server.recvfrom(4096)
            query = dns.message.from_wire(data)
            reply = dns.message.make_response(query)
            reply.flags |= dns.flags.RA
            question = query.question[0]
            name = question.name.to_text(omit_final_dot=True).lower()
            kind = dns.rdatatype.to_text(question.rdtype)
            while name in ALIASES:
                reply.answer.append(dns.rrset.from_text(f"{name}.", 0, "IN", "CNAME", f"{ALIASES[name]}."))
                name = ALIASES[name]
            times = self.asked[name, kind]
            self.asked[name, kind] += 1
            if name.startswith("silent"):
                continue
            answers = self.names.get(name, [[]])
            found = [text for text in answers[min(times, len(answers) - 1)] if (":" in text) == (kind == "AAAA")]
            if found and kind in ("A", "AAAA"):
                reply.answer.append(dns.rrset.from_text(f"{name}.", 0, "IN", kind, *found))
            elif name not in self.names:
                reply.set_rcode(dns.rcode.NXDOMAIN)
            server.sendto(reply.to_wire(), client)


def _response(status: int, body: bytes, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Wiretap:
    """Every packet on the wire: whom somebody tried to reach, be it with one SYN that nobody answered."""

    MARK_PORT = 9

    def __init__(self) -> None:
        self._wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        self._wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 24)
        self._wire.bind(("lo", 0))
        self._seen: list[tuple[str, int]] = []
        self._mark = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._marks = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def since_last(self) -> list[tuple[str, int]]:
        """Address and port of whoever was to be reached since the last call; all packets sent before this are in it."""
        wanted = self._marks + 1
        self._mark.sendto(b"mark", (NAME_SERVER, self.MARK_PORT))
        until = time.monotonic() + 5
        while self._marks < wanted:
            assert time.monotonic() < until, "the wiretap hears nothing"
            time.sleep(0.0005)
        seen, self._seen = self._seen, []
        return seen

    def _listen(self) -> None:
        while True:
            frame, (_, _, direction, *_) = self._wire.recvfrom(65536)
            if direction != socket.PACKET_OUTGOING:
                continue
            found = _destination(frame[14:])
            if found == (NAME_SERVER, self.MARK_PORT):
                self._marks += 1
            elif found is not None:
                self._seen.append(found)


def _destination(packet: bytes) -> tuple[str, int] | None:
    """Where a first packet goes: a SYN, a datagram (no name server's answer), or any other protocol (port 0)."""
    if packet[0] >> 4 == 4:
        protocol, address, rest = packet[9], socket.inet_ntop(socket.AF_INET, packet[16:20]), (packet[0] & 15) * 4
    else:
        protocol, address, rest = packet[6], socket.inet_ntop(socket.AF_INET6, packet[24:40]), 40
    if protocol in (1, 58):  # ICMP: told to somebody whose packet is seen anyway
        return None
    source, port = struct.unpack_from("!HH", packet, rest)
    if protocol == socket.IPPROTO_TCP:
        is_first = packet[rest + 13] & 0x12 == 0x02
        return (address, port) if is_first else None
    if protocol == socket.IPPROTO_UDP:
        return None if source == 53 else (address, port)
    return address, 0
