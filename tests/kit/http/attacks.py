"""Attempts to make a server call where it should not, each with the place where it is described."""

from dataclasses import dataclass, field
from urllib.parse import quote

from conduet.kit.http import Place
from tests.kit.http.far_side import SECRET

OWASP = "OWASP, Server-Side Request Forgery Prevention Cheat Sheet"
PORTSWIGGER = "PortSwigger, URL validation bypass cheat sheet"
PAYLOADS = "PayloadsAllTheThings, Server Side Request Forgery"
ORANGE = "Orange Tsai, A New Era of SSRF (Black Hat 2017)"
KETTLE = "James Kettle, Cracking the Lens (Black Hat 2017)"
DESYNC = "James Kettle, HTTP Desync Attacks (Black Hat 2019)"
NPM_IP = "CVE-2024-29415 (npm ip)"

REFUSED, INVALID, REDIRECT = "ADDRESS_REFUSED", "INVALID_CALL", "BAD_REDIRECT"


@dataclass(frozen=True, slots=True)
class Attack:
    """One attempt and the code of the error that ends it."""

    url: str
    source: str
    code: str = REFUSED
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict[str, str])


def redirect(to: str, *, status: int = 302, host: str = "open.example") -> str:
    """A public address that sends its callers to `to`."""
    return f"http://{host}/redirect/{status}?to={quote(to, safe='')}"


ADDRESSES = [
    Attack("http://127.0.0.1/", OWASP),
    Attack("http://127.0.0.1:6379/", "Nicolas Grégoire, Trying to hack Redis via HTTP requests (2014)"),
    Attack("http://127.255.255.254/", "RFC 1122, 3.2.1.3: all of 127/8 is loopback"),
    Attack("http://[::1]/", OWASP),
    Attack("http://[::]:80/", PAYLOADS),
    Attack("http://0.0.0.0:80/", PAYLOADS),
    Attack("http://0.1.2.3/", "RFC 1122, 3.2.1.3: this network"),
    Attack("http://10.0.0.5/", "RFC 1918"),
    Attack("http://172.16.0.1/", "RFC 1918"),
    Attack("http://172.31.255.254/", "RFC 1918"),
    Attack("http://192.168.0.1/", "RFC 1918"),
    Attack("http://100.64.0.1/", "RFC 6598, carrier-grade NAT: neither private nor global to Python's ipaddress"),
    Attack("http://192.0.0.8/", "CVE-2024-4032 (Python ipaddress)"),
    Attack("http://198.18.0.1/", "RFC 2544, benchmarks"),
    Attack("http://192.88.99.1/", "RFC 7526, 6to4 relays"),
    Attack("http://203.0.113.7/", "RFC 5737, documentation"),
    Attack("http://224.0.0.1/", "RFC 5771, multicast"),
    Attack("http://240.0.0.1/", "RFC 1112, reserved"),
    Attack("http://255.255.255.255/", "GitLab merge request 82571: the broadcast address"),
    Attack("http://[fc00::1]/", "RFC 4193, unique local"),
    Attack("http://[fe80::1]/", "RFC 4291, link-local"),
    Attack("http://[fe80::1%25lo]/", "RFC 6874, a zone in a URL", INVALID),
    Attack("http://[fec0::1]/", "RFC 3879, site-local"),
    Attack("http://[ff02::1]/", "RFC 4291, multicast"),
    Attack("http://[2001:db8::1]/", "RFC 3849, documentation"),
    Attack("http://[100::1]/", "RFC 6666, discard"),
]

METADATA = [
    Attack("http://169.254.169.254/latest/meta-data/iam/security-credentials/", "Capital One, 2019"),
    Attack("http://169.254.170.2/v2/credentials/", PAYLOADS + ", AWS ECS"),
    Attack("http://[fd00:ec2::254]/latest/meta-data/", PAYLOADS + ", AWS over IPv6"),
    Attack("http://100.100.100.200/latest/meta-data/", PAYLOADS + ", Alibaba"),
    Attack("http://192.0.0.192/latest/", PAYLOADS + ", Oracle"),
    Attack("http://168.63.129.16/machine?comp=goalstate", "Microsoft, What is IP address 168.63.129.16?"),
    Attack("http://metadata.google.internal/computeMetadata/v1/", "HackerOne 341876 (Shopify Exchange)"),
    Attack("http://metadata/", PAYLOADS + ": a name that only a search domain completes"),
    Attack("http://2852039166/latest/meta-data/", PAYLOADS),
    Attack("http://0xA9FEA9FE/latest/meta-data/", PAYLOADS),
    Attack("http://0251.0376.0251.0376/latest/meta-data/", PAYLOADS),
    Attack("http://[::ffff:169.254.169.254]/", PORTSWIGGER),
]

