"""What becomes of people at channels when two users turn out to be one: they are written to as before."""

from conduet.conversations.scope import ConversationScope
from conduet.conversations.store.events import last_number
from conduet.deployments import delivery_store, message_store
from conduet.deployments.outbox import add_sending
from conduet.kit.db import Tx


def merged(tx: Tx, gone: ConversationScope, into: ConversationScope) -> None:
    """Sees to it that what is on its way still goes, and that nobody hears anew what was said before."""
    del gone
    message_store.set_heard(tx, into.project, into.user_id, number=last_number(tx, into))
    for deployment_id in delivery_store.list_due_at(tx, into.project, into.user_id):
        add_sending(tx, into.project, deployment_id, into.user_id)
