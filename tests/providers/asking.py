"""A request with everything in it, to see what each provider makes of it."""

from conduet.kit.json import Json
from conduet.llm.message import (
    Assistant,
    Image,
    ModelRequest,
    Only,
    System,
    Text,
    ToolCall,
    ToolResult,
    User,
)
from tests.providers.playing import FIND_ORDER, OPENING_HOURS

PIXEL = bytes.fromhex("89504e470d0a1a0a")
SCHEMA: dict[str, Json] = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}

FULL = ModelRequest(
    (
        System("You are a bicycle shop.", again=True),
        System("The customer's name is Ann."),
        User((Text("What is this?"), Image(PIXEL), Image("https://shop.example/bike.jpg", "image/jpeg"))),
        Assistant(
            "Let me look.", (ToolCall("call_1", "find_order", '{"number":"1"}'), ToolCall("call_2", "opening_hours"))
        ),
        ToolResult("call_1", "find_order", "Order 1 is on its way."),
        ToolResult("call_2", "opening_hours", "The shop did not answer.", is_error=True),
    ),
    tools=(FIND_ORDER, OPENING_HOURS),
    tool_choice=Only("find_order"),
    temperature=0.2,
    max_tokens=500,
    schema=SCHEMA,
    cache_key="proj_1/order",
)