SPELLINGS = [
    Attack("http://2130706433/", PORTSWIGGER),
    Attack("http://0x7f000001/", PORTSWIGGER),
    Attack("http://017700000001/", PORTSWIGGER),
    Attack("http://0x7f.1/", "CVE-2023-42282 (npm ip)"),
    Attack("http://127.1/", NPM_IP),
    Attack("http://127.0.1/", PAYLOADS),
    Attack("http://01200034567/", NPM_IP),
    Attack("http://012.1.2.3/", NPM_IP),
    Attack("http://012.0.0.5/", "CVE-2021-29921 (Python ipaddress): leading zeros are octal to the system"),
    Attack("http://0177.0.0.01/", "CVE-2021-28918 (npm netmask)"),
    Attack("http://0x7f.0x0.0x0.0x1/", PORTSWIGGER),
    Attack("http://0300.0250.1/", PAYLOADS),
    Attack("http://0/", PORTSWIGGER),
    Attack("http://0.0/", PAYLOADS),
    Attack("http://425.510.425.510/", PAYLOADS + ": overflowing parts"),
    Attack("http://6425673729/", PAYLOADS + ": overflowing whole"),
    Attack("http://127.0.0.1./", PORTSWIGGER),
    Attack("http://localhost./", PORTSWIGGER),
    Attack("http://LOCALHOST/", OWASP),
    Attack("http://thismachine/", OWASP + ": the machine's own name"),
    Attack("http://ip6-loopback/", PAYLOADS),
    Attack("http://①②⑦.⓪.⓪.①/", PAYLOADS + ": enclosed digits"),
    Attack("http://１２７.０.０.１/", PORTSWIGGER + ": full-width digits"),
    Attack("http://127。0。0。1/", PORTSWIGGER + ": full-width dots"),
    Attack("http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/", PAYLOADS),
    Attack("http://local\u200dhost/", ORANGE + ": characters that IDNA drops", INVALID),
    Attack("http://%31%32%37.0.0.1/", PORTSWIGGER),
    Attack("http://127.0.0.1%2523@open.example/", PORTSWIGGER, INVALID),
    Attack("http://127.0.0.1%00.open.example/", PAYLOADS, INVALID),
    Attack("http://127.0.0.1%09open.example/", ORANGE + ": getaddrinfo stops at white space", INVALID),
    Attack("http://127.0.0.1%0d%0aSLAVEOF open.example 6379%0d%0a:6379/", ORANGE, INVALID),
    Attack(
        "http://0x" + "0" * 246 + "7f000001" + "x" * 9 + "/", "CVE-2024-24806 (libuv): long names cut short", INVALID
    ),
    Attack("http://" + ".".join(["0x7f000001"] + ["a" * 50] * 6) + "/", "CVE-2024-24806 (libuv)", INVALID),
]

TUNNELS = [
    Attack("http://[::ffff:127.0.0.1]/", PORTSWIGGER),
    Attack("http://[::fFFf:7f00:1]/", NPM_IP),
    Attack("http://[0:0:0:0:0:ffff:127.0.0.1]:6379/", "CVE-2018-19571 (GitLab webhooks)"),
    Attack("http://[::127.0.0.1]/", "RFC 4291, 2.5.5.1: IPv4-compatible"),
    Attack("http://[::ffff:0:7f00:1]/", "RFC 2765: IPv4-translated"),
    Attack("http://[64:ff9b::7f00:1]/", "RFC 6052: NAT64"),
    Attack("http://[64:ff9b::a9fe:a9fe]/", "RFC 6052: NAT64 to the metadata service"),
    Attack("http://[64:ff9b:1::a00:5]/", "RFC 8215: NAT64 of a local network"),
    Attack("http://[2002:7f00:1::]/", "RFC 3056: 6to4"),
    Attack("http://[2002:a00:5::1]/", "RFC 3964, 5.1: 6to4 to a private address"),
    Attack("http://[2001:0:5db8:d822:0:0:f5ff:fffa]/", "RFC 4380: Teredo, the client's address inverted"),
    Attack("http://[2600::5efe:a00:5]/", "RFC 5214: ISATAP under a public prefix"),
    Attack("http://[fe80::5efe:7f00:1]/", "RFC 5214: ISATAP"),
]

