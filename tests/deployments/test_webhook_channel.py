"""The `webhook` channel, from a customer's system and back to it."""

import asyncio
import hmac
import json
import time
from typing import Any

import httpx2
import pytest

from benchmarks.served import Place as Served
from conduet.deployments.configuration import reseal_deployments
from conduet.kit.crypto import KeyRing
from conduet.settings import Settings
from tests.deployments.calling import ECHO, SECRET, Line, signed, texts
from tests.engine.talk import line as flow
from tests.engine.talk import step, workflow


async def test_what_a_user_writes_is_answered_signed_by_a_call_to_the_customer(line: Line) -> None:
    await line.publish(ECHO)
    shop = await line.deploy(config={"url": f"{line.receiver.url}/chat", "secret": SECRET, "launchFirst": False})
    told = await line.tell(shop, {"userId": "ada", "action": {"type": "launch", "payload": None}}, delivery="first")
    assert (told.status_code, told.json()) == (200, {"accepted": True})
    [event] = await line.receiver.wait(1)
    assert (event["type"], texts(event)) == ("traces", ["Hello!"])
    assert (event["data"]["userId"], event["data"]["inReplyTo"]) == ("ada", "first")
    headers, body = line.receiver.came[0]
    digest = hmac.digest(SECRET.encode(), headers["X-Conduet-Timestamp"].encode() + b"." + body, "sha256").hex()
    assert headers["X-Conduet-Signature"] == f"sha256={digest}"
    assert abs(time.time() - int(headers["X-Conduet-Timestamp"])) < 60
    assert headers["X-Conduet-Delivery"] == event["id"]
    [delivery] = await line.until(shop, lambda found: found[0]["status"] == "accepted")
    assert (delivery["id"], delivery["userId"], delivery["attempts"]) == (event["id"], "webhook:ada", 1)


async def test_who_writes_first_is_greeted_and_then_answered_in_one_delivery(line: Line) -> None:
    await line.publish(ECHO)
    shop = await line.deploy()
    await line.say(shop, "ada", "Ada")
    [event] = await line.receiver.wait(1)
    assert texts(event) == ["Hello!", "Hi Ada."]
    await line.say(shop, "ada", "again")
    await line.receiver.wait(2)
    assert len([text for text in texts(line.receiver.events[1]) if text == "Hello!"]) <= 1


async def test_a_delivery_that_comes_again_is_accepted_and_answered_once(line: Line) -> None:
    await line.publish(flow(step("hello", "message", text="Hello!")))
    shop = await line.deploy()
    said = {"userId": "ada", "message": "Hi"}
    told = await asyncio.gather(*(line.tell(shop, said, delivery="same") for _ in range(5)))
    assert [answer.status_code for answer in told] == [200] * 5
    await line.receiver.wait(1)
    assert (await line.tell(shop, said, delivery="same")).status_code == 200
    [arrived] = await line.until(shop, lambda found: found[0]["status"] == "done", name="messages")
    assert (arrived["id"], arrived["userId"]) == ("same", "webhook:ada")
    await asyncio.sleep(0.4)
    assert len(line.receiver.came) == len(await line.log(shop)) == 1


async def test_messages_of_a_user_are_answered_in_their_order_and_those_of_others_do_not_wait(line: Line) -> None:
    slow = flow(step("wait", "delay", seconds=0.3), step("say", "message", text="{{sys.lastAction.payload}}"))
    await line.publish(slow)
    shop = await line.deploy(config={"url": f"{line.receiver.url}/chat", "secret": SECRET, "launchFirst": False})
    for text in ("one", "two", "three"):
        await line.say(shop, "ada", text)
    await line.say(shop, "bob", "quick")
    events = await line.receiver.wait(4)
    assert [texts(event)[-1] for event in events if event["data"]["userId"] == "ada"] == ["one", "two", "three"]
    assert [event["data"]["userId"] for event in events].index("bob") < 3


async def test_an_address_that_does_not_answer_is_tried_again_with_the_same_delivery(line: Line) -> None:
    await line.publish(flow(step("hello", "message", text="Hello!")))
    line.receiver.answers = [503]
    shop = await line.deploy()
    await line.say(shop, "ada", "Hi")
    await line.until(shop, lambda found: [each["status"] for each in found] == ["pending"] and found[0]["problem"])
    first, second = await line.receiver.wait(2)
    assert first == second
    [delivery] = await line.until(shop, lambda found: found[0]["status"] == "accepted")
    assert (delivery["attempts"], delivery["problem"]) == (2, None)


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ({"message": "Hi"}, "userId"),
        ({"userId": "ada"}, "message"),
        ({"userId": "ada", "message": "Hi", "action": {"type": "launch", "payload": None}}, "message"),
        ({"userId": "ada", "action": {"type": "shout", "payload": "Hi"}}, "action"),
        ({"userId": "ada", "message": "Hi", "more": 1}, "more"),
    ],
)
async def test_what_is_signed_but_cannot_be_read_is_told_by_path(line: Line, said: Any, path: str) -> None:
    shop = await line.deploy()
    answer = await line.tell(shop, said)
    assert answer.status_code == 400
    assert answer.json()["details"][0]["path"] == path
    assert await line.log(shop, "messages") == []


