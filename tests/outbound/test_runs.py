"""Runs of pipelines, over the API: written, decided about, and published."""

import asyncio
import hmac
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.engine.talk import step, workflow
from tests.outbound.press import SECRET, Press


async def test_what_a_person_approved_is_published_once_and_signed(press: Press) -> None:
    await press.save()
    run = await press.waiting()
    assert (run["text"], run["problems"], run["approval"]) == ("Our shop opens on Saturdays.", [], None)
    assert press.line.receiver.came == []
    approved = await press.post(run, "approve")
    assert approved.status_code == 200, approved.text
    done = await press.until(run, "published")
    [(headers, body)] = press.line.receiver.came
    [event] = press.line.receiver.events
    assert event["data"] == {"text": "Our shop opens on Saturdays.", "images": []}
    digest = hmac.digest(SECRET.encode(), headers["X-Conduet-Timestamp"].encode() + b"." + body, "sha256").hex()
    assert headers["X-Conduet-Signature"] == f"sha256={digest}"
    assert [(each["status"], each["attempts"]) for each in done["targets"]] == [("accepted", 1)]
    approval = done["approval"]
    assert (approval["via"], approval["by"] is not None, len(approval["sha256"])) == ("token", True, 64)


async def test_an_approval_may_change_the_text_and_comes_once(press: Press) -> None:
    await press.save()
    run = await press.waiting()
    answers = await asyncio.gather(*(press.post(run, "approve", text=f"Text {each}.") for each in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    done = await press.until(run, "published")
    [event] = press.line.receiver.events
    assert event["data"]["text"] == done["text"] == next(a for a in answers if a.status_code == 200).json()["text"]
    for what, body in (("approve", {}), ("reject", {"note": "No."}), ("retry", {})):
        assert (await press.post(run, what, **body)).status_code == 409


async def test_what_was_rejected_is_never_sent_and_can_be_written_again_with_the_note(press: Press) -> None:
    again = workflow(
        "writer",
        step("say", "message", text="Text. {{reviewNote}}{{previousText}}"),
        wires="start > say",
    )
    await press.save(again)
    run = await press.waiting()
    assert run["text"] == "Text."
    rejected = await press.post(run, "reject", note="Say from when.")
    assert (rejected.json()["status"], rejected.json()["note"]) == ("rejected", "Say from when.")
    assert (await press.post(run, "approve")).status_code == 409
    retried = await press.post(run, "retry")
    assert (retried.json()["status"], retried.json()["round"]) == ("generating", 2)
    run = await press.until(run, "waiting")
    assert run["text"] == "Text. Say from when.Text."
    assert (await press.post(run, "retry", note="Shorter.")).status_code == 200
    run = await press.until(run, lambda found: found["round"] == 3 and found["status"] == "waiting")
    assert run["text"].startswith("Text. Shorter.")
    assert press.line.receiver.came == []


async def test_a_run_goes_out_at_its_time_and_can_be_taken_back_before(press: Press) -> None:
    await press.save()
    soon, late = await press.waiting(), await press.waiting()
    at = (datetime.now(UTC) + timedelta(seconds=1)).isoformat()
    assert (await press.post(soon, "approve", publishAt=at)).json()["status"] == "scheduled"
    hours = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    assert (await press.post(late, "approve", publishAt=hours)).json()["status"] == "scheduled"
    assert press.line.receiver.came == []
    assert (await press.post(late, "reject", note="Not now.")).json()["status"] == "rejected"
    await press.until(soon, "published")
    assert len(press.line.receiver.came) == 1


@pytest.mark.parametrize(
    ("what", "body", "path"),
    [
        ("approve", {"text": ""}, "text"),
        ("approve", {"publishAt": "tomorrow"}, "publishAt"),
        ("approve", {"publishAt": "2026-01-01T00:00:00"}, "publishAt"),
        ("approve", {"publishAt": "2020-01-01T00:00:00Z"}, "publishAt"),
        ("approve", {"publishAt": "2999-01-01T00:00:00Z"}, "publishAt"),
        ("approve", {"more": 1}, "more"),
        ("reject", {}, "note"),
        ("retry", {"note": ""}, "note"),
        ("link", {}, "approver"),
    ],
)
async def test_what_is_wrong_is_told_by_path(press: Press, what: str, body: dict[str, Any], path: str) -> None:
    await press.save()
    run = await press.waiting()
    answer = await press.post(run, what, **body)
    assert answer.status_code == 400, answer.text
    assert answer.json()["details"][0]["path"] == path
    assert (await press.read(run))["status"] == "waiting"


async def test_limits_are_checked_before_anything_is_approved(press: Press) -> None:
    x = {"connector": "x", "config": {"accessToken": "{{secrets.CMS}}", "baseUrl": press.line.receiver.url}}
    long = workflow("writer", step("say", "message", text="日" * 141), wires="start > say")
    await press.save(long, targets=[press.webhook(), x])
    run = await press.waiting()
    [problem] = run["problems"]
    assert problem["path"] == "targets[1]"
    assert "282" in problem["message"]
    assert "280" in problem["message"]
    refused = await press.post(run, "approve")
    assert (refused.status_code, refused.json()["details"][0]["path"]) == (400, "targets[1]")
    assert press.line.receiver.came == []


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ({"connector": "fax", "config": {}}, "targets[0].connector"),
        ({"connector": "webhook", "config": {"url": "https://a.example", "secret": "literal-secret-of-16"}}, "secret"),
        ({"connector": "webhook", "config": {"url": "https://a.example", "secret": "{{secrets.GONE}}"}}, "config"),
        ({"connector": "webhook", "config": {"secret": "{{secrets.CMS}}"}}, "targets[0].config.url"),
        ({"connector": "webhook", "config": {"url": "x", "secret": "{{secrets.CMS}}"}}, "targets[0].config.url"),
    ],
)
async def test_a_target_that_cannot_work_is_told_before_anything_is_approved(
    press: Press, target: dict[str, Any], path: str
) -> None:
    await press.save(targets=[target])
    run = await press.waiting()
    refused = await press.post(run, "approve")
    assert refused.status_code == 400
    assert refused.json()["details"][0]["path"].endswith(path)
    assert SECRET not in refused.text