NAMES = [
    Attack("http://localtest.example/", PAYLOADS + ": localtest.me"),
    Attack("http://lan.example/", PAYLOADS + ": nip.io"),
    Attack("http://loop6.example/", PAYLOADS + ": ip6.name"),
    Attack("http://zero.example/", "Oligo, 0.0.0.0 Day (2024)"),
    Attack("http://linklocal.example/", PORTSWIGGER),
    Attack("http://mapped.example/", PAYLOADS),
    Attack("http://nat64.example/", "RFC 6147: DNS64"),
    Attack("http://ula.example/", PAYLOADS),
    Attack("http://cname2.example/", OWASP + ": a chain of aliases"),
    Attack("http://mixed.example/", "CVE-2019-5464 (GitLab): one record good, one bad"),
    Attack("http://mixed6.example/", "CVE-2019-5464 (GitLab): A good, AAAA bad"),
    Attack("http://last.example/", OWASP + ": the bad one behind ten good ones"),
    Attack(redirect("http://rebind.example/", host="rebind.example"), "CVE-2019-5464 (GitLab): DNS rebinding"),
    Attack(
        redirect("/latest/", host="rebind-metadata.example"), "Jackson et al., Protecting Browsers from DNS Rebinding"
    ),
    Attack(redirect("/", host="rebind-mixed.example", status=307), PAYLOADS + ": DNS rebinding", method="POST"),
]

PARSERS = [
    Attack("http://open.example@127.0.0.1/", OWASP, INVALID),
    Attack("http://127.0.0.1@open.example/", ORANGE, INVALID),
    Attack("http://@127.0.0.1/", PORTSWIGGER, INVALID),
    Attack("http://foo@127.0.0.1:80@open.example/", ORANGE, INVALID),
    Attack("http://foo@127.0.0.1 @open.example/", ORANGE + ": the fix for curl, passed again", INVALID),
    Attack("http://127.0.0.1:11211:80/", ORANGE, INVALID),
    Attack("http://127.0.0.1#@open.example/", ORANGE),
    Attack("http://127.0.0.1?@open.example/", PORTSWIGGER),
    Attack("http://127.0.0.1;.open.example/", PORTSWIGGER, INVALID),
    Attack("http://127.0.0.1\\@open.example/", PORTSWIGGER, INVALID),
    Attack("http://open.example\\@127.0.0.1/", PORTSWIGGER, INVALID),
    Attack("http:\\\\127.0.0.1/", PORTSWIGGER, INVALID),
    Attack("http:127.0.0.1/", PORTSWIGGER, INVALID),
    Attack("http:///127.0.0.1/", PORTSWIGGER, INVALID),
    Attack("//127.0.0.1/", PORTSWIGGER, INVALID),
    Attack("http://93.184.216.34 &@10.0.0.5# @127.0.0.1/", ORANGE, INVALID),
    Attack("http://127.0.0.1\t.open.example/", ORANGE, INVALID),
    Attack("http://open.example／@127.0.0.1/", "CVE-2019-9636 (Python urlsplit): NFKC makes a slash", INVALID),
    Attack("http://0:0:0:0:0:0:0:1/", PORTSWIGGER, INVALID),
    Attack("http://[127.0.0.1]/", PORTSWIGGER, INVALID),
    Attack("http://127.0.0.1:0/", PORTSWIGGER, INVALID),
    Attack("http://open.example:65616/", PORTSWIGGER + ": a port that wraps round to 80", INVALID),
    Attack("http://open.example:８０/", PORTSWIGGER + ": full-width digits", INVALID),
]

