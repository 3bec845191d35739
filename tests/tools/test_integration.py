"""The tool `integration`: from a project to a connector and back."""

import asyncio
import json
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP

from conduet.engine.use import ToolFailure
from conduet.kit.http import Place
from conduet.tools.integration import IntegrationTool
from tests.connectors.playing import Use
from tests.engine.world import World
from tests.tools.using import SECRETS, Wide, failure, problems, replayed, talk, tool, use, wrong

TOKEN = "{{secrets.KEY}}"


def webhook(world: World, **inputs: Any) -> dict[str, Any]:
    return tool(
        "integration",
        provider="webhook",
        action="send",
        credentials={"url": f"{world.url}/hook", "secret": "{{secrets.KEY}}-and-some-more"},
        inputs={"payload": {"who": "{{who}}", "order": "{{args.order}}"}, **inputs},
    )


async def test_something_is_done_at_a_service(world: World) -> None:
    world.answer("/hook", {"id": 7}, status=201)
    assert await use(world, webhook(world), order="o-1") == {"status": 201, "body": {"id": 7}}
    assert world.sent[0].json == {"who": "Ann", "order": "o-1"}


async def test_what_a_service_refuses_is_a_failure(world: World) -> None:
    world.answer("/hook", {"error": "No such order."}, status=404)
    assert await failure(world, webhook(world), order="o-1") == (
        "NOT_FOUND",
        "The webhook does not know what was asked for: No such order.",
    )


async def test_neither_credentials_nor_what_was_sent_with_them_is_kept(world: World) -> None:
    world.answer("/hook", {"id": 7})
    talking = talk(world, webhook(world), order="o-1")
    lines = await talking.launch()
    (signature,) = [sent.headers["X-Conduet-Signature"] for sent in world.sent]
    kept = json.dumps([trace.payload() for trace in talking.seen]) + json.dumps(talking.context.entries)
    assert SECRETS["KEY"] not in kept
    assert signature not in kept
    assert await replayed(talking) == lines
    assert len(world.sent) == 1


async def test_a_failure_is_replayed_too(world: World) -> None:
    world.answer("/hook", {}, status=500)
    talking = talk(world, webhook(world), order="o-1")
    lines = await talking.launch()
    assert await replayed(talking) == lines


async def test_a_mock_stands_for_the_result(world: World) -> None:
    talking = talk(world, webhook(world), mocks={"t": {"status": 200}}, order="o-1")
    await talking.launch()
    assert talking.variables["found"] == {"status": 200}
    assert world.sent == []


async def test_inputs_that_do_not_fit_are_told_by_path_and_nothing_is_done(world: World) -> None:
    used = tool(
        "integration",
        provider="slack",
        action="post-message",
        credentials={"token": TOKEN},
        inputs={"channel": "{{args.channel}}", "text": "{{args.text}}", "format": "{{args.format}}"},
    )
    code, message = await failure(world, used, channel="", text=["a"], format="html")
    assert code == "WRONG_INPUT"
    assert message.startswith("Nothing was done: ")
    for path in ("inputs.channel: ", "inputs.text: ", "inputs.format: "):
        assert path in message


async def test_a_credential_that_does_not_fit_is_told_without_telling_it(world: World) -> None:
    used = tool(
        "integration",
        provider="discord",
        action="post-message",
        credentials={"webhookUrl": TOKEN},
        inputs={"text": "x"},
    )
    code, message = await failure(world, used)
    assert code == "WRONG_INPUT"
    assert message.startswith("Nothing was done: credentials.webhookUrl: String should match pattern")


def test_what_is_no_list_is_told_in_the_words_of_json() -> None:
    used = tool("integration", provider="smtp", action="send", inputs={"to": "ann@bikes.example"})
    assert "Input should be a list." in {problem.message for problem in problems(used)}


async def test_an_optional_input_that_comes_to_nothing_counts_as_not_given(world: World) -> None:
    used = tool(
        "integration",
        provider="stripe",
        action="find-customer",
        credentials={"apiKey": TOKEN},
        inputs={"email": "{{args.email}}", "customerId": "{{args.id}}"},
    )
    talking = talk(world, used, mocks={}, email="", id="")
    await talking.launch()
    told = [trace.payload() for trace in talking.seen if trace.type == "error"]
    assert "give an e-mail address or an id" in str(told)


