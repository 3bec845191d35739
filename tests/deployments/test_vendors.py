"""A vendor's channel from its webhook to its API: recorded deliveries through the whole of the server."""

import json
from typing import Any

import pytest

from conduet.engine.channel.signing import hex_hmac
from tests.channels.vectors import FILE
from tests.deployments.calling import ECHO, PNG, Line
from tests.engine.talk import line as flow
from tests.engine.talk import step, workflow

CONFIG = FILE["config"]["whatsapp"]
USER = "whatsapp:16505551234"


@pytest.fixture
async def phone(line: Line) -> dict[str, Any]:
    """A WhatsApp deployment whose API is the receiver."""
    return await line.deploy("whatsapp", config={**CONFIG, "baseUrl": f"{line.receiver.url}/vendor"})


async def deliver(line: Line, phone: dict[str, Any], vector: dict[str, Any]) -> int:
    body, headers = vector["body"].encode(), vector["headers"]
    return (await line.outside.post(phone["webhookUrl"], content=body, headers=headers)).status_code


def recorded(name: str) -> dict[str, Any]:
    return next(each for each in FILE["vectors"] if each["name"] == name)


def told(**value: Any) -> dict[str, Any]:
    """A delivery of our own making, signed."""
    whole = {"metadata": {"phone_number_id": CONFIG["phoneNumberId"]}, **value}
    changes = [{"field": "messages", "value": whole}]
    body = json.dumps({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": changes}]})
    signature = f"sha256={hex_hmac(CONFIG['appSecret'], body.encode())}"
    return {"body": body, "headers": {"X-Hub-Signature-256": signature, "Content-Type": "application/json"}}


def text(words: str, *, number: str = "w1", **more: Any) -> dict[str, Any]:
    sent = {"from": "16505551234", "id": number, "type": "text", "text": {"body": words}}
    return told(messages=[{**sent, **more}])


def bodies(line: Line) -> list[Any]:
    """What the vendor's API was asked, without what marks a reader."""
    return [json.loads(body) for _, body in line.receiver.came]


async def test_a_recorded_message_is_answered_by_the_vendors_api(line: Line, phone: dict[str, Any]) -> None:
    await line.publish(ECHO)
    assert await deliver(line, phone, recorded("whatsapp text")) == 200
    await line.receiver.wait(2)
    assert [(body["to"], body["text"]["body"]) for body in bodies(line)] == [
        ("16505551234", "Hello!"),
        ("16505551234", "Hi Grüße, ist das auch in Grün da? 🌿."),
    ]
    headers, _ = line.receiver.came[0]
    assert headers["Authorization"] == f"Bearer {CONFIG['accessToken']}"
    assert await deliver(line, phone, recorded("whatsapp the same delivery again")) == 200
    [arrived] = await line.until(phone, lambda found: found[0]["status"] == "done", name="messages")
    assert arrived["userId"] == USER


async def test_the_address_is_verified_and_a_wrong_signature_stores_nothing(line: Line, phone: dict[str, Any]) -> None:
    for vector in FILE["vectors"]:
        if vector["channel"] == "whatsapp" and vector["method"] == "GET":
            answer = await line.outside.get(phone["webhookUrl"], params=vector["query"])
            assert answer.status_code == vector["expect"]["status"]
            if answer.status_code == 200:
                assert answer.text == vector["expect"]["text"]
    assert await deliver(line, phone, recorded("whatsapp wrong signature")) == 401
    assert await line.log(phone, "messages") == []


async def test_a_typed_number_is_the_button_that_was_numbered(line: Line, phone: dict[str, Any]) -> None:
    await line.owner.patch(f"{line.path}/deployments/{phone['id']}", json={"config": {"launchFirst": False}})
    sizes = [{"id": f"s{n}", "label": f"Size {n}", "value": f"value {n}"} for n in range(11)]
    wires = ", ".join(f"size.s{n} > {'twelve' if n == 4 else 'other'}" for n in range(11))
    await line.publish(
        workflow(
            "main",
            step("size", "buttons", text="Which size?", buttons=sizes),
            step("twelve", "message", text="The fifth."),
            step("other", "message", text="Another."),
            wires=f"start > size, {wires}",
        )
    )
    launch = {"from": "16505551234", "id": "w0", "type": "text", "text": {"body": "Hi"}}
    await deliver(line, phone, told(messages=[launch]))
    await line.until(phone, lambda found: any("11. Size 10" in str(each["content"]) for each in found))
    await deliver(line, phone, text(" 5. ", number="w5"))
    await line.until(phone, lambda found: any("The fifth." in str(each["content"]) for each in found))


async def test_a_scoped_id_and_a_phone_number_are_one_person(line: Line, phone: dict[str, Any]) -> None:
    await line.publish(ECHO)
    await deliver(line, phone, text("Ada"))
    await line.receiver.wait(2)
    known = [{"wa_id": "16505551234", "user_id": "US.1"}]
    both = {"from": "16505551234", "id": "w2", "type": "text", "text": {"body": "again"}}
    await deliver(line, phone, told(contacts=known, messages=[both]))
    scoped = {"from_user_id": "US.1", "id": "w3", "type": "text", "text": {"body": "and again"}}
    await deliver(line, phone, told(messages=[scoped]))
    found = await line.until(
        phone, lambda found: len(found) == 3 and all(each["status"] == "done" for each in found), name="messages"
    )
    assert {each["userId"] for each in found} == {USER}
    last = (await line.receiver.wait(4))[-1]
    assert last["to"] == "US.1"


def picture(number: str) -> dict[str, Any]:
    image = {"id": number, "mime_type": "image/jpeg", "caption": "Look"}
    return told(messages=[{"from": "16505551234", "id": f"w-{number}", "type": "image", "image": image}])


async def test_a_file_is_fetched_with_the_credentials_and_kept(line: Line, phone: dict[str, Any]) -> None:
    say = step(
        "say", "message", text="It is at {{sys.lastAction.payload.url}} and is {{sys.lastAction.payload.mimeType}}."
    )
    await line.publish(flow(say))
    await line.owner.patch(f"{line.path}/deployments/{phone['id']}", json={"config": {"launchFirst": False}})
    assert await deliver(line, phone, picture("77")) == 200
    await line.receiver.wait(1)
    words = bodies(line)[0]["text"]["body"]
    url = words.split(" ")[3]
    assert (url.startswith("http://conduet.test/api/v1/files/file_"), words.endswith("is image/png.")) == (True, True)
    got = await line.outside.get(url)
    assert (got.status_code, got.content, got.headers["Content-Type"]) == (200, PNG, "image/png")
    # It is its user's, and goes with them.
    assert (await line.owner.delete(f"{line.path}/users/{USER}")).status_code == 204
    assert (await line.outside.get(url)).status_code == 404


async def test_a_file_that_is_kept_here_is_uploaded_where_it_is_shown(line: Line, phone: dict[str, Any]) -> None:
    """Its address is this server's, which nobody outside may reach."""
    await line.publish(flow(step("show", "media", kind="image", url="{{sys.lastAction.payload.url}}")))
    await line.owner.patch(f"{line.path}/deployments/{phone['id']}", json={"config": {"launchFirst": False}})
    image = {"from": "16505551234", "id": "w-78", "type": "image", "image": {"id": "78", "mime_type": "image/jpeg"}}
    assert await deliver(line, phone, told(messages=[image])) == 200
    await line.until(phone, lambda found: bool(found) and found[-1]["status"] == "accepted")
    [(_, given), (_, said)] = line.receiver.came
    assert PNG in given
    assert json.loads(said)["image"] == {"id": "media-1"}


async def test_a_file_that_cannot_be_had_is_told_by_its_name(line: Line, phone: dict[str, Any]) -> None:
    await line.publish(flow(step("say", "message", text="It is at {{sys.lastAction.payload.url}}.")))
    await line.owner.patch(f"{line.path}/deployments/{phone['id']}", json={"config": {"launchFirst": False}})
    assert await deliver(line, phone, picture("gone")) == 200
    await line.receiver.wait(1)
    assert bodies(line)[0]["text"]["body"] == "It is at whatsapp:gone."


async def test_two_who_are_one_are_written_to_where_they_wrote_last(line: Line, phone: dict[str, Any]) -> None:
    await line.publish(ECHO)
    await deliver(line, phone, text("Hi"))
    await line.receiver.wait(2)
    merged = await line.owner.post(f"{line.path}/conversations/{USER}/merge", json={"into": "ada"})
    assert (merged.status_code, merged.json()["variables"]["said"]) == (200, "Hi")
    await deliver(line, phone, text("Again", number="w2"))
    await line.receiver.wait(3)
    assert {body["to"] for body in bodies(line)} == {"16505551234"}
    [newest, *_] = await line.log(phone, "messages")
    assert newest["userId"] == "ada"
