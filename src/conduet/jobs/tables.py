"""Rows of jobs."""

import sqlalchemy as sa

from conduet.kit.db import metadata, project_column

job = sa.Table(
    "job",
    metadata,
    project_column(),
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("key", sa.String, nullable=False),
    # Jobs of one lane run one after another; an empty one is none.
    sa.Column("lane", sa.String, nullable=False),
    # JSON.
    sa.Column("payload", sa.Text, nullable=False),
    sa.Column("run_at", sa.BigInteger, nullable=False),
    # Seconds from one end to the next run; none: once.
    sa.Column("every", sa.Integer),
    # Runs that have begun since the last that went well.
    sa.Column("attempts", sa.Integer, nullable=False),
    # `worker:run` of the process that runs it.
    sa.Column("taken_by", sa.String),
    sa.Column("taken_until", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("project_id", "kind", "key"),
    sa.Index("ix_job_run_at", "run_at"),
    sa.Index("ix_job_lane", "project_id", "lane", "id"),
)
