"""Telegram: updates of every kind, and messages in HTML with inline keyboards."""

import json
from typing import Any

import pytest

from tests.channels.requests import TELEGRAM, telegram
from tests.channels.test_whatsapp import buttons, text
from tests.channels.vectors import actions_of

PERSON = {"id": 7, "first_name": "Ada"}


def message(**told: Any) -> dict[str, Any]:
    return {"update_id": 42, "message": {"message_id": 1, "from": PERSON, "chat": {"id": 7, "type": "private"}, **told}}


def actions(update: dict[str, Any]) -> list[Any]:
    return actions_of(TELEGRAM.read(telegram(update)))


def test_a_text_is_a_text_and_start_is_a_launch() -> None:
    [incoming] = TELEGRAM.read(telegram(message(text="Grüße 🌿"))).messages
    assert (incoming.id, incoming.user, incoming.to) == ("42", "7", 7)
    assert actions(message(text="Grüße 🌿")) == [{"type": "text", "payload": "Grüße 🌿"}]
    for start in ("/start", "/start campaign", "/start@ShopBot"):
        assert actions(message(text=start)) == [{"type": "launch", "payload": None}]
    assert actions(message(text="/starting"))[0]["type"] == "text"


def test_files_places_and_contacts_are_told() -> None:
    photo = [{"file_id": "small"}, {"file_id": "large"}]
    assert actions(message(photo=photo, caption="this one")) == [
        {"type": "media", "payload": {"url": "telegram:large", "mimeType": "image/jpeg"}},
        {"type": "text", "payload": "this one"},
    ]
    [voice] = actions(message(voice={"file_id": "v", "mime_type": "audio/ogg"}))
    assert voice["payload"] == {"url": "telegram:v", "mimeType": "audio/ogg"}
    assert actions(message(location={"latitude": 48.2, "longitude": 16.4}))[0]["payload"] == "48.2, 16.4"
    assert actions(message(contact={"first_name": "Bob", "phone_number": "+43"}))[0]["payload"] == "Bob +43"


def test_a_pressed_button_is_the_button_and_the_press_is_answered() -> None:
    keyboard = {"inline_keyboard": [[{"text": "Small", "callback_data": "v0"}]]}
    told = {"message_id": 1, "chat": {"id": 7}, "reply_markup": keyboard}
    update = {"update_id": 43, "callback_query": {"id": "cq", "from": PERSON, "message": told, "data": "v0"}}
    found = TELEGRAM.read(telegram(update))
    assert actions_of(found) == [{"type": "button", "payload": {"label": "Small", "value": "v0"}}]
    assert json.loads(found.reply.body) == {"method": "answerCallbackQuery", "callback_query_id": "cq"}


@pytest.mark.parametrize(
    "update",
    [
        {"update_id": 1, "edited_message": message(text="x")["message"]},
        {"update_id": 1, "my_chat_member": {}},
        message(new_chat_members=[PERSON]),
        {},
    ],
)
def test_what_nobody_said_is_no_turn(update: dict[str, Any]) -> None:
    assert TELEGRAM.read(telegram(update)).messages == ()


def test_in_a_group_each_member_has_a_conversation() -> None:
    group = message(text="Hi", chat={"id": -100, "type": "group"})
    [incoming] = TELEGRAM.read(telegram(group)).messages
    assert (incoming.user, incoming.to) == ("-100:7", -100)


def test_words_are_html_and_buttons_an_inline_keyboard() -> None:
    [said] = TELEGRAM.write([text("**a < b** & [site](https://a.example/?x=1&y=2)"), buttons("Small", "Large")])
    assert said.content == {
        "method": "sendMessage",
        "text": '<b>a &lt; b</b> &amp; <a href="https://a.example/?x=1&amp;y=2">site</a>',
        "parse_mode": "HTML",
        "reply_markup": {
            "inline_keyboard": [
                [{"text": "Small", "callback_data": "v0"}],
                [{"text": "Large", "callback_data": "v1"}],
            ]
        },
    }
    far: Any = {"type": "buttons", "payload": {"buttons": [{"id": "b", "label": "Long", "value": "x" * 65}]}}
    [many] = TELEGRAM.write([text("Which?"), far])
    assert (many.content["text"], len(many.numbered)) == ("Which?\n\n1. Long", 1)
    image: dict[str, Any] = {"type": "image", "payload": {"url": "https://a.example/b.png", "alt": "A bike"}}
    [shown] = TELEGRAM.write([image])
    assert shown.content == {"method": "sendPhoto", "photo": "https://a.example/b.png", "caption": "A bike"}
