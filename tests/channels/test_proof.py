"""What every channel does with a signature that is right, wrong, missing, or not meant for now; none is forgotten."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from conduet.engine.channel.channel import ListeningChannel
from conduet.engine.channel.inbound import Inbound, Received
from conduet.errors import Unauthorized
from tests.channels.requests import SLACK, SMS, TELEGRAM, request, slack, sms, telegram
from tests.channels.vectors import CHANNELS, FILE, configured, inbound, received
from tests.deployments.calling import SECRET, signed

MAIL = b"From: Ada <ada@shop.example>\r\nTo: help@shop.example\r\nSubject: Hi\r\nMessage-ID: <1@shop>\r\n\r\nHello!\r\n"
WEBHOOK = b'{"userId": "ada", "message": "Hello!"}'


@dataclass(frozen=True, slots=True)
class Case:
    """A request that a vendor has signed; `proof` is the header or parameter that holds it."""

    channel: ListeningChannel
    good: Inbound
    proof: str
    in_query: bool = False


def vector(name: str) -> Inbound:
    """The first recorded delivery of a channel that brings a message."""
    posted = [each for each in FILE["vectors"] if each["channel"] == name and each["method"] == "POST"]
    channel = configured(name)
    for each in posted:
        found = received(channel, each)
        if isinstance(found, Received) and found.messages and "encrypt_type" not in each["query"]:
            return inbound(each)
    raise AssertionError(name)


def own(name: str) -> ListeningChannel:
    kind = CHANNELS[name]
    config: Mapping[str, Any] = {**kind.example, "secret" if name == "webhook" else "inboundSecret": SECRET}
    channel = kind.model_validate(config)
    assert isinstance(channel, ListeningChannel)
    return channel


CASES: Mapping[str, Callable[[], Case]] = {
    "whatsapp": lambda: Case(configured("whatsapp"), vector("whatsapp"), "x-hub-signature-256"),
    "messenger": lambda: Case(configured("messenger"), vector("messenger"), "x-hub-signature-256"),
    "instagram": lambda: Case(configured("instagram"), vector("instagram"), "x-hub-signature-256"),
    "wechat": lambda: Case(configured("wechat"), vector("wechat"), "signature", in_query=True),
    "telegram": lambda: Case(
        TELEGRAM,
        telegram({"update_id": 1, "message": {"chat": {"id": 7}, "from": {"id": 7}, "text": "Hello!"}}),
        "x-telegram-bot-api-secret-token",
    ),
    "slack": lambda: Case(
        SLACK,
        slack(
            {
                "type": "event_callback",
                "event_id": "Ev1",
                "event": {"type": "message", "channel_type": "im", "channel": "D1", "user": "U1", "text": "Hello!"},
            }
        ),
        "x-slack-signature",
    ),
    "sms": lambda: Case(SMS, sms(MessageSid="SM1", From="+15551234", Body="Hello!"), "x-twilio-signature"),
    "email": lambda: Case(own("email"), request(MAIL, signed(MAIL)), "x-conduet-signature"),
    "webhook": lambda: Case(own("webhook"), request(WEBHOOK, signed(WEBHOOK)), "x-conduet-signature"),
}
EVERY = pytest.mark.parametrize("name", CASES)


def test_no_channel_is_forgotten() -> None:
    assert set(CASES) == {name for name, kind in CHANNELS.items() if issubclass(kind, ListeningChannel)}


def shown(case: Case, proof: str | None) -> Inbound:
    """The same request with another proof, or none."""
    held = dict(case.good.query if case.in_query else case.good.headers)
    if proof is None:
        del held[case.proof]
    else:
        held[case.proof] = proof
    return replace(case.good, query=held) if case.in_query else replace(case.good, headers=held)


def take(case: Case, request: Inbound) -> Received:
    case.channel.verify(request)
    return case.channel.read(request)


@EVERY
def test_what_is_signed_is_read_and_has_the_same_id_when_it_comes_again(name: str) -> None:
    case = CASES[name]()
    first, again = take(case, case.good), take(case, case.good)
    assert first.messages
    assert [each.id for each in first.messages] == [each.id for each in again.messages]


@EVERY
def test_a_wrong_a_cut_and_a_missing_proof_are_refused(name: str) -> None:
    case = CASES[name]()
    right = (case.good.query if case.in_query else case.good.headers)[case.proof]
    for proof in (None, "", right[:-1], f"{right}0", right.swapcase(), "0" * len(right), "\u00e9" * 20):
        if proof == right:
            continue
        with pytest.raises(Unauthorized):
            case.channel.verify(shown(case, proof))


# Telegram and WeChat prove who calls, and sign no body.
@pytest.mark.parametrize("name", [name for name in CASES if name not in ("telegram", "wechat")])
def test_another_body_under_the_same_proof_is_refused(name: str) -> None:
    case = CASES[name]()
    with pytest.raises(Unauthorized):
        case.channel.verify(replace(case.good, body=case.good.body.replace(b"e", b"a", 1) + b" "))


# The others send the same delivery for days: there the message's id drops what comes again.
@pytest.mark.parametrize("name", ["slack", "email", "webhook"])
def test_a_proof_that_is_old_is_refused_where_the_vendor_dates_it(name: str) -> None:
    case = CASES[name]()
    for minutes in (6, -6):
        with pytest.raises(Unauthorized):
            case.channel.verify(replace(case.good, at=case.good.at + timedelta(minutes=minutes)))
