"""A project whose flow asks for a person, its users, and a colleague: all made through the API, as by anybody."""

from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import FilePayload, Page, expect

FLOW: Final = {
    "id": "main",
    "name": "Main",
    "primary": True,
    "steps": [
        {"id": "start", "type": "start", "config": {}, "position": {"x": 0, "y": 0}},
        {
            "id": "hello",
            "type": "message",
            "config": {"text": "Hello, this is the workshop."},
            "position": {"x": 320, "y": 0},
        },
        {
            "id": "person",
            "type": "handoff",
            "config": {"target": "Workshop", "reason": "Asks for a tandem."},
            "position": {"x": 640, "y": 0},
        },
        {"id": "back", "type": "message", "config": {"text": "The agent is back."}, "position": {"x": 960, "y": 0}},
    ],
    "connections": [
        {"id": "c1", "source": "start", "sourcePort": "next", "target": "hello"},
        {"id": "c2", "source": "hello", "sourcePort": "next", "target": "person"},
        {"id": "c3", "source": "person", "sourcePort": "next", "target": "back"},
    ],
}


def call(page: Page, method: str, path: str, body: object = None, *, file: FilePayload | None = None) -> Any:
    """Asks the API as whoever is signed in in the page's browser; the page need not be anywhere."""
    session = page.request.get("/api/v1/session")
    token = session.json()["csrfToken"] if session.ok else ""
    headers = {"X-CSRF-Token": token, "Sec-Fetch-Site": "same-origin"}
    answer = page.request.fetch(
        f"/api/v1{path}", method=method, headers=headers, data=body, multipart={"file": file} if file else None
    )
    assert answer.ok, answer.text()
    return answer.json() if answer.text() else None


@dataclass(frozen=True)
class Workshop:
    """The project, made by whoever is signed in on the page."""

    page: Page
    id: str

    @classmethod
    def make(cls, page: Page, **document: Any) -> "Workshop":
        made = call(page, "POST", "/projects", {"name": "Workshop"})
        call(page, "PATCH", f"/projects/{made['id']}", document or {"workflows": [FLOW]})
        return cls(page, made["id"])

    @property
    def path(self) -> str:
        return f"/projects/{self.id}"

    def begins(self, *users: str) -> None:
        """These users talk to the agent, which asks for a person."""
        for user in users:
            self.acts(user, {"type": "launch"})

    def writes(self, user: str, text: str) -> list[str]:
        """A user writes; comes back with what answered."""
        return self.acts(user, {"type": "text", "payload": text})

    def acts(self, user: str, action: Any) -> list[str]:
        traces = call(self.page, "POST", f"{self.path}/conversations/{user}/interact", {"action": action})
        return [each["payload"]["message"] for each in traces if each["type"] == "text"]

    def sends(self, user: str, file: FilePayload) -> None:
        """A user sends a file."""
        sent = call(self.page, "POST", f"{self.path}/conversations/{user}/files", file=file)
        self.acts(user, {"type": "media", "payload": {"url": sent["url"], "mimeType": sent["mimeType"]}})

    def heard(self, user: str) -> list[str]:
        """What the user was told by people, as the transcript has it."""
        state = call(self.page, "GET", f"{self.path}/conversations/{user}/state")
        return [each["content"] for each in state["history"] if each["role"] == "person"]


def come(owner: Page, page: Page, name: str, *, role: str = "agent") -> None:
    """Somebody who is invited by the owner signs in on a page of their own."""
    invited = call(owner, "POST", "/invitations", {"name": name, "role": role})
    page.goto("/sign-in")
    # The form is there: what the page asks for at first has been asked.
    expect(page.get_by_role("heading").first).to_be_attached()
    body = {
        "token": invited["token"],
        "name": name,
        "login": f"{name.lower()}@example.com",
        "password": f"{name} rides a tandem",
    }
    call(page, "POST", "/sign-in/invitation", body)
