"""The SQL of what the server does for projects by itself: which there are, and revisions that nothing needs."""

from collections.abc import Sequence

import sqlalchemy as sa

from conduet.accounts.principal import ProjectScope
from conduet.kit.db import Tx
from conduet.projects.tables import project, revision, version


def forget_revisions(tx: Tx, scope: ProjectScope, *, before: int) -> int:
    """Forgets revisions that only turns stood on, and that another took the place of before then; how many.

    `before` is in ms since 1970. The draft and what was published stay.
    """
    following = revision.alias()
    later = sa.exists().where(
        following.c.project_id == revision.c.project_id,
        following.c.number > revision.c.number,
        following.c.created_at < before,
    )
    published = sa.exists().where(
        version.c.project_id == revision.c.project_id, version.c.revision == revision.c.number
    )
    old = sa.delete(revision).where(revision.c.project_id == scope.project_id, later, ~published)
    return tx.execute(old).rowcount


def list_all(tx: Tx) -> Sequence[ProjectScope]:
    """Every project of every account; only for what the server does by itself for each of them."""
    return [ProjectScope(each) for each in tx.execute(sa.select(project.c.id).order_by(project.c.id)).scalars()]
