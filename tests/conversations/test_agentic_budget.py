"""What models may cost in a day: counted by days of the project's time zone, told to webhooks, and failures counted."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from conduet.accounts.principal import ProjectScope
from conduet.analytics.days import begin_of, day_of
from conduet.analytics.usage_store import ModelUse, Uses, add_uses
from conduet.conversations.store.clock import present
from conduet.llm.models import Patience
from conduet.providers.openai import OpenAI
from conduet.settings import Settings
from tests.conversations.agentic import House, Place, housing
from tests.conversations.agentic_wire import MODELS
from tests.providers.playing import Reply

REFUSED = ["I cannot answer just now. Please try again in a moment.", "error BUDGET_REACHED"]
HOOK = {"id": "ops", "url": "http://127.0.0.1:9/hook", "events": ["budget.reached"]}


@pytest.fixture(scope="module")
async def house(settings: Settings) -> AsyncIterator[House]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("conduet.llm.models.Patience", lambda: Patience(pause_seconds=0.01))
        async with housing(settings.model_copy(update={"demo": False})) as house:
            yield house


def spend(place: Place, usd: float, *, at: int) -> None:
    """Has a model cost so much at that moment."""
    used = ModelUse("openai:gpt-6.1-terra", 10, 5, 0, usd, 1, 1)
    uses = Uses(f"turn_{at}_{usd}", "api", at, 1, [used])
    place.database.write_now(lambda tx: add_uses(tx, ProjectScope(place.project.id), uses))


async def budgeted(house: House, usd: float, zone: str = "UTC", **document: Any) -> Place:
    behaviour = {"timeZone": zone, "budget": {"perDayUsd": usd}}
    return await house.agent("openai", "Hello.", behaviourConfig=behaviour, **document)


def known_price(_: OpenAI) -> str:
    """What a server that is none of OpenAI's does not have."""
    return "openai"


def hurried(*_: object) -> float:
    """The seconds that a turn has left when it is nearly over."""
    return 0.1


async def told(place: Place) -> Sequence[dict[str, Any]]:
    """What the webhook is told, the first first."""
    found = await place.owner.get(f"{place.path}/webhooks/ops/deliveries")
    assert found.status_code == 200, found.text
    assert {each["type"] for each in found.json()} <= {"budget.reached"}
    return [each["body"]["data"] for each in reversed(found.json())]


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "America/Los_Angeles"])
async def test_the_day_is_that_of_the_projects_time_zone(zone: str, house: House) -> None:
    place, place_zone = await budgeted(house, 1, zone), ZoneInfo(zone)
    midnight = begin_of(day_of(present(), place_zone), place_zone)
    spend(place, 5, at=midnight - 1)
    assert await place.talker().say("Hi") == ["Hello."]
    spend(place, 1, at=midnight)
    assert await place.talker().say("Hi") == REFUSED
    assert len(house.server.asked) == 1


async def test_webhooks_are_told_once_that_much_and_that_all_is_spent(house: House) -> None:
    place = await budgeted(house, 2, "Pacific/Kiritimati", webhooks=[HOOK])
    ben, today = place.talker(), datetime.now(ZoneInfo("Pacific/Kiritimati")).date().isoformat()
    spend(place, 1.5, at=present())
    await ben.say("Hi")
    assert await told(place) == []
    spend(place, 0.25, at=present())
    for _ in range(2):
        assert await ben.say("Hi") == ["Hello."]
    much = {"budget": "perDayUsd", "limitUsd": 2, "spentUsd": 1.75, "date": today}
    assert await told(place) == [much]
    spend(place, 0.5, at=present())
    for user in ("user_1", "user_2"):
        assert await place.talker(user).say("Hi") == REFUSED
    assert await told(place) == [much, {**much, "spentUsd": 2.25}]
    await place.save(behaviourConfig={"budget": {"perDayUsd": 2.5}})
    assert await ben.say("Hi") == ["Hello."]
    assert (await told(place))[2:] == [{**much, "spentUsd": 2.25, "limitUsd": 2.5}]


async def test_turns_that_end_together_tell_it_once(house: House) -> None:
    place = await budgeted(house, 1, webhooks=[HOOK])
    spend(place, 0.9, at=present())
    heard = await asyncio.gather(*(place.talker(f"user_{number}").say("Hi") for number in range(8)))
    assert heard == [["Hello."]] * 8
    assert [each["spentUsd"] for each in await told(place)] == [0.9]


async def test_the_next_day_it_is_told_anew(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    place = await budgeted(house, 0, webhooks=[HOOK])
    for day in range(3):
        moment = present() + timedelta(days=day) // timedelta(milliseconds=1)
        monkeypatch.setattr("conduet.conversations.turn.present", lambda moment=moment: moment)
        assert await place.talker().say("Hi") == REFUSED
    dates = [each["date"] for each in await told(place)]
    assert dates == sorted({*dates})
    assert len(dates) == 3


async def test_a_turn_that_spends_it_all_at_once_is_told_of_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(OpenAI, "priced_as", known_price)
    place = await budgeted(house, 0.000001, webhooks=[HOOK])
    await place.save(behaviourConfig={"model": "openai:gpt-6.1-terra"})
    ben = place.talker()
    assert await ben.say("Hi") == ["Hello."]
    [only] = await told(place)
    assert only["spentUsd"] > only["limitUsd"] == 0.000001
    assert await ben.say("Hi") == REFUSED
    assert await told(place) == [only]


async def test_nobody_is_told_of_a_project_without_a_budget_or_of_another_event(house: House) -> None:
    place = await house.agent("openai", "Hello.", webhooks=[HOOK])
    spend(place, 100, at=present())
    assert await place.talker().say("Hi") == ["Hello."]
    assert await told(place) == []


@pytest.mark.parametrize("kind", MODELS)
async def test_calls_that_failed_are_counted(kind: str, house: House) -> None:
    place = await house.agent(kind, Reply(b"{}", 500), Reply(b"{}", 500), "Here again.")
    ben = place.talker()
    assert (await ben.say("Hi"))[-1] == "error MODEL_SERVER_FAILED"
    assert await ben.say("Hi") == ["Here again."]
    answer = await place.project.client.get("/api/v1/analytics")
    usage = answer.json()["usage"]
    counted = [usage[name] for name in ("modelCalls", "failedCalls", "unpricedCalls", "retries", "inputTokens")]
    assert counted == [2, 1, 1, 1, 10]
    [model] = usage["byModel"]
    assert (model["model"], model["failedCalls"]) == (MODELS[kind], 1)


async def test_a_model_that_took_too_long_for_the_turn_has_failed_too(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = await house.agent("openai", Reply(then="hang"))
    monkeypatch.setattr("conduet.agents.harness.seconds_left", hurried)
    assert (await place.talker().say("Hi"))[-1] == "error MODEL_TIMED_OUT"
    usage = (await place.project.client.get("/api/v1/analytics")).json()["usage"]
    assert (usage["modelCalls"], usage["failedCalls"], usage["unpricedCalls"]) == (1, 1, 0)
