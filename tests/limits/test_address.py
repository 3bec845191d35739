"""Clients behind proxies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduet.limits.address import client_address, is_trusted, parse_networks

PROXIES = parse_networks(("10.0.0.0/8", "192.0.2.1", "fd00::/8", "::1"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        # Nobody stands between.
        ("203.0.113.9", None, "203.0.113.9"),
        ("10.0.0.1", None, "10.0.0.1"),
        # A client's own word is not taken.
        ("203.0.113.9", "198.51.100.7", "203.0.113.9"),
        ("203.0.113.9", "10.0.0.1", "203.0.113.9"),
        # A proxy's is, and of a chain the first that is no proxy, from the right.
        ("10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "1.1.1.1,198.51.100.7,192.0.2.1, 10.9.9.9", "198.51.100.7"),
        ("10.0.0.1", "10.0.0.2, 10.0.0.3", "10.0.0.2"),
        # Ports, IPv6, and IPv4 inside it.
        ("10.0.0.1", "198.51.100.7:1234", "198.51.100.7"),
        ("::1", "2001:db8::5", "2001:db8::5"),
        ("::1", "[2001:db8::5]:443", "2001:db8::5"),
        ("::ffff:10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "::ffff:198.51.100.7", "198.51.100.7"),
        # What makes no sense ends the walk.
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "unknown", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.7, _hidden", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.7, , 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "198.51.100.7 10.0.0.2", "10.0.0.1"),
        # A socket file has no address.
        ("", "198.51.100.7", ""),
    ],
)
def test_the_client_is_the_first_from_the_right_that_is_no_trusted_proxy(
    peer: str, forwarded: str | None, client: str
) -> None:
    assert client_address(peer, forwarded, PROXIES) == client


def test_with_no_trusted_proxies_nobody_is_believed() -> None:
    assert client_address("127.0.0.1", "198.51.100.7", ()) == "127.0.0.1"
    assert not is_trusted("127.0.0.1", ())


@pytest.mark.parametrize("text", ["", "proxy.example", "10.0.0.0/33", "10.0.0.1/8", "*"])
def test_what_is_no_address_and_no_network_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="CONDUET_TRUSTED_PROXIES"):
        parse_networks((text,))


@given(st.text(), st.lists(st.ip_addresses().map(str), min_size=1))
def test_nothing_that_a_client_sends_in_front_changes_what_the_proxy_saw(sent: str, real: list[str]) -> None:
    seen = ",".join((sent.replace(",", ""), *real, "198.51.100.7", "10.1.1.1"))
    assert client_address("10.0.0.1", seen, PROXIES) == "198.51.100.7"
