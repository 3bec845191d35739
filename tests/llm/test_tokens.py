"""Estimates are near what tokenizers count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conduet.llm.message import Assistant, Image, ModelRequest, System, Text, ToolCall, ToolResult, ToolSpec, User
from conduet.llm.tokens import IMAGE, estimate, estimate_request, estimate_text, fits

# Counted with `o200k_base`.
COUNTED = {
    "We are sorry to hear that your order has not arrived yet. Could you please tell us the order number?": 22,
    "Es tut uns leid, dass Ihre Bestellung noch nicht angekommen ist. Könnten Sie uns die Bestellnummer sagen?": 23,
    "很抱歉您的订单还没有送到。请您告诉我们订单号和收货地址好吗？": 22,
    "ご注文の商品がまだ届いていないとのこと、大変申し訳ございません。": 19,
    '{"order":{"id":"A-1009","state":"sent","items":[{"sku":"BIKE-12","count":2,"price":129.95}]}}': 35,
}


@pytest.mark.parametrize("text", COUNTED)
def test_an_estimate_is_within_a_third_of_the_count(text: str) -> None:
    assert COUNTED[text] * 0.8 <= estimate_text(text) <= COUNTED[text] * 1.34


@given(st.text(), st.text())
def test_more_text_is_never_fewer_tokens(text: str, more: str) -> None:
    assert 0 <= estimate_text(text) <= estimate_text(text + more) + 1


@given(st.lists(st.text().map(User) | st.text().map(Assistant)), st.integers(0, 200))
def test_what_surely_fits_does_fit(messages: list[User | Assistant], tokens: int) -> None:
    assert not fits(messages, tokens) or sum(map(estimate, messages)) <= tokens


def test_pictures_and_calls_count_when_it_is_seen_whether_messages_fit() -> None:
    called = Assistant("", (ToolCall("call_1", "find_order", "{}"),))
    for message in (User((Text("Look"), Image(b"x"))), called, ToolResult("call_1", "find_order", "Hello")):
        assert fits([message], 2000)
        assert not fits([message], estimate(message) - 1)


def test_everything_in_a_message_counts() -> None:
    text = "word " * 100
    plain = estimate(User(text))
    assert estimate(User((Text(text), Image(b"x")))) == plain + IMAGE
    assert estimate(System(text)) == plain
    assert estimate(ToolResult("call_1", "find_order", text)) == plain
    assert estimate(Assistant(text, (ToolCall("call_1", "find_order", '{"number":"A-1009"}'),))) > plain


def test_a_request_counts_its_tools_and_its_schema() -> None:
    messages = (User("Hello"),)
    tool = ToolSpec("find_order", "Finds an order.", {"properties": {"number": {"type": "string"}}})
    bare = estimate_request(ModelRequest(messages))
    assert bare < estimate_request(ModelRequest(messages, tools=(tool,)))
    assert bare < estimate_request(ModelRequest(messages, schema=tool.parameters))
