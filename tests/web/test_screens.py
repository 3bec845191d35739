"""Every route, in both themes and at both widths: what axe finds, and what a walk by keys and other settings show."""

import pytest

from tests.web.conftest import NewPage
from tests.web.screens import SIZES, check_sizes, check_themes
from tests.web.walking import force_colours, mirror, open_and_close, reflow, tab_through

DEMO = "/p/proj_demo"
ROUTES = {
    "projects": "/",
    "new-template": "/?new=template",
    "new-describe": "/?new=describe",
    "new-blank": "/?new=blank",
    "new-import": "/?new=import",
    "settings": "/settings",
    "tokens": "/settings?tab=tokens",
    "members": "/settings?tab=members",
    "audit": "/settings?tab=audit",
    "build": f"{DEMO}/build",
    "test": f"{DEMO}/test",
    "knowledge": f"{DEMO}/knowledge",
    "inbox": f"{DEMO}/inbox",
    "transcripts": f"{DEMO}/transcripts",
    "analytics": f"{DEMO}/analytics",
    "outbound": f"{DEMO}/outbound",
    "versions": f"{DEMO}/versions",
    "deployments": f"{DEMO}/deployments",
    "keys": f"{DEMO}/keys",
    "new-key": f"{DEMO}/keys?new=widget",
    "knowledge-search": f"{DEMO}/knowledge?ask=repair",
    "knowledge-gaps": f"{DEMO}/knowledge?tab=gaps",
    "knowledge-web": f"{DEMO}/knowledge?add=web",
    "knowledge-text": f"{DEMO}/knowledge?add=text",
    "project-settings": f"{DEMO}/settings",
    "nowhere": f"{DEMO}/nowhere",
}


@pytest.mark.parametrize("size", SIZES)
def test_every_screen_is_for_everybody(size: str, somebody: NewPage) -> None:
    page = somebody(viewport=SIZES[size], reduced_motion="reduce")
    wrong: list[str] = []
    opened: set[str] = set()
    for name, path in ROUTES.items():
        page.goto(path)
        check_themes(page, f"{name}-{size}")
        found = [
            *force_colours(page),
            *mirror(page),
            *tab_through(page, known=bool(opened)),
            *open_and_close(page, opened),
        ]
        if size == "narrow":
            found += reflow(page)
        wrong += [f"{name}: {each}" for each in found]
    assert wrong == [], "\n".join(wrong)


def test_the_sign_in_page_is_for_everybody(stranger: NewPage) -> None:
    page = stranger(reduced_motion="reduce")
    for name, query in {"sign-in": "", "sign-in-link": "?token=abc", "join": "?invitation=abc"}.items():
        page.goto(f"/sign-in{query}")
        check_sizes(page, name)
