"""The kinds of jobs that read documents and give them their vectors."""

from collections.abc import Mapping

from conduet.jobs.worker import Kind
from conduet.kit.db import Database
from conduet.kit.http import Outgoing
from conduet.knowledge import crawling, ingestion
from conduet.knowledge.document_store import CRAWL, INGEST
from conduet.knowledge.embedding import EMBED, Embedding


def knowledge_kinds(
    database: Database, outgoing: Outgoing, embedding: Embedding, *, pause_seconds: float
) -> Mapping[str, Kind]:
    """`pause_seconds` lie between two pages that are read of one host."""
    crawls = crawling.Crawling(database, outgoing, pause_seconds=pause_seconds)
    return {
        INGEST: Kind(ingestion.Ingestion(database, embedding).run, ingestion.dead),
        CRAWL: Kind(crawls.run, crawling.dead),
        EMBED: Kind(embedding.run),
    }
