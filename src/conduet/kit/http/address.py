"""The one address check: which addresses an outgoing call may be connected to."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import NamedTuple, TypeAlias

from conduet.kit.http.errors import InvalidCall, Refused

Address: TypeAlias = IPv4Address | IPv6Address


class Kind(Enum):
    """Whom an address belongs to, as far as outgoing calls care."""

    PUBLIC = "public"
    PRIVATE = "private"  # `CONDUET_ALLOW_PRIVATE_URLS=on` opens it
    CLOSED = "closed"  # only naming its `host:port` opens it


class Place(NamedTuple):
    """A host as a URL names it (lower case, an address in its shortest form and without brackets) and a port."""

    host: str
    port: int


def _v4(*networks: str) -> tuple[IPv4Network, ...]:
    return tuple(map(IPv4Network, networks))


def _v6(*networks: str) -> tuple[IPv6Network, ...]:
    return tuple(map(IPv6Network, networks))


# IANA's special-purpose registries (RFC 6890 and its successors), written out because `ipaddress` changes its mind
# between Python versions (CVE-2024-4032) and passes multicast, 6to4 relays and NAT64.
PRIVATE_V4 = _v4(
    "0.0.0.0/8",  # this network; 0.0.0.0 is the machine itself
    "10.0.0.0/8",
    "100.64.0.0/10",  # carrier-grade NAT
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",  # IETF protocol assignments
    "192.0.2.0/24",  # documentation
    "192.88.99.0/24",  # 6to4 relays
    "192.168.0.0/16",
    "198.18.0.0/15",  # benchmarks
    "198.51.100.0/24",  # documentation
    "203.0.113.0/24",  # documentation
)
CLOSED_V4 = _v4(
    "224.0.0.0/4",  # multicast
    "240.0.0.0/4",  # reserved, with the broadcast address
    # Metadata services hand out the machine's own credentials.
    "169.254.169.254/32",  # AWS, Azure, Google, Oracle, DigitalOcean, OpenStack …
    "169.254.170.2/32",  # AWS ECS
    "169.254.170.23/32",  # AWS EKS
    "100.100.100.200/32",  # Alibaba
    "192.0.0.192/32",  # Oracle, the older one
    "168.63.129.16/32",  # Azure's platform service, though the range is public
)
GLOBAL_V6 = IPv6Network("2000::/3")  # all that IANA has allocated for unicast
PRIVATE_V6 = _v6(
    "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarks
    "2001:db8::/32",  # documentation
    "2002::/16",  # 6to4
    "3fff::/20",  # documentation
)
CLOSED_V6 = _v6(
    "ff00::/8",  # multicast
    "64:ff9b:1::/48",  # NAT64 of a local network: where the IPv4 address stands in it is that network's own choice
    "fd00:ec2::254/128",  # AWS metadata
    "fd00:ec2::23/128",  # AWS EKS
    "fd20:ce::254/128",  # Google metadata
)
EMBEDDING_V6 = _v6("::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96")  # an IPv4 address in the last 32 bits
ISATAP = (0x0000_5EFE, 0x0200_5EFE)


def kind_of(address: Address) -> Kind:
    """Where `address` leads. An IPv6 address with an IPv4 address inside is never public."""
    if isinstance(address, IPv4Address):
        return _kind(address, closed=CLOSED_V4, private=PRIVATE_V4)
    if any(kind_of(hidden) is Kind.CLOSED for hidden in _hidden(address)):
        return Kind.CLOSED
    kind = _kind(address, closed=CLOSED_V6, private=PRIVATE_V6)
    public = kind is Kind.PUBLIC and address in GLOBAL_V6 and not _is_isatap(address)
    return kind if public or kind is Kind.CLOSED else Kind.PRIVATE


def _kind(
    address: Address, *, closed: Sequence[IPv4Network | IPv6Network], private: Sequence[IPv4Network | IPv6Network]
) -> Kind:
    if any(address in network for network in closed):
        return Kind.CLOSED
    return Kind.PRIVATE if any(address in network for network in private) else Kind.PUBLIC


def _hidden(address: IPv6Address) -> Iterable[IPv4Address]:
    """The IPv4 addresses that a translator or tunnel would take out of `address`."""
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield from address.teredo
    if _is_isatap(address) or any(address in network for network in EMBEDDING_V6):
        yield IPv4Address(int(address) & 0xFFFF_FFFF)


def _is_isatap(address: IPv6Address) -> bool:
    """RFC 5214: any prefix, then `0:5efe` or `200:5efe` and an IPv4 address."""
    return (int(address) >> 32) & 0xFFFF_FFFF in ISATAP


@dataclass(frozen=True, slots=True)
class AllowPrivate:
    """What beyond the public internet may be called: nothing, every private address, or places by name."""

    everywhere: bool = False
    places: frozenset[Place] = frozenset()

    @classmethod
    def parse(cls, text: str) -> "AllowPrivate":
        """The setting `CONDUET_ALLOW_PRIVATE_URLS`: `off`, `on`/`1`, or a comma list of `host:port`.

        Raises `ValueError` naming the part that is none of them.
        """
        word = text.strip().lower()
        if word in ("", "0", "off", "false", "no"):
            return cls()
        if word in ("1", "on", "true", "yes"):
            return cls(everywhere=True)
        return cls(places=frozenset(_place(part.strip()) for part in word.split(",") if part.strip()))

    def admits(self, address: Address, place: Place) -> bool:
        """Whether a call to `place` may be connected to `address`."""
        kind = kind_of(address)
        if kind is Kind.PUBLIC or place in self.places:
            return True
        return self.everywhere and kind is Kind.PRIVATE

    def admitting(self, place: Place) -> "AllowPrivate":
        """The same, and `place`."""
        return AllowPrivate(everywhere=self.everywhere, places=self.places | {place})


def _place(text: str) -> Place:
    host, _, port = text.rpartition(":")
    bracketed = host.startswith("[") and host.endswith("]")
    try:
        # Without brackets nobody can tell an IPv6 address from one with a port.
        if not port.isascii() or not port.isdecimal() or not 0 < int(port) < 65536 or (":" in host and not bracketed):
            raise InvalidCall(text)
        return Place(str(parse_host(host.strip("[]"))), int(port))
    except (InvalidCall, Refused):
        raise ValueError(
            f"CONDUET_ALLOW_PRIVATE_URLS: {text!r} is not host:port, like 10.0.0.5:8080, localhost:11434 or [::1]:80"
        ) from None


LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)
NUMERIC = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)
NAME_LENGTH = 253


def parse_host(text: str) -> Address | str:
    """The host of a URL (without brackets): an address, or a name in lower case without the dot at its end.

    The system's resolver takes `127.1`, `0x7f000001`, `2130706433` and `0177.0.0.1` for addresses: whatever ends in a
    number and is not four plain decimals is `Refused`, wherever it leads. Raises `InvalidCall` for what is no host.
    """
    host = text.lower()
    if ":" in host and "%" not in host:
        try:
            return IPv6Address(host)
        except ValueError:
            raise InvalidCall(f"{text!r} is not an IPv6 address.") from None
    host = host.removesuffix(".")
    labels = host.split(".")
    if NUMERIC.fullmatch(labels[-1]):
        try:
            return IPv4Address(host)
        except ValueError:
            raise Refused(
                f"Calls to {text} are not allowed: an address is written as four decimal numbers, like 93.184.216.34."
            ) from None
    if len(host) > NAME_LENGTH or not all(LABEL.fullmatch(label) for label in labels):
        raise InvalidCall(f"{text!r} is not the name of a host.")
    return host


def parse_address(text: str) -> Address:
    """An address as a resolver tells it, without its IPv6 zone. Raises `ValueError`."""
    return ip_address(text.partition("%")[0])