async def test_mail_is_sent_by_a_mail_server_of_one_s_own(wide: Wide) -> None:
    kept: list[Any] = []

    class Handler:
        async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  # the name is the library's
            kept.append(envelope)
            return "250 kept"

    office = await asyncio.get_running_loop().create_server(lambda: SMTP(Handler()), "127.0.0.1", 0)
    port = office.sockets[0].getsockname()[1]
    wide.places.append(Place("127.0.0.1", port))
    used = tool(
        "integration",
        provider="smtp",
        action="send",
        credentials={"host": "127.0.0.1", "port": port, "security": "none", "sender": "shop@shop.example"},
        inputs={"to": ["{{args.email}}"], "subject": "For {{who}}", "text": "It is on its way."},
    )
    result: Any = await use(wide, used, email="ann@bikes.example")
    office.close()
    (envelope,) = kept
    assert envelope.rcpt_tos == ["ann@bikes.example"]
    assert b"Subject: For Ann\r\n" in envelope.content
    assert result["messageId"].encode() in envelope.content


def test_everything_that_is_unfinished_is_told_at_once() -> None:
    used = tool(
        "integration",
        provider="zendesk",
        action="create-ticket",
        credentials={"subdomain": "Not one", "email": "", "apiToken": "in plain sight", "tokn": "x"},
        inputs={"subject": "Hi", "body": "{{args.text}}", "requesterName": "{{nobody}}", "priority": "later"},
    )
    told = {(problem.code, problem.path) for problem in problems(used)}
    assert told == {
        ("WRONG_INPUT", "tools[0].config.credentials.subdomain"),
        ("REQUIRED", "tools[0].config.credentials.email"),
        ("EXPOSED_SECRET", "tools[0].config.credentials.apiToken"),
        ("UNKNOWN_FIELD", "tools[0].config.credentials.tokn"),
        ("REQUIRED", "tools[0].config.inputs.requesterEmail"),
        ("WRONG_INPUT", "tools[0].config.inputs.priority"),
        ("UNKNOWN_VARIABLE", "tools[0].config.inputs.requesterName"),
    }
    assert all(problem.fix for problem in problems(used))


@pytest.mark.parametrize(
    ("config", "code", "path", "fix"),
    [
        ({}, "REQUIRED", "provider", "Fill it in."),
        ({"provider": "slak", "action": "x"}, "UNKNOWN_CONNECTOR", "provider", "Did you mean `slack`?"),
        (
            {"provider": "slack", "action": "post-mesage", "credentials": {"token": TOKEN}},
            "UNKNOWN_ACTION",
            "action",
            "Did you mean `post-message`?",
        ),
        (
            {"provider": "slack", "action": "x", "credentials": {"token": TOKEN}},
            "UNKNOWN_ACTION",
            "action",
            "There are post-message.",
        ),
        ({"provider": "slack", "action": "post-message"}, "REQUIRED", "credentials.token", "Fill it in."),
    ],
)
def test_an_unknown_service_or_action_is_told_with_what_is_near(
    config: dict[str, Any], code: str, path: str, fix: str
) -> None:
    told = [(problem.code, problem.path, problem.fix) for problem in problems(tool("integration", **config))]
    assert (code, f"tools[0].config.{path}", fix) in told


@pytest.mark.parametrize(("config", "path"), [({"provider": 1}, "provider"), ({"inputs": []}, "inputs")])
def test_a_wrong_type_is_refused_by_path(config: dict[str, Any], path: str) -> None:
    (detail,) = wrong(tool("integration", **config))
    assert detail.path == f"tools[0].config.{path}"


async def test_a_tool_that_was_not_made_ready_does_nothing(world: World) -> None:
    use: Any = Use(world)  # pyright: ignore[reportArgumentType]  # a world without most of what one has
    with pytest.raises(ToolFailure, match="There is no 'x' of 'slack' here"):
        await IntegrationTool.model_validate({"provider": "slack", "action": "x"}).run(use)


def test_an_action_that_is_missing_is_told() -> None:
    told = [problem.path for problem in problems(tool("integration", provider="slack", credentials={"token": TOKEN}))]
    assert told == ["tools[0].config.action"]


async def test_a_service_that_is_not_installed_here_is_told(world: World) -> None:
    assert (await failure(world, tool("integration", provider="fax", action="send")))[0] == "UNFINISHED_TOOL"
