"""A vendor for each channel: how it says what people write, how it proves that, and how its API answers.

A channel without one fails `test_no_channel_is_forgotten`.
"""

import hmac
import json
import time
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha1
from typing import Any
from urllib.parse import parse_qsl, urlencode

from conduet.engine.channel.channel import ListeningChannel
from conduet.engine.channel.signing import hex_hmac, own_signature
from tests.channels.vectors import CHANNELS, FILE

OWN = "a-secret-that-both-sides-know"


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as a vendor sends it."""

    body: bytes
    headers: Mapping[str, str]
    query: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, kw_only=True)
class Vendor:
    """What a vendor does.

    `proof` is the header, or parameter, that proves who sends; one that is `dated` grows old, and of two vendors it
    covers no body. `good` is how a message of ours is accepted, with `good_id` as its id, `bad` an answer of 200 that
    is a refusal. `place` is the field that says where its API is, `foreign` another account there with the same secret.
    """

    config: Mapping[str, Any]
    proof: str
    in_query: bool = False
    dated: bool = False
    signs_body: bool = True
    good: Any = None
    good_id: str | None = None
    bad: Any = None
    place: str = "baseUrl"
    foreign: Mapping[str, Any] | None = None

    def user(self, name: str) -> str:
        """What the channel calls a user of that name."""
        return name

    def body(self, user: str, text: str, number: str) -> bytes:
        """A delivery in which a user writes a text, in the message of that number."""
        raise NotImplementedError

    def about(self, state: str, vendor_id: str) -> bytes | None:
        """A delivery that says what became of a message of ours; `None` where the vendor does not."""
        del state, vendor_id
        return None

    def sign(self, config: Mapping[str, Any], body: bytes, *, url: str, at: float) -> Sent:
        """The request that brings a body."""
        raise NotImplementedError

    def sent(
        self, config: Mapping[str, Any], body: bytes, *, url: str = "", at: float | None = None, number: str = "1"
    ) -> Sent:
        """The same, sent now, to an address."""
        sent = self.sign(config, body, url=url, at=time.time() if at is None else at)
        return Sent(body, {**sent.headers, "X-Conduet-Delivery": number}, sent.query)


class Hub(Vendor):
    """Meta."""

    def sign(self, config: Mapping[str, Any], body: bytes, *, url: str, at: float) -> Sent:
        del url, at
        return Sent(body, _json(**{"X-Hub-Signature-256": f"sha256={hex_hmac(config['appSecret'], body)}"}))


class WhatsApp(Hub):
    def body(self, user: str, text: str, number: str) -> bytes:
        return self._value(messages=[{"from": user, "id": number, "type": "text", "text": {"body": text}}])

    def about(self, state: str, vendor_id: str) -> bytes:
        return self._value(statuses=[{"id": vendor_id, "status": state}])

    def _value(self, **value: Any) -> bytes:
        whole = {"metadata": {"phone_number_id": self.config["phoneNumberId"]}, **value}
        entry = {"id": "1", "changes": [{"field": "messages", "value": whole}]}
        return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


@dataclass(frozen=True, kw_only=True)
class Messenger(Hub):
    object: str = "page"
    own: str = "pageId"

    def body(self, user: str, text: str, number: str) -> bytes:
        return self._event(sender={"id": user}, message={"mid": number, "text": text})

    def about(self, state: str, vendor_id: str) -> bytes | None:
        match state:
            case "delivered":
                return self._event(delivery={"mids": [vendor_id]})
            case "read":
                return self._event(read={"mid": vendor_id})
            case _:
                return None

    def _event(self, **event: Any) -> bytes:
        whole = {"recipient": {"id": self.config[self.own]}, **event}
        return json.dumps({"object": self.object, "entry": [{"id": "1", "messaging": [whole]}]}).encode()


class WeChat(Vendor):
    def body(self, user: str, text: str, number: str) -> bytes:
        parts = {"FromUserName": user, "MsgType": "text", "Content": text, "MsgId": number}
        inside = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in parts.items())
        return f"<xml>{inside}</xml>".encode()

    def sign(self, config: Mapping[str, Any], body: bytes, *, url: str, at: float) -> Sent:
        del url
        timestamp = str(int(at))
        signed = sorted((config["token"], timestamp, "n1"))
        signature = sha1("".join(signed).encode(), usedforsecurity=False).hexdigest()
        return Sent(body, {"Content-Type": "text/xml"}, {"signature": signature, "timestamp": timestamp, "nonce": "n1"})


class Telegram(Vendor):
    def body(self, user: str, text: str, number: str) -> bytes:
        person = {"id": int(user) if user.isdecimal() and len(user) < 15 else user}
        message = {"chat": person, "from": person, "text": text}
        return json.dumps({"update_id": number, "message": message}).encode()

    def sign(self, config: Mapping[str, Any], body: bytes, *, url: str, at: float) -> Sent:
        del url, at
        return Sent(body, _json(**{"X-Telegram-Bot-Api-Secret-Token": config["secretToken"]}))


class Slack(Vendor):
    def body(self, user: str, text: str, number: str) -> bytes:
        event = {"type": "message", "channel_type": "im", "channel": f"D{user}", "user": user, "text": text}
        return json.dumps({"type": "event_callback", "event_id": number, "event": event}).encode()

    def sign(self, config: Mapping[str, Any], body: bytes, *, url: str, at: float) -> Sent:
        del url
        timestamp = str(int(at))
        signature = hex_hmac(config["signingSecret"], b":".join((b"v0", timestamp.encode(), body)))
        return Sent(body, _json(**{"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={signature}"}))


class Sms(Vendor):
    def body(self, user: str, text: str, number: str) -> bytes:
        return urlencode({"MessageSid": number, "From": user, "Body": text}).encode()

    def about(self, state: str, vendor_id: str) -> bytes:
        return urlencode({"MessageSid": vendor_id, "MessageStatus": state}).encode()

    def sign(self, config: Mapping[str, Any], body: bytes, *, url: str, at: float) -> Sent:
        del at
        fields = sorted(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        signed = url + "".join(name + value for name, value in fields)
        digest = b64encode(hmac.digest(config["authToken"].encode(), signed.encode(), "sha1")).decode()
        return Sent(body, {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": digest})


class Signing(Vendor):
    """What is signed as we sign."""

    def sign(self, config: Mapping[str, Any], body: bytes, *, url: str, at: float) -> Sent:
        del url
        timestamp, secret = str(int(at)), config.get("secret") or config["inboundSecret"]
        signature = own_signature(secret, timestamp, body)
        return Sent(body, _json(**{"X-Conduet-Timestamp": timestamp, "X-Conduet-Signature": signature}))


class Webhook(Signing):
    def body(self, user: str, text: str, number: str) -> bytes:
        del number
        return json.dumps({"userId": user, "message": text}).encode()


class Email(Signing):
    def user(self, name: str) -> str:
        return f"u@{name}.example.com"

    def body(self, user: str, text: str, number: str) -> bytes:
        lines = (f"From: {user}", "Subject: Hi", f"Message-ID: <{number}@example.com>", "", text, "")
        return "\r\n".join(lines).encode()


def _json(**headers: str) -> Mapping[str, str]:
    return {"Content-Type": "application/json", **headers}


CONFIG = FILE["config"]
META: Mapping[str, Any] = {
    "proof": "x-hub-signature-256",
    "bad": {"error": {"code": 131047, "message": "Re-engagement message."}},
}
PLATFORM: Mapping[str, Any] = {
    **META,
    "good": {"recipient_id": "7", "message_id": "vendor-id"},
    "good_id": "vendor-id",
}
OURS: Mapping[str, Any] = {"proof": "x-conduet-signature", "dated": True}
VENDORS: Mapping[str, Vendor] = {
    "whatsapp": WhatsApp(
        config=CONFIG["whatsapp"],
        foreign={"phoneNumberId": "1"},
        good={"messages": [{"id": "vendor-id"}]},
        good_id="vendor-id",
        **META,
    ),
    "messenger": Messenger(config=CONFIG["messenger"], foreign={"pageId": "1"}, **PLATFORM),
    "instagram": Messenger(
        config=CONFIG["instagram"], foreign={"accountId": "1"}, object="instagram", own="accountId", **PLATFORM
    ),
    "wechat": WeChat(
        config={name: value for name, value in CONFIG["wechat"].items() if name != "encodingAesKey"},
        proof="signature",
        in_query=True,
        signs_body=False,
        good={"errcode": 0, "errmsg": "ok"},
        bad={"errcode": 45015, "errmsg": "response out of time limit"},
    ),
    "telegram": Telegram(
        config={"botToken": "123456:abcdefghijkl", "secretToken": "telegram-secret-for-tests"},
        proof="x-telegram-bot-api-secret-token",
        signs_body=False,
        good={"ok": True, "result": {"message_id": 5}},
        good_id="5",
        bad={"ok": False, "error_code": 400, "description": "Bad Request: chat not found"},
    ),
    "slack": Slack(
        config={"botToken": "xoxb-test", "signingSecret": "slack-secret-for-tests"},
        proof="x-slack-signature",
        dated=True,
        good={"ok": True, "ts": "17.9"},
        good_id="17.9",
        bad={"ok": False, "error": "channel_not_found"},
    ),
    "sms": Sms(
        config={"accountSid": "AC" + "0" * 32, "authToken": "twilio-token", "from": "+15017122661"},
        proof="x-twilio-signature",
        good={"sid": "SM-vendor"},
        good_id="SM-vendor",
        bad={"sid": "SM1", "status": "failed", "error_code": 21610, "error_message": "Unsubscribed recipient"},
    ),
    "email": Email(
        config={"address": "help@shop.example", "smtp": {"host": "mail.shop.example"}, "inboundSecret": OWN},
        place="",
        **OURS,
    ),
    "webhook": Webhook(
        config={"url": "https://chat.shop.example/conduet", "secret": OWN}, place="url", good="fine", **OURS
    ),
}
LISTENING = frozenset(name for name, kind in CHANNELS.items() if issubclass(kind, ListeningChannel))
"""What has a webhook."""
