"""Projects with everything in them, under names as people have them: long ones, in other scripts, many."""

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


def fill(page: Page, vendor: Outside) -> tuple[dict[str, str], dict[str, str]]:
    """Makes the projects; comes back with the routes that show them full, and with those that show them empty."""
    shop, opened = _shop(page, vendor)
    news = press(page, webhook(vendor, "/cms"), slack(vendor, "/slack"))
    runs = [call(page, "POST", f"{news.path}/runs", {"pipelineId": "news"}) for _ in range(4)]
    agent = call(page, "POST", "/projects", {"name": f"{CHINESE} {ARABIC}", "framework": "agentic"})["id"]
    blank = call(page, "POST", "/projects", {"name": "Blank"})["id"]
    bare = call(page, "POST", "/projects", {"name": "Bare", "framework": "outbound"})["id"]
    full = {
        **{name: path.replace(DEMO, f"/p/{shop}") for name, path in ROUTES.items()},
        **{name: f"/p/{shop}/{path}" for name, path in opened.items()},
        "agent": f"/p/{agent}/build",
        "agent-phases": f"/p/{agent}/build?tab=phases",
        "pipelines": f"/p/{news.id}/build/pipelines",
        "outbound": f"/p/{news.id}/outbound",
        "outbound-open": f"/p/{news.id}/outbound/{runs[0]['id']}",
        "outbound-calendar": f"/p/{news.id}/outbound?month={runs[0]['createdAt'][:7]}",
    }
    empty = {
        **{name: path.replace(DEMO, f"/p/{blank}") for name, path in ROUTES.items() if DEMO in path},
        **{f"parts-{kind}": f"/p/{blank}/build/{kind}" for kind in PARTS},
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
    )

    def post(path: str, **body: Any) -> Any:
        return call(page, "POST", f"{shop.path}/{path}", body)

    shop.begins("kim", "mei", "omar", "a" * 120, *(f"visitor-{number}" for number in range(20)))
    shop.writes("kim", f"Do you mend tandems? {LONG}")
    shop.writes("mei", "你们修理双人自行车吗？" * 8)
    shop.writes("omar", "هل تصلحون الدراجات؟")
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
    return shop.id, {
        "inbox-open": "inbox/kim",
        "inbox-mine": f"inbox/{'a' * 120}?queue=mine",
        "inbox-resolved": "inbox?queue=resolved",
        "transcript": f"transcripts/{said[0]['id']}",
        "document": f"knowledge/{documents[1]['id']}",
        "version": f"versions/{version['id']}",
        "deployment": f"deployments/{deployment['id']}",
        **{f"deployment-new-{kind}": f"deployments?new={kind}" for kind in CHANNELS},
        **{f"parts-{kind}": f"build/{kind}" for kind in PARTS},
        "step": "build/main?step=hello",
        "build-test": "build/main?test=true",
    }
