"""Every target against a server of its documented shapes: success, duplicate, 429, 5xx, refusal, a break, a silence."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope, Session

from conduet.deployments.line import OutgoingLine
from conduet.engine.channel.outbound import SendFailure
from conduet.engine.channel.target import Picture, Post, Publication, Renew, Target
from conduet.engine.outside import Mail, Request, Response, Unreachable
from conduet.kit.http import AllowPrivate, Outgoing
from conduet.outbound.publishing import NEVER_SENT, NOT_SENT
from conduet.targets.discord import DiscordTarget
from conduet.targets.email import EmailTarget
from conduet.targets.linkedin import LinkedinTarget, little_text
from conduet.targets.slack import SlackTarget, SlackWebhook
from conduet.targets.webhook import WebhookTarget
from conduet.targets.x import XTarget, oauth_signature

TEXT = "Grüße <an> alle & *mehr*"
NAMES = ("linkedin", "x", "slack", "slack-webhook", "discord")
SECONDS = 1.0
"""How long a target is waited for where it says nothing."""

ACCEPTED: dict[str, tuple[int, Any, str | None]] = {
    "linkedin": (201, "", "urn:li:share:1"),
    "x": (201, {"data": {"id": "17", "text": TEXT}}, "17"),
    "slack": (200, {"ok": True, "ts": "17.9"}, "17.9"),
    "slack-webhook": (200, "ok", None),
    "discord": (200, {"id": "99"}, "99"),
    "webhook": (204, "", None),
}


@dataclass
class Api:
    """A service that answers with the next of `answers`, and what it was asked; status 0 breaks the connection off.

    Without one it takes the post, and says nothing until the test is over.
    """

    answers: list[tuple[int, Any]] = field(default_factory=list[tuple[int, Any]])
    headers: dict[str, str] = field(default_factory=dict[str, str])
    asked: list[tuple[web.Request, Any]] = field(default_factory=list[tuple[web.Request, Any]])
    url: str = ""
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append((request, await request.json()))
        if not self.answers:
            await self.over.wait()
            return web.Response()
        status, body = self.answers.pop(0)
        if status == 0 and request.transport is not None:
            request.transport.close()
        if isinstance(body, str):
            return web.Response(status=status or 500, text=body, headers=self.headers)
        return web.json_response(body, status=status, headers=self.headers)


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    found = Api()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", found.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield found
    found.over.set()
    await runner.cleanup()


def configured(name: str, url: str) -> Target:
    match name:
        case "linkedin":
            config = {"accessToken": "t", "author": "urn:li:organization:1", "baseUrl": url}
            return LinkedinTarget.model_validate(config)
        case "x":
            return XTarget.model_validate({"accessToken": "t", "baseUrl": url})
        case "slack":
            return SlackTarget.model_validate({"botToken": "xoxb", "channel": "C1", "baseUrl": url})
        case "slack-webhook":
            return SlackWebhook.model_validate({"url": f"{url}/services/1"})
        case "webhook":
            return WebhookTarget.model_validate({"url": f"{url}/posts", "secret": "a-secret-of-16-letters"})
        case _:
            return DiscordTarget.model_validate({"url": f"{url}/api/webhooks/1/t"})


class Untouched:
    """Keeps no pairs of tokens: nobody asks."""

    async def access(self, line_id: str, refresh: str, renew: Renew, *, refused: str | None = None) -> str:
        raise AssertionError(line_id, refresh, renew, refused)


class ShortLine(OutgoingLine):
    """The way out, with less patience."""

    async def call(self, request: Request) -> Response:
        return await super().call(replace(request, timeout_seconds=SECONDS))

    async def send_mail(self, mail: Mail) -> None:
        await super().send_mail(replace(mail, timeout_seconds=SECONDS))


async def publish(
    target: Target, place: str, post: Post | None = None, line: type[OutgoingLine] = OutgoingLine
) -> str | None:
    outgoing = Outgoing(AllowPrivate.parse(place.removeprefix("http://")))
    try:
        publication = Publication("dlv_1", post or Post(TEXT), datetime(2026, 11, 26, 9, tzinfo=UTC), Untouched())
        return await target.publish(publication, line(outgoing))
    finally:
        await outgoing.close()


async def refused(api: Api, name: str, status: int, body: Any) -> SendFailure:
    api.answers = [(status, body)]
    with pytest.raises(SendFailure) as raised:
        await publish(configured(name, api.url), api.url)
    return raised.value


@pytest.mark.parametrize("name", ACCEPTED)
async def test_an_accepted_post_has_the_targets_id(api: Api, name: str) -> None:
    status, body, vendor_id = ACCEPTED[name]
    api.headers = {"x-restli-id": "urn:li:share:1"}
    api.answers = [(status, body)]
    assert await publish(configured(name, api.url), api.url) == vendor_id
    assert len(api.asked) == 1


@pytest.mark.parametrize("name", NAMES)
async def test_a_503_is_tried_again_and_any_other_fault_or_a_break_is_unknown(api: Api, name: str) -> None:
    assert (await refused(api, name, 503, "<html>")).again
    for status, body in ((500, "<html>"), (504, ""), (0, "")):
        api.answers = [(status, body)]
        with pytest.raises(Unreachable) as raised:
            await publish(configured(name, api.url), api.url)
        assert raised.value.code not in ("UNREACHABLE", "TLS_FAILED")


async def test_of_what_no_answer_comes_to_nobody_knows_whether_it_is_public(api: Api) -> None:
    box = Mailbox("silence")
    calls = [publish(configured(name, api.url), api.url, line=ShortLine) for name in ACCEPTED]
    ends = await asyncio.gather(*calls, mailed(box, ShortLine), return_exceptions=True)
    assert [getattr(end, "code", end) for end in ends] == ["TIMED_OUT"] * 7
    assert "TIMED_OUT" not in NOT_SENT | NEVER_SENT
    assert (len(api.asked), len(box.got)) == (len(ACCEPTED), 1)
    # Only a system that drops doubles by their id is sent it again.
    repeating = [name for name in ACCEPTED if configured(name, api.url).repeats]
    assert (repeating, EmailTarget.repeats) == (["webhook"], False)


@pytest.mark.parametrize("status", [409, 500, 503, 504])
async def test_a_webhook_is_tried_again_whatever_it_answers_since_it_drops_doubles(api: Api, status: int) -> None:
    assert (await refused(api, "webhook", status, "")).again


@pytest.mark.parametrize("name", ACCEPTED)
async def test_a_429_waits_as_long_as_it_says(api: Api, name: str) -> None:
    api.headers = {"Retry-After": "7", "x-rate-limit-reset": str(int(time.time()) + 7)}
    failure = await refused(api, name, 429, {"retry_after": 7.0, "global": False})
    assert failure.again
    assert failure.after_seconds is not None
    assert 5 <= failure.after_seconds <= 7


@pytest.mark.parametrize(
    ("name", "status", "body", "told", "alarm"),
    [
        ("x", 403, {"detail": "You are not allowed to create a Tweet with duplicate content."}, "same text", False),
        ("linkedin", 422, {"message": "Content is a duplicate of urn:li:share:1"}, "same text", False),
        ("linkedin", 426, {"message": "Requested version is not active"}, "newer `version`", True),
        ("linkedin", 401, {"message": "Expired access token"}, "Expired", True),
        ("x", 401, {"detail": "Unauthorized"}, "credentials", True),
        ("slack", 200, {"ok": False, "error": "channel_not_found"}, "channel_not_found", False),
        ("slack", 200, {"ok": False, "error": "token_revoked"}, "token_revoked", True),
        ("slack-webhook", 400, "invalid_payload", "invalid_payload", False),
        ("slack-webhook", 410, "channel_is_archived", "channel_is_archived", True),
        ("discord", 404, {"message": "Unknown Webhook", "code": 10015}, "Unknown Webhook", False),
    ],
)
async def test_a_refusal_is_final_and_told_in_the_targets_words(
    api: Api, name: str, status: int, body: Any, told: str, alarm: bool
) -> None:
    failure = await refused(api, name, status, body)
    assert (failure.again, failure.alarm) == (False, alarm)
    assert told in failure.message


@pytest.mark.parametrize("name", ["x", "slack", "slack-webhook", "discord"])
async def test_of_nonsense_nobody_knows_whether_it_is_public(api: Api, name: str) -> None:
    api.answers = [(200, "<html>")]
    with pytest.raises(Unreachable):
        await publish(configured(name, api.url), api.url)


async def test_linkedin_gets_the_documented_body_with_its_signs_escaped(api: Api) -> None:
    api.answers = [(201, "")]
    await publish(configured("linkedin", api.url), api.url, Post("A (b) [c] #d <e> _f_ ~g @h {i} *j* k|l \\m"))
    [(request, body)] = api.asked
    assert (request.path, request.headers["X-Restli-Protocol-Version"]) == ("/rest/posts", "2.0.0")
    assert re.fullmatch(r"20\d{4}", request.headers["Linkedin-Version"])
    assert body["commentary"] == "A \\(b\\) \\[c\\] \\#d \\<e\\> \\_f\\_ \\~g \\@h \\{i\\} \\*j\\* k\\|l \\\\m"
    assert (body["author"], body["lifecycleState"]) == ("urn:li:organization:1", "PUBLISHED")
    assert little_text("plain, text. 1!") == "plain, text. 1!"


async def test_discord_pings_nobody_and_is_asked_for_the_message(api: Api) -> None:
    api.answers = [(200, {"id": "1"})]
    await publish(configured("discord", api.url), api.url, Post("@everyone", (Picture("https://shop.example/a.png"),)))
    [(request, body)] = api.asked
    assert request.query["wait"] == "true"
    assert body["allowed_mentions"] == {"parse": []}
    assert body["embeds"] == [{"image": {"url": "https://shop.example/a.png"}}]


async def test_slack_gets_its_own_marks_and_nothing_that_it_would_take_for_more(api: Api) -> None:
    api.answers = [(200, {"ok": True, "ts": "1"})]
    await publish(configured("slack", api.url), api.url, Post("**bold** [shop](https://shop.example) & <!channel>"))
    [(_, body)] = api.asked
    assert body == {"channel": "C1", "text": "*bold* <https://shop.example|shop> &amp; &lt;!channel&gt;"}


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("a" * 280, 280),
        ("Grüße", 5),
        ("日本", 4),
        ("see https://shop.example/a/very/long/path?with=more", 27),
        ("👍", 2),
        ("👩‍👩‍👧‍👧", 2),
        ("👍🏽", 2),
        ("🇩🇪", 2),
    ],
)
def test_x_counts_by_weight(text: str, length: int) -> None:
    assert configured("x", "https://api.x.com").length(text) == length


def thread(api: Api) -> XTarget:
    return XTarget.model_validate({"accessToken": "t", "thread": True, "baseUrl": api.url})


async def test_a_long_text_becomes_a_thread_each_post_of_which_answers_the_one_before(api: Api) -> None:
    text = "\n\n".join(f"Paragraph {number} says that we open on Saturdays." for number in range(9))
    api.answers = [(201, {"data": {"id": str(number)}}) for number in range(20)]
    target = thread(api)
    assert [*target.problems(Post(text))] == []
    assert await publish(target, api.url, Post(text)) == "0"
    said = [body for _, body in api.asked]
    assert [each.get("reply") for each in said] == [
        None,
        *({"in_reply_to_tweet_id": str(number)} for number in range(len(said) - 1)),
    ]
    assert " ".join(" ".join(each["text"] for each in said).split()) == " ".join(text.split())
    assert all(target.length(each["text"]) <= 280 for each in said)
    assert len(said) == 2
    [problem] = target.problems(Post("word " * 2_000))
    assert "7,000" in problem
    assert all(target.length(piece) <= 280 for piece in target.pieces("日" * 300))


async def test_of_a_thread_that_breaks_off_it_is_told_what_is_public(api: Api) -> None:
    api.answers = [(201, {"data": {"id": "0"}}), (429, {"detail": "Too many"})]
    with pytest.raises(Unreachable) as raised:
        await publish(thread(api), api.url, Post("word " * 100))
    assert (raised.value.code, "1 of 2 posts" in raised.value.message) == ("PARTLY_SENT", True)


def test_x_is_signed_as_its_documentation_shows() -> None:
    # https://docs.x.com/resources/fundamentals/authentication/oauth-1-0a/creating-a-signature
    fields = {
        "status": "Hello Ladies + Gentlemen, a signed OAuth request!",
        "include_entities": "true",
        "oauth_consumer_key": "xvz1evFS4wEEPTGEFPHBog",
        "oauth_nonce": "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg",
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": "1318622958",
        "oauth_token": "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb",
        "oauth_version": "1.0",
    }
    keys = ("kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw", "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE")
    url = "https://api.twitter.com/1.1/statuses/update.json"
    assert oauth_signature(url, fields, keys=keys) == "hCtSmYh+iHYCEqBWrE7C7hYmtUk="


async def test_x_takes_the_four_keys_of_oauth_1(api: Api) -> None:
    keys = {"apiKey": "k", "apiSecret": "s", "accessToken": "t", "accessTokenSecret": "ts"}
    api.answers = [(201, {"data": {"id": "1"}})]
    await publish(XTarget.model_validate({**keys, "baseUrl": api.url}), api.url)
    [(request, body)] = api.asked
    header = request.headers["Authorization"]
    told = dict(re.findall(r'(oauth_\w+)="([^"]*)"', header))
    assert (header[:6], told["oauth_consumer_key"], told["oauth_token"]) == ("OAuth ", "k", "t")
    assert body == {"text": TEXT}


class Mailbox:
    """A mail server that answers `answer` to each message."""

    def __init__(self, answer: str = "250 OK") -> None:
        self.answer = answer
        self.got: list[Envelope] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # the name is the library's
        self.got.append(envelope)
        if self.answer == "silence":
            await asyncio.Event().wait()
        if self.answer == "break" and server.transport is not None:
            server.transport.close()
        return self.answer


async def mailed(box: Mailbox, line: type[OutgoingLine] = OutgoingLine, **more: Any) -> str | None:
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(box, hostname="office"), "127.0.0.1", 0)
    port: int = server.sockets[0].getsockname()[1]
    config: dict[str, Any] = {"host": "127.0.0.1", "port": port, "security": "none", "sender": "news@shop.example"}
    target = EmailTarget.model_validate({**config, "to": ["ada@example.com"], **more})
    try:
        return await publish(target, f"127.0.0.1:{port}", Post("# News\n\nOpen on **Saturdays**."), line)
    finally:
        server.close()


def read(envelope: Envelope) -> EmailMessage:
    content = envelope.content
    assert isinstance(content, bytes)
    return message_from_bytes(content, EmailMessage, policy=policy.default)


async def test_an_e_mail_has_text_and_page_and_an_id_that_stays() -> None:
    box = Mailbox()
    told = await mailed(box, unsubscribeUrl="https://shop.example/off", to=["ada@example.com", "bob@example.com"])
    [envelope] = box.got
    message = read(envelope)
    assert (told, message["Message-ID"]) == ("<dlv_1@shop.example>", "<dlv_1@shop.example>")
    assert (message["Subject"], message["To"]) == ("News", "news@shop.example")
    assert envelope.rcpt_tos == ["ada@example.com", "bob@example.com"]
    assert message["List-Unsubscribe"] == "<https://shop.example/off>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    page = message.get_body(("html",))
    assert page is not None
    assert "<b>Saturdays</b>" in page.get_content()


async def test_a_subject_adds_no_header() -> None:
    box = Mailbox()
    await mailed(box, subject="News\r\nBcc: eve@example.com")
    message = read(box.got[0])
    assert message["Bcc"] is None


@pytest.mark.parametrize(("answer", "again"), [("451 Later", True), ("421 Busy", True), ("550 Never", False)])
async def test_a_mail_server_says_whether_to_come_again(answer: str, again: bool) -> None:
    with pytest.raises(SendFailure) as raised:
        await mailed(Mailbox(answer))
    assert raised.value.again == again


async def test_a_break_behind_the_message_leaves_it_unknown() -> None:
    with pytest.raises(Unreachable) as raised:
        await mailed(Mailbox("break"))
    assert raised.value.code in ("INTERRUPTED", "TIMED_OUT")
