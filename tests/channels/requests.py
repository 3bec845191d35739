"""Requests as vendors send them, signed for the channels of these tests."""

import hmac
import json
import time
from base64 import b64encode
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from conduet.channels.slack import Slack
from conduet.channels.sms import Sms
from conduet.channels.telegram import Telegram
from conduet.engine.channel.inbound import Inbound

TELEGRAM = Telegram.model_validate({"botToken": "123456:abcdefghijkl", "secretToken": "telegram-secret-for-tests"})
SLACK = Slack.model_validate({"botToken": "xoxb-test", "signingSecret": "slack-secret-for-tests"})
SMS = Sms.model_validate({"accountSid": "AC" + "0" * 32, "authToken": "twilio-token", "from": "+15017122661"})
URL = "https://conduet.test/api/v1/channels/dep_1/webhook"


def request(body: bytes, headers: dict[str, str], *, query: dict[str, str] | None = None) -> Inbound:
    lower = {name.lower(): value for name, value in headers.items()}
    return Inbound("POST", URL, query or {}, lower, body, datetime.now(UTC))


def telegram(update: dict[str, Any], *, secret: str = TELEGRAM.secret_token) -> Inbound:
    return request(json.dumps(update).encode(), {"X-Telegram-Bot-Api-Secret-Token": secret})


def slack(told: Any, *, form: bool = False, at: float | None = None, secret: str = SLACK.signing_secret) -> Inbound:
    body = json.dumps(told).encode()
    if form:
        body = urlencode({"payload": body.decode()}).encode()
    timestamp = str(int(time.time() if at is None else at))
    digest = hmac.digest(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, "sha256").hex()
    kind = "application/x-www-form-urlencoded" if form else "application/json"
    headers = {"Content-Type": kind, "X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}"}
    return request(body, headers)


def sms(*, secret: str = SMS.auth_token, url: str = URL, **form: str) -> Inbound:
    signed = url + "".join(name + form[name] for name in sorted(form))
    digest = b64encode(hmac.digest(secret.encode(), signed.encode(), "sha1")).decode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": digest}
    return request(urlencode(form).encode(), headers)
