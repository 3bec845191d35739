"""The built-in embedding model, as it is: its vectors, its two lanes, and what it refuses."""

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import onnxruntime  # pyright: ignore[reportMissingTypeStubs]  # onnxruntime has no types
import pytest

import conduet_minilm
from conduet.llm.embedding import Embedder
from conduet.llm.errors import NotConfigured
from conduet.llm.similarity import Intents
from conduet.providers import minilm
from conduet.providers.minilm import SLICE, MiniLm, missing_packages

LONG = "The warranty covers faults in material and workmanship for two years. " * 20
LAZY = """
import sys
from conduet.providers.minilm import MiniLm, missing_packages
import conduet.llm.similarity
MiniLm().close(), missing_packages()
print([name for name in ("conduet_minilm", "numpy", "onnxruntime", "tokenizers") if name in sys.modules])
"""

EMBEDS = """
import asyncio
from conduet.providers.minilm import MiniLm
model = MiniLm()
asyncio.run(model.embed(["Where is my parcel?"], query=True))
model.close()
"""


@pytest.fixture(scope="module")
async def model() -> AsyncIterator[MiniLm]:
    model = MiniLm()
    yield model
    model.close()


async def test_near_in_meaning_is_near_in_numbers(model: Embedder) -> None:
    parcel, package, money = await model.embed(
        ["Where is my parcel?", "My package has not arrived yet.", "I want my money back."], query=True
    )

    assert parcel @ package > 0.5
    assert parcel @ money < 0.3


async def test_a_sentence_is_held_against_the_utterances_of_intents(model: Embedder) -> None:
    utterances = {
        "track": ["Where is my order?", "When will my parcel arrive?", "Has it been shipped?"],
        "return": ["I want to send this back.", "How do I return an item?", "Can I get a refund?"],
        "hours": ["When do you open?", "Are you open on Sunday?", "What are your opening hours?"],
    }
    intents = Intents({name: await model.embed(texts, query=False) for name, texts in utterances.items()})

    async def meant(sentence: str) -> str | None:
        (vector,) = await model.embed([sentence], query=True)
        return intents.rank(vector, threshold=model.intent_threshold).best

    assert await meant("I'm still waiting for the delivery") == "track"
    assert await meant("I'd like to return the shoes that I bought") == "return"
    assert await meant("Until what time is the shop open today?") == "hours"
    assert await meant("Write me a poem about the sea") is None


async def test_each_text_has_a_vector_of_length_1_whatever_it_is(model: Embedder) -> None:
    texts = [
        "",
        " ",
        "no",
        "🙂",
        "\x00\ud7ff",
        "half \ud83d of a character",
        "é" * 40_000,
        "ab" * 300,
        LONG * 50,
        "你好，我的订单在哪里？",
    ]

    vectors = await model.embed(texts, query=False)

    assert vectors.dtype == np.float32
    assert vectors.shape == (len(texts), model.dim)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


async def test_no_texts_are_no_vectors(model: Embedder) -> None:
    assert (await model.embed([], query=True)).shape == (0, model.dim)


async def test_the_vector_of_a_text_depends_on_nothing_but_the_text(model: Embedder) -> None:
    texts = [f"{number} reasons to send the order back" + " again" * number for number in range(SLICE + 3)]

    together = await model.embed(texts, query=False)

    for text, vector in zip(texts, together, strict=True):
        assert (await model.embed([text], query=True))[0].tobytes() == vector.tobytes()


async def test_what_comes_after_256_tokens_is_cut(model: Embedder) -> None:
    whole, more, less = await model.embed(["word " * 254, "word " * 254 + "else", "word " * 253], query=False)

    assert whole.tobytes() == more.tobytes()
    assert whole.tobytes() != less.tobytes()


async def test_a_query_does_not_wait_for_the_bulk(model: Embedder) -> None:
    bulk = asyncio.ensure_future(model.embed([LONG] * 100, query=False))
    await asyncio.sleep(0.05)

    answered = [await model.embed(["Where is my parcel?"], query=True) for _ in range(5)]

    assert len(answered) == 5
    assert not bulk.done()
    bulk.cancel()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere threads have no niceness of their own")
