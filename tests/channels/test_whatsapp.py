"""WhatsApp: recorded deliveries, and what its API is asked."""

from typing import Any

import pytest

from conduet.engine.channel.outbound import Message
from conduet.errors import Forbidden
from tests.channels.vectors import check, configured, inbound, vectors

LONG = "A line of some length. " * 300


def written(*traces: dict[str, Any]) -> list[Message]:
    return [*configured("whatsapp").write([{**trace, "time": ""} for trace in traces])]


def text(message: str) -> dict[str, Any]:
    return {"type": "text", "payload": {"message": message}}


def buttons(*labels: str) -> dict[str, Any]:
    shown = [{"id": f"b{n}", "label": label, "value": f"v{n}"} for n, label in enumerate(labels)]
    return {"type": "buttons", "payload": {"buttons": shown}}


@vectors("whatsapp")
def test_a_recorded_delivery_is_what_it_is(vector: dict[str, Any]) -> None:
    check(configured("whatsapp"), vector)


@vectors("whatsapp", method="GET")
def test_the_address_is_verified_by_the_word(vector: dict[str, Any]) -> None:
    channel = configured("whatsapp")
    if vector["expect"]["status"] == 403:
        with pytest.raises(Forbidden):
            channel.greet(inbound(vector))
    else:
        assert channel.greet(inbound(vector)).body == vector["expect"]["text"]


def test_markdown_is_written_in_its_signs_and_long_texts_are_split() -> None:
    [message] = written(text("# Hi\n\n**bold** and *it* `x` [site](https://a.example)\n\n- one\n- two"))
    assert message.content["text"] == {
        "body": "*Hi*\n\n*bold* and _it_ `x` site (https://a.example)\n\n• one\n• two",
        "preview_url": True,
    }
    bodies: list[Any] = [message.content["text"] for message in written(text(LONG))]
    assert [len(body["body"]) <= 4096 for body in bodies] == [True, True]
    assert " ".join(body["body"] for body in bodies) == LONG.strip()


def test_up_to_three_buttons_are_replies_more_are_a_list_and_the_rest_a_numbered_text() -> None:
    [few] = written(text("Which?"), buttons("Small", "Large"))
    assert few.content["interactive"] == {
        "type": "button",
        "body": {"text": "Which?"},
        "action": {
            "buttons": [
                {"type": "reply", "reply": {"id": "v0", "title": "Small"}},
                {"type": "reply", "reply": {"id": "v1", "title": "Large"}},
            ]
        },
    }
    [listed] = written(text("Which?"), buttons(*(f"Size {n}" for n in range(10))))
    interactive: Any = listed.content["interactive"]
    assert (interactive["type"], len(interactive["action"]["sections"][0]["rows"])) == ("list", 10)
    [many] = written(text("Which?"), buttons(*(f"Size {n}" for n in range(11))))
    body: Any = many.content["text"]
    assert body["body"].startswith("Which?\n\n1. Size 0\n2. Size 1\n")
    assert [button.value for button in many.numbered] == [f"v{n}" for n in range(11)]
    [alike] = written(text("Which?"), buttons("The very same beginning: red", "The very same beginning: blue"))
    assert len(alike.numbered) == 2


def test_a_card_is_its_picture_and_then_its_words_with_buttons() -> None:
    card = {
        "title": "Bike",
        "description": "Red.",
        "imageUrl": "https://a.example/b.png",
        "buttons": [
            {"id": "b", "label": "Buy", "value": "buy"},
            {"id": "m", "label": "More", "url": "https://a.example/more"},
        ],
    }
    image, words = written({"type": "card", "payload": card})
    assert image.content == {"type": "image", "image": {"link": "https://a.example/b.png"}}
    interactive: Any = words.content["interactive"]
    assert interactive["body"]["text"] == "*Bike*\nRed.\nMore: https://a.example/more"


def test_what_is_not_for_the_person_is_not_sent_and_a_failure_is_one_apology() -> None:
    quiet = ("debug", "tool-call", "knowledge", "phase", "typing", "end", "approval")
    nothing: dict[str, Any] = {}
    assert written(*({"type": kind, "payload": nothing} for kind in quiet)) == []
    error = {"type": "error", "payload": {"code": "X", "message": "Stack trace"}}
    [apology] = written(error, error)
    assert "Stack" not in str(apology.content)
    assert len(written(text("Hi"), error)) == 1
