"""One whole conversation with an agent: three phases, tools side by side, a failing one, a playbook and a fallback."""

import json
from pathlib import Path
from typing import Any

from tests.agents.obeying import reply
from tests.agents.talking import tool
from tests.conversations.agentic import agentic, configured
from tests.providers.playing import Reply, playing

PHASES: list[dict[str, Any]] = [
    {
        "id": "greet",
        "instructions": "Find out the name.",
        "buttons": ["Rent", "Buy"],
        "exit": {"expression": "name", "to": "choose"},
    },
    {"id": "choose", "instructions": "Find a bike.", "exit": {"description": "A bike is chosen.", "to": "pay"}},
    {"id": "pay", "instructions": "Take the money.", "allowedToolIds": ["pay"], "exit": []},
]
BOOKING: dict[str, Any] = {
    "id": "booking",
    "name": "Booking",
    "description": "Books a bike.",
    "instructions": "Find out the day.",
    "exits": [{"id": "booked", "description": "The day is known.", "collects": ["day"]}],
}
DOCUMENT: dict[str, Any] = {
    "behaviourConfig": {
        "persona": "You are Ann of the bike shop.",
        "agentHarness": {"phases": PHASES, "allowedPlaybookIds": ["booking"]},
    },
    "playbooks": [BOOKING],
    "variables": [{"name": "name", "type": "text"}, {"name": "day", "type": "text"}],
    "tools": [
        tool("price", config={"language": "javascript", "code": "return args.of.length * 3"}),
        tool("stock", config={"language": "javascript", "code": "throw new Error('The shelf is empty')"}),
        tool("pay", config={"language": "javascript", "code": "return 'paid'"}),
    ],
}
SCRIPT: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("", ("Hello! Who are you?",)),
    ("What do you have?", ("Bikes. And your name?",)),
    ("I am Ben", ((("set_variables", {"name": "Ben"}),), "Hello Ben. Which bike?")),
    ("Roadster or Cargo?", ((("price", {"of": "Roadster"}), ("price", {"of": "Cargo"})), "24 and 15 euros.")),
    ("Is there a Cargo?", ((("stock", {"of": "Cargo"}),), "I cannot see the stock just now.")),
    ("Book the Roadster", ((("handoff", {"playbookId": "booking", "reason": "Books."}),), "Which day?")),
    ("Hm", ("Any day will do.",)),
    ("Monday", ((("take_exit", {"exitId": "booked", "day": "Monday"}),), "Booked for Monday.")),
    ("Are you there?", (Reply(b"{}", 503), "Yes, by my second voice.")),
    ("I take it", ((("advance_phase", {"to": "pay"}),), "How do you pay?")),
    ("By card", ((("pay", {"of": "Roadster"}),), "Thank you, it is paid.")),
    ("Bye", ((("resolve", {"reason": "All done."}),), "Ride well, Ben!")),
)


def _line(trace: dict[str, Any]) -> str:
    told = {name: value for name, value in trace["payload"].items() if name != "durationMs"}
    return f"{trace['type']} {json.dumps(told)}"


async def test_a_conversation_of_twelve_turns(tmp_path: Path) -> None:
    replies = [each if isinstance(each, Reply) else reply(each) for _, answers in SCRIPT for each in answers]
    async with (
        playing(*replies) as server,
        agentic(tmp_path, configured(server.url), model="openai:a,openai:b", **DOCUMENT) as place,
    ):
        ben, seen = place.talker(), list[str]()
        for words, _ in SCRIPT:
            action = {"type": "text", "payload": words} if words else {"type": "launch"}
            traces = (await ben.send(action)).json()
            seen += [f"> {words}", *(_line(trace) for trace in traces if trace["type"] != "debug")]
        assert len(server.asked) == len(replies)
        assert seen == EXPECTED


