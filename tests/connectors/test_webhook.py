import hmac
from typing import Any

import pytest
from pydantic import ValidationError

from conduet.engine.values import Json
from tests.connectors.cases import SECRET
from tests.connectors.playing import Answer, Service, failing

URL = "https://erp.bikes.example/hooks?tenant=1"


async def send(service: Service, url: str = URL, secret: str = SECRET, **payload: Json) -> Any:
    credentials: dict[str, Json] = {"url": url, "secret": secret}
    return await service.use("webhook", "send", credentials=credentials, inputs={"payload": payload})


async def test_the_receiver_can_check_who_sent_it_and_when(service: Service) -> None:
    await send(service, order="é", total=12.5)
    (sent,) = service.sent
    assert (sent.method, sent.url) == ("POST", URL)
    assert sent.headers["Content-Type"] == "application/json"
    assert sent.headers["X-Conduet-Timestamp"] == "1788251400"
    signed = hmac.new(SECRET.encode(), f"1788251400.{sent.body}".encode(), "sha256").hexdigest()
    assert sent.headers["X-Conduet-Signature"] == f"sha256={signed}"
    assert sent.json == {"order": "é", "total": 12.5}


async def test_each_call_has_a_delivery_of_its_own_and_each_try_the_same(service: Service) -> None:
    service.script = [Answer(), Answer(503, {}, {"Retry-After": "0"}), Answer()]
    await send(service)
    await send(service)
    first, second, again = (sent.headers["X-Conduet-Delivery"] for sent in service.sent)
    assert first != second
    assert second == again
    assert first.startswith("dlv_")


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (Answer(200, {"id": 7}), {"status": 200, "body": {"id": 7}}),
        (Answer(202, "accepted"), {"status": 202, "body": "accepted"}),
        (Answer(204, ""), {"status": 204, "body": ""}),
        (Answer(200, "7"), {"status": 200, "body": 7}),
    ],
)
async def test_any_2xx_is_a_success(service: Service, answer: Answer, result: Json) -> None:
    service.script = [answer]
    assert await send(service) == result


async def test_the_receiver_s_words_are_told(service: Service) -> None:
    service.script = [Answer(409, {"error": "There is such an order already."})]
    told = await failing(send(service))
    assert told == ("REFUSED", "The webhook refused the call (status 409): There is such an order already.")
    service.sent.clear()
    service.script = [Answer(410, {"error": {"message": "Gone for good."}})]
    assert (await failing(send(service)))[1].endswith("Gone for good.")


async def test_very_long_words_are_cut(service: Service) -> None:
    service.script = [Answer(400, {"error": "x" * 10_000 + "\r\n" * 50})]
    assert len((await failing(send(service)))[1]) < 400


@pytest.mark.parametrize(("url", "secret"), [("ftp://a.example", SECRET), ("a.example", SECRET), (URL, "short")])
async def test_what_is_no_webhook_is_not_called(service: Service, url: str, secret: str) -> None:
    with pytest.raises(ValidationError):
        await send(service, url, secret)
