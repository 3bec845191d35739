"""A whole conversation: twelve turns over three phases, tools side by side, one that fails, a playbook, a fallback."""

import json
from typing import Any

from inline_snapshot import snapshot

from conduet.providers.scripted import Line
from tests.agents.talking import Chat, calling, tool
from tests.engine.talk import FakeContext

VARIABLES: list[dict[str, Any]] = [
    {"name": "bike"},
    {"name": "days", "type": "number"},
    {"name": "cover"},
]
PHASES: list[dict[str, Any]] = [
    {
        "id": "choose",
        "instructions": "Find out which bike, and for how many days.",
        "allowedToolIds": ["bikes", "weather"],
        "buttons": ["Roadster"],
        "exit": [{"expression": "bike and days > 0", "to": "offer"}],
    },
    {
        "id": "offer",
        "instructions": "Say the price; offer a cover.",
        "allowedToolIds": ["price"],
        "exit": [{"description": "The user takes the offer.", "to": "pay"}],
    },
    {"id": "pay", "instructions": "Take the payment.", "allowedToolIds": ["pay"]},
]
COVER: dict[str, Any] = {
    "id": "cover",
    "name": "Cover",
    "instructions": "Explain the covers, and find out which one the user wants.",
    "inputs": ["days"],
    "exits": [{"id": "chosen", "description": "The user has chosen.", "collects": ["cover"]}],
}

MAIN = (
    Line(text="Welcome! Which bike?"),
    calling(("bikes", {"of": "all"}), ("weather", {"of": "Monday"})),
    Line(text="There are two, and it will be sunny."),
    calling(("set_variables", {"bike": "Roadster"}), text="A good choice. "),
    Line(text="For how many days?"),
    calling(("set_variables", {"days": "three"})),
    calling(("set_variables", {"days": 3})),
    calling(("price", {"of": "Roadster"})),
    Line(text="I cannot look the price up just now."),
    calling(("price", {"of": "Roadster"}), ("price", {"of": "the Roadster"})),
    Line(text="It still fails. It is 20 a day on the list."),
    calling(("handoff", {"playbookId": "cover", "reason": "Asks about covers.", "inputs": {"days": 3}})),
    Line(text="There is small and full cover."),
    Line(text="Full covers theft, too."),
    calling(("take_exit", {"exitId": "chosen", "cover": "full"})),
    Line(text="With full cover it is 75."),
    Line(error="MODEL_OVERLOADED"),
    calling(("advance_phase", {"to": "pay"})),
    calling(("pay", {"of": "75"})),
    Line(text="Paid. Here you go: ![ticket](https://elsewhere.example/t.png?who=Ben)"),
    calling(("resolve", {"reason": "A Roadster is rented."})),
    Line(text="Have a good ride!"),
)
SPARE = (Line(text="Yes, helmets are free."),)

TURNS: list[tuple[str, Any]] = [
    ("launch", None),
    ("text", "What do you have on Monday?"),
    ("button", {"label": "Roadster"}),
    ("text", "Three days"),
    ("text", "Can you look again?"),
    ("text", "Is there a cover?"),
    ("text", "What is in the full one?"),
    ("text", "Full, please"),
    ("text", "Are helmets free?"),
    ("text", "I take it"),
    ("approval", {"approvalId": "", "approved": True}),
    ("text", "Thanks, bye"),
]


async def test_twelve_turns_over_three_phases() -> None:
    chat = Chat(
        harness={"phases": PHASES, "allowedPlaybookIds": ["cover"]},
        behaviour={"model": ["scripted:main", "scripted:spare"]},
        scripts={"main": MAIN, "spare": SPARE},
        variables=VARIABLES,
        playbooks=[COVER],
        tools=[tool("bikes"), tool("weather"), tool("price"), tool("pay", approval="user")],
        context=FakeContext(mocks={"bikes": ["City bike", "Roadster"], "weather": "sunny", "pay": {"receipt": 7}}),
    )
    told: list[str] = []
    approval_id = ""
    for kind, payload in TURNS:
        said = {**payload, "approvalId": approval_id} if kind == "approval" else payload
        told.append(f"— {kind} {'' if payload is None else json.dumps(payload)}".rstrip())
        for name, shown in await chat.act(kind, said):
            approval_id = shown.get("approvalId", approval_id)
            # A call's arguments are JSON already.
            made = " ".join(shown.values()) if name == "tool_call" else json.dumps(shown)
            told.append(f"{name} {made}")
    assert told == TOLD
    assert chat.variables == {"bike": "Roadster", "days": 3, "cover": "full"}
    assert len(chat.requests) == len(MAIN) + len(SPARE)


