"""E-mail out of a mailbox: fetched from a real IMAP server, handled once, answered in its thread."""

import asyncio
from email.message import EmailMessage
from typing import Any

import pytest

from tests.deployments.calling import ECHO, SECRET, Line, Place, signed
from tests.kit.http.post_office import PASSWORD, USER
from tests.webhooks.receiving import PATIENCE_SECONDS


class Box:
    """A folder of its own, and the deployment whose mail comes into it."""

    def __init__(self, line: Line, place: Place) -> None:
        self.line = line
        self.place = place
        self.folder = self.address.partition("@")[0]
        self.deployment: dict[str, Any] = {}

    @property
    def address(self) -> str:
        return f"{self.line.project.lower()}@shop.example"

    @property
    def path(self) -> str:
        return f"{self.line.path}/deployments/{self.deployment['id']}"

    def imap(self, **more: Any) -> dict[str, Any]:
        server = {"host": "127.0.0.1", "port": self.place.post.port, "security": "none", "folder": self.folder}
        return {**server, "user": USER, "password": PASSWORD, **more}

    async def deploy(self, **more: Any) -> None:
        await self.place.post.make_anew(self.folder)
        smtp = {"host": "127.0.0.1", "port": self.place.systems.mail_port, "security": "none"}
        config = {"address": self.address, "smtp": smtp, "inboundSecret": SECRET, "imap": self.imap(**more)}
        self.deployment = await self.line.deploy("email", config=config)

    async def change(self, **patch: Any) -> None:
        changed = await self.line.owner.patch(self.path, json=patch)
        assert changed.status_code == 200, changed.text

    async def visit(self) -> None:
        """Has the mailbox looked at now: a change does it."""
        await self.change(config={"launchFirst": False})

    async def put(self, *mails: bytes) -> None:
        await self.place.post.put(*mails, folder=self.folder)

    async def until_read(self) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                if not await self.place.post.unread(self.folder):
                    return
                await asyncio.sleep(0.05)

    async def until(self, problem: str | None) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                found = (await self.line.owner.get(self.path)).json()["problem"]
                if found == problem:
                    return
                await asyncio.sleep(0.05)

    async def answers(self, count: int) -> list[EmailMessage]:
        """What went out from the address, once it is so much."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                found = [mail for mail in self.place.systems.mails if mail["From"] == self.address]
                if len(found) >= count:
                    return found
                await asyncio.sleep(0.05)

    async def messages(self) -> list[str]:
        return [each["id"] for each in await self.line.log(self.deployment, "messages")]


@pytest.fixture
async def box(line: Line, place: Place) -> Box:
    await line.publish(ECHO)
    return Box(line, place)


def mail(number: str, words: str = "Ada", *lines: str, sender: str = "ada@example.com") -> bytes:
    head = (f"From: Ada <{sender}>", "Subject: Hello", f"Message-ID: <{number}@example.com>", *lines)
    return "\r\n".join((*head, "", words, "")).encode()


async def test_mail_is_handled_once_however_often_and_whichever_way_it_comes(box: Box) -> None:
    await box.deploy()
    await box.put(mail("m1"))
    await box.visit()
    [hello] = await box.answers(1)
    assert (hello["To"], hello["Subject"], hello["In-Reply-To"]) == (
        "ada@example.com",
        "Re: Hello",
        "<m1@example.com>",
    )
    await box.until_read()
    # The process ended before it was marked as read; and the folder is another, by its numbers.
    await box.place.post.mark_unread(box.folder)
    await box.visit()
    await box.until_read()
    await box.place.post.make_anew(box.folder)
    await box.put(mail("m1"), mail("m2", "Grace", "In-Reply-To: " + hello["Message-ID"]))
    # Meanwhile the mail server has posted the second one too, as Unix writes it.
    posted = mail("m2", "Grace", "In-Reply-To: " + hello["Message-ID"]).replace(b"\r\n", b"\n")
    told = await box.line.outside.post(box.deployment["webhookUrl"], content=posted, headers=signed(posted))
    assert told.status_code == 200
    await box.visit()
    await box.until_read()
    _, hi = await box.answers(2)
    assert hi["In-Reply-To"] == "<m2@example.com>"
    assert sorted(await box.messages()) == ["<m1@example.com>", "<m2@example.com>"]
    await box.line.until(box.deployment, lambda found: all(each["status"] == "accepted" for each in found))
    assert len(await box.answers(2)) == 2


async def test_machines_and_who_means_harm_hold_up_nobody_and_get_no_answer(box: Box) -> None:
    await box.deploy()
    deep = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(60))
    await box.put(
        mail("a1", "I am away.", "Auto-Submitted: auto-replied"),
        mail("a2", "No such user.", sender="MAILER-DAEMON@example.com"),
        mail("a3", "What I said.", sender=box.address.upper()),
        b"From: eve@example.com\r\n" + deep,
        b"From: eve@example.com\r\n" + b"X-Bomb: x\r\n" * 3_000,
        b"\x00\xff nothing of the kind",
        mail("m1", "x" * 2_000_000),
    )
    await box.visit()
    await box.until_read()
    assert await box.messages() == ["<m1@example.com>"]
    [answer] = await box.answers(1)
    assert answer["To"] == "ada@example.com"


async def test_the_mailbox_is_looked_at_as_long_as_the_deployment_is_on(box: Box) -> None:
    await box.deploy()
    await box.change(enabled=False)
    await box.put(mail("m1"))
    await box.visit()
    await box.change(enabled=True)
    await box.until_read()
    await box.answers(1)
    await box.change(config={"imap": None})
    await box.put(mail("m2"))
    await box.change(enabled=False)
    await box.change(enabled=True)
    assert (await box.messages(), await box.place.post.unread(box.folder)) == (["<m1@example.com>"], 1)
    removed = await box.line.owner.delete(box.path)
    assert removed.status_code == 204


async def test_a_refusal_is_told_in_the_servers_words_until_it_is_mended(box: Box) -> None:
    await box.deploy(password="wrong")
    told = f"127.0.0.1 does not let {USER} in: [AUTHENTICATIONFAILED] Invalid authentication credentials."
    await box.until(f"No mail can be fetched. {told}")
    checked = (await box.line.owner.post(f"{box.path}/check")).json()
    assert checked == {"status": "refused", "account": None, "problem": told}
    # A server may repeat what it was shown.
    await box.change(config={"imap": {"password": "credentials"}})
    await box.until(f"No mail can be fetched. {told.replace('credentials', '…')}")
    await box.put(mail("m1"))
    await box.change(config={"imap": {"password": PASSWORD}})
    await box.until_read()
    await box.until(None)
    checked = (await box.line.owner.post(f"{box.path}/check")).json()
    assert checked == {"status": "accepted", "account": box.address, "problem": None}
    # A server that is away is no problem of anybody's here.
    await box.change(config={"imap": {"port": 1, "host": "127.0.0.1"}})
    shown = (await box.line.owner.get(box.path)).json()
    assert (shown["problem"], shown["secretsSet"]) == (None, ["imap", "inboundSecret", "smtp"])
