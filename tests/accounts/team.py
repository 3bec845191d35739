"""People at browsers, who sign in and invite each other."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import httpx2

from conduet.app.edge import Edge
from tests.conftest import new_client

OWN = {"Sec-Fetch-Site": "same-origin"}
PASSWORD = "correct horse battery"  # nobody's


@dataclass(slots=True)
class Person:
    """Somebody at a browser."""

    client: httpx2.AsyncClient
    id: str = ""

    async def post(self, path: str, body: Any) -> httpx2.Response:
        return await self.client.post(f"/api/v1{path}", json=body, headers=OWN)

    async def enter(self, path: str, body: Any) -> httpx2.Response:
        """Signs in, and shows the CSRF token from then on."""
        answer = await self.post(path, body)
        if answer.status_code == 200:
            self.id = answer.json()["memberId"]
            self.client.headers["X-CSRF-Token"] = answer.json()["csrfToken"]
            self.client.headers.update(OWN)
        return answer


class Team:
    """An account with its owner, and whoever they invite."""

    def __init__(self, server: Edge, stack: AsyncExitStack) -> None:
        self._server = server
        self._stack = stack

    async def somebody(self) -> Person:
        return Person(await self._stack.enter_async_context(new_client(self._server)))

    async def invited(self, owner: Person, role: str, login: str) -> Person:
        made = await owner.post("/invitations", {"name": login.title(), "role": role})
        assert made.status_code == 201, made.text
        person = await self.somebody()
        token = made.json()["token"]
        joined = await person.enter("/sign-in/invitation", {"token": token, "login": login, "password": PASSWORD})
        assert joined.status_code == 200, joined.text
        return person


def login(person: Person, name: str) -> str:
    """A sign-in name that no other test has."""
    return f"{name}-{person.id[-12:]}"
