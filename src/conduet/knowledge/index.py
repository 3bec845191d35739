"""What search keeps of a chunk: its words as stems with counts, its sentences, and vectors as compact bytes."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from importlib import import_module
from threading import Lock
from typing import TYPE_CHECKING, Final, Protocol, cast

from conduet.kit.json import Json
from conduet.knowledge.index_words import STOP_WORDS
from conduet.llm.embedding import Embedder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from conduet.llm.embedding import Vectors

MOST_SENTENCES: Final = 24
"""Of a chunk that get a vector of their own; those after them are found through the whole chunk's."""

SHORTEST_SENTENCE: Final = 12
"""Characters; what is shorter belongs to the sentence before it (`No.`, `e.g.`)."""

_STEMMING: Final = Lock()
_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_END: Final = re.compile(r"(?<=[.!?…。！？])[\"'”’)\]]*\s+|\n+")

_STEMMERS: Final[Mapping[str, str]] = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "et": "estonian", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian",
    "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "ne": "nepali", "nl": "dutch",
    "no": "norwegian", "nb": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewChunk:
    """A piece of a document: `headings` of its sections from the outermost on, `page` from 1 on."""

    content: str
    headings: Sequence[str] = ()
    page: int | None = None
    metadata: Mapping[str, Json] = field(default_factory=dict[str, Json])


@dataclass(frozen=True, slots=True)
class Origin:
    """What search tells of a chunk's document; `crawled_at` in milliseconds since 1970."""

    name: str
    url: str | None = None
    crawled_at: int | None = None
    metadata: Mapping[str, Json] = field(default_factory=dict[str, Json])
    language: str = "en"


@dataclass(frozen=True, slots=True)
class ReadyChunk:
    """A chunk with its stems counted, which is too much work for a transaction."""

    chunk: NewChunk
    stem_count: int
    stems: bytes


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802  (the library's name)


def model_key(embedder: Embedder) -> str:
    """Which vectors may be compared: those of one name, checksum and dimension."""
    return f"{embedder.model} {embedder.sha256 or '-'} {embedder.dim}"


def base_language(language: str) -> str:
    """`de` of `de-AT`."""
    return language.replace("_", "-").partition("-")[0].lower()


def content_words(text: str, language: str) -> list[str]:
    """The words of `text` that are about something, in lower case and in their order."""
    stop = STOP_WORDS.get(base_language(language), frozenset[str]())
    return [word for word in _WORD.findall(text.lower().replace("’", "'")) if word not in stop]


def spans_of(text: str) -> Iterator[tuple[tuple[int, int], str]]:
    """The words of `text`, each with its begin and its end in characters."""
    return ((match.span(), match[0]) for match in _WORD.finditer(text))


def stems(text: str, language: str) -> list[str]:
    """The stems of the content words of `text`, by Snowball's rules for the language where it has some."""
    base = base_language(language)
    return [_stem(word, base) for word in content_words(text, language)]


def stem_number(stem: str) -> int:
    """64 bits that stand for a stem, the same on every machine."""
    return int.from_bytes(blake2b(stem.encode(errors="replace"), digest_size=8).digest(), "little")


def pack_stems(found: Sequence[str]) -> bytes:
    """The stems of a chunk as their numbers, 8 bytes each, then their counts, a byte each (255: or more)."""
    import numpy as np

    counts = sorted((stem_number(stem), min(count, 255)) for stem, count in Counter(found).items())
    numbers = np.array([number for number, _ in counts], "<u8")
    return numbers.tobytes() + bytes(count for _, count in counts)


def unpack_stems(packed: bytes) -> "tuple[NDArray[np.uint64], NDArray[np.uint8]]":
    """Numbers and counts of `pack_stems`."""
    import numpy as np

    size = len(packed) // 9
    return np.frombuffer(packed, "<u8", size), np.frombuffer(packed, np.uint8, size, offset=8 * size)


def pack_vectors(vectors: "Vectors") -> bytes:
    """float16: half the size, and a cosine that is off by less than 0.001."""
    import numpy as np

    return vectors.astype("<f2", order="C").tobytes() if vectors.dtype == np.float32 else vectors.tobytes()


def unpack_vectors(packed: bytes, dim: int) -> "NDArray[np.float16]":
    """The rows of `pack_vectors`, [n, dim]."""
    import numpy as np

    return np.frombuffer(packed, "<f2").reshape(-1, dim)


def sentence_spans(content: str) -> list[tuple[int, int]]:
    """Where the sentences of `content` begin and end, in characters and in their order."""
    found: list[tuple[int, int]] = []
    at = 0
    for stop, after in (*(match.span() for match in _END.finditer(content)), (len(content), len(content))):
        part = content[at:stop]
        text = part.strip()
        begin = at + len(part) - len(part.lstrip())
        at = after
        if found and text and len(text) < SHORTEST_SENTENCE:
            found[-1] = (found[-1][0], begin + len(text))
        elif text:
            found.append((begin, begin + len(text)))
    return found


def sentences(content: str) -> list[str]:
    """The sentences of `content`, exactly as they stand in it and in their order."""
    return [content[begin:end] for begin, end in sentence_spans(content)]


def ready(chunks: Sequence[NewChunk], origin: Origin) -> list[ReadyChunk]:
    """The chunks of a document as they are put into the store; about 10 ms a hundred, so not on the event loop.

    Their titles are searched as well: a section is found by what stands above it.
    """
    done: list[ReadyChunk] = []
    for chunk in chunks:
        text = " ".join((title_of(origin.name, ()), *chunk.headings, chunk.content))
        found = stems(text, origin.language)
        done.append(ReadyChunk(chunk, len(found), pack_stems(found)))
    return done


def texts_to_embed(title: str, content: str) -> list[str]:
    """The whole chunk, then its sentences, each with the title before it: alone, `It takes two days.` has no topic."""
    return [f"{title}\n{content}", *(f"{title}: {sentence}" for sentence in sentences(content)[:MOST_SENTENCES])]


def title_of(name: str, headings: Sequence[str]) -> str:
    """What a chunk is about: the innermost heading, or the document's name without its extension."""
    return headings[-1] if headings else re.sub(r"\.[A-Za-z0-9]{1,5}$", "", name)


@lru_cache(65_536)
def _stem(word: str, language: str) -> str:
    plain = word.removesuffix("'s").replace("'", "")
    # A stemmer holds the word that it is at.
    with _STEMMING:
        stemmer = _stemmer(language)
        return stemmer.stemWord(plain) if stemmer else plain


@lru_cache
def _stemmer(language: str) -> _Stemmer | None:
    name = _STEMMERS.get(language)
    return cast(_Stemmer, import_module("snowballstemmer").stemmer(name)) if name else None
