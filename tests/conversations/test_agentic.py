"""An agentic project converses over the Conversations API, with a model behind real HTTP."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.agents.obeying import reply
from tests.agents.talking import tool
from tests.conversations.agentic import KEY, agentic, configured
from tests.conversations.talking import told
from tests.providers.playing import Reply, playing, wire


def streamed(body: str) -> list[dict[str, Any]]:
    """The traces of a stream of events."""
    lines = [line.removeprefix("data: ") for line in body.splitlines() if line.startswith("data: ")]
    assert lines[-1] == "[DONE]"
    return [json.loads(line) for line in lines[:-1]]


@pytest.mark.parametrize(
    ("kind", "model"),
    [
        ("openai", "openai:m"),
        ("openai_responses", "openai-responses:m"),
        ("anthropic", "anthropic:m"),
        ("google", "google:m"),
    ],
)
async def test_every_wire_format_streams_and_comes_whole(kind: str, model: str, tmp_path: Path) -> None:
    async with (
        playing(Reply(wire(f"{kind}/text"))) as server,
        agentic(tmp_path, configured(server.url, kind=kind), model=model) as place,
    ):
        ben = place.talker()
        whole = await ben.say("Hi")
        assert len(whole) == 1
        assert whole[0].startswith("Hello")
        stream = await ben.client.post(ben.path("interact/stream"), json={"action": {"type": "text", "payload": "Hi"}})
        traces = [trace for trace in streamed(stream.text) if trace["type"] != "debug"]
        assert [traces[0]["type"], traces[-1]["type"]] == ["completion-start", "completion-end"]
        assert "".join(trace["payload"]["text"] for trace in traces) == whole[0]
        again = await ben.client.get(
            ben.path(f"turns/{stream.headers['X-Turn-Id']}/stream"),
            headers={"Last-Event-ID": f"{stream.headers['X-Turn-Id']}/0"},
        )
        assert streamed(again.text) == streamed(stream.text)[1:]


async def test_the_next_turn_knows_the_last_and_a_launch_amid_it_is_no_turn(tmp_path: Path) -> None:
    async with playing(reply("Hello."), reply("As I said.")) as server, agentic(tmp_path, configured(server.url)) as at:
        ben = at.talker()
        assert await ben.launch() == ["Hello."]
        assert await ben.launch() == []
        assert await ben.say("And?") == ["As I said."]
        assert "Hello." in json.dumps(server.asked[1].body)
        assert (await ben.state())["internal"]["turn"] == 2


async def test_what_models_took_is_kept_with_the_turn(tmp_path: Path) -> None:
    async with playing(reply("Hello.")) as server, agentic(tmp_path, configured(server.url)) as place:
        await place.talker().say("Hi")
        usage = await place.owner.get(f"/api/v1/projects/{place.project.id}/analytics?include=dashboard")
        assert usage.status_code == 200, usage.text
        assert '"openai:m"' in usage.text
        assert KEY not in usage.text


FAILURES = [
    (Reply(b"{}", 401), "MODEL_UNAUTHORIZED"),
    (Reply(b"{}", 404), "MODEL_UNKNOWN"),
    (Reply(b"{}", 429), "MODEL_RATE_LIMITED"),
    (Reply(b"{}", 500), "MODEL_SERVER_FAILED"),
    (Reply(b"{}", 503), "MODEL_OVERLOADED"),
    (Reply(then="cut"), "MODEL_UNREACHABLE"),
    (Reply(b"data: {", then="cut"), "MODEL_STREAM_BROKEN"),
]


@pytest.mark.parametrize(("failure", "code"), FAILURES)
async def test_a_model_that_fails_is_told_and_the_conversation_goes_on(
    failure: Reply, code: str, tmp_path: Path
) -> None:
    async with playing(failure) as server, agentic(tmp_path, configured(server.url)) as place:
        ben = place.talker()
        assert await ben.say("Hi") == ["I cannot answer just now. Please try again in a moment.", f"error {code}"]
        server.replies = [reply("Here again.")]
        assert await ben.say("Hi") == ["Here again."]


@pytest.mark.parametrize(
    "failure", [each for each, code in FAILURES if code not in ("MODEL_UNAUTHORIZED", "MODEL_UNKNOWN")]
)
async def test_the_next_model_of_the_chain_answers(failure: Reply, tmp_path: Path) -> None:
    async with (
        playing(failure, reply("By the second.")) as server,
        agentic(tmp_path, configured(server.url), model="openai:a,openai:b") as place,
    ):
        assert await place.talker().say("Hi") == ["By the second."]
        assert [asked.body["model"] for asked in server.asked] == ["a", "b"]


async def test_without_any_key_the_built_in_model_answers(tmp_path: Path) -> None:
    async with agentic(tmp_path, {}, model=None) as place:
        answer = await place.talker().say("Hello")
        assert answer
        assert not answer[-1].startswith("error")


async def test_a_replay_says_the_same_bytes_and_asks_nobody(tmp_path: Path) -> None:
    script = (reply((("price", {"of": "bike"}),)), Reply(wire("openai/text")))
    async with (
        playing(*script) as server,
        agentic(tmp_path, configured(server.url), tools=[tool("price")]) as place,
    ):
        ben = place.talker()
        await ben.say("Hi")
        replayed = await ben.client.post(ben.path(f"turns/{ben.turn_id}/replay"), json={})
        assert replayed.status_code == 200, replayed.text
        assert replayed.json()["differences"] == []
        assert told(replayed.json()["traces"])[-1].startswith("Hello")
        assert len(server.asked) == 2


async def test_the_same_idempotency_key_is_answered_by_the_same_words(tmp_path: Path) -> None:
    async with playing(reply("Hello."), reply("Else.")) as server, agentic(tmp_path, configured(server.url)) as place:
        ben = place.talker()
        keyed = {"Idempotency-Key": "once"}
        first = await ben.send({"type": "text", "payload": "Hi"}, headers=keyed)
        again = await ben.send({"type": "text", "payload": "Hi"}, headers=keyed)
        assert (again.content, again.headers["Idempotent-Replayed"]) == (first.content, "true")
        assert len(server.asked) == 1


async def test_the_transcript_has_whole_messages(tmp_path: Path) -> None:
    async with (
        playing(Reply(wire("openai/text"))) as server,
        agentic(tmp_path, configured(server.url)) as place,
    ):
        await place.talker().say("Hi")
        base = f"/api/v1/projects/{place.project.id}/transcripts"
        found = (await place.owner.get(base)).json()[0]
        transcript = await place.owner.get(f"{base}/{found['id']}")
        assert "completion-" not in transcript.text
        assert "Hello" in transcript.text


async def test_a_wrong_harness_is_told_by_its_path(tmp_path: Path) -> None:
    async with agentic(tmp_path, {}) as place:
        wrong = {"behaviourConfig": {"agentHarness": {"maxRounds": 0}}}
        refused = await place.owner.patch(f"/api/v1/projects/{place.project.id}", json=wrong)
        assert refused.status_code == 400
        assert refused.json()["details"][0]["path"] == "behaviourConfig.agentHarness.maxRounds"
        doubtful = {"behaviourConfig": {"model": "gpt", "agentHarness": {"phases": [{"id": "a", "exit": {"to": "b"}}]}}}
        saved = await place.owner.patch(f"/api/v1/projects/{place.project.id}", json=doubtful)
        codes = {(problem["code"], problem["path"]) for problem in saved.json()["problems"]}
        assert ("UNKNOWN_PHASE", "behaviourConfig.agentHarness.phases[0].exit[0].to") in codes
        assert ("WRONG_MODEL", "behaviourConfig.model") in codes


async def test_a_live_replay_asks_again_and_shows_where_it_parts(tmp_path: Path) -> None:
    async with playing(reply("Blue."), reply("Red.")) as server, agentic(tmp_path, configured(server.url)) as place:
        ben = place.talker()
        await ben.say("Which?")
        again = await ben.client.post(ben.path(f"turns/{ben.turn_id}/replay"), json={"models": "live"})
        assert again.status_code == 200, again.text
        parted = again.json()["differences"]
        assert [(each["recorded"]["payload"], each["replayed"]["payload"]) for each in parted] == [
            ({"message": "Blue."}, {"message": "Red."})
        ]


async def test_a_spent_budget_is_told_with_a_sentence_and_no_model_is_asked(tmp_path: Path) -> None:
    behaviour = {"budget": {"perDayUsd": 0}}
    async with (
        playing(reply("Hi.")) as server,
        agentic(tmp_path, configured(server.url), behaviourConfig=behaviour) as place,
    ):
        ben = place.talker()
        assert await ben.say("Hi") == [
            "I cannot answer just now. Please try again in a moment.",
            "error BUDGET_REACHED",
        ]
        assert not server.asked
        await place.save(behaviourConfig={"budget": {"perDayUsd": 1}})
        assert await ben.say("Hi") == ["Hi."]
