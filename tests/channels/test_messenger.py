"""Messenger: recorded deliveries, and rich messages in its shapes."""

from typing import Any

import pytest

from conduet.errors import Forbidden
from tests.channels.test_whatsapp import buttons, text
from tests.channels.vectors import check, configured, inbound, vectors


@vectors("messenger")
def test_a_recorded_delivery_is_what_it_is(vector: dict[str, Any]) -> None:
    check(configured("messenger"), vector)


@vectors("messenger", method="GET")
def test_the_address_is_verified_by_the_word(vector: dict[str, Any]) -> None:
    channel = configured("messenger")
    if vector["expect"]["status"] == 403:
        with pytest.raises(Forbidden):
            channel.greet(inbound(vector))
    else:
        assert channel.greet(inbound(vector)).body == vector["expect"]["text"]


def test_buttons_are_quick_replies_and_too_many_a_numbered_text() -> None:
    channel = configured("messenger")
    [few] = channel.write([text("**Which?**"), buttons("Small", "Large")])
    assert few.content == {
        "text": "Which?",
        "quick_replies": [
            {"content_type": "text", "title": "Small", "payload": "v0"},
            {"content_type": "text", "title": "Large", "payload": "v1"},
        ],
    }
    [many] = channel.write([text("Which?"), buttons(*(f"Size {n}" for n in range(14)))])
    assert len(many.numbered) == 14


def test_a_carousel_is_a_generic_template() -> None:
    cards: list[Any] = [
        {"title": f"Bike {n}", "buttons": [{"id": "b", "label": "Buy", "value": f"buy {n}"}]} for n in range(11)
    ]
    first, second = configured("messenger").write([{"type": "carousel", "payload": {"cards": cards}}])
    elements: Any = first.content["attachment"]
    assert len(elements["payload"]["elements"]) == 10
    assert elements["payload"]["elements"][0]["buttons"] == [{"type": "postback", "title": "Buy", "payload": "buy 0"}]
    rest: Any = second.content["attachment"]
    assert len(rest["payload"]["elements"]) == 1