BUTTONS = (
    'buttons {"buttons": [{"id": "button1", "label": "Rent", "value": "Rent"}, '
    '{"id": "button2", "label": "Buy", "value": "Buy"}]}'
)
EXPECTED = [
    "> ",
    'text {"message": "Hello! Who are you?"}',
    BUTTONS,
    "> What do you have?",
    'text {"message": "Bikes. And your name?"}',
    BUTTONS,
    "> I am Ben",
    r'tool_call {"name": "set_variables", "argsJson": "{\"name\": \"Ben\"}"}',
    'tool-call {"phase": "start", "toolName": "set_variables", "callId": "call_set_variables_0"}',
    'tool-call {"phase": "end", "toolName": "set_variables", "callId": "call_set_variables_0", "ok": true}',
    'phase {"from": "greet", "to": "choose"}',
    'text {"message": "Hello Ben. Which bike?"}',
    "> Roadster or Cargo?",
    r'tool_call {"name": "price", "argsJson": "{\"of\": \"Roadster\"}"}',
    'tool-call {"phase": "start", "toolName": "price", "callId": "call_price_0"}',
    'tool-call {"phase": "end", "toolName": "price", "callId": "call_price_0", "ok": true}',
    r'tool_call {"name": "price", "argsJson": "{\"of\": \"Cargo\"}"}',
    'tool-call {"phase": "start", "toolName": "price", "callId": "call_price_1"}',
    'tool-call {"phase": "end", "toolName": "price", "callId": "call_price_1", "ok": true}',
    'text {"message": "24 and 15 euros."}',
    "> Is there a Cargo?",
    r'tool_call {"name": "stock", "argsJson": "{\"of\": \"Cargo\"}"}',
    'tool-call {"phase": "start", "toolName": "stock", "callId": "call_stock_0"}',
    'tool-call {"phase": "end", "toolName": "stock", "callId": "call_stock_0", "ok": false}',
    'text {"message": "I cannot see the stock just now."}',
    "> Book the Roadster",
    r'tool_call {"name": "handoff", "argsJson": "{\"playbookId\": \"booking\", \"reason\": \"Books.\"}"}',
    'tool-call {"phase": "start", "toolName": "handoff", "callId": "call_handoff_0"}',
    'handoff {"target": "Booking", "reason": "Books."}',
    'tool-call {"phase": "end", "toolName": "handoff", "callId": "call_handoff_0", "ok": true}',
    'text {"message": "Which day?"}',
    "> Hm",
    'text {"message": "Any day will do."}',
    "> Monday",
    r'tool_call {"name": "take_exit", "argsJson": "{\"exitId\": \"booked\", \"day\": \"Monday\"}"}',
    'tool-call {"phase": "start", "toolName": "take_exit", "callId": "call_take_exit_0"}',
    'tool-call {"phase": "end", "toolName": "take_exit", "callId": "call_take_exit_0", "ok": true}',
    'text {"message": "Booked for Monday."}',
    "> Are you there?",
    'text {"message": "Yes, by my second voice."}',
    "> I take it",
    r'tool_call {"name": "advance_phase", "argsJson": "{\"to\": \"pay\"}"}',
    'tool-call {"phase": "start", "toolName": "advance_phase", "callId": "call_advance_phase_0"}',
    'phase {"from": "choose", "to": "pay"}',
    'tool-call {"phase": "end", "toolName": "advance_phase", "callId": "call_advance_phase_0", "ok": true}',
    'text {"message": "How do you pay?"}',
    "> By card",
    r'tool_call {"name": "pay", "argsJson": "{\"of\": \"Roadster\"}"}',
    'tool-call {"phase": "start", "toolName": "pay", "callId": "call_pay_0"}',
    'tool-call {"phase": "end", "toolName": "pay", "callId": "call_pay_0", "ok": true}',
    'text {"message": "Thank you, it is paid."}',
    "> Bye",
    r'tool_call {"name": "resolve", "argsJson": "{\"reason\": \"All done.\"}"}',
    'tool-call {"phase": "start", "toolName": "resolve", "callId": "call_resolve_0"}',
    'resolution {"reason": "All done."}',
    'tool-call {"phase": "end", "toolName": "resolve", "callId": "call_resolve_0", "ok": true}',
    'text {"message": "Ride well, Ben!"}',
]