SCHEMES = [
    Attack("file:///etc/passwd", OWASP, INVALID),
    Attack(" file:///etc/passwd", "CVE-2023-24329 (Python urlsplit): a blank in front", INVALID),
    Attack("FILE:///etc/passwd", PORTSWIGGER, INVALID),
    Attack("gopher://127.0.0.1:6379/_SLAVEOF%20open.example%206379%0d%0a", ORANGE, INVALID),
    Attack("dict://127.0.0.1:11211/stats", PAYLOADS, INVALID),
    Attack("ftp://127.0.0.1/", OWASP, INVALID),
    Attack("sftp://127.0.0.1:22/", PAYLOADS, INVALID),
    Attack("tftp://127.0.0.1:69/x", PAYLOADS, INVALID),
    Attack("ldap://127.0.0.1:389/%0astats%0aquit", PAYLOADS, INVALID),
    Attack("jar:http://127.0.0.1!/", PAYLOADS, INVALID),
    Attack("netdoc:///etc/passwd", PAYLOADS, INVALID),
    Attack("data:text/plain,hello", PAYLOADS, INVALID),
    Attack("ws://127.0.0.1/", PAYLOADS, INVALID),
    Attack("http+unix://%2Fvar%2Frun%2Fdocker.sock/containers/json", PAYLOADS + ": Docker's socket", INVALID),
    Attack("url:http://127.0.0.1/", "CVE-2023-24329 and urllib's `url:` prefix", INVALID),
]

REDIRECTS = [
    *(
        Attack(redirect("http://127.0.0.1/", status=status), PAYLOADS + f": a {status}", method=method)
        for status, method in [(301, "GET"), (302, "GET"), (303, "POST"), (307, "POST"), (308, "PUT")]
    ),
    Attack(
        redirect("http://169.254.169.254/latest/meta-data/"), "CVE-2020-28168 (axios): only the first hop is checked"
    ),
    Attack(redirect("http://lan.example/"), OWASP),
    Attack(redirect("http://2130706433/"), PAYLOADS),
    Attack(redirect("//127.0.0.1/"), PORTSWIGGER),
    Attack(redirect("///127.0.0.1/"), PORTSWIGGER, REDIRECT),
    Attack(redirect("/\\127.0.0.1/"), PORTSWIGGER, REDIRECT),
    Attack(redirect("\\\\127.0.0.1/"), PORTSWIGGER, REDIRECT),
    Attack(redirect("http:127.0.0.1/"), PORTSWIGGER, REDIRECT),
    Attack(redirect("http://open.example@127.0.0.1/"), PORTSWIGGER, REDIRECT),
    Attack(redirect("http://open.example:80@127.0.0.1:80/"), ORANGE, REDIRECT),
    Attack(redirect("file:///etc/passwd"), "CVE-2009-0037 (curl): a redirect to a file", REDIRECT),
    Attack(redirect("gopher://127.0.0.1:6379/_FLUSHALL"), PAYLOADS, REDIRECT),
    Attack(redirect("ftp://127.0.0.1/"), PAYLOADS, REDIRECT),
    Attack(redirect("dict://127.0.0.1:11211/stats"), PAYLOADS, REDIRECT),
    Attack(redirect("data:text/plain,hello"), PAYLOADS, REDIRECT),
    Attack(redirect("http://open.example/redirect/302?to=http://10.0.0.5/", status=307), PAYLOADS),
    Attack("http://open.example/chain/4?to=http://127.0.0.1/", OWASP + ": the last hop that is followed"),
    Attack("http://open.example/chain/9?to=http://127.0.0.1/", OWASP + ": more hops than are followed", REDIRECT),
    Attack("http://open.example/loop", "RFC 9110, 15.4: cyclical redirection", REDIRECT),
]

