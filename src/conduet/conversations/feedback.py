"""What readers think of what they were told."""

from conduet.analytics.store import rate
from conduet.conversations.scope import Asker
from conduet.conversations.store.reading import check_sees
from conduet.conversations.wire import Feedback
from conduet.kit.db import Database, Tx


class Feedbacks:
    """Keeps thumbs, and why."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def rate(self, asker: Asker, named: str, said: Feedback) -> str:
        """Notes it at the message, whose id comes back; what was said of it before is replaced.

        `named` is the message's id, or the id of the turn that said it last. Raises `NotFound`.
        """

        def work(tx: Tx) -> str:
            check_sees(tx, asker)
            comment = said.comment if said.rating else None
            scope = asker.scope
            return rate(tx, scope.project, scope.user_id, named, rating=said.rating, comment=comment)

        return await self._database.write(work)
