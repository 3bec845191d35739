"""Whose request it is when it came through proxies."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network


def parse_networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """Addresses and CIDR networks as networks. Raises `ValueError` naming the one that is neither."""
    networks: list[Network] = []
    for text in texts:
        try:
            networks.append(ip_network(text))
        except ValueError:
            raise ValueError(
                f"CONDUET_TRUSTED_PROXIES: {text!r} is no address and no network, like 10.0.0.1 or 10.0.0.0/8"
            ) from None
    return tuple(networks)


def is_trusted(address: str, trusted: Sequence[Network]) -> bool:
    """Whether `address` is a proxy whose word is taken."""
    parsed = _parse(address) if trusted else None
    return parsed is not None and any(parsed in network for network in trusted)


def client_address(peer: str, forwarded: str | None, trusted: Sequence[Network]) -> str:
    """The client's address, of the one that connected (`peer`) and `X-Forwarded-For` (several joined by commas).

    Each proxy adds whom it heard from on the right, and a client may send anything on the left: from the right, the
    first address that is not trusted is the client. Where the header ends or makes no sense, the last one that was
    trusted stands for it.
    """
    client = peer
    for text in reversed((forwarded or "").split(",")):
        if not is_trusted(client, trusted):
            break
        parsed = _parse(text.strip())
        if parsed is None:
            break
        client = str(parsed)
    return client


def _parse(text: str) -> IPv4Address | IPv6Address | None:
    """An address, with a port or without; IPv4 inside IPv6 as IPv4."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        parsed = ip_address(text)
    except ValueError:
        return None
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return mapped or parsed
