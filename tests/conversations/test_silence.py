"""While a person has a conversation the agent says nothing, and what the user says is kept."""

import httpx2

from conduet.app.edge import Edge
from conduet.settings import Settings
from tests.conftest import Owned, new_client
from tests.conversations.far_away import reaching
from tests.conversations.listening import streamed
from tests.conversations.talking import Talker, save
from tests.engine.talk import line, step


async def test_the_agent_is_silent_and_the_history_goes_on(
    owner: httpx2.AsyncClient, project: Owned, server: Edge, settings: Settings
) -> None:
    flow = line(
        step("one", "message", text="A person will help."),
        step("over", "handoff", reason="asked for"),
        step("back", "message", text="Back again."),
    )
    await save(owner, project, flow)
    user = Talker(project.client)
    assert await user.launch() == ["A person will help.", "handoff", "escalation"]
    assert await user.say("Are you there?") == []
    assert await user.launch() == []
    async with reaching(settings) as app, new_client(app, key=project.key) as client:
        assert await Talker(client).say("Hello?") == []
    body = {"action": {"type": "text", "payload": "Anybody?"}}
    stream = await streamed(project.client, "POST", user.path("interact/stream"), json=body)
    assert (stream.traces, stream.is_done) == ([], True)
    state = await user.state()
    assert [(each["role"], each["content"]) for each in state["history"]] == [
        ("assistant", "A person will help."),
        ("user", "Are you there?"),
        ("user", "Hello?"),
        ("user", "Anybody?"),
    ]
    replayed = await project.client.post(user.path(f"turns/{stream.headers['X-Turn-Id']}/replay"), json={})
    assert replayed.json() == {"traces": [], "differences": []}
