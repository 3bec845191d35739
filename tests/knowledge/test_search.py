"""What a search finds in a project's chunks, on both databases, with the built-in model."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

import httpx2
import pytest
from inline_snapshot import snapshot

from conduet.kit.db import Database, open_database
from conduet.knowledge.index import (
    NewChunk,
    Origin,
    model_key,
    pack_vectors,
    ready,
    sentences,
    texts_to_embed,
    title_of,
)
from conduet.knowledge.index_store import (
    PackedVectors,
    chunks_without_vectors,
    documents_without_vectors,
    drop_chunks,
    list_chunks,
    put_chunks,
    put_origin,
    put_vectors,
    use_model,
)
from conduet.knowledge.search import Search
from conduet.knowledge.search_passages import EXCERPT
from conduet.llm.embedding import Embedder
from conduet.llm.errors import NotConfigured
from conduet.providers.minilm import MiniLm
from conduet.settings import Settings
from tests.conftest import Owned

if TYPE_CHECKING:
    from conduet.llm.embedding import Vectors

SHIPPING = "We ship within two working days. Parcels inside the country take three more days to reach you."
REFUNDS = "Send the item back within 30 days. The money is returned to the card that you paid with."
WARRANTY = "Every lamp is covered for five years. Bulbs are not part of the guarantee."


@pytest.fixture(scope="module")
def minilm() -> Iterator[MiniLm]:
    with closing(MiniLm()) as model:
        yield model


@pytest.fixture
async def started(settings: Settings, database: Database) -> AsyncIterator[Database]:
    """A process of its own on the server's database."""
    mine = open_database(settings.database, run_dir=settings.run_dir)
    await mine.start()
    yield mine
    await mine.close()


@pytest.fixture
def search(started: Database, minilm: MiniLm) -> Search:
    return searching(started, minilm)


def searching(database: Database, *embedders: Embedder) -> Search:
    return Search(database, {model_key(each): each for each in embedders}.get)


def put(
    database: Database,
    project: Owned,
    document_id: str,
    contents: Sequence[str],
    *,
    origin: Origin | None = None,
) -> list[str]:
    origin = origin or Origin(f"{document_id}.txt")
    chunks = ready([NewChunk(content) for content in contents], origin)
    return database.write_now(lambda tx: put_chunks(tx, project.id, document_id, origin=origin, chunks=chunks))


async def embed(database: Database, project: Owned, embedder: Embedder) -> int:
    """Gives each chunk the vectors that it has not; how many."""
    model, vectors = model_key(embedder), dict[str, PackedVectors]()
    for document in database.read_now(lambda tx: documents_without_vectors(tx, project.id, model)):
        missing = database.read_now(
            partial(chunks_without_vectors, project_id=project.id, model=model, document_id=document)
        )
        for chunk in missing:
            texts = texts_to_embed(title_of(chunk.document_name, chunk.headings), chunk.content)
            rows = await embedder.embed(texts, query=False)
            vectors[chunk.id] = PackedVectors(pack_vectors(rows[:1]), pack_vectors(rows[1:]))
    database.write_now(lambda tx: put_vectors(tx, project.id, model, vectors=vectors))
    return len(vectors)


async def shop(database: Database, project: Owned, embedder: Embedder) -> None:
    for name, content in (("shipping", SHIPPING), ("refunds", REFUNDS), ("warranty", WARRANTY)):
        put(database, project, name, [content], origin=Origin(f"{name}.txt", metadata={"topic": name}))
    await embed(database, project, embedder)


async def test_a_question_in_other_words_finds_its_document(
    database: Database, project: Owned, search: Search, minilm: MiniLm
) -> None:
    await shop(database, project, minilm)
    found = await search.find(project.id, "How do I get reimbursed?")
    assert found[0].document_id == "refunds"
    assert "The money is returned to the card that you paid with." in found[0].excerpt
    assert found[0].excerpt in found[0].content
    assert 0 < found[-1].score <= found[0].score <= 1


async def test_words_find_a_chunk_before_it_has_vectors(database: Database, project: Owned, search: Search) -> None:
    put(database, project, "warranty", [WARRANTY])
    [passage] = await search.find(project.id, "Are bulbs guaranteed?")
    assert passage.document_name == "warranty.txt"
    assert {passage.excerpt[begin:end] for begin, end in passage.highlights} == {"Bulbs", "guarantee"}


async def test_words_find_a_chunk_that_the_model_cannot_embed(
    database: Database, project: Owned, started: Database, minilm: MiniLm
) -> None:
    await shop(database, project, minilm)
    found = await searching(started, Broken(minilm)).find(project.id, "card")
    assert [passage.document_id for passage in found] == ["refunds"]


