"""E-mail: messages as mail servers pass them on, and answers in their thread through a real mail server."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from conduet.channels.email import Email
from conduet.deployments.line import OutgoingLine
from conduet.engine.channel.inbound import Inbound, Received
from conduet.engine.channel.letter import FILES, SHORT_HEADER, Letter
from conduet.engine.channel.outbound import Parcel, SendFailure
from conduet.engine.channel.signing import own_signature
from conduet.errors import BadRequest, Unauthorized
from conduet.kit.http import AllowPrivate, Outgoing
from tests.channels.requests import request
from tests.channels.test_whatsapp import buttons, text
from tests.channels.vectors import actions_of

SECRET = "a-secret-that-both-sides-know"
MAIL = """From: Ada Lovelace <Ada@Example.com>
To: help@shop.example
Subject: Where is my order?
Message-ID: <m1@example.com>
References: <m0@example.com>
Content-Type: text/plain; charset=utf-8

Grüße, wo ist sie?

On Mon, 2 Nov 2026 at 10:00, Shop <help@shop.example> wrote:
> We are here to help.
"""


def channel(port: int = 2525) -> Email:
    smtp = {"host": "127.0.0.1", "port": port, "security": "none"}
    return Email.model_validate({"address": "help@shop.example", "smtp": smtp, "inboundSecret": SECRET})


def signed(mail: str | bytes, *, secret: str = SECRET) -> Inbound:
    body = mail.encode() if isinstance(mail, str) else mail
    timestamp = str(int(time.time()))
    headers = {"X-Conduet-Timestamp": timestamp, "X-Conduet-Signature": own_signature(secret, timestamp, body)}
    return request(body, headers)


def with_header(line: str) -> str:
    return f"{line}\n{MAIL}"


def test_only_what_is_signed_is_believed() -> None:
    channel().verify(signed(MAIL))
    with pytest.raises(Unauthorized):
        channel().verify(signed(MAIL, secret="another-secret-of-theirs"))


def test_a_message_is_what_was_written_without_what_is_quoted() -> None:
    found = channel().read(signed(MAIL))
    assert actions_of(found) == [{"type": "text", "payload": "Grüße, wo ist sie?"}]
    [incoming] = found.messages
    assert (incoming.id, incoming.user) == ("<m1@example.com>", "ada@example.com")
    assert incoming.to == {
        "subject": "Where is my order?",
        "inReplyTo": "<m1@example.com>",
        "references": ["<m0@example.com>"],
    }


def test_html_is_what_is_seen_of_it_and_what_is_attached_comes_along() -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "ada@example.com", "A picture"
    mail.set_content(
        "<style>p {}</style><!-- <p>no --><p>Hello<br>there &amp; <b>you</b> &lt;3, 1 < 2</p><script>alert(1)</script>",
        subtype="html",
    )
    mail.add_attachment(b"x", maintype="image", subtype="png", filename="bike.png")
    found = channel().read(signed(mail.as_bytes()))
    assert actions_of(found) == [{"type": "text", "payload": "Hello\nthere & you <3, 1 < 2"}]
    assert files_of(found) == [("bike.png", b"x", "")]


def files_of(found: Received) -> list[tuple[str, bytes, str]]:
    [incoming] = found.messages
    return [(each.name, each.content, each.problem) for each in incoming.files]


def with_files(*parts: str) -> str:
    head = "From: ada@example.com\nMessage-ID: <f1@example.com>\nContent-Type: multipart/mixed; boundary=x\n"
    return "\n".join((head, *(f"--x\n{part}" for part in parts), "--x--", ""))


def test_what_a_page_of_the_mail_shows_itself_is_no_file_and_what_nobody_sends_neither() -> None:
    page = """Content-Type: multipart/related; boundary=y

--y
Content-Type: text/html

<p>Hi</p><img src='cid:logo'>
--y
Content-Type: image/png; name=logo.png
Content-ID: <logo>
Content-Disposition: inline

logo
--y
Content-Type: image/png; name=bike.png
Content-ID: <b>
Content-Disposition: attachment

