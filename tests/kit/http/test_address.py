"""The address check by itself: nothing here opens a connection."""

import socket
from ipaddress import IPv4Address, IPv4Network, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduet.kit.http import AllowPrivate, OutgoingError, Place
from conduet.kit.http.address import Kind, kind_of, parse_host
from conduet.kit.http.call import parse_url

PUBLIC, PRIVATE, CLOSED = Kind.PUBLIC, Kind.PRIVATE, Kind.CLOSED


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("1.1.1.1", PUBLIC),
        ("9.255.255.255", PUBLIC),
        ("11.0.0.0", PUBLIC),
        ("100.63.255.255", PUBLIC),
        ("100.128.0.0", PUBLIC),
        ("169.253.255.255", PUBLIC),
        ("172.32.0.0", PUBLIC),
        ("192.0.1.0", PUBLIC),
        ("198.17.255.255", PUBLIC),
        ("198.20.0.0", PUBLIC),
        ("223.255.255.255", PUBLIC),
        ("2606:4700::1111", PUBLIC),
        ("2001:200::1", PUBLIC),
        ("2a00::1", PUBLIC),
        ("10.1.2.3", PRIVATE),
        ("127.0.0.1", PRIVATE),
        ("0.0.0.0", PRIVATE),
        ("169.254.1.1", PRIVATE),
        ("100.100.100.100", PRIVATE),
        ("::1", PRIVATE),
        ("::", PRIVATE),
        ("fd00::1", PRIVATE),
        ("fe80::1", PRIVATE),
        ("4000::1", PRIVATE),
        ("::ffff:1.1.1.1", PRIVATE),
        ("64:ff9b::101:101", PRIVATE),
        ("2002:101:101::1", PRIVATE),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", PRIVATE),
        ("2606:4700::5efe:101:101", PRIVATE),
        ("169.254.169.254", CLOSED),
        ("100.100.100.200", CLOSED),
        ("fd00:ec2::254", CLOSED),
        ("168.63.129.16", CLOSED),
        ("192.0.0.192", CLOSED),
        ("169.254.170.2", CLOSED),
        ("169.254.170.23", CLOSED),
        ("fd00:ec2::23", CLOSED),
        ("fd20:ce::254", CLOSED),
        ("::ffff:169.254.169.254", CLOSED),
        ("64:ff9b::a9fe:a9fe", CLOSED),
        ("2002:a9fe:a9fe::", CLOSED),
        ("64:ff9b:1::1", CLOSED),
        ("224.0.0.1", CLOSED),
        ("255.255.255.255", CLOSED),
        ("ff02::1", CLOSED),
    ],
)
def test_an_address_is_public_private_or_closed(address: str, kind: Kind):
    assert kind_of(ip_address(address)) is kind


@given(st.ip_addresses())
def test_no_public_address_is_one_that_the_standard_library_holds_for_local(address: IPv4Address | IPv6Address):
    if kind_of(address) is PUBLIC:
        assert address.is_global
        assert not address.is_multicast
        assert not address.is_reserved or address.version == 6


@given(st.ip_addresses(v=4), st.sampled_from(["::", "::ffff:0:0", "::ffff:0:0:0", "64:ff9b::", "64:ff9b:1::"]))
def test_no_ipv4_address_in_an_ipv6_one_is_public(inner: IPv4Address, prefix: str):
    outer = IPv6Address(int(IPv6Address(prefix)) | int(inner))
    assert kind_of(outer) is not PUBLIC
    assert kind_of(inner) is not CLOSED or kind_of(outer) is CLOSED


# Names that the system's own parser would take for an address are worth trying more often than by chance.
odd = st.from_regex(
    r"\A(0x[0-9a-fA-F]{0,9}|0[0-7]{0,12}|[0-9]{0,11})(\.(0x[0-9a-fA-F]{0,9}|0[0-7]{0,12}|[0-9]{0,11})){0,4}\.?\Z"
)


@given(st.one_of(st.text(), odd, st.ip_addresses().map(str), st.from_regex(r"\A[a-z0-9.:%\[\]-]{1,20}\Z")))
def test_a_host_is_a_plain_address_or_a_name_that_nobody_takes_for_one(text: str):
    try:
        host = parse_host(text)
    except OutgoingError:
        return
    if not isinstance(host, str):
        assert ip_address(text.lower().removesuffix(".")) == host
        return
    assert parse_host(host) == host
    with pytest.raises(OSError, match="illegal IP address"):
        socket.inet_aton(host)


@given(st.one_of(st.text(), st.builds("http{}".format, st.text()), st.builds("https://{}".format, st.text())))
def test_whatever_is_typed_for_a_url_is_a_web_address_or_told(text: str):
    try:
        url = parse_url(text)
    except OutgoingError:
        return
    assert url.scheme in ("http", "https")
    assert url.host
    assert str(parse_host(url.raw_host or "")) == url.raw_host
    assert url.user is None
    assert str(url).isascii()
    assert parse_url(str(url)) == url


@pytest.mark.parametrize(
    ("text", "everywhere", "places"),
    [
        ("off", False, []),
        ("", False, []),
        ("0", False, []),
        (" ON ", True, []),
        ("1", True, []),
        ("localhost:11434", False, [("localhost", 11434)]),
        ("10.0.0.5:80, Intranet.Example.:8080,", False, [("10.0.0.5", 80), ("intranet.example", 8080)]),
        ("[::1]:80,[FD00::0:1]:9", False, [("::1", 80), ("fd00::1", 9)]),
    ],
)
def test_the_setting_is_off_on_or_a_list(text: str, everywhere: bool, places: list[tuple[str, int]]):
    allow = AllowPrivate.parse(text)
    assert allow.everywhere is everywhere
    assert allow.places == {Place(*place) for place in places}


@pytest.mark.parametrize(
    "part",
    [
        "localhost",
        "localhost:",
        ":80",
        "localhost:x",
        "localhost:0",
        "localhost:65536",
        "::1:80",
        "127.1:80",
        "a b:80",
        "http://a:80",
        "a:８０",
    ],
)
def test_a_part_of_the_setting_that_is_no_host_and_port_is_named(part: str):
    with pytest.raises(ValueError, match="CONDUET_ALLOW_PRIVATE_URLS") as wrong:
        AllowPrivate.parse(f"10.0.0.5:80,{part}")
    assert repr(part.lower()) in str(wrong.value)


def test_every_network_of_ipv4_has_its_kind():
    """No gap and no overlap at the edges: each first octet that is public throughout is one that IANA gave out."""
    public = [first for first in range(256) if kind_of(IPv4Network(f"{first}.1.2.0/24")[3]) is PUBLIC]
    assert public == [n for n in range(1, 224) if n not in (10, 127)]
