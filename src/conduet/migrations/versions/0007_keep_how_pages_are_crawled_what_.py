"""Keep how pages are crawled, what documents are about, and questions without an answer."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "knowledge_gap",
        sa.Column("project_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_knowledge_gap_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_gap")),
    )
    with op.batch_alter_table("knowledge_gap", schema=None) as batch_op:
        batch_op.create_index("ix_knowledge_gap_asked", ["project_id", "asked_at"], unique=False)
        batch_op.create_index("ix_knowledge_gap_user", ["project_id", "user_id"], unique=False)

    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.add_column(sa.Column("facts", sa.Text(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("source_id", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("crawl", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("known", sa.Text(), nullable=True))
        batch_op.create_index("ix_document_source", ["project_id", "source_id"], unique=False)

    _make_crawls_of_pages()
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_column("digest")
        batch_op.drop_column("refresh")


def _make_crawls_of_pages() -> None:
    """A page that is in the knowledge base already is a crawl of its one page from now on."""
    columns = ("project_id", "id", "url", "refresh", "source_id", "crawl", "kind", "key")
    document, job = (sa.table(name, *map(sa.column, columns)) for name in ("document", "job"))
    of_page = document.c.url.is_not(None)
    for name, seconds in (("never", None), ("daily", 86_400), ("weekly", 604_800)):
        pages = sa.update(document).where(of_page, document.c.refresh == seconds)
        op.execute(pages.values(source_id=document.c.id, crawl=f'{{"mode":"page","refresh":"{name}"}}'))
    same = sa.and_(document.c.project_id == job.c.project_id, document.c.id == job.c.key)
    jobs = sa.update(job).where(job.c.kind == "ingest", sa.exists().where(same, of_page))
    op.execute(jobs.values(kind="crawl"))
