"""Slack: events and presses, signed within five minutes, and messages in its own marks."""

from typing import Any

import pytest

from tests.channels.requests import SLACK, slack
from tests.channels.test_whatsapp import buttons, text
from tests.channels.vectors import actions_of


def event(**told: Any) -> dict[str, Any]:
    direct = {"type": "message", "channel_type": "im", "user": "U1", "channel": "D1", "ts": "17.1"}
    return {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": {**direct, **told}}


def test_the_address_is_verified_by_a_challenge() -> None:
    found = SLACK.read(slack({"type": "url_verification", "challenge": "3eZbrw1a"}))
    assert (found.reply.body, found.messages) == ("3eZbrw1a", ())


def test_a_direct_message_is_a_text_without_marks() -> None:
    found = SLACK.read(slack(event(text="See <https://a.example|a &amp; b> &lt;now&gt;")))
    assert actions_of(found) == [{"type": "text", "payload": "See a & b <now>"}]
    [incoming] = found.messages
    assert (incoming.id, incoming.user, incoming.to) == ("Ev1", "U1", {"channel": "D1"})


def test_a_mention_in_a_channel_is_answered_in_its_thread() -> None:
    mention = event(type="app_mention", text="<@UBOT> where is it?", channel="C1", channel_type="channel", ts="17.5")
    found = SLACK.read(slack(mention))
    assert actions_of(found) == [{"type": "text", "payload": "where is it?"}]
    [incoming] = found.messages
    assert (incoming.user, incoming.to) == ("U1:C1:17.5", {"channel": "C1", "thread_ts": "17.5"})


@pytest.mark.parametrize(
    "told",
    [
        {"bot_id": "B1", "text": "our own"},
        {"subtype": "message_changed"},
        {"channel_type": "channel", "text": "not to us"},
        {"type": "reaction_added"},
        {"text": ""},
    ],
)
def test_what_nobody_said_to_us_is_no_turn(told: dict[str, Any]) -> None:
    assert SLACK.read(slack(event(**told))).messages == ()


def test_a_press_is_the_button_and_a_file_is_told() -> None:
    press = {
        "type": "block_actions",
        "trigger_id": "t1",
        "user": {"id": "U1"},
        "channel": {"id": "D1"},
        "message": {"ts": "17.1"},
        "actions": [{"action_id": "b0", "value": "v0", "text": {"type": "plain_text", "text": "Small"}}],
    }
    request = slack(press, form=True)
    SLACK.verify(request)
    found = SLACK.read(request)
    assert actions_of(found) == [{"type": "button", "payload": {"label": "Small", "value": "v0"}}]
    assert (found.messages[0].user, found.messages[0].to) == ("U1", {"channel": "D1"})
    file = {"url_private": "https://files.slack.com/x", "mimetype": "image/png"}
    [media] = actions_of(SLACK.read(slack(event(subtype="file_share", files=[file], text=""))))
    assert media == {"type": "media", "payload": {"url": "https://files.slack.com/x", "mimeType": "image/png"}}


def test_words_are_escaped_so_that_nobody_is_rung_for() -> None:
    [said] = SLACK.write([text("**Hi** <!channel> & [site](https://a.example)")])
    assert said.content == {"text": "*Hi* &lt;!channel&gt; &amp; <https://a.example|site>"}


def test_buttons_are_elements() -> None:
    [said] = SLACK.write([text("Which?"), buttons("Small", "Large")])
    blocks: Any = said.content["blocks"]
    assert [element["value"] for element in blocks[1]["elements"]] == ["v0", "v1"]
    [many] = SLACK.write([text("Which?"), buttons(*(f"Size {n}" for n in range(26)))])
    assert (len(many.numbered), "26. Size 25" in str(many.content["text"])) == (26, True)
