from typing import Any

import pytest
from pydantic import ValidationError

from conduet.engine.values import Json
from tests.connectors.cases import SECRET
from tests.connectors.playing import Answer, Service, failing


async def post(service: Service, **inputs: Json) -> Any:
    return await service.use(
        "slack", "post-message", credentials={"token": SECRET}, inputs={"channel": "C1", "text": "Hello", **inputs}
    )


def posted(**more: Json) -> Answer:
    return Answer(body={"ok": True, "channel": "C1", "ts": "1.2", **more})


async def test_a_message_is_posted_as_the_documentation_has_it(service: Service) -> None:
    service.script = [posted()]
    await post(service)
    (sent,) = service.sent
    assert (sent.method, sent.url) == ("POST", "https://slack.com/api/chat.postMessage")
    assert sent.headers["Authorization"] == f"Bearer {SECRET}"
    assert sent.headers["Content-Type"] == "application/json; charset=utf-8"
    assert sent.json == {"channel": "C1", "text": "Hello", "mrkdwn": False}


async def test_what_a_user_wrote_rings_for_nobody(service: Service) -> None:
    service.script = [posted()]
    await post(service, text="<!channel> & <@U1> <https://evil.example|a link>")
    assert service.sent[0].json["text"] == "&lt;!channel&gt; &amp; &lt;@U1&gt; &lt;https://evil.example|a link&gt;"


async def test_markup_is_kept_where_it_is_meant(service: Service) -> None:
    service.script = [posted()]
    await post(service, text="*Sold*: <https://shop.example|order>", format="mrkdwn", threadTs="1.1")
    assert service.sent[0].json == {
        "channel": "C1",
        "text": "*Sold*: <https://shop.example|order>",
        "mrkdwn": True,
        "thread_ts": "1.1",
    }


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        ("channel_not_found", "REFUSED", "there is no such channel"),
        ("not_in_channel", "REFUSED", "invite it there"),
        ("msg_too_long", "REFUSED", "msg_too_long"),
        ("invalid_auth", "UNAUTHORIZED", "invalid_auth"),
        ("missing_scope", "UNAUTHORIZED", "chat:write"),
        ("ratelimited", "RATE_LIMITED", "no more calls"),
    ],
)
async def test_a_refusal_with_status_200_is_one(service: Service, error: str, code: str, words: str) -> None:
    service.script = [Answer(body={"ok": False, "error": error})]
    told = await failing(post(service))
    assert told[0] == code
    assert told[1].startswith("Slack ")
    assert words in told[1]


async def test_a_number_is_a_text_to_post(service: Service) -> None:
    service.script = [posted()]
    await post(service, text=12)
    assert service.sent[0].json["text"] == "12"


@pytest.mark.parametrize(
    "inputs", [{"text": ""}, {"text": "x" * 40_001}, {"channel": ""}, {"format": "html"}, {"bold": 1}]
)
async def test_what_cannot_be_posted_is_not_sent(service: Service, inputs: dict[str, Json]) -> None:
    with pytest.raises(ValidationError):
        await post(service, **inputs)
    assert not service.sent