async def test_a_pipeline_without_approval_publishes_what_its_targets_take(press: Press) -> None:
    await press.save(approval="none")
    done = await press.until(await press.begin(), "published")
    assert (done["approval"]["via"], done["approval"]["by"]) == ("pipeline", None)
    assert len(press.line.receiver.came) == 1
    await press.save(approval="none", targets=[])
    failed = await press.until(await press.begin(), "failed")
    assert "nowhere" in failed["problem"]


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        ((step("set", "set", assignments=[{"variable": "previousText", "expression": "'x'"}]),), "nothing"),
        ((step("ask", "buttons", text="Which?", buttons=[{"id": "a", "label": "A"}]),), "waits"),
    ],
)
async def test_a_workflow_that_gives_no_post_fails_its_run(press: Press, steps: Any, why: str) -> None:
    await press.save(workflow("writer", *steps, wires=f"start > {steps[0]['id']}"))
    failed = await press.until(await press.begin(), "failed")
    assert why in failed["problem"]
    await press.save()
    assert (await press.post(failed, "retry")).status_code == 200
    await press.until(failed, "waiting")


async def test_the_same_key_begins_one_run(press: Press) -> None:
    await press.save()
    body, headers = {"pipelineId": "news"}, {"Idempotency-Key": "week-48"}
    made = await asyncio.gather(*(press.owner.post(press.path, json=body, headers=headers) for _ in range(4)))
    assert sorted(answer.status_code for answer in made) == [200, 200, 200, 201]
    assert len({answer.json()["id"] for answer in made}) == 1
    assert len((await press.owner.get(press.path)).json()) == 1


async def test_runs_are_listed_by_status_and_page_most_recent_first(press: Press) -> None:
    await press.save()
    runs = [await press.waiting() for _ in range(3)]
    await press.post(runs[0], "reject", note="No.")
    waiting = (await press.owner.get(press.path, params={"status": "waiting"})).json()
    assert [run["id"] for run in waiting] == [runs[2]["id"], runs[1]["id"]]
    first = await press.owner.get(press.path, params={"limit": 2, "pipelineId": "news"})
    assert [run["id"] for run in first.json()] == [runs[2]["id"], runs[1]["id"]]
    rest = await press.owner.get(first.links["next"]["url"])
    assert [run["id"] for run in rest.json()] == [runs[0]["id"]]
    assert (await press.owner.get(press.path, params={"status": "lost"})).status_code == 400


async def test_a_pipeline_that_is_not_there_is_told_by_path(press: Press) -> None:
    await press.save(publish=True)
    for body in ({"pipelineId": "gone"}, {"pipelineId": "gone", "versionId": "development"}):
        answer = await press.owner.post(press.path, json=body)
        assert (answer.status_code, answer.json()["details"][0]["path"]) == (400, "pipelineId")
    answer = await press.owner.post(press.path, json={"pipelineId": "news", "versionId": "ver_gone"})
    assert (answer.status_code, answer.json()["details"][0]["path"]) == (400, "versionId")


async def test_decisions_stand_in_the_audit_list(press: Press) -> None:
    await press.save()
    run = await press.waiting()
    await press.post(run, "retry", note="Shorter.")
    run = await press.until(run, "waiting")
    await press.post(run, "approve")
    entries = (await press.owner.get("/api/v1/audit")).json()
    found = [
        (each["action"], each["before"], each["after"]["status"]) for each in entries if each["target"] == run["id"]
    ]
    assert found == [
        ("run.approved", {"status": "waiting"}, "scheduled"),
        ("run.retried", {"status": "waiting"}, "generating"),
    ]
