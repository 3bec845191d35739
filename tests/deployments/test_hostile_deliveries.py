"""What a webhook does with deliveries that nobody means well by; each is properly signed unless it says otherwise."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.channels.vendors import LISTENING, VENDORS
from tests.deployments.calling import Line
from tests.engine.talk import line as flow
from tests.engine.talk import step

EVERY = pytest.mark.parametrize("name", sorted(LISTENING))
JSON_BODIES = pytest.mark.parametrize("name", ["whatsapp", "messenger", "instagram", "telegram", "slack", "webhook"])
MB = 1024 * 1024
# Text that does not shrink: an index takes long texts as long as they do.
RANDOM = "".join(chr(97 + (n * n * 7919 + n * n * n) % 26) for n in range(10_000))
ODD = (b"[]", b"null", b"1", b'"x"', b'{"entry": 5}', b'{"entry": [[]], "object": []}', b'{"message": [], "event": 1}')


async def serves_on(line: Line, deployment: dict[str, Any], *, kept: int = 0) -> None:
    """Nothing but what is meant was kept, and the next delivery is taken."""
    assert len(await line.log(deployment, "messages")) == kept
    user = VENDORS[deployment["channel"]].user("1001")
    assert (await line.post(deployment, line.said(deployment, user, "Hi", number="after"))).status_code == 200
    assert len(await line.log(deployment, "messages")) == kept + 1


@JSON_BODIES
async def test_json_that_is_nested_cut_or_no_text_is_refused(line: Line, name: str) -> None:
    shop = await line.open(name)
    good = VENDORS[name].body("1001", "Hi", "m1")
    for body, status in (
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, 413),
        (b"[" * 10_000, 413),
        (good.replace(b'"Hi"', b'"\\u0000"'), 400),
        (good.replace(b'"Hi"', b'"\\ud800"'), 400),
        (good.replace(b'"Hi"', b'"\xff\xfe"'), 400),
        (good[:-5], 400),
        (b"", 400),
        (b"{}" * 3, 400),
    ):
        answer = await line.post(shop, line.sign(shop, body))
        assert (answer.status_code, "code" in answer.json()) == (status, True), body[:30]
    await serves_on(line, shop)


@EVERY
async def test_what_has_another_shape_brings_nothing(line: Line, name: str) -> None:
    shop = await line.open(name)
    huge = b'{"update_id": %b, "message": {"chat": {"id": %b}}}' % (b"9" * 100_000, b"9" * 30)
    for body in (*ODD, huge):
        answer = await line.post(shop, line.sign(shop, body))
        assert answer.status_code in (200, 400), answer.text
    await serves_on(line, shop)


async def test_more_messages_than_a_vendor_puts_together_are_refused_whole(line: Line) -> None:
    phone = await line.open("whatsapp")
    told = json.loads(VENDORS["whatsapp"].body("1001", "Hi", "m1"))
    value = told["entry"][0]["changes"][0]["value"]
    [message] = value["messages"]
    for kind, count in (("messages", 1001), ("messages", 30_000), ("statuses", 1001)):
        value["messages"], value["statuses"] = [], []
        each = {"id": "x", "status": "read"} if kind == "statuses" else message
        value[kind] = [{**each, "id": f"m{number}"} for number in range(count)]
        answer = await line.post(phone, line.sign(phone, json.dumps(told).encode()))
        assert answer.status_code == 413, answer.text
    await serves_on(line, phone)


async def test_xml_that_reaches_out_or_grows_is_refused(line: Line) -> None:
    shop = await line.open("wechat")
    grows = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    inside = "<FromUserName>1001</FromUserName><MsgType>text</MsgType><MsgId>1</MsgId><Content>&a9;</Content>"
    for body in (
        f'<!DOCTYPE xml [<!ENTITY a0 "ha">{grows}]><xml>{inside}</xml>',
        '<!DOCTYPE xml [<!ENTITY a9 SYSTEM "file:///etc/passwd">]><xml>' + inside + "</xml>",
        '<!DOCTYPE xml SYSTEM "http://127.0.0.1:9/x.dtd"><xml/>',
        f"<xml>{inside}</xml>",
        "<xml><MsgType>text</xml>",
        "<xml>" * 100_000,
        "<xml><Content>\0</Content></xml>",
        "",
    ):
        assert (await line.post(shop, line.sign(shop, body.encode()))).status_code == 400, body[:40]
    # Three million lines in one element, and a hundred thousand levels: nothing takes long.
    for body in (
        f"<xml><A>{chr(10) * (3 * MB - 100)}</A></xml>",
        "<xml>" + "<a>" * 100_000 + "</a>" * 100_000 + "</xml>",
    ):
        assert (await line.post(shop, line.sign(shop, body.encode()))).status_code == 200
    await serves_on(line, shop)


async def test_a_form_of_more_fields_than_there_are_is_refused_before_it_is_believed(line: Line) -> None:
    shop = await line.open("sms")
    for body in (b"a&" * (MB + MB // 2 - 1), b"&".join(b"f%d=1" % number for number in range(501))):
        headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": "x"}
        answer = await line.outside.post(shop["webhookUrl"], content=body, headers=headers)
        assert answer.status_code == 400
    await serves_on(line, shop)


@EVERY
async def test_names_that_no_index_or_text_can_hold_are_kept_as_a_hash_or_left_out(line: Line, name: str) -> None:
    shop, vendor = await line.open(name), VENDORS[name]
    user = vendor.user("1001")
    # Of a message it is known that it came, whatever it is called.
    kept = 0 if name == "webhook" else 1
    for _ in range(2):
        answer = await line.post(shop, line.said(shop, user, "Hi", number=RANDOM))
        assert answer.status_code == (200 if kept else 400), answer.text
    # Nobody is called so, and nobody could be answered.
    stranger = f"{RANDOM}@example.com" if name == "email" else RANDOM
    answer = await line.post(shop, line.said(shop, stranger, "Hi", number="m3"))
    assert answer.status_code in (200, 400), answer.text
    await serves_on(line, shop, kept=kept)


@pytest.mark.parametrize("name", ["sms", "email"])
async def test_what_no_database_keeps_is_shown_as_such(line: Line, name: str) -> None:
    await line.publish(flow(step("say", "message", text="{{sys.lastAction.payload}}")))
    shop = await line.open(name, launchFirst=False)
    user = VENDORS[name].user("1001")
    # An id with a NUL, a text with one, and a person with one.
    for who, text, number in ((user, "Hi", "m\0"), (user, "a\0b", "m2"), (f"\0{user}", "Hi", "m3")):
        answer = await line.post(shop, line.said(shop, who, text, number=number))
        assert answer.status_code == 200, answer.text
    found = await line.until(
        shop, lambda found: len(found) >= 2 and all(each["status"] == "done" for each in found), name="messages"
    )
    assert len(found) == 2
    [told, *_] = [each for each in await line.log(shop) if "\ufffd" in json.dumps(each["content"], ensure_ascii=False)]
    assert "a\ufffdb" in json.dumps(told["content"], ensure_ascii=False)


@EVERY
async def test_of_several_proofs_none_is_picked_out(line: Line, name: str) -> None:
    shop, vendor = await line.open(name), VENDORS[name]
    sent = line.said(shop, vendor.user("1001"), "Hi", number="m1")
    held = dict(sent.query if vendor.in_query else {key.lower(): value for key, value in sent.headers.items()})
    right = held.pop(vendor.proof)
    rest = [(key, value) for key, value in (sent.query if vendor.in_query else held).items() if key != vendor.proof]
    for shown in (
        (right, "wrong"),
        ("wrong", right),
        (f"{right}, wrong",),
        (f"wrong,{right}",),
        (right, right),
        ("\u00e4" * 20,),
        (right[:-1] + "\u00ff",),
        (right + "\u00e9",),
    ):
        proofs = [(vendor.proof, each) for each in shown]
        if vendor.in_query:
            answer = await line.outside.post(
                shop["webhookUrl"], content=sent.body, headers=sent.headers, params=[*rest, *proofs]
            )
        else:
            raw = [(key.encode(), value.encode("latin-1")) for key, value in (*rest, *proofs)]
            answer = await line.outside.post(shop["webhookUrl"], content=sent.body, headers=raw)
        assert answer.status_code == 401, (shown, answer.text)
        assert right not in answer.text
    await serves_on(line, shop)


async def test_a_body_is_counted_as_it_comes_whatever_it_says(line: Line) -> None:
    shop = await line.open("webhook")

    async def pieces(count: int) -> AsyncIterator[bytes]:
        for _ in range(count):
            yield b" " * MB

    # Without a length, as it is streamed.
    answer = await line.outside.post(shop["webhookUrl"], content=pieces(4))
    assert (answer.status_code, answer.json()["code"]) == (413, "PAYLOAD_TOO_LARGE")
    assert (await line.outside.post(shop["webhookUrl"], content=pieces(3))).status_code == 401
    body = b'{"userId": "ada", "message": "' + b"x" * 3 * MB + b'"}'
    assert (await line.post(shop, line.sign(shop, body))).status_code == 413
    await serves_on(line, shop)


@EVERY
async def test_what_is_not_ours_to_take_is_not_there(line: Line, name: str) -> None:
    vendor, shop, other = VENDORS[name], await line.open(name), await line.open(name)
    user = vendor.user("1001")
    said = line.said(other, user, "Hi", number="m1")
    # Another tenant's deployment has its own secret: what ours is proven by proves nothing there.
    secrets = {key: value for key, value in vendor.config.items() if key in other["secretsSet"] and key != "smtp"}
    changed = {key: f"{value}x" for key, value in secrets.items()}
    path = f"{line.path}/deployments/{other['id']}"
    assert (await line.owner.patch(path, json={"config": changed})).status_code == 200
    with capture_logs() as lines:
        assert (await line.post(other, said)).status_code == 401
    assert not any(secret in repr(lines) for secret in {**secrets, **changed}.values())
    if vendor.foreign is not None:
        assert (await line.owner.patch(path, json={"config": {**secrets, **vendor.foreign}})).status_code == 200
        assert (await line.post(other, said)).status_code == 200
    assert await line.log(other, "messages") == []
    await line.owner.patch(path, json={"config": secrets, "enabled": False})
    assert (await line.post(other, said)).status_code == 404
    assert await line.log(other, "messages") == []
    assert (await line.owner.delete(path)).status_code == 204
    assert (await line.post(other, said)).status_code == 404
    await serves_on(line, shop)
