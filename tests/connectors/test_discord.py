from typing import Any

import pytest
from pydantic import ValidationError

from conduet.engine.values import Json
from tests.connectors.playing import Answer, Service, failing

URL = "https://discord.com/api/webhooks/123456789012345678/a-token_of-this"


async def post(service: Service, url: str = URL, **inputs: Json) -> Any:
    inputs = {"text": "Hello", **inputs}
    return await service.use("discord", "post-message", credentials={"webhookUrl": url}, inputs=inputs)


async def test_a_message_is_posted_and_mentions_nobody(service: Service) -> None:
    service.script = [Answer(body={"id": "1", "channel_id": "2"})]
    await post(service, text="@everyone look", username="Shop")
    (sent,) = service.sent
    assert (sent.method, sent.url, sent.query["wait"]) == ("POST", URL, "true")
    assert sent.json == {"content": "@everyone look", "allowed_mentions": {"parse": []}, "username": "Shop"}


async def test_the_service_s_own_words_are_told(service: Service) -> None:
    service.script = [Answer(404, {"message": "Unknown Webhook", "code": 10015})]
    assert await failing(post(service)) == ("NOT_FOUND", "Discord does not know what was asked for: Unknown Webhook")
    service.script = [Answer(400, {"code": 50035, "message": "Invalid Form Body", "errors": {}})]
    service.sent.clear()
    assert await failing(post(service)) == ("REFUSED", "Discord refused the call (status 400): Invalid Form Body")


async def test_a_limit_is_told(service: Service) -> None:
    body: Json = {"message": "You are being rate limited.", "retry_after": 64.57, "global": False}
    service.script = [Answer(429, body, {"Retry-After": "65", "X-RateLimit-Scope": "shared"})]
    code, message = await failing(post(service))
    assert code == "RATE_LIMITED"
    assert message == ("Discord takes no more calls for now, and asks to wait 65 seconds: You are being rate limited.")


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/api/webhooks/1/token",
        "https://discord.com.evil.example/api/webhooks/1/token",
        "http://discord.com/api/webhooks/1/token",
        "https://discord.com/api/webhooks/1/../../users/@me",
        "https://discord.com/api/webhooks/1/token?wait=false",
        "https://discord.com/api/webhooks/one/token",
        "https://me@discord.com/api/webhooks/1/token",
    ],
)
async def test_what_is_no_webhook_of_discord_is_not_called(service: Service, url: str) -> None:
    with pytest.raises(ValidationError):
        await post(service, url)
    assert not service.sent


@pytest.mark.parametrize("host", ["discordapp.com/api", "ptb.discord.com/api", "discord.com/api/v10"])
async def test_every_address_that_discord_gives_out_is_one(service: Service, host: str) -> None:
    service.script = [Answer(body={"id": "1"})]
    assert await post(service, f"https://{host}/webhooks/1/token") == {"id": "1", "channelId": None}


async def test_a_text_that_discord_would_not_take_is_not_sent(service: Service) -> None:
    with pytest.raises(ValidationError):
        await post(service, text="x" * 2001)
