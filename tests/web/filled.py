"""Projects with everything in them, under names as people have them: long ones, in other scripts, many."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from playwright.sync_api import Page

from tests.web.outside import Outside
from tests.web.test_outbound import press, slack, webhook
from tests.web.test_screens import DEMO, ROUTES
from tests.web.workshop import FLOW, Workshop, call

LONG: Final = "The workshop for tandems, cargo bikes and everything else that rolls on two or three wheels, " * 3
CHINESE: Final = "双人自行车与货运自行车维修工作室"
ARABIC: Final = "ورشة إصلاح الدراجات الهوائية"
WORD: Final = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


SECRET: Final = "a-secret-that-both-sides-know"
CHANNELS: Final = ("web", "slack", "whatsapp", "email")
PARTS: Final = ("variables", "secrets", "intents", "tools", "playbooks")


PRICES: Final = {"type": "object", "properties": {"size": {"type": "string"}}, "required": ["size"]}
TOOLS: Final = [
    {
        "id": "prices",
        "name": "prices",
        "type": "api",
        "description": f"What a repair costs. {LONG}",
        "parameters": PRICES,
        "config": {"method": "GET", "url": "https://example.com/prices?size={{args.size}}"},
    },
    {
        "id": "sum",
        "name": "sum_of_everything_that_is_in_the_basket_now",
        "type": "function",
        "description": "Adds up what is in the basket.",
        "config": {"language": "javascript", "code": "return args.of.length * 3"},
    },
]
BOOKING: Final = {
    "id": "booking",
    "name": f"Booking {ARABIC}",
    "description": "Finds a day for a repair.",
    "instructions": f"Find out the day.\n\n{LONG}",
    "exits": [{"id": "booked", "description": "The day is known."}],
}
GREETS: Final = {
    "id": "greets",
    "name": f"Greets {CHINESE}",
    "turns": [{"action": {"type": "launch"}, "expect": [{"contains": "Hello, this is the workshop."}]}],
}
PHASES: Final = [
    {
        "id": "greet",
        "name": "Greet",
        "instructions": f"Say hello, and find out what it is about. {LONG}",
        "buttons": ["Rent", "Buy"],
        "exit": [{"description": "It is known what it is about.", "to": "help"}],
    },
    {
        "id": "help",
        "name": CHINESE,
        "instructions": "Help them.",
        "exit": [{"description": "They want to pay.", "to": "pay"}, {"expression": "bike", "to": "greet"}],
    },
    {"id": "pay", "name": ARABIC, "instructions": "Take the money.", "allowedToolIds": ["sum"], "exit": []},
]
OPENING: Final = "# Opening hours\n\nThe workshop is open from Monday to Friday, from nine to six o'clock."


def fill(page: Page, vendor: Outside) -> tuple[dict[str, str], dict[str, str]]:
    """Makes the projects; comes back with the routes that show them full, and with those that show them empty."""
    shop, opened = _shop(page, vendor)
    news = press(page, webhook(vendor, "/cms"), slack(vendor, "/slack"))
    runs = [call(page, "POST", f"{news.path}/runs", {"pipelineId": "news"}) for _ in range(4)]
    agent, met = _agent(page)
    new = call(page, "POST", "/projects", {"name": "New", "framework": "agentic"})["id"]
    blank = call(page, "POST", "/projects", {"name": "Blank"})["id"]
    bare = call(page, "POST", "/projects", {"name": "Bare", "framework": "outbound"})["id"]
    full = {
        **{name: path.replace(DEMO, f"/p/{shop}") for name, path in ROUTES.items()},
        **{name: f"/p/{shop}/{path}" for name, path in opened.items()},
        **{f"agent-{name}": f"/p/{agent}/{path}" for name, path in met.items()},
        "pipelines": f"/p/{news.id}/build/pipelines",
        "outbound": f"/p/{news.id}/outbound",
        "outbound-open": f"/p/{news.id}/outbound/{runs[0]['id']}",
        "outbound-calendar": f"/p/{news.id}/outbound?month={runs[0]['createdAt'][:7]}",
    }
    empty = {
        **{name: path.replace(DEMO, f"/p/{blank}") for name, path in ROUTES.items() if DEMO in path},
        **{f"parts-{kind}": f"/p/{blank}/build/{kind}" for kind in PARTS},
        "tests": f"/p/{blank}/test?view=tests",
        "agent-phases": f"/p/{new}/build?tab=phases",
        "agent-persona": f"/p/{new}/build",
        "outbound": f"/p/{bare}/outbound",
        "pipelines": f"/p/{bare}/build/pipelines",
    }
    return full, empty


def _shop(page: Page, vendor: Outside) -> tuple[str, dict[str, str]]:
    """A project in use: its id, and what of it can be opened."""
    bike = {"name": "bike", "type": "text", "default": CHINESE}
    hours = {"id": "hours", "name": ARABIC, "workflowId": "main", "utterances": ["When do you open?", CHINESE]}
    shop = Workshop.make(
        page,
        name=LONG[:200],
        workflows=[FLOW],
        variables=[bike, {"name": f"order_{'x' * 50}", "type": "number"}],
        secrets=[{"name": "CMS", "value": SECRET}],
        intents=[hours],
        tools=TOOLS,
        playbooks=[BOOKING],
        tests=[GREETS],
    )

    def post(path: str, **body: Any) -> Any:
        return call(page, "POST", f"{shop.path}/{path}", body)

    shop.begins("kim", "mei", "omar", "a" * 120, *(f"visitor-{number}" for number in range(20)))
    shop.writes("kim", f"Do you mend tandems? {LONG}")
    shop.writes("mei", "你们修理双人自行车吗？" * 8)
    shop.writes("omar", "هل تصلحون الدراجات؟")
    for user in ("visitor-0", "visitor-1"):
        post(f"inbox/{user}/resolve")
    post("inbox/visitor-2/snooze", until=(datetime.now(UTC) + timedelta(days=2)).isoformat())
    post(f"inbox/{'a' * 120}/take")
    post(f"inbox/{'a' * 120}/reply", text=f"{WORD}\n\n{LONG}")
    names = ("Opening hours", LONG[:200], CHINESE, ARABIC, WORD, *(f"Manual {number}" for number in range(12)))
    documents = [post("knowledge-base", type="text", name=name, content=f"# {name}\n\n{LONG * 4}") for name in names]
    version = post("publish", name="First", note=LONG[:180])
    call(page, "PATCH", shop.path, {"description": LONG})
    post("publish", name=CHINESE + ARABIC)
    for name in ("Website", LONG[:100], ARABIC):
        post("api-keys", name=name, type="widget", allowedOrigins=["https://example.com"])
    config = {"url": vendor.url("/chat"), "secret": SECRET}
    deployment = post("deployments", channel="webhook", name=LONG[:100], config=config)
    for name in (LONG[:100], CHINESE, "Ana"):
        call(page, "POST", "/invitations", {"name": name, "role": "editor"})
    call(page, "POST", "/tokens", {"name": LONG[:100]})
    said = call(page, "GET", f"{shop.path}/transcripts?limit=5&include=dashboard")
    traces = call(page, "GET", f"{shop.path}/transcripts/{said[0]['id']}?include=traces")["traces"]
    return shop.id, {
        "inbox-open": "inbox/kim",
        "inbox-mine": f"inbox/{'a' * 120}?queue=mine",
        "inbox-resolved": "inbox?queue=resolved",
        "inbox-snoozed": "inbox?queue=snoozed",
        "transcript": f"transcripts/{said[0]['id']}",
        "document": f"knowledge/{documents[1]['id']}",
        "version": f"versions/{version['id']}",
        "deployment": f"deployments/{deployment['id']}",
        **{f"deployment-new-{kind}": f"deployments?new={kind}" for kind in CHANNELS},
        **{f"parts-{kind}": f"build/{kind}" for kind in PARTS},
        "step": "build/main?step=hello",
        "build-test": "build/main?test=true",
        "build-replay": f"build?user={said[0]['userId']}&turn={traces[0]['turnId']}",
        "tests": "test?view=tests",
        "tests-open": "test?view=tests&item=greets",
    }


def _agent(page: Page) -> tuple[str, dict[str, str]]:
    """An agent that was talked to: its id, and what of it can be opened."""
    made = call(page, "POST", "/projects", {"name": f"{CHINESE} {ARABIC}", "framework": "agentic"})
    agent = Workshop(page, made["id"])
    harness = {"phases": PHASES, "allowedPlaybookIds": ["booking"]}
    document = {
        "behaviourConfig": {"persona": f"You are Ann of the workshop. {LONG}", "agentHarness": harness},
        "playbooks": [BOOKING],
        "tools": TOOLS,
        "variables": [{"name": "bike", "type": "text"}],
    }
    call(page, "PATCH", agent.path, document)
    document = {"type": "text", "name": "Opening hours", "content": OPENING}
    made = call(page, "POST", f"{agent.path}/knowledge-base", document)
    while call(page, "GET", f"{agent.path}/knowledge-base/{made['id']}")["status"] != "ready":
        page.wait_for_timeout(200)
    for user in ("kim", "mei"):
        agent.writes(user, "When is the workshop open?")
        agent.writes(user, "Which rivers flow through Bolivia?")
    said = call(page, "GET", f"{agent.path}/transcripts?limit=1&include=dashboard")[0]
    tabs = ("persona", "phases", "tools", "playbooks", "limits")
    return agent.id, {
        **{tab: f"build?tab={tab}" for tab in tabs},
        "phase": "build?tab=phases&item=greet",
        "transcript": f"transcripts/{said['id']}",
        "gaps": "knowledge?tab=gaps",
        "analytics": "analytics",
    }
