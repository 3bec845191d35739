"""What was said before a page is looked at: through the API, by the page itself, as its session allows."""

from playwright.sync_api import Page

POST = """async ([path, bodies]) => {
  const session = await (await fetch("/api/v1/session")).json();
  const headers = { "Content-Type": "application/json", "X-CSRF-Token": session.csrfToken };
  for (const said of bodies) {
    const body = JSON.stringify(said);
    const answer = await fetch(`/api/v1/projects/proj_demo/${path}`, { method: "POST", headers, body });
    if (!answer.ok) throw new Error(await answer.text());
  }
}"""


def say(page: Page, user_id: str, *texts: str) -> None:
    """A user of the demo writes."""
    bodies = [{"action": {"type": "text", "payload": text}} for text in texts]
    page.evaluate(POST, [f"conversations/{user_id}/interact", bodies])


def try_out(page: Page, user_id: str, *texts: str) -> None:
    """Somebody tries the demo out in the dashboard."""
    page.evaluate(POST, ["chat", [{"userId": user_id, "message": text} for text in texts]])
