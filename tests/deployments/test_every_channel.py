"""What every channel does, whoever wrote it: with what comes in, and with what its vendor answers."""

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from conduet.deployments.line import OutgoingLine
from conduet.deployments.tables import channel_contact
from conduet.engine.channel.channel import ListeningChannel
from conduet.engine.outside import Request, Response
from conduet.kit.clock import milliseconds, now
from tests.channels.vectors import CHANNELS
from tests.channels.vendors import LISTENING, VENDORS
from tests.deployments.calling import Line, Place
from tests.deployments.moody import Moody
from tests.engine.talk import line as flow
from tests.engine.talk import step

EVERY = pytest.mark.parametrize("name", VENDORS)
TELLING = [name for name, vendor in VENDORS.items() if vendor.about("read", "x") is not None]
"""Those that tell what became of a message."""
SHORT = 0.5
# What becomes of a message, and how often it is tried, by how its vendor answers at first.
USUALLY: Mapping[str, tuple[str, int]] = {
    "taken": ("accepted", 1),
    "throttled": ("accepted", 2),
    "broken": ("accepted", 2),
    "html": ("unknown", 1),
    "empty": ("unknown", 1),
    "cut": ("unknown", 1),
    "shape": ("unknown", 1),
    "declined": ("failed", 1),
    "silent": ("unknown", 1),
    "late": ("unknown", 1),
}
# Any 2xx is an answer, and who drops doubles is told again.
RECEIVER: Mapping[str, tuple[str, int]] = {
    **dict.fromkeys(("html", "empty", "cut", "shape", "declined"), ("accepted", 1)),
    **dict.fromkeys(("silent", "late"), ("accepted", 2)),
}
# A mail server speaks no JSON.
MAIL = ("taken", "throttled", "broken", "declined", "silent")


def test_no_channel_is_forgotten() -> None:
    assert set(VENDORS) == LISTENING


def outcomes(name: str) -> Mapping[str, tuple[str, int]]:
    match name:
        case "webhook":
            return {**USUALLY, **RECEIVER}
        case "email":
            return {mood: USUALLY[mood] for mood in MAIL}
        case _:
            return USUALLY


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for long: neither between tries, nor for a vendor who is late, nor for a vendor's pace."""
    call = OutgoingLine.call

    async def quick(self: OutgoingLine, request: Request) -> Response:
        is_late = b"late" in (request.body or b"") or "late" in request.url
        return await call(self, replace(request, timeout_seconds=SHORT) if is_late else request)

    monkeypatch.setattr(OutgoingLine, "call", quick)
    for name in VENDORS:
        kind = CHANNELS[name]
        assert issubclass(kind, ListeningChannel)
        monkeypatch.setattr(kind, "pauses", (0.05,) * 6)
        monkeypatch.setattr(kind, "per_second", None)
        monkeypatch.setattr(kind, "per_person_a_second", None)


async def opened(line: Line, place: Place, name: str, *more_steps: dict[str, Any]) -> tuple[dict[str, Any], Moody]:
    """A deployment that says on which channel it is, and its vendor."""
    api = place.systems.apis[line.project] = Moody(VENDORS[name])
    only_here = {name: {"text": "Grüße: {{sys.platform}}, {{sys.lastAction.payload}}"}}
    await line.publish(flow(step("say", "message", text="Elsewhere.", channels=only_here), *more_steps))
    smtp = {"host": "127.0.0.1", "port": place.systems.mail_port, "security": "none"}
    more = {"smtp": smtp} if name == "email" else {}
    return await line.open(name, launchFirst=False, **more), api


async def became(line: Line, shop: Mapping[str, Any], count: int) -> dict[str, dict[str, Any]]:
    """What became of the messages, by who they were for, once nothing more is to be done."""
    done = ("accepted", "unknown", "failed")
    found = await line.until(
        shop, lambda found: len(found) >= count and sum(each["status"] in done for each in found) >= count
    )
    return {each["userId"]: each for each in found}


@EVERY
async def test_what_a_vendor_answers_decides_what_becomes_of_a_message(
    line: Line, place: Place, hasty: None, name: str
) -> None:
    shop, api = await opened(line, place, name)
    vendor, expected = VENDORS[name], outcomes(name)
    # Who is slow is asked first, and nobody waits for it.
    with capture_logs() as lines:
        for user in ("slow", *expected):
            said = line.said(shop, vendor.user(user), "Hi", number=f"m-{user}")
            assert (await line.post(shop, said)).status_code == 200
        found = await became(line, shop, len(expected))
        got = {user: found[f"{name}:{vendor.user(user)}"] for user in expected}
        assert {user: (each["status"], each["attempts"]) for user, each in got.items()} == dict(expected)
        slow = await line.until(shop, lambda found: any("slow" in each["userId"] for each in found))
        assert [each["status"] for each in slow if "slow" in each["userId"]] == ["sending"]
        api.release.set()
        await became(line, shop, len(expected) + 1)
        if name not in ("email", "webhook"):
            await refused(line, shop, api, name)
    # What may have arrived is not sent again by itself, and no vendor was asked more often than it is told.
    assert {user: api.asked[user] for user in expected} == {user: tries for user, (_, tries) in expected.items()}
    words = f"Grüße: {name}, Hi"
    sent = api.bodies["taken"][0]
    assert name == "email" or words in sent or "Gr%C3%BC%C3%9Fe" in sent
    assert not any(secret in repr(lines) for secret in secrets(name))