async def test_a_score_has_nothing_of_another_project(
    database: Database, project: Owned, search: Search, owner: httpx2.AsyncClient
) -> None:
    put(database, project, "warranty", [WARRANTY])
    before = await search.find(project.id, "lamp")
    created = await owner.post("/api/v1/projects", json={"name": "Other"})
    other = Owned(created.json()["id"], "", owner)
    put(database, other, "lamps", ["The lamp is on."] * 20)
    assert await search.find(project.id, "lamp") == before
    assert (await search.find(other.id, "lamp"))[0].document_id == "lamps"


async def test_only_documents_and_metadata_that_are_asked_for_are_searched(
    database: Database, project: Owned, search: Search, minilm: MiniLm
) -> None:
    await shop(database, project, minilm)

    async def documents(**only: object) -> set[str]:
        found = await search.find(project.id, "How many days does it take?", **only)  # pyright: ignore[reportArgumentType]  # options of any kind
        return {passage.document_id for passage in found}

    assert len(await documents()) > 1
    assert await documents(documents=["warranty"]) <= {"warranty"}
    assert await documents(documents=[]) == set()
    assert await documents(metadata={"topic": "refunds"}) == {"refunds"}
    assert await documents(metadata={"topic": ["refunds", "shipping"]}) == {"refunds", "shipping"}
    assert await documents(metadata={"topic": "none"}) == set()


async def test_a_score_below_the_least_is_left_out(
    database: Database, project: Owned, search: Search, minilm: MiniLm
) -> None:
    await shop(database, project, minilm)
    all_of_them = await search.find(project.id, "When does my parcel arrive?")
    best = all_of_them[0]
    assert await search.find(project.id, "When does my parcel arrive?", min_score=best.score) == [best]
    assert await search.find(project.id, "When does my parcel arrive?", top_k=1) == [best]
    assert await search.find(project.id, "When does my parcel arrive?", min_score=0.99) == []


async def test_words_that_stand_nowhere_are_told(
    database: Database, project: Owned, search: Search, minilm: MiniLm
) -> None:
    assert (await search.look(project.id, "Do you take bitcoin?")).passages == ()
    await shop(database, project, minilm)
    found = await search.look(project.id, "Is a bitcoin card covered?")
    assert found.unknown_words == ("bitcoin",)
    assert found.best_score == found.passages[0].score


async def test_a_word_that_stands_nowhere_lowers_the_score(database: Database, project: Owned, search: Search) -> None:
    put(database, project, "lamps", ["The green lamp stands in the hall."])
    [known] = await search.find(project.id, "green lamp")
    [unknown] = await search.find(project.id, "green lamp zeppelin")
    assert unknown.score < 0.8 * known.score


async def test_both_databases_tell_the_same_in_the_same_order(
    database: Database, project: Owned, search: Search, minilm: MiniLm
) -> None:
    await shop(database, project, minilm)
    # Put in another order than they are told in: equal ones stand in the order of documents and chunks.
    for document in ("zinc", "alloy"):
        put(database, project, document, ["Ask about the lamp.", "Other things.", "Ask again about the lamp, twice."])
    found = await search.find(project.id, "Is the lamp under guarantee?", top_k=9)
    assert [(each.document_id, round(each.score, 2)) for each in found] == snapshot(
        [("warranty", 0.58), ("refunds", 0.12), ("alloy", 0.02), ("alloy", 0.02)]
    )


async def test_highlights_are_the_words_of_the_question_where_they_stand(
    database: Database, project: Owned, search: Search
) -> None:
    content = (
        "Über den Schirm: “LAMPS” shine. 🔦 A lamp's bulb is not the lamppost. Nothing else is said of bulbs here."
    )
    put(database, project, "lamps", [content])
    [found] = await search.find(project.id, "which bulb for my lamp?")
    told = [found.excerpt[begin:end] for begin, end in found.highlights]
    assert told == ["LAMPS", "lamp's", "bulb", "bulbs"]
    assert found.excerpt in found.content


async def test_the_excerpt_is_the_sentence_that_answers_with_what_stands_around_it(
    database: Database, project: Owned, search: Search, minilm: MiniLm
) -> None:
    filler = [f"Paragraph {number} tells of the history of the house and of its gardens." for number in range(30)]
    answer = "Dogs are welcome on the ground floor."
    put(database, project, "house", [" ".join([*filler[:15], answer, *filler[15:]])])
    await embed(database, project, minilm)
    [found] = await search.find(project.id, "May I bring my pet?")
    assert answer in found.excerpt
    assert len(found.excerpt) <= EXCERPT


async def test_a_short_sentence_belongs_to_the_one_before_it_however_often_that_is_said(
    database: Database, project: Owned, search: Search, minilm: MiniLm
) -> None:
    text = "Ask at the desk. Yes.\nDogs may come in. No.\nAsk at the desk. Lamps are lent at the desk. Yes."
    assert sentences(text) == snapshot([
        "Ask at the desk. Yes.", "Dogs may come in. No.", "Ask at the desk.", "Lamps are lent at the desk. Yes.",
    ])  # fmt: skip
    put(database, project, "desk", [text])
    await embed(database, project, minilm)
    [found] = await search.find(project.id, "May dogs come in?")
    assert found.excerpt == text


