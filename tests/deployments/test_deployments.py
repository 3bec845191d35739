"""Rows 18 to 21: a project is put on channels, configured, and taken off them."""

import asyncio
import time
from typing import Any

import pytest

from conduet.deployments import store
from conduet.kit.db import Tx
from tests.deployments.calling import SECRET, Line

URL = "https://chat.shop.example/conduet"
TELEGRAM = {"botToken": "123456:abcdefghijkl", "secretToken": "telegram-secret-for-tests"}
CONFIG = {"url": URL, "secret": SECRET}


async def test_the_widget_is_a_deployment_without_a_webhook(line: Line) -> None:
    made = await line.deploy("web", name="Shop")
    assert {name: made[name] for name in ("channel", "name", "config", "enabled", "webhookUrl", "status")} == {
        "channel": "web",
        "name": "Shop",
        "config": {},
        "enabled": True,
        "webhookUrl": None,
        "status": "ready",
    }
    [listed] = (await line.owner.get(f"{line.path}/deployments")).json()
    assert listed == made == (await line.owner.get(f"{line.path}/deployments/{made['id']}")).json()
    for method in ("GET", "POST"):
        answer = await line.outside.request(method, f"/api/v1/channels/{made['id']}/webhook")
        assert answer.status_code == 404


async def test_a_secret_is_taken_kept_and_never_told(line: Line) -> None:
    made = await line.deploy("webhook", config=CONFIG)
    assert (made["config"], made["secretsSet"]) == ({"url": URL}, ["secret"])
    assert made["webhookUrl"] == f"/api/v1/channels/{made['id']}/webhook"
    path = f"{line.path}/deployments/{made['id']}"
    changed = await line.owner.patch(path, json={"config": {"url": f"{URL}/2"}, "name": "Two"})
    assert (changed.json()["config"], changed.json()["secretsSet"]) == ({"url": f"{URL}/2"}, ["secret"])
    for answer in (changed, await line.owner.get(path), await line.owner.get(f"{line.path}/deployments")):
        assert SECRET not in answer.text
    assert (await line.tell(made, {"userId": "ada", "message": "Hi"})).status_code == 200
    await line.owner.patch(path, json={"config": {"secret": "another-secret-of-16"}})
    assert (await line.tell(made, {"userId": "ada", "message": "Hi"})).status_code == 401


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"channel": "pigeon"}, "channel"),
        ({}, "channel"),
        ({"channel": "web", "config": {"colour": "red"}}, "config.colour"),
        ({"channel": "webhook", "config": {"url": URL}}, "config.secret"),
        ({"channel": "webhook", "config": {**CONFIG, "url": "ftp://shop.example"}}, "config.url"),
        ({"channel": "webhook", "config": {**CONFIG, "secret": "short"}}, "config.secret"),
        ({"channel": "slack", "config": {"bot_token": SECRET, "signing_secret": SECRET}}, "config.botToken"),
        ({"channel": "web", "name": ""}, "name"),
        ({"channel": "web", "enabled": "yes"}, "enabled"),
        ({"channel": "web", "versionId": "ver_none"}, "versionId"),
        ({"channel": "web", "more": 1}, "more"),
    ],
)
async def test_what_makes_no_sense_is_told_by_its_path(line: Line, body: dict[str, Any], path: str) -> None:
    answer = await line.owner.post(f"{line.path}/deployments", json=body)
    assert answer.status_code == 400, answer.text
    assert answer.json()["details"][0]["path"] == path
    assert SECRET not in answer.text


async def test_a_change_that_makes_no_sense_changes_nothing(line: Line) -> None:
    made = await line.deploy("webhook", config=CONFIG)
    path = f"{line.path}/deployments/{made['id']}"
    for body, where in (
        ({"channel": "web"}, "channel"),
        ({"config": {"secret": None}}, "config.secret"),
        ({"config": {"url": 5}, "name": "New"}, "config.url"),
        ({"versionId": "ver_none"}, "versionId"),
    ):
        answer = await line.owner.patch(path, json=body)
        assert (answer.status_code, answer.json()["details"][0]["path"]) == (400, where)
    assert (await line.owner.get(path)).json() == made
    assert (await line.owner.patch(path, json={"channel": "webhook"})).status_code == 200