TOLD = snapshot(
    [
        "— launch",
        'text {"message": "Welcome! Which bike?"}',
        'buttons {"buttons": [{"id": "button1", "label": "Roadster", "value": "Roadster"}]}',
        '— text "What do you have on Monday?"',
        'tool_call bikes {"of":"all"}',
        'tool-call {"phase": "start", "toolName": "bikes", "callId": "call_1"}',
        'tool-call {"phase": "end", "toolName": "bikes", "callId": "call_1", "ok": true, "durationMs": 0.0}',
        'tool_call weather {"of":"Monday"}',
        'tool-call {"phase": "start", "toolName": "weather", "callId": "call_2"}',
        'tool-call {"phase": "end", "toolName": "weather", "callId": "call_2", "ok": true, "durationMs": 0.0}',
        'text {"message": "There are two, and it will be sunny."}',
        'buttons {"buttons": [{"id": "button1", "label": "Roadster", "value": "Roadster"}]}',
        '— button {"label": "Roadster"}',
        'text {"message": "A good choice. "}',
        'tool_call set_variables {"bike":"Roadster"}',
        'tool-call {"phase": "start", "toolName": "set_variables", "callId": "call_3"}',
        'tool-call {"phase": "end", "toolName": "set_variables", "callId": "call_3", "ok": true, "durationMs": 0.0}',
        'text {"message": "For how many days?"}',
        'buttons {"buttons": [{"id": "button1", "label": "Roadster", "value": "Roadster"}]}',
        '— text "Three days"',
        'tool_call set_variables {"days":"three"}',
        'tool_call set_variables {"days":3}',
        'tool-call {"phase": "start", "toolName": "set_variables", "callId": "call_5"}',
        'tool-call {"phase": "end", "toolName": "set_variables", "callId": "call_5", "ok": true, "durationMs": 0.0}',
        'phase {"from": "choose", "to": "offer"}',
        'tool_call price {"of":"Roadster"}',
        'tool-call {"phase": "start", "toolName": "price", "callId": "call_6"}',
        'tool-call {"phase": "end", "toolName": "price", "callId": "call_6", "ok": false, "durationMs": 0.0}',
        'text {"message": "I cannot look the price up just now."}',
        '— text "Can you look again?"',
        'tool_call price {"of":"Roadster"}',
        'tool-call {"phase": "start", "toolName": "price", "callId": "call_7"}',
        'tool-call {"phase": "end", "toolName": "price", "callId": "call_7", "ok": false, "durationMs": 0.0}',
        'tool_call price {"of":"the Roadster"}',
        'tool-call {"phase": "start", "toolName": "price", "callId": "call_8"}',
        'tool-call {"phase": "end", "toolName": "price", "callId": "call_8", "ok": false, "durationMs": 0.0}',
        'text {"message": "It still fails. It is 20 a day on the list."}',
        '— text "Is there a cover?"',
        'tool_call handoff {"playbookId":"cover","reason":"Asks about covers.","inputs":{"days":3}}',
        'tool-call {"phase": "start", "toolName": "handoff", "callId": "call_9"}',
        'handoff {"target": "Cover", "reason": "Asks about covers."}',
        'tool-call {"phase": "end", "toolName": "handoff", "callId": "call_9", "ok": true, "durationMs": 0.0}',
        'text {"message": "There is small and full cover."}',
        '— text "What is in the full one?"',
        'text {"message": "Full covers theft, too."}',
        '— text "Full, please"',
        'tool_call take_exit {"exitId":"chosen","cover":"full"}',
        'tool-call {"phase": "start", "toolName": "take_exit", "callId": "call_10"}',
        'tool-call {"phase": "end", "toolName": "take_exit", "callId": "call_10", "ok": true, "durationMs": 0.0}',
        'text {"message": "With full cover it is 75."}',
        '— text "Are helmets free?"',
        'text {"message": "Yes, helmets are free."}',
        '— text "I take it"',
        'tool_call advance_phase {"to":"pay"}',
        'tool-call {"phase": "start", "toolName": "advance_phase", "callId": "call_11"}',
        'phase {"from": "offer", "to": "pay"}',
        'tool-call {"phase": "end", "toolName": "advance_phase", "callId": "call_11", "ok": true, "durationMs": 0.0}',
        'tool_call pay {"of":"75"}',
        'approval {"approvalId": "appr_0a5cd687ca9d37", "toolName": "pay", "arguments": {"of": "75"}, "by": "user"}',
        'text {"message": "I need a go-ahead before I can do this. As soon as there is one, I will go on."}',
        '— approval {"approvalId": "", "approved": true}',
        'tool_call pay {"of":"75"}',
        'tool-call {"phase": "start", "toolName": "pay", "callId": "appr_0a5cd687ca9d37"}',
        'tool-call {"phase": "end", "toolName": "pay", "callId": "appr_0a5cd687ca9d37", "ok": true, "durationMs": 0.0}',
        'text {"message": "Paid. Here you go: ticket"}',
        '— text "Thanks, bye"',
        'tool_call resolve {"reason":"A Roadster is rented."}',
        'tool-call {"phase": "start", "toolName": "resolve", "callId": "call_14"}',
        'resolution {"reason": "A Roadster is rented."}',
        'tool-call {"phase": "end", "toolName": "resolve", "callId": "call_14", "ok": true, "durationMs": 0.0}',
        'text {"message": "Have a good ride!"}',
    ]
)
