"""E-mail out of a mailbox: fetched from a real IMAP server, handled once, answered in its thread."""

import asyncio
import re
from email.message import EmailMessage
from typing import Any

import pytest
import sqlalchemy as sa

from conduet.conversations.store.files import AN_HOUR
from conduet.deployments.tables import channel_delivery
from conduet.kit.clock import milliseconds, now
from conduet.kit.db import Tx
from tests.deployments.calling import ECHO, PNG, SECRET, Line, Place, signed
from tests.engine.talk import line as flow
from tests.engine.talk import step
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


HOUR_MS = 60 * 60 * 1000
LAST = flow(step("say", "message", text="{{sys.lastAction | json}}"))
PDF = b"%PDF-1.7 invoice"
ZIP = b"PK\x03\x04" + b"\0" * 1000


def with_files(number: str, *files: tuple[str, bytes], words: str = "See this.") -> bytes:
    found = EmailMessage()
    found["From"], found["Subject"], found["Message-ID"] = "ada@example.com", "Files", f"<{number}@example.com>"
    found.set_content(words)
    for name, content in files:
        found.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return found.as_bytes()


def words_of(answer: EmailMessage) -> str:
    body: Any = answer.get_body(("plain",))
    return body.get_content().replace("\n", "")


async def test_files_in_a_mail_are_kept_told_before_its_words_and_what_is_not_taken_is_said(
    box: Box, line: Line
) -> None:
    await line.publish(LAST)
    await box.deploy()
    await box.visit()
    mail = with_files("f1", ("../\u202egnp.exe", PNG), ("invoice.txt", PDF), ("all.zip", ZIP))
    await box.put(mail)
    await box.visit()
    [answer] = await box.answers(1)
    said = words_of(answer)
    first, second = re.findall(r"/api/v1/files/file_[\w-]{43}", said)
    assert re.findall(r"image/png|application/pdf|See this", said) == [
        "image/png",
        "application/pdf",
        "See this",
    ]
    assert "[all.zip was not taken: A file is a PNG, JPEG, GIF or WebP picture, or a PDF" in said
    for url, content, name in ((first, PNG, "gnp.exe.png"), (second, PDF, "invoice.txt.pdf")):
        got = await line.outside.get(url)
        assert (got.status_code, got.content) == (200, content)
        assert got.headers["Content-Disposition"].endswith(f"''{name}")
    # The same mail by the other way brings no second file.
    kept = sa.text("select count(*) from user_file where project_id = :project")
    told = await line.outside.post(box.deployment["webhookUrl"], content=mail, headers=signed(mail))
    assert told.status_code == 200
    assert line.database.read_now(lambda tx: tx.execute(kept, {"project": line.project}).scalar_one()) == 2


async def test_no_more_files_are_taken_than_of_a_page(box: Box, line: Line) -> None:
    await line.publish(LAST)
    await box.deploy()
    await box.visit()
    for number in range(3):
        await box.put(with_files(f"f{number}", *((f"{each}.png", PNG) for each in range(11))))
    await box.visit()
    answers = [words_of(each) for each in await box.answers(3)]
    assert sum(each.count("/api/v1/files/") for each in answers) == AN_HOUR
    assert "[10.png was not taken: A message has at most 10 files.]" in answers[0]
    assert f"A user sends at most {AN_HOUR} files an hour." in answers[2]


async def test_a_file_of_ten_megabytes_comes_and_a_larger_one_does_not(box: Box, line: Line) -> None:
    await line.publish(LAST)
    await box.deploy()
    await box.visit()
    megabyte = 1024 * 1024
    for number, size in (("f1", 10 * megabyte), ("f2", 10 * megabyte + 1), ("f3", 16 * megabyte)):
        mail = with_files(number, ("a.png", PNG.ljust(size, b"x")))
        told = await line.outside.post(box.deployment["webhookUrl"], content=mail, headers=signed(mail))
        assert told.status_code == (413 if number == "f3" else 200)
    one, other = sorted([words_of(each) for each in await box.answers(2)], key=len, reverse=True)
    assert "image/png" in one
    assert "[a.png was not taken: A file has at most 10 MB.]" in other


async def test_a_machine_that_does_not_say_so_is_answered_for_a_while_only(box: Box, line: Line) -> None:
    await line.publish(flow(step("say", "message", text="Thank you for your message.")))
    await box.deploy()
    await box.visit()
    path = f"{line.path}/conversations"

    async def answered(number: str, *, sender: str, status: str) -> None:
        """A mail comes, and its answer goes, or does not."""
        before = len(await line.log(box.deployment))
        said = mail(number, "I am away.", sender=sender)
        told = await line.outside.post(box.deployment["webhookUrl"], content=said, headers=signed(said))
        assert told.status_code == 200
        done = ("accepted", "failed")
        found = await line.until(
            box.deployment, lambda found: len(found) == before + 1 and all(each["status"] in done for each in found)
        )
        assert found[0]["status"] == status, found[0]

    for number in range(10):
        await answered(f"m{number}", sender="machine@example.com", status="accepted")
    for number in (10, 11):
        await answered(f"m{number}", sender="machine@example.com", status="failed")
    [latest, *_] = await line.log(box.deployment)
    assert latest["problem"].startswith("reply_limit: 10 answers have gone to this address within an hour")
    assert len([each for each in box.place.systems.mails if each["To"] == "machine@example.com"]) == 10
    # What it wrote stands in its conversation, and others are answered.
    state = (await line.owner.get(f"{path}/email:machine@example.com/state")).json()
    assert len([each for each in state["history"] if each["role"] == "user"]) == 12
    await answered("a1", sender="ada@example.com", status="accepted")
    # A person may write to whom they like.
    inbox = f"{line.path}/inbox/email:machine@example.com"
    assert (await line.owner.post(f"{inbox}/take")).status_code == 200
    assert (await line.owner.post(f"{inbox}/reply", json={"text": "Who are you?"})).status_code == 200
    await line.until(box.deployment, lambda found: "Who are you?" in str(found[0]) and found[0]["status"] == "accepted")
    assert (await line.owner.post(f"{inbox}/hand-back", json={})).status_code == 200

    def an_hour_later(tx: Tx) -> None:
        own = channel_delivery.c.deployment_id == box.deployment["id"]
        tx.execute(sa.update(channel_delivery).where(own).values(tried_at=milliseconds(now()) - HOUR_MS))

    line.database.write_now(an_hour_later)
    await answered("m12", sender="machine@example.com", status="accepted")
