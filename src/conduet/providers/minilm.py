"""The embedding model that comes with Conduet: all-MiniLM-L6-v2, for English, in the server's own process."""

import asyncio
import hashlib
import os
import platform
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

from conduet.kit.memory import give_back
from conduet.llm.errors import NotConfigured

if TYPE_CHECKING:
    from conduet.llm.embedding import Vectors

PACKAGES: Final = ("conduet_minilm", "numpy", "onnxruntime", "tokenizers")
MODEL: Final = "local:all-minilm-l6-v2"
MODEL_SHA256: Final = "202d57082a0269147eba4787797729ba2a44f00fb168c5d28212ba1c3b596011"
TOKENIZER_SHA256: Final = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
DIM: Final = 384
MAX_TOKENS: Final = 256
MAX_CHARACTERS: Final = 32_768
"""Far more than that many tokens have; what comes after them is not even looked at."""

SLICE: Final = 16
"""Texts of one call before another call has its turn, and before a cancelled one ends."""

LONGEST_PAUSE_SECONDS: Final = 0.1
"""How long each text of the bulk waits for queries at most: it goes on, slowly, however many come."""

BULK_NICENESS: Final = 10
"""Of the thread of bulk work: beside others that want the processor it gets a tenth of it."""

CPUINFO: Final = Path("/proc/cpuinfo")


def missing_packages() -> tuple[str, ...]:
    """What the model needs and is not installed: onnxruntime, where there is no wheel of it; empty when it can run."""
    return tuple(name for name in PACKAGES if find_spec(name) is None)


class MiniLm:
    """An `Embedder` in two threads of its own, one for queries and one for bulk work; loaded when the first text comes.

    The vector of a text depends on that text alone, to the last bit: texts are run one at a time, as the 8-bit
    activations of a batch share a scale. What that costs stands in `docs/decisions/0014-embedding-model.md`: nothing.
    """

    def __init__(self) -> None:
        self.model: Final = MODEL
        self.sha256: Final = MODEL_SHA256
        self.dim: Final = DIM
        self.intent_threshold: Final = 0.40
        self._weights = _Weights()
        self._queries = ThreadPoolExecutor(1, thread_name_prefix="embedding-query")
        self._bulk = ThreadPoolExecutor(1, thread_name_prefix="embedding-bulk", initializer=_give_way)
        self._waiting = 0
        self._is_calm = threading.Event()
        self._is_calm.set()

    async def embed(self, texts: Sequence[str], *, query: bool) -> "Vectors":
        """As `Embedder` says, float32 [n, 384]; bulk work pauses while there is a query.

        Raises `NotConfigured` when a package is missing, or a file is not the one that this version knows.
        """
        if not query:
            return await self._embed(texts, self._bulk, lambda: self._is_calm.wait(LONGEST_PAUSE_SECONDS))
        self._waiting += 1
        self._is_calm.clear()
        try:
            return await self._embed(texts, self._queries, lambda: True)
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._is_calm.set()

    def close(self) -> None:
        """Ends the threads; calls that still wait are cancelled."""
        for lane in (self._queries, self._bulk):
            lane.shutdown(wait=False, cancel_futures=True)

    async def _embed(self, texts: Sequence[str], lane: ThreadPoolExecutor, pause: Callable[[], bool]) -> "Vectors":
        loop = asyncio.get_running_loop()
        vectors = await loop.run_in_executor(lane, self._weights.room_for, len(texts))
        for start in range(0, len(texts), SLICE):
            part = slice(start, start + SLICE)
            await loop.run_in_executor(lane, self._weights.run, texts[part], vectors[part], pause)
        return vectors


class _Weights:
    """The model and its tokenizer, loaded once; every method belongs into a thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._vector: Callable[[str], Vectors] | NotConfigured | None = None

    def room_for(self, count: int) -> "Vectors":
        """Vectors to be filled in; loads the model. Raises `NotConfigured`."""
        self._load()
        import numpy as np

        return np.empty((count, DIM), np.float32)

    def run(self, texts: Sequence[str], vectors: "Vectors", pause: Callable[[], bool]) -> None:
        """Fills `vectors`, one text after the other, each when `pause` is over."""
        vector = self._load()
        for index, text in enumerate(texts):
            pause()
            vectors[index] = vector(text)

    def _load(self) -> "Callable[[str], Vectors]":
        """Text → [1, 384]. What went wrong once stays so until the server starts again."""
        with self._lock:
            if self._vector is None:
                try:
                    self._vector = _open()
                except NotConfigured as error:
                    self._vector = error
                except ImportError as error:
                    self._vector = NotConfigured(f"The embedding model cannot run here: {error}.")
        if isinstance(self._vector, NotConfigured):
            raise NotConfigured(self._vector.message)
        return self._vector


def _open() -> "Callable[[str], Vectors]":
    import numpy as np
    from tokenizers import Tokenizer

    import conduet_minilm

    _check(conduet_minilm.MODEL, MODEL_SHA256)
    _check(conduet_minilm.TOKENIZER, TOKENIZER_SHA256)
    tokenizer = Tokenizer.from_file(str(conduet_minilm.TOKENIZER))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)  # pyright: ignore[reportUnknownMemberType]  # some of it has no types
    session = _session(import_module("onnxruntime"), conduet_minilm.MODEL)  # it has no types
    give_back()

    def vector(text: str) -> "Vectors":
        # Half a surrogate pair is no text to the tokenizer.
        whole = text[:MAX_CHARACTERS].encode(errors="replace").decode()
        ids = np.array([tokenizer.encode(whole).ids], np.int64)
        return session.run(["emb"], {"ids": ids, "mask": np.ones_like(ids)})[0]

    return vector


def _check(path: Path, sha256: str) -> None:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise NotConfigured(f"The embedding model cannot be read: {error}.") from None
    if found != sha256:
        raise NotConfigured(f"{path} is not the file that this version of Conduet knows: install conduet-minilm again.")


def _session(onnxruntime: ModuleType, model: Path) -> Any:
    options = onnxruntime.SessionOptions()
    # One thread: at the length of a query a second one saves nothing, and its own session would cost 48 MB.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    # What a long text needs is given back after it.
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False
    if overflows():
        options.add_session_config_entry("session.x64quantprecision", "1")
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _give_way() -> None:
    """Lets whoever waits for an answer go before the thread that this is called in."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), BULK_NICENESS)


def overflows() -> bool:
    """Whether quick products of 8-bit numbers overflow on this CPU: x86 without VNNI, or x86 that does not tell."""
    if platform.machine().lower() not in {"x86_64", "amd64", "i386", "i686"}:
        return False
    try:
        return "vnni" not in CPUINFO.read_text(encoding="ascii", errors="replace")
    except OSError:
        return True
