"""The step `agent`: a model that talks over several turns, within a flow."""

from typing import Any

from conduet.engine.check import check
from conduet.engine.run import approvals, is_silent
from tests.agents.obeying import Answer, speaking
from tests.agents.talking import tool
from tests.engine.talk import Talk, compiled, line, step, workflow

EXITS = [{"id": "chosen", "description": "The user has chosen.", "collects": ["days"]}]
VARIABLES = [{"name": "days", "type": "number"}, {"name": "name", "default": "Ann"}]


def flow(**config: Any) -> dict[str, Any]:
    """An agent with a message behind its exit and one behind `next`."""
    return workflow(
        "main",
        step("it", "agent", **{"instructions": "Help {{name}}.", **config}),
        step("chosen", "message", text="{{days}} days."),
        step("after", "message", text="after"),
        wires=f"start > it, it > after{', it.chosen > chosen' if 'exits' in config else ''}",
    )


def exits_with(**collected: Any) -> Answer:
    return (("take_exit", {"exitId": "chosen", **collected}),)


def words(talk: Talk) -> list[str]:
    """What was said in the last turn."""
    return [trace.said for trace in talk.seen if trace.said]


async def test_it_talks_until_it_takes_an_exit_and_the_flow_goes_on_with_what_it_collected() -> None:
    async with speaking("How many days?", exits_with(days="3")) as world:
        talk = Talk(flow(exits=EXITS), context=world, variables=VARIABLES)
        await talk.launch()
        assert words(talk) == ["How many days?"]
        await talk.say("Three")
        assert words(talk) == ["3 days."]
        assert talk.variables["days"] == 3
        assert [each["role"] for each in world.asked[1].body["messages"]] == ["system", "user", "assistant", "user"]


async def test_without_exits_it_answers_once_and_the_flow_goes_on() -> None:
    async with speaking("Hello.") as world:
        talk = Talk(flow(), context=world, variables=VARIABLES)
        await talk.say("Hi")
        assert words(talk) == ["Hello.", "after"]
        assert "Hi" in str(world.asked[0].body["messages"][-1])


async def test_it_knows_what_was_said_before_it_came() -> None:
    main = line(step("hi", "message", text="Welcome to the shop."), step("it", "agent", instructions="Help."))
    async with speaking("Yes?") as world:
        await Talk(main, context=world).say("I am looking for a bike")
        last = str(world.asked[0].body["messages"][-1])
        assert "Welcome to the shop." in last
        assert last.count("I am looking for a bike") == 1


async def test_a_model_that_fails_leads_to_next_after_its_error() -> None:
    assert await Talk(flow(exits=EXITS), variables=VARIABLES).launch() == [
        "I cannot answer just now. Please try again in a moment.",
        "error MODEL_NOT_CONFIGURED",
        "after",
    ]


async def test_a_call_in_it_waits_for_a_yes_and_it_goes_on() -> None:
    tools = [tool("pay", approval="user")]
    async with speaking((("pay", {"of": "bike"}),), "It is paid.") as world:
        talk = Talk(flow(toolIds=["pay"], exits=EXITS), context=world, variables=VARIABLES, tools=tools)
        world.mocks["pay"] = {"paid": True}
        await talk.say("Pay it")
        (waiting,) = approvals(talk.document, talk.state)
        assert (waiting.tool_name, waiting.arguments) == ("pay", {"of": "bike"})
        await talk.act("approval", {"approvalId": waiting.id, "approved": True})
        assert words(talk) == ["It is paid."]
        assert "paid" in world.prompt(1)
        assert not [*approvals(talk.document, talk.state)]


async def test_a_person_may_take_over_from_it() -> None:
    async with speaking((("escalate", {"reason": "It is stuck."}),)) as world:
        talk = Talk(flow(exits=EXITS), context=world, variables=VARIABLES)
        await talk.say("A person, please")
        assert is_silent(talk.state)


async def test_a_launch_amid_it_asks_no_model() -> None:
    async with speaking("How many days?") as world:
        talk = Talk(flow(exits=EXITS), context=world, variables=VARIABLES)
        await talk.launch()
        await talk.launch()
        assert len(world.asked) == 1


async def test_what_a_step_behind_it_may_rewrite_comes_whole() -> None:
    post = step("post", "post-process", **{"with": "prompt", "prompt": "Shout."})
    async with speaking("hello.", "HELLO.") as world:
        talk = Talk(line(step("it", "agent", instructions="Greet."), post), context=world)
        assert await talk.say("Hi") == ["HELLO."]


async def test_only_its_own_tools_are_offered() -> None:
    async with speaking("Hello.") as world:
        talk = Talk(flow(toolIds=["one"]), context=world, variables=VARIABLES, tools=[tool("one"), tool("two")])
        await talk.say("Hi")
        names = [each["function"]["name"] for each in world.asked[0].body["tools"]]
        assert "one" in names
        assert "two" not in names


def test_without_instructions_it_is_unfinished() -> None:
    assert check(compiled(line(step("it", "agent", instructions="x")))) == []
    assert check(compiled(line(step("it", "agent"))))[0].code == "REQUIRED"
    assert check(compiled(line(step("it", "agent", instructions="x", model="none"))))[0].code == "WRONG_MODEL"