async def test_of_two_changes_at_once_both_hold(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    update = store.update_deployment

    def after_looking(tx: Tx, changed: store.Deployment) -> None:
        time.sleep(0.3)
        update(tx, changed)

    made = await line.deploy("web", name="One")
    path = f"{line.path}/deployments/{made['id']}"
    monkeypatch.setattr(store, "update_deployment", after_looking)
    asked = [line.owner.patch(path, json=each) for each in ({"name": "Two"}, {"enabled": False})]
    assert [answer.status_code for answer in await asyncio.gather(*asked)] == [200, 200]
    left = (await line.owner.get(path)).json()
    assert (left["name"], left["enabled"]) == ("Two", False)


async def test_a_removed_deployment_is_gone_with_its_logs(line: Line) -> None:
    made = await line.deploy("webhook", config=CONFIG)
    assert (await line.tell(made, {"userId": "ada", "message": "Hi"})).status_code == 200
    path = f"{line.path}/deployments/{made['id']}"
    assert (await line.owner.delete(path)).status_code == 204
    for answer in (
        await line.owner.get(path),
        await line.owner.delete(path),
        await line.owner.patch(path, json={"enabled": True}),
        await line.owner.get(f"{path}/messages"),
        await line.owner.get(f"{path}/deliveries"),
        await line.owner.post(f"{path}/deliveries/dlv_1/resend"),
        await line.tell(made, {"userId": "ada", "message": "Hi"}),
    ):
        assert answer.status_code == 404
    assert (await line.owner.get(f"{line.path}/deployments")).json() == []


async def test_the_channels_and_their_fields_are_in_the_schema(line: Line) -> None:
    channels = {each["type"]: each for each in (await line.outside.get("/api/v1/schema")).json()["channels"]}
    assert channels["web"]["webhook"] is False
    assert (channels["webhook"]["webhook"], channels["webhook"]["secrets"]) == (True, ["secret"])
    fields = channels["webhook"]["configSchema"]["properties"]
    assert fields["secret"]["control"] == "secret"
    assert all(field["description"] for field in fields.values())


async def test_a_get_of_a_webhook_that_is_not_verified_so_is_forbidden(line: Line) -> None:
    made = await line.deploy("webhook", config=CONFIG)
    answer = await line.outside.get(made["webhookUrl"], params={"hub.challenge": "1"})
    assert (answer.status_code, answer.json()["code"]) == (403, "FORBIDDEN")


async def test_the_vendor_is_asked_whose_the_credentials_are(line: Line) -> None:
    secrets = {"accessToken": "EAAG", "appSecret": "0" * 32, "verifyToken": "word"}
    config = {"phoneNumberId": "106", **secrets, "baseUrl": f"{line.receiver.url}/vendor"}
    phone = await line.deploy("whatsapp", config=config)
    path = f"{line.path}/deployments/{phone['id']}/check"
    found = await line.owner.post(path)
    assert (found.status_code, found.json()) == (200, {"status": "accepted", "account": "Shop", "problem": None})
    nobody = await line.deploy("whatsapp", config={**config, "phoneNumberId": "106", "baseUrl": "http://127.0.0.1:9"})
    found = (await line.owner.post(f"{line.path}/deployments/{nobody['id']}/check")).json()
    assert (found["status"], found["account"]) == ("unknown", None)
    other = await line.deploy("telegram", config={**TELEGRAM, "baseUrl": f"{line.receiver.url}/api"})
    line.receiver.answers = [401]
    found = (await line.owner.post(f"{line.path}/deployments/{other['id']}/check")).json()
    assert (found["status"], found["account"]) == ("refused", None)
    shop = await line.deploy("webhook", config=CONFIG)
    asked = await line.owner.post(f"{line.path}/deployments/{shop['id']}/check")
    assert asked.json() == {"status": "unasked", "account": None, "problem": None}


async def test_a_test_message_goes_to_who_is_named_or_wrote_last(line: Line) -> None:
    shop = await line.deploy()
    path = f"{line.path}/deployments/{shop['id']}/test"
    refused = await line.owner.post(path, json={"text": "Hi"})
    assert (refused.status_code, refused.json()["details"][0]["path"]) == (400, "to")
    sent = await line.owner.post(path, json={"text": "Hi", "to": "ada"})
    assert (sent.status_code, sent.json()["userId"], sent.json()["status"]) == (200, "webhook:ada", "pending")
    [event] = await line.receiver.wait(1)
    assert (event["data"]["userId"], event["data"]["traces"][0]["payload"]["message"]) == ("ada", "Hi")
    pages = await line.deploy("web")
    assert (
        await line.owner.post(f"{line.path}/deployments/{pages['id']}/test", json={"text": "Hi"})
    ).status_code == 400
    await line.owner.patch(f"{line.path}/deployments/{shop['id']}", json={"enabled": False})
    assert (await line.owner.post(path, json={"text": "Hi", "to": "ada"})).status_code == 400
