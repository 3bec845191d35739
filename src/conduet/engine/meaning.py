"""What a sentence means: the intent it is nearest to, and the things of the project that it names."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from conduet.engine.facts import Facts
from conduet.engine.shape import Entity
from conduet.engine.wording import fold
from conduet.llm.errors import ModelError
from conduet.llm.similarity import Intents, Ranking

if TYPE_CHECKING:
    from conduet.engine.context import Context

LAID: Final = 256
"""Of how many sets of intents the vectors are kept in memory."""

_laid: Final[OrderedDict[tuple[object, ...], Intents]] = OrderedDict()


async def ranked(
    context: "Context", said: str, utterances: Mapping[str, Sequence[str]], *, threshold: float | None
) -> Ranking | None:
    """How near a sentence is to each intent, by its id; `None` where nothing can be embedded.

    The vectors of the utterances follow from their text: they are made once for a process that has one embedder.
    """
    told = {name: tuple(words for words in each if words.strip()) for name, each in utterances.items()}
    try:
        query = (await context.embed([said]))[0]
        key = (len(query), *told.items())
        if key not in _laid:
            _laid[key] = Intents({name: await context.embed(each) for name, each in told.items() if each})
            while len(_laid) > LAID:
                _laid.popitem(last=False)
    except ModelError:
        return None
    return _laid[key].rank(query, threshold=context.intent_threshold if threshold is None else threshold)


def named_in(entity: Entity, said: str) -> str | None:
    """The value of an entity that a sentence names, by itself or a synonym; the longest words that fit."""
    folded = f" {fold(said)} "
    words = ((fold(word), each.value) for each in entity.values for word in (each.value, *each.synonyms))
    found = [(len(word), value) for word, value in words if word and f" {word} " in folded]
    return max(found)[1] if found else None


def entities_in(facts: Facts, said: str) -> Iterator[tuple[str, str]]:
    """Variables that are called as an entity, each with the value of it that a sentence names."""
    for entity in facts.entities.values():
        name = entity.name if entity.name in facts.variables else entity.id
        value = named_in(entity, said) if name in facts.variables else None
        if value is not None:
            yield name, value
