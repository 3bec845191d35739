"""Rows of the knowledge base."""

import sqlalchemy as sa

from conduet.kit.db import metadata, project_column

# What of a project can be searched: one row a project, whose revision counts up with every change of what follows.
knowledge_index = sa.Table(
    "knowledge_index",
    metadata,
    project_column(primary_key=True),
    sa.Column("revision", sa.BigInteger, nullable=False),
    # Which model's vectors the search uses: its key, of name, checksum and dimension; empty before the first vector.
    sa.Column("model", sa.String, nullable=False),
)

# A document as far as the search needs it: a copy, written with its chunks.
indexed_document = sa.Table(
    "indexed_document",
    metadata,
    project_column(primary_key=True),
    sa.Column("document_id", sa.String, primary_key=True),
    # That of the project when it last changed here.
    sa.Column("revision", sa.BigInteger, nullable=False),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("url", sa.String),
    sa.Column("crawled_at", sa.BigInteger),
    # Of its words: how they were cut to stems.
    sa.Column("language", sa.String, nullable=False),
    # JSON.
    sa.Column("facts", sa.Text, nullable=False),
)

chunk = sa.Table(
    "chunk",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    project_column(),
    sa.Column("document_id", sa.String, nullable=False),
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    # Of its section, from the outermost on; JSON.
    sa.Column("headings", sa.Text, nullable=False),
    sa.Column("page", sa.Integer),
    # JSON.
    sa.Column("facts", sa.Text, nullable=False),
    # Its stems: how many in all, and each with its count, as `conduet.knowledge.index` packs them.
    sa.Column("stem_count", sa.Integer, nullable=False),
    sa.Column("stems", sa.LargeBinary, nullable=False),
    sa.Index("ix_chunk_document", "project_id", "document_id", "ordinal"),
)

# float16, of the whole chunk and of each of its sentences; those of several models while another takes over.
chunk_vector = sa.Table(
    "chunk_vector",
    metadata,
    project_column(primary_key=True),
    sa.Column("model", sa.String, primary_key=True),
    sa.Column("chunk_id", sa.String, sa.ForeignKey("chunk.id", ondelete="CASCADE"), primary_key=True, index=True),
    sa.Column("whole", sa.LargeBinary, nullable=False),
    sa.Column("sentences", sa.LargeBinary, nullable=False),
)

document = sa.Table(
    "document",
    metadata,
    project_column(primary_key=True),
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("name", sa.String, nullable=False),
    # `text`, `url`, or what a file's name ends with.
    sa.Column("type", sa.String, nullable=False),
    # `processing`, `ready` or `failed`.
    sa.Column("status", sa.String, nullable=False),
    # Per cent.
    sa.Column("progress", sa.Integer, nullable=False),
    sa.Column("error", sa.String),
    sa.Column("chunk_count", sa.Integer, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("mime", sa.String, nullable=False),
    sa.Column("url", sa.String),
    # What the project says of it, to filter searches by: JSON, names to values.
    sa.Column("facts", sa.Text, nullable=False, server_default="{}"),
    # Of a page of the web: the document that stands for all pages of its crawl, which may be itself.
    sa.Column("source_id", sa.String),
    # Of that document: the crawl, as JSON.
    sa.Column("crawl", sa.Text),
    # What tells whether the page has changed since, as JSON; none: it is to be read again.
    sa.Column("known", sa.Text),
    sa.Column("crawled_at", sa.BigInteger),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Index("ix_document_name", "project_id", "name"),
    sa.Index("ix_document_source", "project_id", "source_id"),
)

# What came in, in pieces, until it has been read: any machine that shares the database can take it from here.
document_piece = sa.Table(
    "document_piece",
    metadata,
    project_column(primary_key=True),
    sa.Column("document_id", sa.String, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

# A question to which the knowledge base had no good answer.
knowledge_gap = sa.Table(
    "knowledge_gap",
    metadata,
    project_column(),
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("question", sa.Text, nullable=False),
    # Who asked, so that it is forgotten with them.
    sa.Column("user_id", sa.String, nullable=False),
    # Of the best passage; 0 without any.
    sa.Column("score", sa.Float, nullable=False),
    sa.Column("asked_at", sa.BigInteger, nullable=False),
    sa.Index("ix_knowledge_gap_asked", "project_id", "asked_at"),
    sa.Index("ix_knowledge_gap_user", "project_id", "user_id"),
)