bike
--y--"""
    forwarded = "Content-Type: message/rfc822\n\nSubject: Inner\nContent-Type: image/png; name=inner.png\n\nx"
    found = channel().read(
        signed(
            with_files(
                page,
                "Content-Type: image/jpeg\n\nshot",
                "Content-Type: application/pgp-signature; name=signature.asc\n\nsigned",
                forwarded,
            )
        )
    )
    assert actions_of(found)[0]["payload"] == "Hi"
    assert files_of(found) == [("bike.png", b"bike", ""), ("", b"shot", "")]


def test_files_alone_are_a_message_and_nothing_at_all_is_none() -> None:
    part = "Content-Type: image/png; name=a.png\n\npicture"
    found = channel().read(signed(with_files(part)))
    assert (actions_of(found), files_of(found)) == ([], [("a.png", b"picture", "")])
    assert channel().read(signed("From: ada@example.com\n\n")).messages == ()


def test_of_a_mail_that_breaks_off_the_last_file_is_not_taken() -> None:
    whole = with_files("Content-Type: image/png; name=a.png\n\nfirst", "Content-Type: image/png; name=b.png\n\nsecond")
    found = files_of(channel().read(signed(whole[: whole.index("cond")])))
    assert found == [("a.png", b"first", ""), ("b.png", b"", "The message was too large to come whole.")]


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ('name="../../etc/passwd.png"', "../../etc/passwd.png"),
        ('name="a\0b.png"', "a\ufffdb.png"),
        ("name*=utf-8''%E2%80%AEgnp.exe", "\u202egnp.exe"),
        ("name*=klingon''%E2%80", "\ufffd\ufffd"),
        ("name*0*=utf-8''a; name*1*=b.png; name*999999=c", "ab.png"),
        ('name="' + "a" * 100_000 + '.png"', "a" * 200),
    ],
)
def test_whatever_a_file_is_called_it_comes(head: str, name: str) -> None:
    [(found, content, _)] = files_of(channel().read(signed(with_files(f"Content-Type: image/png; {head}\n\nx"))))
    assert content == b"x"
    assert found == name or len(found) <= 200


@pytest.mark.parametrize(
    "packed", ["base64\n\n====", "base64\n\n!", "x-uuencode\n\nbegin 644 a\n!", "quoted-printable\n\n=="]
)
def test_what_is_packed_wrong_is_read_as_far_as_it_can_be(packed: str) -> None:
    found = channel().read(
        signed(with_files(f"Content-Type: image/png; name=a.png\nContent-Transfer-Encoding: {packed}"))
    )
    assert len(files_of(found)) == 1


def test_no_more_files_are_told_of_than_anybody_sends() -> None:
    found = channel().read(signed(with_files(*["Content-Type: image/png; name=a.png\n\nx"] * 150)))
    assert len(files_of(found)) == FILES


def test_a_message_without_words_is_its_subject() -> None:
    [action] = actions_of(channel().read(signed("From: ada@example.com\nSubject: Call me\n\n")))
    assert action["payload"] == "Call me"


@pytest.mark.parametrize(
    "line",
    [
        "Auto-Submitted: auto-replied",
        "Precedence: bulk",
        "List-Id: <news.example>",
        "Return-Path: <>",
        "X-Autoreply: yes",
        "X-Auto-Response-Suppress: DR, AutoReply",
        "Content-Type: multipart/report; boundary=x",
        "List-Unsubscribe: <https://news.example/off>",
    ],
)
def test_machines_and_lists_get_no_answer(line: str) -> None:
    assert channel().read(signed(with_header(line))).messages == ()


def test_our_own_address_and_none_at_all_get_no_answer() -> None:
    for sender in ("help@shop.example", "HELP@shop.example", "undisclosed", "a b@example.com", "no-reply@example.com"):
        assert channel().read(signed(MAIL.replace("Ada Lovelace <Ada@Example.com>", sender))).messages == ()
    with pytest.raises(BadRequest):
        channel().read(signed("nothing"))


def test_words_in_a_charset_that_there_is_not_are_read_as_far_as_they_can_be() -> None:
    mail = MAIL.replace("charset=utf-8", "charset=klingon")
    assert actions_of(channel().read(signed(mail)))[0]["payload"] == "Grüße, wo ist sie?"
    wrong = MAIL.replace("charset=utf-8", "charset=us-ascii").replace("Where", "W\0here").encode("latin-1")
    [incoming] = channel().read(signed(wrong)).messages
    assert actions_of(channel().read(signed(wrong)))[0]["payload"] == "Gr\ufffd\ufffde, wo ist sie?"
    assert "\0" not in str(incoming.to)


def test_a_mail_without_a_number_is_known_by_what_stays_the_same() -> None:
    bare = MAIL.replace("Message-ID: <m1@example.com>\n", "")
    [first] = channel().read(signed(bare)).messages
    fetched = f"Received: from mx.example\n{bare}".replace("\n", "\r\n")
    [second] = channel().read(signed(fetched)).messages
    [other] = channel().read(signed(bare.replace("wo ist", "wann kommt"))).messages
    assert first.id == second.id != other.id


NESTED = "".join(f'Content-Type: multipart/mixed; boundary="{n}"\n\n--{n}\n' for n in range(1000))
BOMBS = {
    "nested": NESTED,
    "letters in letters": "Content-Type: message/rfc822\n\n" * 1000,
    "headers": "X-Bomb: x\n" * 200_000,
    "parts": 'Content-Type: multipart/mixed; boundary="x"\n\n' + "--x\n\n" * 200_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_mail_that_is_made_to_be_hard_to_read_is_not(name: str) -> None:
    with pytest.raises(BadRequest):
        channel().read(signed(f"From: eve@example.com\n{BOMBS[name]}"))


def test_long_headers_and_lines_are_cut_where_they_stop_being_read() -> None:
    """Each of these takes minutes where it is taken apart whole."""
    for line in (
        "To: " + "a@example.com, " * 20_000,
        "Content-Type: text/plain" + "; x=y" * 50_000,
        "Subject: " + "=?utf-8?q?x?= " * 20_000,
        "References: " + "<a@b> " * 50_000,
        "From: " + "(" * 100_000,
    ):
        mail = f"From: ada@example.com\n{line}\nX: y\n\nHello\n"
        found = channel().read(signed(mail))
        assert len(str(found)) < 20_000
    for quoted in ("From: " + '"' * 8_000, "Message-ID: " + "a" * 8_000):
        letter = Letter(f"{quoted}\nX: y\n\nHello\n".encode())
        assert len(letter.header(quoted.partition(":")[0])) <= SHORT_HEADER
    slow = "From: ada@example.com\nSubject: x\nContent-Type: text/plain; charset={}\n\n" + "a" * 200_000 + "-"
    for charset in ("punycode", "PunyCode", "idna"):
        mail = slow.format(charset) + "a" * 2_000_000
        assert actions_of(channel().read(signed(mail)))[0]["payload"] == "a" * 30_000
    for html in ("<a b='", "<div>", "<!--", "<b><i><a>", "<script>", "&"):
        mail = "From: ada@example.com\nSubject: x\nContent-Type: text/html\n\n" + html * 60_000
        assert len(str(channel().read(signed(mail)))) < 40_000


def test_a_turn_is_one_message_as_text_and_html() -> None:
    [said] = channel().write([text("**Which** <b>size</b>?"), buttons("Small", "Large")])
    assert said.content == {
        "text": "Which <b>size</b>?\n\n1. Small\n2. Large",
        "html": "<p><b>Which</b> &lt;b&gt;size&lt;/b&gt;?</p>\n<p>1. Small<br>\n2. Large</p>",
    }
    assert len(said.numbered) == 2


@dataclass
class Office:
    """A mail server: what it was given, and what it says."""

    taken: list[Envelope] = field(default_factory=list[Envelope])
    says: str = "250 kept"
    port: int = 0

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # the name is the library's
        self.taken.append(envelope)
        return self.says


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    office = Office()
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(office, hostname="office"), "127.0.0.1", 0)
    office.port = server.sockets[0].getsockname()[1]
    yield office
    server.close()


async def send(office: Office, to: Any) -> str | None:
    line = OutgoingLine(Outgoing(AllowPrivate.parse(f"127.0.0.1:{office.port}")))
    [message] = channel().write([text("Grüße!")])
    parcel = Parcel("dlv_1", "ada@example.com", to, message.content, datetime(2026, 11, 26, tzinfo=UTC))
    return await channel(office.port).send(parcel, line)


async def test_an_answer_stands_in_its_thread_and_says_that_a_machine_wrote_it(office: Office) -> None:
    to = {
        "subject": "Where?\r\nBcc: eve@example.com",
        "inReplyTo": "<m1@example.com>",
        "references": ["<m0@example.com>"],
    }
    assert await send(office, to) == "<dlv_1@shop.example>"
    [envelope] = office.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == ("help@shop.example", ["ada@example.com"])
    assert isinstance(envelope.content, bytes)
    mail = message_from_bytes(envelope.content, policy=policy.default)
    assert mail["Subject"] == "Re: Where?  Bcc: eve@example.com"
    assert "Bcc" not in mail
    assert (mail["In-Reply-To"], mail["References"]) == ("<m1@example.com>", "<m0@example.com> <m1@example.com>")
    assert (mail["Message-ID"], mail["Auto-Submitted"]) == ("<dlv_1@shop.example>", "auto-replied")
    body: Any = mail.get_body(("plain",))
    assert body.get_content().strip() == "Grüße!"


@pytest.mark.parametrize(("says", "again"), [("451 try later", True), ("554 no", False)])
async def test_a_server_that_wants_it_later_gets_it_later(office: Office, says: str, again: bool) -> None:
    office.says = says
    with pytest.raises(SendFailure) as raised:
        await send(office, None)
    assert raised.value.again is again


async def test_a_password_goes_over_no_open_connection() -> None:
    smtp = {"host": "mail.shop.example", "security": "none", "user": "u", "password": "p"}
    open_channel = Email.model_validate({"address": "help@shop.example", "smtp": smtp, "inboundSecret": SECRET})
    parcel = Parcel("dlv_1", "ada@example.com", None, {"text": "x", "html": "x"}, datetime.now(UTC))
    with pytest.raises(SendFailure) as raised:
        await open_channel.send(parcel, OutgoingLine(Outgoing(AllowPrivate.parse("off"))))
    assert raised.value.alarm
