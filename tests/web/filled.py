"""Projects with everything in them, under names as people have them: long ones, in other scripts, many."""

from typing import Final

from playwright.sync_api import Page

from tests.web.outside import Outside
from tests.web.test_outbound import press, slack, webhook
from tests.web.test_screens import DEMO, ROUTES
from tests.web.workshop import FLOW, Workshop, call

LONG: Final = "The workshop for tandems, cargo bikes and everything else that rolls on two or three wheels, " * 3
CHINESE: Final = "双人自行车与货运自行车维修工作室"
ARABIC: Final = "ورشة إصلاح الدراجات الهوائية"
WORD: Final = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


def fill(page: Page, vendor: Outside) -> tuple[dict[str, str], dict[str, str]]:
    """Makes the projects; comes back with the routes that show them full, and with those that show them empty."""
    shop = Workshop.make(
        page,
        name=LONG[:200],
        workflows=[FLOW],
        variables=[
            {"name": "bike", "type": "text", "default": CHINESE},
            {"name": "order_" + "x" * 50, "type": "number"},
        ],
        secrets=[{"name": "CMS", "value": "a-secret-that-both-sides-know"}],
        intents=[{"id": "hours", "name": ARABIC, "workflowId": "main", "utterances": ["When do you open?", CHINESE]}],
    )
    shop.begins("kim", "mei", "omar", "a" * 120, *(f"visitor-{number}" for number in range(20)))
    shop.writes("kim", "Do you mend tandems? " + LONG)
    shop.writes("mei", "你们修理双人自行车吗？" * 8)
    shop.writes("omar", "هل تصلحون الدراجات؟")
    call(page, "POST", f"{shop.path}/inbox/{'a' * 120}/take")
    call(page, "POST", f"{shop.path}/inbox/{'a' * 120}/reply", {"text": WORD + "\n\n" + LONG})
    documents = [
        call(
            page,
            "POST",
            f"{shop.path}/knowledge-base",
            {"type": "text", "name": name[:200], "content": f"# {name[:40]}\n\n{LONG * 4}"},
        )
        for name in ("Opening hours", LONG, CHINESE, ARABIC, WORD, *(f"Manual {number}" for number in range(12)))
    ]
    version = call(page, "POST", f"{shop.path}/publish", {"name": "First", "note": LONG[:180]})
    call(page, "PATCH", shop.path, {"description": LONG})
    call(page, "POST", f"{shop.path}/publish", {"name": CHINESE + ARABIC})
    for name in ("Website", LONG[:100], ARABIC):
        call(
            page,
            "POST",
            f"{shop.path}/api-keys",
            {"name": name, "type": "widget", "allowedOrigins": ["https://example.com"]},
        )
    hook = {
        "channel": "webhook",
        "name": LONG[:100],
        "config": {"url": vendor.url("/chat"), "secret": "a-secret-that-both-sides-know"},
    }
    deployment = call(page, "POST", f"{shop.path}/deployments", hook)
    for name in (LONG[:100], CHINESE, "Ana"):
        call(page, "POST", "/invitations", {"name": name, "role": "editor"})
    call(page, "POST", "/tokens", {"name": LONG[:100]})
    news = press(page, webhook(vendor, "/cms"), slack(vendor, "/slack"))
    runs = [call(page, "POST", f"{news.path}/runs", {"pipelineId": "news"}) for _ in range(4)]
    agent = call(page, "POST", "/projects", {"name": CHINESE + " " + ARABIC, "framework": "agentic"})["id"]
    blank = call(page, "POST", "/projects", {"name": "Blank"})["id"]
    bare = call(page, "POST", "/projects", {"name": "Bare", "framework": "outbound"})["id"]
    said = call(page, "GET", f"{shop.path}/transcripts?limit=5&include=dashboard")
    full = f"/p/{shop.id}"
    opened = {
        "inbox-open": f"{full}/inbox/kim",
        "inbox-mine": f"{full}/inbox/{'a' * 120}?queue=mine",
        "inbox-resolved": f"{full}/inbox?queue=resolved",
        "transcript": f"{full}/transcripts/{said[0]['id']}",
        "document": f"{full}/knowledge/{documents[1]['id']}",
        "version": f"{full}/versions/{version['id']}",
        "deployment": f"{full}/deployments/{deployment['id']}",
        **{
            f"deployment-new-{kind}": f"{full}/deployments?new={kind}" for kind in ("web", "slack", "whatsapp", "email")
        },
        **{
            f"parts-{kind}": f"{full}/build/{kind}"
            for kind in ("variables", "secrets", "intents", "tools", "playbooks")
        },
        "step": f"{full}/build/main?step=hello",
        "build-test": f"{full}/build/main?test=true",
        "agent": f"/p/{agent}/build",
        "agent-phases": f"/p/{agent}/build?tab=phases",
        "pipelines": f"/p/{news.id}/build/pipelines",
        "schedules": f"/p/{news.id}/build/schedules",
        "outbound": f"/p/{news.id}/outbound",
        "outbound-open": f"/p/{news.id}/outbound/{runs[0]['id']}",
        "outbound-calendar": f"/p/{news.id}/outbound?month=2026-11",
    }
    apart = {"outbound": f"/p/{bare}/outbound", "pipelines": f"/p/{bare}/build/pipelines"}
    return (
        {**{name: path.replace(DEMO, full) for name, path in ROUTES.items()}, **opened},
        {**{name: path.replace(DEMO, f"/p/{blank}") for name, path in ROUTES.items() if DEMO in path}, **apart}
        | {name: path.replace(full, f"/p/{blank}") for name, path in opened.items() if name.startswith("parts-")},
    )
