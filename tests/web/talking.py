"""What was said before a page is looked at: through the API, as by anybody."""

from playwright.sync_api import Page

from tests.web.workshop import call

DEMO = "/projects/proj_demo"


def say(page: Page, user_id: str, *texts: str) -> None:
    """A user of the demo writes."""
    for text in texts:
        action = {"type": "text", "payload": text}
        call(page, "POST", f"{DEMO}/conversations/{user_id}/interact", {"action": action})


def try_out(page: Page, user_id: str, *texts: str) -> None:
    """Somebody tries the demo out in the dashboard."""
    for text in texts:
        call(page, "POST", f"{DEMO}/chat", {"userId": user_id, "message": text})
