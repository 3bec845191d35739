"""Links by which somebody without a login decides about a run."""

from typing import Any

import httpx2
import pytest

from conduet.accounts.principal import AccountScope, Principal, ProjectScope
from conduet.kit.clock import milliseconds, now
from conduet.kit.crypto import KeyRing
from conduet.outbound.links import Link, seal
from conduet.settings import Settings
from tests.outbound.press import Press


async def link_to(press: Press, run: dict[str, Any]) -> str:
    made = await press.post(run, "link", approver="Ada Lovelace", hours=1)
    assert made.status_code == 201, made.text
    return made.json()["path"]


async def decide(press: Press, path: str, decision: str, **more: Any) -> httpx2.Response:
    return await press.line.outside.post(path, json={"decision": decision, **more})


async def test_somebody_reads_and_approves_by_a_link_without_a_login(press: Press) -> None:
    await press.save()
    run = await press.waiting()
    path = await link_to(press, run)
    for _ in range(2):
        shown = await press.line.outside.get(path)
        assert (shown.status_code, shown.json()["status"]) == (200, "waiting")
    approved = await decide(press, path, "approve", text="Open on Saturdays!")
    assert approved.status_code == 200, approved.text
    done = await press.until(run, "published")
    assert (done["approval"]["via"], done["approval"]["by"], done["text"]) == (
        "link",
        "Ada Lovelace",
        "Open on Saturdays!",
    )
    assert (await decide(press, path, "approve")).status_code == 409
    [entry] = (await press.owner.get("/api/v1/audit")).json()[:1]
    assert (entry["action"], entry["after"]["via"], entry["after"]["approver"]) == (
        "run.approved",
        "link",
        "Ada Lovelace",
    )


async def test_a_newer_link_ends_those_before_and_so_does_a_decision(press: Press) -> None:
    await press.save()
    run = await press.waiting()
    old, new = await link_to(press, run), await link_to(press, run)
    assert (await press.line.outside.get(old)).status_code == 404
    assert (await decide(press, old, "approve")).status_code == 409
    assert (await press.line.outside.get(new)).status_code == 200
    assert (await press.post(run, "reject", note="No.")).status_code == 200
    assert (await press.line.outside.get(new)).status_code == 404
    assert (await decide(press, new, "retry")).status_code == 409
    assert press.line.receiver.came == []


async def test_who_asks_again_by_a_link_cannot_approve_the_new_text_by_it(press: Press) -> None:
    await press.save()
    run = await press.waiting()
    path = await link_to(press, run)
    asked = await decide(press, path, "retry", note="Say from when.")
    assert (asked.json()["status"], asked.json()["note"]) == ("generating", "Say from when.")
    run = await press.until(run, "waiting")
    refused = await decide(press, path, "approve")
    assert refused.status_code == 409
    assert "written again" in refused.json()["error"]
    rejected = await decide(press, await link_to(press, run), "reject", note="No.")
    assert rejected.json()["status"] == "rejected"
    assert press.line.receiver.came == []


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "decision"),
        ({"decision": "maybe"}, "decision"),
        ({"decision": "reject"}, "note"),
        ({"decision": "approve", "note": "Yes."}, "note"),
        ({"decision": "reject", "note": "No.", "text": "x"}, "text"),
        ({"decision": "approve", "publishAt": "soon"}, "publishAt"),
    ],
)
async def test_a_decision_that_makes_no_sense_is_told_by_path(press: Press, body: dict[str, Any], path: str) -> None:
    await press.save()
    run = await press.waiting()
    answer = await press.line.outside.post(await link_to(press, run), json=body)
    assert (answer.status_code, answer.json()["details"][0]["path"]) == (400, path)
    assert (await press.read(run))["status"] == "waiting"


async def test_a_link_that_is_made_up_or_over_opens_nothing(press: Press, own_settings: Settings) -> None:
    await press.save()
    run = await press.waiting()
    path = await link_to(press, run)
    ring = KeyRing.open(None, own_settings.data)
    maker = Principal("token", "tok_1", AccountScope("acc_1"), ProjectScope(press.line.project))
    over = seal(ring, Link(maker, run["id"], 1, "Ada", milliseconds(now()) - 1))
    foreign = seal(KeyRing([b"x" * 32]), Link(maker, run["id"], 1, "Ada", milliseconds(now()) + 10_000))
    for token in (over, foreign, "x", "%C3%BC", path.rpartition("/")[2][:-2] + "AA"):
        for answer in (
            await press.line.outside.get(f"/api/v1/run-links/{token}"),
            await decide(press, f"/api/v1/run-links/{token}", "approve"),
        ):
            assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")
    assert (await press.read(run))["status"] == "waiting"