def secrets(name: str) -> list[str]:
    hidden = CHANNELS[name].secrets() - {"smtp"}
    return [value for key, value in VENDORS[name].config.items() if key in hidden and len(value) > 4]


async def refused(line: Line, shop: Mapping[str, Any], api: Moody, name: str) -> None:
    """Credentials that are not taken are somebody's to mend; the vendor repeats them, and we do not."""
    said = line.said(shop, VENDORS[name].user("refused"), "Hi", number="m-refused")
    assert (await line.post(shop, said)).status_code == 200
    count = len(USUALLY) + 2
    found = (await became(line, shop, count))[f"{name}:{VENDORS[name].user('refused')}"]
    assert (found["status"], found["attempts"], api.asked["refused"]) == ("failed", 1, 1)
    seen = (await line.owner.get(f"{line.path}/deployments/{shop['id']}")).json()
    assert (seen["status"], bool(seen["problem"])) == ("needs attention", True)
    assert not any(secret in json.dumps([found, seen]) for secret in secrets(name))


@EVERY
async def test_what_is_not_proven_is_refused_and_kept_nowhere(line: Line, name: str) -> None:
    vendor, shop = VENDORS[name], await line.open(name)
    user = vendor.user("one")
    sent = line.said(shop, user, "Hi", number="m1")
    held = dict(sent.query) if vendor.in_query else {key.lower(): value for key, value in sent.headers.items()}
    right = held[vendor.proof]
    wrong = [{**held, vendor.proof: each} for each in ("", right[:-1], f"{right}0", "0" * len(right))]
    missing = {key: value for key, value in held.items() if key != vendor.proof}
    for shown in (*wrong, missing):
        forged = replace(sent, query=shown) if vendor.in_query else replace(sent, headers=shown)
        assert (await line.post(shop, forged)).status_code == 401, shown
    if vendor.signs_body:
        assert (await line.post(shop, replace(sent, body=sent.body.replace(b"Hi", b"Ha")))).status_code == 401
    for seconds in (-360, 360):
        # The others send the same for days: there the message's id drops what comes again.
        old = line.said(shop, user, "Hi", number="m1", at=time.time() + seconds)
        answer = await line.post(shop, old)
        assert answer.status_code == (401 if vendor.dated else 200), answer.text
    assert len(await line.log(shop, "messages")) == (0 if vendor.dated else 1)


@EVERY
async def test_messages_are_taken_once_in_their_order_and_answered_to_whom_the_vendor_knows(
    line: Line, place: Place, hasty: None, name: str
) -> None:
    shop, api = await opened(line, place, name)
    vendor = VENDORS[name]
    one, far = vendor.user("one"), vendor.user("long" + "o" * 50 if name == "email" else "long" + "o" * 200)
    far = far.replace(".example", ".o" * 60 + ".example") if name == "email" else far
    for number, text in enumerate(("First", "Second", "Third")):
        # Vendors send again what they think was lost.
        for _ in range(2):
            said = line.said(shop, one, text, number=f"m{number}")
            assert (await line.post(shop, said)).status_code == 200
    assert (await line.post(shop, line.said(shop, far, "Far", number="m9"))).status_code == 200
    found = await line.until(shop, lambda found: [each["status"] for each in found] == ["done"] * 4, name="messages")
    # What is too long, or has other letters, to be a user's id stands as a hash.
    mapped = f"{name}:{hashlib.sha256(far.encode()).hexdigest()}"
    assert {each["userId"] for each in found} == {f"{name}:{one}", mapped}
    await line.until(shop, lambda found: [each["status"] for each in found] == ["accepted"] * 4)
    texts = [str(each["content"]) for each in reversed(await line.log(shop)) if each["userId"] != mapped]
    assert [next(word for word in ("First", "Second", "Third") if word in text) for text in texts] == [
        "First",
        "Second",
        "Third",
    ]
    assert far in api.bodies["long"][0]