MESSAGES = [
    Attack("http://open.example/\r\nHost: 127.0.0.1\r\n\r\nGET /secret", "CVE-2019-9740 (Python urllib)", INVALID),
    Attack("http://open.example/?q=\r\nX-Injected: 1", "CVE-2019-9947 (Python urllib)", INVALID),
    Attack("http://open.example:80\r\nSET x 1\r\n/", "CVE-2018-19585 (GitLab): CRLF", INVALID),
    Attack("http://open.example/", KETTLE + ": routed by its Host", INVALID, headers={"Host": "127.0.0.1"}),
    Attack(
        "http://open.example/", "CVE-2016-5699 (Python http.client)", INVALID, headers={"X-A": "1\r\nHost: 10.0.0.5"}
    ),
    Attack("http://open.example/", "CVE-2016-5699 (Python http.client)", INVALID, headers={"X-A\r\nHost": "10.0.0.5"}),
    Attack(
        "http://open.example/", "RFC 9112, 2.2: LF alone ends a line too", INVALID, headers={"X-A": "1\nHost: 10.0.0.5"}
    ),
    Attack("http://open.example/", DESYNC, INVALID, method="POST", headers={"Transfer-Encoding": "chunked"}),
    Attack("http://open.example/", DESYNC, INVALID, method="POST", headers={"Content-Length": "3"}),
    Attack("http://open.example/", DESYNC, INVALID, headers={"Transfer-Encoding ": "chunked"}),
    Attack("http://open.example/", "Jake Miller, h2c Smuggling (2020)", INVALID, headers={"Upgrade": "h2c"}),
    Attack("http://open.example/", KETTLE, INVALID, headers={"Proxy-Connection": "keep-alive"}),
    Attack("http://127.0.0.1:22/", KETTLE + ": a tunnel", INVALID, method="CONNECT"),
    Attack(
        "http://open.example/",
        "CVE-2020-26116 (Python http.client)",
        INVALID,
        method="GET / HTTP/1.1\r\nHost: 10.0.0.5",
    ),
    Attack("http://open.example/", "Jeremiah Grossman, Cross-Site Tracing (2003)", INVALID, method="TRACE"),
]

ATTACKS = [
    *ADDRESSES,
    *METADATA,
    *SPELLINGS,
    *TUNNELS,
    *NAMES,
    *PARSERS,
    *SCHEMES,
    *REDIRECTS,
    *MESSAGES,
]


@dataclass(frozen=True, slots=True)
class Policy:
    """What a setting, and an admission of one call, make of addresses: each of `urls` ends with `end`."""

    name: str
    setting: str
    urls: tuple[str, ...]
    end: str
    admit: frozenset[Place] = frozenset()


OUTSIDE, INSIDE = "hello from outside", SECRET.decode()
DEMO = frozenset({Place("127.0.0.1", 8080)})
POLICIES = [
    Policy("public", "off", ("http://open.example/", "http://six.example/", "http://both.example/"), OUTSIDE),
    Policy("spelt", "off", ("http://bücher.example/", "http://OPEN.example./", "http://[2606:2800:220::34]"), OUTSIDE),
    Policy("on", "on", ("http://10.0.0.5/", "http://lan.example/", "http://localhost/", "http://0.0.0.0/"), INSIDE),
    Policy("on, mapped", "on", ("http://[::ffff:10.0.0.5]/", "http://ip6-localhost/"), INSIDE),
    Policy("on, metadata", "on", ("http://169.254.169.254/", "http://ula.example/", "http://metadata/"), REFUSED),
    Policy("on, mapped metadata", "on", ("http://[::ffff:169.254.169.254]/",), REFUSED),
    Policy("named", "10.0.0.5:80,lan.example:8080", ("http://10.0.0.5/", "http://lan.example:8080/"), INSIDE),
    Policy("named metadata", "169.254.169.254:80,[fd00:ec2::254]:80", ("http://169.254.169.254/",), INSIDE),
    Policy("another port", "10.0.0.5:80, lan.example:8080", ("http://10.0.0.5:8080/", "http://lan.example/"), REFUSED),
    Policy("another host", "localhost:8080", ("http://localtest.example:8080/", "http://127.0.0.1:8080/"), REFUSED),
    Policy("admitted", "off", ("http://127.0.0.1:8080/", redirect("http://127.0.0.1:8080/")), INSIDE, DEMO),
    Policy("not admitted", "off", ("http://127.0.0.1:80/", "http://127.0.0.2:8080/"), REFUSED, DEMO),
    Policy("not by that name", "off", ("http://localhost:8080/", "http://localtest.example:8080/"), REFUSED, DEMO),
]
