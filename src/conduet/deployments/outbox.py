"""What is to be sent, added in the transaction that it comes from, with the job that sends it."""

from collections.abc import Sequence
from typing import Final

from conduet.accounts.principal import ProjectScope
from conduet.deployments.delivery_store import add_deliveries
from conduet.deployments.message_store import Contact, set_numbered
from conduet.engine.channel.outbound import Message
from conduet.jobs.store import NewJob, add_job
from conduet.kit.db import Tx
from conduet.kit.ids import new_id

SEND: Final = "channel-send"
"""The kind of the job that sends what there is for a user."""

SYSTEM: Final = "Conduet"
"""Who notes in the inbox that somebody could not be written to."""


def add_answers(tx: Tx, scope: ProjectScope, contact: Contact, answers: Sequence[Message], *, now: int) -> None:
    """Adds messages to a person, sent in their order and after those before them."""
    if not answers:
        return
    add_deliveries(tx, scope, contact, answers, now=now)
    numbered = [button for answer in answers for button in answer.numbered]
    set_numbered(tx, scope, contact.deployment_id, contact.outside_id, numbered)
    add_sending(tx, scope, contact.deployment_id, contact.user_id)


def add_sending(tx: Tx, scope: ProjectScope, deployment_id: str, user_id: str) -> None:
    """Has somebody send what there is for a user at a deployment."""
    lane = f"send:{deployment_id}:{user_id}"
    add_job(tx, scope, NewJob(SEND, new_id("send"), [deployment_id, user_id], lane=lane))