@pytest.mark.parametrize("name", TELLING)
async def test_what_became_of_a_message_moves_forward_only(line: Line, place: Place, hasty: None, name: str) -> None:
    vendor = VENDORS[name]
    assert vendor.good_id is not None
    shop, _ = await opened(line, place, name)
    assert (await line.post(shop, line.said(shop, "one", "Hi", number="m1"))).status_code == 200
    await line.until(shop, lambda found: [each["status"] for each in found] == ["accepted"])
    for state, vendor_id in (
        ("failed", "nobodys"),
        ("delivered", vendor.good_id),
        ("read", vendor.good_id),
        ("delivered", vendor.good_id),
        ("failed", vendor.good_id),
        ("nonsense", vendor.good_id),
    ):
        if (body := vendor.about(state, vendor_id)) is not None:
            assert (await line.post(shop, line.sign(shop, body))).status_code == 200
    [found] = await line.log(shop)
    assert found["status"] == "read"


@pytest.mark.parametrize("name", TELLING)
async def test_what_a_vendor_tells_before_it_has_answered_is_not_lost(
    line: Line, place: Place, hasty: None, name: str
) -> None:
    vendor = VENDORS[name]
    assert vendor.good_id is not None
    shop, api = await opened(line, place, name)
    assert (await line.post(shop, line.said(shop, "slow", "Hi", number="m1"))).status_code == 200
    await line.until(shop, lambda found: [each["status"] for each in found] == ["sending"])
    for state in ("delivered", "read"):
        body = vendor.about(state, vendor.good_id)
        assert body is None or (await line.post(shop, line.sign(shop, body))).status_code == 200
    api.release.set()
    await line.until(shop, lambda found: [each["status"] for each in found] == ["read"])
    # It was about that message, and about no later one.
    assert (await line.post(shop, line.said(shop, "one", "Hi", number="m2"))).status_code == 200
    found = await line.until(shop, lambda found: len(found) == 2 and found[0]["status"] != "pending")
    await line.until(shop, lambda found: found[0]["status"] == "accepted")
    assert found[1]["status"] == "read"


@pytest.mark.parametrize("name", ["messenger", "instagram", "whatsapp"])
async def test_a_person_may_answer_for_longer_where_the_vendor_lets_people(
    line: Line, place: Place, hasty: None, name: str
) -> None:
    shop, api = await opened(line, place, name, step("over", "handoff", target="Workshop"))
    lets_people = name != "whatsapp"

    def written(hours: float) -> None:
        """So long ago they have written last."""
        seen_at = milliseconds(now()) - round(hours * 3600_000)
        own = channel_contact.c.deployment_id == shop["id"]
        change = sa.update(channel_contact).where(own).values(seen_at=seen_at)
        line.database.write_now(lambda tx: tx.execute(change))

    async def replied(text: str) -> str:
        answer = await line.owner.post(f"{line.path}/inbox/{name}:one/reply", json={"text": text})
        assert answer.status_code == 200, answer.text
        done = ("accepted", "failed")
        [found, *_] = await line.until(
            shop, lambda found: text in str(found[0]["content"]) and found[0]["status"] in done
        )
        return found["status"]

    assert (await line.post(shop, line.said(shop, "one", "Hi", number="m1"))).status_code == 200
    await line.until(shop, lambda found: [each["status"] for each in found] == ["accepted"])
    assert (await line.owner.post(f"{line.path}/inbox/{name}:one/take")).status_code == 200
    assert await replied("At once") == "accepted"
    written(hours=30)
    assert await replied("Late") == ("accepted" if lets_people else "failed")
    written(hours=7 * 24 + 1)
    assert await replied("Too late") == "failed"
    tags = ["HUMAN_AGENT" in body for body in api.bodies["one"]]
    assert tags == ([False, False, True] if lets_people else [False, False])
    # The agent's words do not get in under a person's name.
    written(hours=30)
    test = {"text": "Only a test", "to": "one"}
    assert (await line.owner.post(f"{line.path}/deployments/{shop['id']}/test", json=test)).status_code < 300
    await line.until(shop, lambda found: "Only a test" in str(found[0]["content"]) and found[0]["status"] == "failed")


@pytest.mark.parametrize("name", [name for name in VENDORS if getattr(CHANNELS[name], "window_seconds", None)])
async def test_nobody_is_written_to_for_whom_the_vendor_has_closed_its_window(
    line: Line, place: Place, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(CHANNELS[name], "window_seconds", 0.0)
    shop, api = await opened(line, place, name, step("over", "handoff", target="Workshop"))
    assert (await line.post(shop, line.said(shop, "one", "Hi", number="m1"))).status_code == 200
    [found] = await line.until(shop, lambda found: [each["status"] for each in found] == ["failed"])
    assert found["problem"].startswith("window_closed")
    assert api.asked.total() == 0
    notes = (await line.owner.get(f"{line.path}/inbox/{name}:one")).json()["notes"]
    assert ["window_closed" in note["text"] for note in notes] == [True]
