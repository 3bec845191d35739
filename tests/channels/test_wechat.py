"""WeChat: recorded deliveries, plain and encrypted, and answers of its API that are 200 whatever they say."""

from typing import Any

import pytest

from conduet.errors import Forbidden
from tests.channels.test_whatsapp import buttons, text
from tests.channels.vectors import check, configured, inbound, received, vectors


@vectors("wechat")
def test_a_recorded_delivery_is_what_it_is(vector: dict[str, Any]) -> None:
    check(configured("wechat"), vector)


@vectors("wechat", method="GET")
def test_the_address_is_verified_by_the_token(vector: dict[str, Any]) -> None:
    channel = configured("wechat")
    if vector["expect"]["status"] == 403:
        with pytest.raises(Forbidden):
            channel.greet(inbound(vector))
    else:
        assert channel.greet(inbound(vector)).body == vector["expect"]["text"]


@vectors("wechat")
def test_an_encrypted_message_of_another_account_is_refused(vector: dict[str, Any]) -> None:
    if vector["name"] == "wechat encrypted text":
        assert received(configured("wechat", appId="wx0000000000000000"), vector) == 400
        assert received(configured("wechat", encodingAesKey=None), vector) == 400


def test_texts_of_a_turn_are_put_together_so_that_five_messages_are_enough() -> None:
    channel = configured("wechat")
    messages = channel.write([text(f"Line {n}.") for n in range(12)])
    assert len(messages) == 5
    assert [message.content["msgtype"] for message in messages] == ["text"] * 5
    assert sum(str(message.content["text"]).count("Line") for message in messages) == 12


def test_buttons_are_a_menu() -> None:
    [menu] = configured("wechat").write([text("**Which?**"), buttons("Small", "Large")])
    assert menu.content == {
        "msgtype": "msgmenu",
        "msgmenu": {
            "head_content": "Which?",
            "list": [{"id": "v0", "content": "Small"}, {"id": "v1", "content": "Large"}],
            "tail_content": "",
        },
    }
