"""The tools of an MCP server, as a model is offered and uses them."""

from typing import Any

from conduet.engine.outside import McpRequest, Unreachable
from conduet.engine.run import approvals
from conduet.engine.values import Json
from tests.agents.obeying import speaking
from tests.engine.talk import Outside, Talk, line, step

PIN, OTHER = "a" * 64, "b" * 64
SCHEMA = {"type": "object", "properties": {"size": {"type": "number"}}, "required": ["size"]}


class Server(Outside):
    """Two tools, one of which was another one when it was pinned."""

    def __init__(self) -> None:
        self.asked: list[McpRequest] = []

    async def mcp(self, request: McpRequest) -> Json:
        self.asked.append(request)
        if request.url.endswith("/gone"):
            raise Unreachable("UNREACHABLE", "Nobody answers.")
        if request.tool is None:
            told = [("find.bikes", PIN), ("sell", OTHER), ("broken", PIN)]
            schemas: dict[str, Any] = {"broken": {"type": 3}}
            tools: list[Any] = [
                {"name": name, "description": f"To {name}.", "inputSchema": schemas.get(name, SCHEMA), "pin": pin}
                for name, pin in told
            ]
            return tools
        return {"content": [{"type": "text", "text": "Three bikes."}]}


def mcp(**more: Any) -> dict[str, Any]:
    config = {"url": "https://mcp.example/", "headers": {"Authorization": "{{secrets.KEY}}"}, "pins": {"sell": PIN}}
    return {"id": "shop", "name": "shop", "description": "d", "type": "mcp", "config": config, **more}


AGENT = step("it", "agent", instructions="Help.", toolIds=["shop"])


async def test_they_are_offered_by_both_names_and_used_with_what_was_pinned() -> None:
    server = Server()
    async with speaking((("shop_find_bikes", {"size": 54}),), "There are three.", outside=server) as world:
        world.held["KEY"] = "k-secret-1"
        talk = Talk(line(AGENT), context=world, tools=[mcp()], secrets=[{"name": "KEY"}])
        await talk.say("Bikes?")
        names = [each["function"]["name"] for each in world.asked[0].body["tools"]]
        assert "shop_find_bikes" in names
        assert not {"shop", "shop_sell", "shop_broken"} & {*names}
        assert (server.asked[-1].tool, server.asked[-1].pin) == ("find.bikes", PIN)
        assert server.asked[-1].arguments == {"size": 54}
        assert server.asked[-1].headers == {"Authorization": "k-secret-1"}
        assert "Three bikes." in world.prompt(1)
        assert "k-secret-1" not in world.prompt(0) + world.prompt(1)
        assert any("has changed since it was pinned" in each for each in talk.debug)


async def test_wrong_arguments_do_not_reach_the_server() -> None:
    server = Server()
    async with speaking((("shop_find_bikes", {"size": "large"}),), "No.", outside=server) as world:
        await Talk(line(AGENT), context=world, tools=[mcp()], secrets=[{"name": "KEY"}]).say("Bikes?")
        assert [each.tool for each in server.asked] == [None]


async def test_a_call_of_one_waits_for_its_yes() -> None:
    server = Server()
    async with speaking((("shop_find_bikes", {"size": 54}),), "There are three.", outside=server) as world:
        talk = Talk(line(AGENT), context=world, tools=[mcp(approval="user")], secrets=[{"name": "KEY"}])
        await talk.say("Bikes?")
        (waiting,) = approvals(talk.document, talk.state)
        assert [each.tool for each in server.asked] == [None]
        await talk.act("approval", {"approvalId": waiting.id, "approved": True})
        assert server.asked[-1].tool == "find.bikes"


async def test_a_server_that_does_not_answer_is_told_and_the_agent_goes_on() -> None:
    async with speaking("Hello.", outside=Server()) as world:
        gone = mcp(config={"url": "https://mcp.example/gone"})
        talk = Talk(line(AGENT), context=world, tools=[gone])
        await talk.say("Bikes?")
        assert [trace.said for trace in talk.seen if trace.said] == ["Hello."]
        assert any("Nobody answers." in each for each in talk.debug)
