"""What a turn asked of models and of the world, read afterwards."""

from pathlib import Path

import httpx2

from conduet.app.edge import Edge
from conduet.settings import Settings
from tests.agents.obeying import reply
from tests.conftest import Owned, new_client
from tests.conversations.agentic import KEY, agentic, coded, configured
from tests.conversations.far_away import far_away, reaching
from tests.conversations.talking import Talker, save
from tests.engine.talk import step, workflow
from tests.providers.playing import playing

SECRET = "a-long-secret-of-ours"


async def test_each_round_of_an_agent_with_all_that_the_model_was_shown(tmp_path: Path) -> None:
    replies = [reply((("price", {"of": "Roadster"}),)), reply("24 euros.")]
    async with (
        playing(*replies) as server,
        agentic(
            tmp_path,
            configured(server.url),
            behaviourConfig={"persona": "You are Ann of the bike shop."},
            tools=[coded("price", "return args.of.length * 3")],
        ) as place,
    ):
        user = place.talker()
        await user.say("What is the Roadster?")
        # The draft changes; the turn stays what it was.
        await place.save(behaviourConfig={"persona": "You are Bo."})
        path = user.path(f"turns/{user.turn_id}/calls")
        answer = await user.client.get(path)
        assert answer.status_code == 200, answer.text
        first, code, second = answer.json()
        assert [each["kind"] for each in (first, code, second)] == ["model", "code", "model"]
        assert code["place"].startswith(first["place"].removesuffix("/model") + "/call1")
        assert (code["request"], code["response"]["value"]) == ("return args.of.length * 3", 24)
        system, *_, words = first["prompt"]["messages"]
        assert system["role"] == "system"
        assert "You are Ann of the bike shop." in system["text"]
        assert words["text"].endswith("What is the Roadster?")
        assert "price" in [tool["name"] for tool in first["prompt"]["tools"]]
        assert first["answer"]["calls"][0]["name"] == "price"
        assert (first["model"], first["inputTokens"], first["outputTokens"]) == ("openai:m", 10, 5)
        assert first["startedAt"] <= second["startedAt"]
        assert second["durationMs"] > 0
        told = second["prompt"]["messages"][-1]
        assert (told["role"], told["name"], told["text"]) == ("tool", "price", '<data from="price">24</data>')
        assert second["answer"]["text"] == "24 euros."
        assert KEY not in answer.text
        assert len(server.asked) == 2


async def test_what_was_sent_elsewhere_goes_without_its_secrets(
    owner: httpx2.AsyncClient, project: Owned, settings: Settings, server: Edge
) -> None:
    sending = step("call", "api", url="{{there}}", headers={"X-Key": "{{secrets.KEY}}"})
    await save(owner, project, workflow("main", sending, wires="start > call"), variables=[{"name": "there"}])
    await owner.patch(f"/api/v1/projects/{project.id}", json={"secrets": [{"name": "KEY", "value": SECRET}]})
    async with (
        far_away() as far,
        reaching(settings, far.place) as reacher,
        new_client(reacher, key=project.key) as client,
    ):
        user = Talker(client)
        await user.launch(variables={"there": f"{far.url}/echo"})
        answer = await client.get(user.path(f"turns/{user.turn_id}/calls"))
    (call,) = answer.json()
    assert (call["kind"], call["request"]["method"], call["response"]["status"]) == ("http", "GET", 200)
    assert call["request"]["headers"]["X-Key"] == "[secret KEY]"
    assert call["durationMs"] > 0
    assert far.asked[0].headers["X-Key"] == SECRET
    assert SECRET not in answer.text
