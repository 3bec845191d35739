"""A flow that sends an e-mail: to a real mail server, once, and not again when the turn is run again."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx2
import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from conduet.app.edge import Edge
from conduet.settings import Settings
from tests.conftest import Owned, new_client
from tests.conversations.far_away import gone_wrong, reaching
from tests.conversations.talking import Talker, save
from tests.tools.using import MAIN, VARIABLES, tool


@dataclass
class Office:
    """What a mail server was given."""

    taken: list[Envelope] = field(default_factory=list[Envelope])
    port: int = 0

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # the name is the library's
        self.taken.append(envelope)
        return "250 kept"


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    office = Office()
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(office, hostname="office"), "127.0.0.1", 0)
    office.port = server.sockets[0].getsockname()[1]
    yield office
    server.close()


async def test_a_message_is_sent_once_and_a_replay_sends_nothing(
    owner: httpx2.AsyncClient, project: Owned, office: Office, settings: Settings, server: Edge
) -> None:
    used = tool(
        "integration",
        provider="smtp",
        action="send",
        credentials={"host": "127.0.0.1", "port": office.port, "security": "none", "sender": "{{secrets.SENDER}}"},
        inputs={"to": ["ann@bikes.example"], "subject": "For {{who}}", "text": "It is ready."},
    )
    secrets = [{"name": "SENDER", "value": "shop@shop.example"}]
    await save(owner, project, MAIN, tools=[used], variables=VARIABLES, secrets=secrets)
    async with (
        reaching(settings, f"127.0.0.1:{office.port}") as app,
        new_client(app, key=project.key) as client,
    ):
        user = Talker(client)
        traces = (await user.send({"type": "launch"})).json()
        replayed = await client.post(user.path(f"turns/{user.turn_id}/replay"), json={})
    assert gone_wrong(traces) == []
    assert replayed.json()["differences"] == []
    (envelope,) = office.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == ("shop@shop.example", ["ann@bikes.example"])
    refused = (await Talker(project.client, "u2").send({"type": "launch"})).json()
    assert gone_wrong(refused)[0][0] == "ADDRESS_REFUSED"
    assert len(office.taken) == 1