async def test_bulk_work_gives_way_to_all_else(model: Embedder) -> None:
    await model.embed(["one"], query=False)
    await model.embed(["one"], query=True)
    niceness = {
        thread.name.rpartition("_")[0]: os.getpriority(os.PRIO_PROCESS, thread.native_id or 0)
        for thread in threading.enumerate()
    }
    assert niceness["embedding-bulk"] > niceness["embedding-query"] == os.getpriority(os.PRIO_PROCESS, 0)


async def test_bulk_work_of_two_takes_turns_and_ends_when_it_is_cancelled(model: Embedder) -> None:
    long = asyncio.ensure_future(model.embed([LONG] * 500, query=False))
    await asyncio.sleep(0.05)

    await model.embed([LONG] * 2, query=False)
    assert not long.done()

    long.cancel()
    async with asyncio.timeout(30):
        await model.embed([LONG], query=False)


def test_nothing_is_loaded_before_the_first_text() -> None:
    done = subprocess.run([sys.executable, "-c", LAZY], stdout=subprocess.PIPE, text=True, check=True)

    assert done.stdout == "[]\n"


def test_the_runtime_has_nothing_to_tell_its_maker(tmp_path: Path) -> None:
    # Versions that report their use begin with an identity in the home folder, unless they find themselves in a CI.
    capi = Path(onnxruntime.__file__).parent / "capi"
    assert not [path for path in capi.glob("*.so*") if b"events.data.microsoft.com" in path.read_bytes()]

    subprocess.run([sys.executable, "-c", EMBEDS], env={"HOME": str(tmp_path)}, check=True)

    assert [*tmp_path.iterdir()] == []


def test_everything_that_it_needs_is_installed_here() -> None:
    assert missing_packages() == ()


@pytest.mark.parametrize("name", ["MODEL", "TOKENIZER"])
async def test_a_file_that_is_not_the_known_one_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine: Path = getattr(conduet_minilm, name)
    other = tmp_path / genuine.name
    other.write_bytes(genuine.read_bytes()[:-1] + b"?")
    monkeypatch.setattr(conduet_minilm, name, other)
    model = MiniLm()

    for _ in range(2):
        with pytest.raises(NotConfigured, match=f"{genuine.name} is not the file"):
            await model.embed(["Where is my parcel?"], query=True)
    model.close()


async def test_a_file_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conduet_minilm, "MODEL", tmp_path / "model-int8.onnx")
    model = MiniLm()

    with pytest.raises(NotConfigured, match="cannot be read"):
        await model.embed(["Where is my parcel?"], query=False)
    model.close()


async def test_without_onnxruntime_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    model = MiniLm()

    assert missing_packages() == ("onnxruntime",)
    with pytest.raises(NotConfigured, match="onnxruntime"):
        await model.embed(["Where is my parcel?"], query=True)
    model.close()


@pytest.mark.parametrize(
    ("machine", "flags", "overflow"),
    [
        ("x86_64", "flags : avx2 avx512_vnni", False),
        ("AMD64", "flags : avx2 avx_vnni", False),
        ("x86_64", "flags : avx2", True),
        ("x86_64", None, True),
        ("aarch64", None, False),
    ],
)
def test_an_older_cpu_is_known_by_its_flags(
    machine: str, flags: str | None, overflow: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    if flags:
        cpuinfo.write_text(flags)
    monkeypatch.setattr(minilm, "CPUINFO", cpuinfo)
    monkeypatch.setattr(minilm.platform, "machine", lambda: machine)

    assert minilm.overflows() is overflow


async def test_the_mode_for_an_older_cpu_makes_the_same_vectors(
    model: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(minilm, "overflows", lambda: True)
    careful = MiniLm()

    theirs = await careful.embed(["Where is my parcel?", LONG], query=True)
    careful.close()

    assert theirs.tobytes() == (await model.embed(["Where is my parcel?", LONG], query=True)).tobytes()