async def test_variables_come_with_a_message_and_a_wrong_one_fails_it(line: Line) -> None:
    await line.publish(
        flow(step("say", "message", text="{{tier}} {{sys.platform}}")), variables=[{"name": "tier", "type": "number"}]
    )
    shop = await line.deploy()
    await line.tell(shop, {"userId": "ada", "message": "Hi", "variables": {"tier": 3}})
    [event] = await line.receiver.wait(1)
    assert texts(event)[-1] == "3 webhook"
    await line.tell(shop, {"userId": "bob", "message": "Hi", "variables": {"tier": "gold"}})
    [failed, _] = await line.until(shop, lambda found: found[0]["status"] != "waiting", name="messages")
    assert failed["status"] == "failed"
    assert "tier" in failed["problem"]


async def test_a_user_with_any_name_has_one_conversation(line: Line) -> None:
    await line.publish(ECHO)
    shop = await line.deploy()
    name = "Ádá \N{GRINNING FACE} " * 20
    await line.say(shop, name, "Ada")
    [event] = await line.receiver.wait(1)
    assert event["data"]["userId"] == name
    [arrived] = await line.log(shop, "messages")
    assert arrived["userId"].startswith("webhook:")
    state = await line.owner.get(f"{line.path}/conversations/{arrived['userId']}/state")
    assert state.json()["variables"]["said"] == "Ada"


async def test_where_nothing_is_published_it_says_what_to_do_and_works_once_that_is_done(line: Line) -> None:
    await line.save(flow(step("hello", "message", text="Hello!")))
    shop = await line.deploy()
    await line.say(shop, "ada", "Hi")
    await line.until(shop, lambda found: found[0]["status"] == "failed", name="messages")
    seen = (await line.owner.get(f"{line.path}/deployments/{shop['id']}")).json()
    assert seen["status"] == "needs attention"
    assert "publish" in seen["problem"]
    await line.publish(flow(step("hello", "message", text="Hello!")))
    await line.say(shop, "ada", "Hi")
    await line.until(shop, lambda found: bool(found) and found[0]["status"] == "accepted")
    seen = (await line.owner.get(f"{line.path}/deployments/{shop['id']}")).json()
    assert (seen["status"], seen["problem"]) == ("ready", None)


async def test_a_deployment_may_serve_the_draft(line: Line) -> None:
    await line.save(flow(step("hello", "message", text="Draft.")))
    shop = await line.deploy(versionId="development")
    await line.say(shop, "ada", "Hi")
    [event] = await line.receiver.wait(1)
    assert texts(event)[0] == "Draft."
    assert "debug" not in {trace["type"] for trace in event["data"]["traces"]}


async def test_what_is_switched_off_takes_nothing_and_sends_nothing(line: Line) -> None:
    await line.publish(flow(step("hello", "message", text="Hello!")))
    line.receiver.answers = [500]
    shop = await line.deploy()
    await line.say(shop, "ada", "Hi")
    await line.receiver.wait(1)
    off = await line.owner.patch(f"{line.path}/deployments/{shop['id']}", json={"enabled": False})
    assert (off.status_code, off.json()["status"]) == (200, "off")
    assert (await line.tell(shop, {"userId": "ada", "message": "Hi"})).status_code == 404
    [delivery] = await line.until(shop, lambda found: found[0]["status"] == "failed")
    assert "off" in delivery["problem"]
    on = await line.owner.patch(f"{line.path}/deployments/{shop['id']}", json={"enabled": True})
    assert on.json()["status"] == "ready"
    resent = await line.owner.post(f"{line.path}/deployments/{shop['id']}/deliveries/{delivery['id']}/resend")
    assert (resent.status_code, resent.json()["status"]) == (200, "pending")
    [delivery] = await line.until(shop, lambda found: found[0]["status"] == "accepted")
    again = await line.owner.post(f"{line.path}/deployments/{shop['id']}/deliveries/{delivery['id']}/resend")
    assert again.status_code == 409


async def test_an_address_inside_is_not_called(line: Line) -> None:
    await line.publish(flow(step("hello", "message", text="Hello!")))
    shop = await line.deploy(config={"url": "http://127.0.0.1:9/", "secret": SECRET})
    await line.say(shop, "ada", "Hi")
    [delivery] = await line.until(shop, lambda found: bool(found) and found[0]["status"] == "failed")
    assert "not allowed" in delivery["problem"]


