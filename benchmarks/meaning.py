"""python -m benchmarks.meaning: what the built-in model makes of what people say, and from which scores on."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.intent_sentences import ANSWERS, CHECKED, DESKS, ELSEWHERE, SMALL_TALK, Desk
from benchmarks.knowledge import SETS, fill
from benchmarks.knowledge_articles import UNANSWERABLE, Articles
from benchmarks.knowledge_speed import PROJECT
from conduet.kit.db import open_database
from conduet.knowledge.embedders import Embedders
from conduet.knowledge.search import Search
from conduet.llm.similarity import Intents
from conduet.migrations import migrate
from conduet.providers.local.quoting import confidence
from conduet.providers.local.scene import Passage
from conduet.providers.minilm import MiniLm

THRESHOLDS: Final = (0.30, 0.35, 0.40, 0.45, 0.50, 0.55)
KINDS: Final = ("close", "small talk", "answers", "elsewhere")


@dataclass(frozen=True, slots=True)
class Heard:
    """A sentence as it was understood: the intent it means, the nearest one, and how near that is."""

    desk: str
    kind: str
    meant: str | None
    nearest: str
    score: float


async def hear(model: MiniLm) -> list[Heard]:
    """All sentences, at all desks."""
    heard: list[Heard] = []
    known = [*dict.fromkeys(said for desk in DESKS.values() for _, _, said in _sentences(desk))]
    vectors = dict(zip(known, await model.embed(known, query=True), strict=True))
    for name, desk in DESKS.items():
        told = {intent: await model.embed(each, query=True) for intent, each in desk.utterances.items()}
        intents = Intents(told)
        for kind, meant, said in _sentences(desk):
            best = intents.rank(vectors[said], threshold=0).scores[0]
            heard.append(Heard(name, kind, meant, best.intent, best.score))
    return heard


def _sentences(desk: Desk) -> Iterator[tuple[str, str | None, str]]:
    yield from (("meant", intent, said) for intent, each in desk.said.items() for said in each)
    if desk.close:
        for kind, each in zip(KINDS, (desk.close, SMALL_TALK, ANSWERS, ELSEWHERE), strict=True):
            yield from ((kind, None, said) for said in each)


def share(heard: Sequence[Heard], *, kind: str, threshold: float, right: bool | None = None) -> float:
    """Of the sentences of a kind, those that are taken for an intent; with `right`, those where it is the one meant."""
    here = [each for each in heard if each.kind == kind]
    taken = [each for each in here if each.score >= threshold]
    return sum(right is None or (each.meant == each.nearest) is right for each in taken) / max(len(here), 1)


def tell_intents(heard: Sequence[Heard]) -> Iterator[str]:
    """A line a threshold, for the desks that it was chosen by and for those that check it."""
    for title, checked in (("chosen by", False), ("checked by", True)):
        here = [each for each in heard if (each.desk in CHECKED) is checked]
        yield f"intents, {title} {', '.join(dict.fromkeys(each.desk for each in here))}: right, wrong; " + ", ".join(
            KINDS
        )
        for threshold in THRESHOLDS:
            right = share(here, kind="meant", threshold=threshold, right=True)
            wrong = share(here, kind="meant", threshold=threshold, right=False)
            others = " ".join(f"{share(here, kind=kind, threshold=threshold):.3f}" for kind in KINDS)
            yield f"  {threshold:.2f}: {right:.3f} {wrong:.3f}; {others}"


async def tell_quotes(language: str, articles: Articles, model: MiniLm) -> Iterator[str]:
    """How sure the built-in model is of what it quotes, and how often it is right."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/meaning.sqlite"
        migrate(url)
        database = open_database(url, run_dir=Path(folder))
        await fill(database, articles, model, language=language)
        await database.start()
        search = Search(database, Embedders(model).of)
        asked: Counter[str] = Counter()
        right: Counter[str] = Counter()
        without: Counter[str] = Counter()
        questions = [(said, number) for number, (_, _, each) in enumerate(articles) for said in each]
        for said, number in [*questions, *((said, None) for said in (UNANSWERABLE if language == "en" else ()))]:
            look = await search.look(PROJECT, said, top_k=5, language=language)
            found, is_doubtful = look.passages, bool(look.unknown_words)
            sure = confidence([Passage(each.score, each.document_name, each.content, is_doubtful) for each in found])
            if number is None:
                without[sure] += 1
            else:
                asked[sure] += 1
                right[sure] += bool(found) and found[0].document_id == f"doc_{number:03}"
        await search.close()
        await database.close()
        database.close_now()
    names = ("answer", "closest", "titles", "nothing")
    return iter(
        [
            f"quotes, {language}: right of those with an answer; without one",
            *(f"  {name}: {right[name]} of {asked[name]}; {without[name]}" for name in names),
        ]
    )


async def main() -> None:
    """Measures one thing after the other and prints it."""
    model = MiniLm()
    print(*tell_intents(await hear(model)), sep="\n")
    for language, articles in SETS:
        print(*await tell_quotes(language, articles, model), sep="\n")
    model.close()


if __name__ == "__main__":
    asyncio.run(main())