async def test_neighbours_become_one_passage_and_copies_are_dropped(
    database: Database, project: Owned, search: Search
) -> None:
    first = "The blue kettle boils in two minutes. Fill the blue kettle to the mark."
    second = "Fill the blue kettle to the mark. Never fill the blue kettle beyond two litres."
    put(database, project, "one", [first, second, "Toasters are elsewhere."])
    put(database, project, "two", [first])
    [passage] = await search.find(project.id, "blue kettle")
    assert passage.document_id == "one"
    assert passage.content == f"{first} Never fill the blue kettle beyond two litres."


async def test_what_is_put_dropped_or_renamed_is_seen_at_once(
    database: Database, project: Owned, search: Search
) -> None:
    put(database, project, "lamp", ["The lamp is green."])
    assert len(await search.find(project.id, "green lamp")) == 1
    put(database, project, "lamp", ["The lamp is red."])
    assert (await search.find(project.id, "lamp"))[0].content == "The lamp is red."
    origin = Origin("Lamps", url="https://example.com/lamps", crawled_at=7)
    database.write_now(lambda tx: put_origin(tx, project.id, "lamp", origin=origin))
    [passage] = await search.find(project.id, "lamp")
    assert (passage.document_name, passage.url, passage.crawled_at) == ("Lamps", "https://example.com/lamps", 7)
    database.write_now(lambda tx: drop_chunks(tx, project.id, "lamp"))
    assert await search.find(project.id, "lamp") == []
    assert database.read_now(lambda tx: list_chunks(tx, project.id, "lamp")) == []


async def test_the_old_vectors_serve_until_all_new_ones_are_there(
    database: Database, project: Owned, started: Database, minilm: MiniLm
) -> None:
    await shop(database, project, minilm)
    other = Mirrored(minilm)
    search = searching(started, other, minilm)
    before = await search.find(project.id, "How do I get reimbursed?")
    assert not database.write_now(lambda tx: use_model(tx, project.id, model_key(other)))
    assert await embed(database, project, other) == 3
    assert await search.find(project.id, "How do I get reimbursed?") == before
    assert database.write_now(lambda tx: use_model(tx, project.id, model_key(other)))
    assert [each.document_id for each in await search.find(project.id, "How do I get reimbursed?")] == [
        each.document_id for each in before
    ]
    left = database.read_now(lambda tx: documents_without_vectors(tx, project.id, model_key(minilm)))
    assert left == {"refunds": 1, "shipping": 1, "warranty": 1}


async def test_vectors_of_another_model_are_never_compared(
    database: Database, project: Owned, started: Database, minilm: MiniLm
) -> None:
    await shop(database, project, minilm)
    found = await searching(started, Mirrored(minilm)).find(project.id, "How do I get reimbursed?")
    assert found == []


async def test_german_words_are_found_by_their_stem(database: Database, project: Owned, search: Search) -> None:
    origin = Origin("versand.txt", language="de-AT")
    put(database, project, "versand", ["Die Lieferungen dauern drei Tage."], origin=origin)
    assert await search.find(project.id, "Wann kommt meine Lieferung?")
    assert not await search.find(project.id, "Wann kommt meine Rechnung?")
    assert not await search.find(project.id, "Wann kommt meine Lieferung?", language="en")


async def test_a_document_that_is_renamed_keeps_its_language(
    database: Database, project: Owned, search: Search
) -> None:
    put(database, project, "versand", ["Die Lieferungen dauern drei Tage."], origin=Origin("a.txt", language="de"))
    database.write_now(lambda tx: put_origin(tx, project.id, "versand", origin=Origin("b.txt")))
    [found] = await search.find(project.id, "Wann kommt meine Lieferung?")
    assert found.document_name == "b.txt"


class Mirrored:
    """Another model: its vectors point the other way, which only its own bear."""

    def __init__(self, embedder: Embedder) -> None:
        self.model = "test:mirrored"
        self.sha256 = ""
        self.dim = embedder.dim
        self.intent_threshold = 0.3
        self._embedder = embedder

    async def embed(self, texts: Sequence[str], *, query: bool) -> "Vectors":
        return -(await self._embedder.embed(texts, query=query))


class Broken(Mirrored):
    """The same model where it cannot run."""

    def __init__(self, embedder: Embedder) -> None:
        super().__init__(embedder)
        self.model, self.sha256 = embedder.model, embedder.sha256

    async def embed(self, texts: Sequence[str], *, query: bool) -> "Vectors":
        raise NotConfigured(f"No {self.model} for {len(texts)} texts, query: {query}.")
