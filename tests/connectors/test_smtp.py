import email
import email.policy
from email.message import EmailMessage
from typing import Any

import pytest
from pydantic import ValidationError

from conduet.engine.outside import Mail
from conduet.engine.values import Json
from tests.connectors.cases import SECRET
from tests.connectors.playing import CONNECTORS, Service, Use, action_of, failing

SERVER: dict[str, Json] = {
    "host": "mail.shop.example",
    "user": "shop",
    "password": SECRET,
    "sender": "Bicycle Shop <shop@shop.example>",
}
LETTER: dict[str, Json] = {"to": ["ann@bikes.example"], "subject": "Your order", "text": "It is on its way."}


async def sent(service: Service, server: Json = None, **inputs: Json) -> tuple[Mail, EmailMessage, Any]:
    """The mail, its content as another program reads it, and what came of it."""
    use = Use(service)
    smtp = CONNECTORS["smtp"]
    credentials = smtp.credentials.model_validate({**SERVER, **(server if isinstance(server, dict) else {})})
    result = await action_of(smtp, "send").model_validate({**LETTER, **inputs}).run(credentials, use)
    (mail,) = use.mails
    return mail, email.message_from_bytes(mail.content, policy=email.policy.default), result


async def test_a_message_is_made_and_handed_over(service: Service) -> None:
    mail, message, result = await sent(service)
    assert (mail.host, mail.port, mail.security) == ("mail.shop.example", 587, "starttls")
    assert (mail.user, mail.password) == ("shop", SECRET)
    assert (mail.sender, mail.recipients) == ("shop@shop.example", ("ann@bikes.example",))
    assert message["From"] == "Bicycle Shop <shop@shop.example>"
    assert message["To"] == "ann@bikes.example"
    assert message["Subject"] == "Your order"
    assert message["Date"].datetime.isoformat() == "2026-09-01T08:30:00+00:00"
    assert message["Message-ID"] == result["messageId"]
    assert message["Message-ID"].endswith("@shop.example>")
    assert message.get_content() == "It is on its way.\r\n"
    assert SECRET not in repr(mail)


async def test_any_language_and_a_very_long_line_fit_into_seven_bits(service: Service) -> None:
    text = "Grüße aus Wien, 自転車! " * 200
    mail, message, _ = await sent(
        service, subject="Grüße 自転車", text=text, to=["Jörg Müller <joerg@münchen.example>"]
    )
    assert mail.content.isascii()
    assert max(map(len, mail.content.split(b"\r\n"))) <= 998
    assert b"\n" not in mail.content.replace(b"\r\n", b"")
    assert message["Subject"] == "Grüße 自転車"
    assert message["To"].addresses[0].display_name == "Jörg Müller"
    assert mail.recipients == ("joerg@xn--mnchen-3ya.example",)
    assert message.get_content().strip() == text.strip()


async def test_html_goes_beside_the_text(service: Service) -> None:
    _, message, _ = await sent(service, html="<p>It is on its <b>way</b>.</p>", replyTo="help@shop.example")
    assert message["Reply-To"] == "help@shop.example"
    body = message.get_body(("html",))
    assert body is not None
    assert body.get_content() == "<p>It is on its <b>way</b>.</p>\r\n"
    plain = message.get_body(("plain",))
    assert plain is not None
    assert plain.get_content() == "It is on its way.\r\n"


@pytest.mark.parametrize(
    "subject",
    [
        "Hi\r\nBcc: all@shop.example",
        "Hi\nBcc: all@shop.example",
        "Hi\rBcc: all@shop.example",
        "Hi\u2028Bcc: all@shop.example",
        "Hi\x85Bcc: all@shop.example",
        "Hi\x00\x0bBcc: all@shop.example",
        "=?utf-8?q?Hi=0D=0ABcc:_all@shop.example?=",
    ],
)
async def test_a_subject_adds_no_header(service: Service, subject: str) -> None:
    mail, message, _ = await sent(service, subject=subject)
    names = {line.partition(b":")[0] for line in mail.content.partition(b"\r\n\r\n")[0].split(b"\r\n")}
    assert b"Bcc" not in names
    assert message["Bcc"] is None
    assert mail.recipients == ("ann@bikes.example",)


@pytest.mark.parametrize(
    "address",
    [
        "ann@bikes.example\r\nBcc: all@shop.example",
        "ann@bikes.example, all@shop.example",
        "ann@bikes.example; all@shop.example",
        "Ann <ann@bikes.example>, All <all@shop.example>",
        "Ann\r\nBcc: x <ann@bikes.example>",
        "<ann@bikes.example> <all@shop.example>",
        "ann",
        "@bikes.example",
        "",
        " ",
        "ann@bikes.example> SIZE=1",
        "=?utf-8?q?Ann=0D=0ABcc:_all@shop.example?= <ann@bikes.example>",
        "=?utf-8?q?ann=0D=0A?=@bikes.example",
        "jörg@bikes.example",
    ],
)
async def test_what_is_not_one_address_is_none(service: Service, address: str) -> None:
    tried: tuple[dict[str, Json], ...] = ({"to": [address]}, {"replyTo": address or " "})
    for inputs in tried:
        code, message = await failing(sent(service, **inputs))
        assert code == "WRONG_ADDRESS"
        assert message.endswith("is not an e-mail address.")


async def test_nothing_is_told_in_part_as_it_may_be_a_secret(service: Service) -> None:
    code, message = await failing(sent(service, {"sender": "s3cret" * 20}))
    assert (code, "s3cret" in message) == ("WRONG_ADDRESS", False)


async def test_the_sender_is_checked_as_well(service: Service) -> None:
    code, _ = await failing(sent(service, {"sender": "Shop\nBcc: x@y.example <shop@shop.example>"}))
    assert code == "WRONG_ADDRESS"


async def test_an_address_within_a_company_is_one(service: Service) -> None:
    mail, _, _ = await sent(service, to=["ann@intranet"])
    assert mail.recipients == ("ann@intranet",)


PORTS: list[tuple[dict[str, Json], int]] = [
    ({"security": "tls"}, 465),
    ({"security": "starttls"}, 587),
    ({"port": 2525}, 2525),
]


@pytest.mark.parametrize(("server", "port"), PORTS)
async def test_the_port_follows_from_the_security(service: Service, server: dict[str, Json], port: int) -> None:
    mail, _, _ = await sent(service, server)
    assert mail.port == port


async def test_a_password_never_goes_over_a_way_that_is_not_safe(service: Service) -> None:
    code, message = await failing(sent(service, {"security": "none"}))
    assert code == "INSECURE"
    assert SECRET not in message
    mail, _, _ = await sent(service, {"security": "none", "user": None, "password": None})
    assert mail.port == 25


@pytest.mark.parametrize(
    "inputs", [{"to": []}, {"to": ["a@b.example"] * 21}, {"subject": ""}, {"text": ""}, {"cc": "x"}]
)
async def test_what_is_no_message_is_not_made(service: Service, inputs: dict[str, Json]) -> None:
    with pytest.raises(ValidationError):
        await sent(service, **inputs)