async def test_a_transcript_names_the_channel(line: Line) -> None:
    await line.publish(flow(step("hello", "message", text="Hello!")))
    shop = await line.deploy()
    await line.say(shop, "ada", "Hi")
    await line.receiver.wait(1)
    [transcript] = (await line.owner.get(f"{line.path}/transcripts")).json()
    assert (transcript["platform"], transcript["userId"]) == ("webhook", "webhook:ada")


async def test_a_vendor_is_counted_by_its_deployment_and_who_guesses_by_address(line: Line) -> None:
    shop = await line.deploy()
    told = await line.tell(shop, {"userId": "ada"})
    assert (told.status_code, told.headers["X-RateLimit-Limit"]) == (400, "3000")
    # A window may end meanwhile, so that a second one begins.
    statuses: set[int] = set()
    for _ in range(601):
        guessed = await line.outside.post(shop["webhookUrl"], content=b"{}")
        assert guessed.headers["X-RateLimit-Limit"] == "300"
        statuses.add(guessed.status_code)
        if guessed.status_code == 429:
            break
    assert statuses == {401, 429}
    assert (await line.tell(shop, {"userId": "ada", "message": "Hi"})).status_code == 200


async def test_what_a_person_allows_is_told_to_the_user_at_the_channel(line: Line) -> None:
    tool = {
        "id": "t_refund",
        "name": "refund",
        "description": "Gives money back.",
        "type": "function",
        "config": {"code": "return {done: true}"},
        "approval": "person",
    }
    refund = workflow(
        "main",
        step("refund", "tool", toolId="t_refund"),
        step("done", "message", text="Refunded."),
        step("no", "message", text="Not refunded."),
        wires="start > refund, refund > done, refund.error > no",
    )
    await line.publish(refund, tools=[tool])
    shop = await line.deploy()
    await line.tell(shop, {"userId": "ada", "action": {"type": "launch", "payload": None}})
    [asked] = await line.receiver.wait(1)
    assert "approval" in {trace["type"] for trace in asked["data"]["traces"]}
    [approval] = (await line.owner.get(f"{line.path}/approvals")).json()
    said = await line.owner.post(f"{line.path}/approvals/{approval['id']}", json={"approved": True})
    assert said.status_code == 200, said.text
    _, told = await line.receiver.wait(2)
    assert (told["data"]["userId"], texts(told)) == ("ada", ["Refunded."])
    await asyncio.sleep(0.4)
    assert len(line.receiver.came) == 2


async def test_secrets_outlive_a_new_key_of_the_server(line: Line, own_settings: Settings) -> None:
    made = await line.deploy()
    ring = KeyRing.rotate(own_settings.data)
    assert line.database.write_now(lambda tx: reseal_deployments(tx, ring)) >= 1
    assert line.database.write_now(lambda tx: reseal_deployments(tx, ring)) == 0
    assert (await line.tell(made, {"userId": "ada", "message": "Hi"})).status_code == 200


@pytest.mark.slow
async def test_a_kill_loses_no_message_and_takes_no_turn_twice(
    line: Line, own_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Two processes share the work; one of them dies in the midst of it.
    monkeypatch.setenv("CONDUET_ALLOW_PRIVATE_URLS", line.receiver.place.split("/")[0])
    count = step("count", "set", assignments=[{"variable": "count", "expression": "count + 1"}])
    slow = flow(step("wait", "delay", seconds=0.2), count, step("say", "message", text="{{count}}"))
    await line.publish(slow, variables=[{"name": "count", "type": "number", "default": 0}])
    shop = await line.deploy(config={"url": f"{line.receiver.url}/chat", "secret": SECRET, "launchFirst": False})
    doomed = Served(own_settings.data, own_settings.database).serve("--no-demo")
    try:
        await asyncio.to_thread(doomed.wait_ready)
        async with httpx2.AsyncClient(base_url=doomed.url, trust_env=False, timeout=60) as outside:
            for number in range(30):
                body = json.dumps({"userId": f"user_{number % 10}", "message": str(number)}).encode()
                headers = signed(body, delivery=f"kill-{number}")
                answer = await outside.post(shop["webhookUrl"], content=body, headers=headers)
                assert answer.status_code == 200
        await line.receiver.wait(1)
    finally:
        doomed.kill()
    async with asyncio.timeout(60):
        while True:
            if len({event["id"] for event in line.receiver.events}) == 30:
                break
            await asyncio.sleep(0.05)
    said: dict[str, list[str]] = {}
    for event in {event["id"]: event for event in line.receiver.events}.values():
        said.setdefault(event["data"]["userId"], []).extend(texts(event))
    assert said == {f"user_{number}": ["1", "2", "3"] for number in range(10)}
