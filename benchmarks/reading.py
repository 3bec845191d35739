"""How soon a document is found: a page of text, and a PDF of 300 pages by words and by meaning, with its progress."""

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

import httpx2

from benchmarks.processes import Server
from benchmarks.served import Place, make_project
from tests.loaders.making import book

PAGES: Final = 300
PAUSE_SECONDS: Final = 0.05
BASE: Final = "/api/v1/knowledge-base"
SENTENCES: Final = (
    "A puncture is mended while you wait, and a wheel is trued within two days.",
    "Children below six ride on the seat behind an adult, never on a trailer.",
    "The workshop is closed in the first week of January and on the Monday of the fair.",
    "Who brings a bicycle back late pays for each hour that has begun.",
    "Bells, lamps and locks are lent without a deposit to members of the club.",
)
"""Five sentences, seven times over: about what stands on a page."""


@dataclass(frozen=True, slots=True)
class Read:
    """One document: seconds until words find its end, seconds until it is ready, what it cost, and how it got on."""

    words: float
    ready: float
    cpu_seconds: float
    progress: Sequence[int]
    chunks: int


def measure(database_url: str | None = None) -> Sequence[str]:
    """A line for pages of text, one after the other, and one for a long PDF."""
    with tempfile.TemporaryDirectory(prefix="conduet-bench-") as name:
        place = Place(Path(name) / "data", database_url)
        server = place.serve("--no-demo")
        try:
            server.wait_ready()
            key = make_project(place, server.url, {"framework": "agentic"}).key
            headers = {"Authorization": f"Bearer {key}"}
            with httpx2.Client(base_url=server.url, headers=headers, timeout=60, trust_env=False) as client:
                pages = [_page(client, server, number) for number in range(6)]
                return [_of_pages(pages), _of_book(_book(client, server, Path(name)))]
        finally:
            server.stop()


def _of_pages(pages: Sequence[Read]) -> str:
    first, *later = pages
    return (
        f"a page of text: found by words after {median(each.words for each in later):.2f} s,"
        f" by meaning after {median(each.ready for each in later):.2f} s (the first {first.ready:.2f} s),"
        f" {median(each.cpu_seconds for each in later):.2f} CPU-s"
    )


def _of_book(read: Read) -> str:
    return (
        f"a PDF of {PAGES} pages, {read.chunks} chunks: found by words after {read.words:.1f} s, by meaning after"
        f" {read.ready:.0f} s, {read.cpu_seconds:.0f} CPU-s; {len(read.progress)} steps of progress were seen,"
        f" from {read.progress[0]} to {read.progress[-1]} per cent"
    )


def _page(client: httpx2.Client, server: Server, number: int) -> Read:
    body = {"name": f"Page {number}", "type": "text", "content": f"page{number}. {' '.join(SENTENCES * 7)}"}
    begun, cpu = time.perf_counter(), server.cpu_seconds()
    return _watch(client, server, _ok(client.post(BASE, json=body))["id"], f"page{number}", begun, cpu)


def _book(client: httpx2.Client, server: Server, folder: Path) -> Read:
    book(folder / "book.pdf", pages=PAGES)
    file = ("book.pdf", (folder / "book.pdf").read_bytes(), "application/pdf")
    begun, cpu = time.perf_counter(), server.cpu_seconds()
    taken = _ok(client.post(f"{BASE}/upload", files={"file": file}))["id"]
    return _watch(client, server, taken, f"word{PAGES - 1}x39", begun, cpu)


def _watch(client: httpx2.Client, server: Server, taken: str, word: str, begun: float, cpu: float) -> Read:
    """Looks again and again until the document is ready; `word` stands at its end."""
    words, progress = 0.0, list[int]()
    while True:
        time.sleep(PAUSE_SECONDS)
        if not words:
            found = _ok(client.post(f"{BASE}/search", json={"query": word, "topK": 1}))
            words = time.perf_counter() - begun if any(word in each["content"] for each in found) else 0.0
        document = _ok(client.get(f"{BASE}/{taken}"))
        if document["status"] == "failed":
            raise RuntimeError(document["error"])
        if document["progress"] not in progress:
            progress.append(document["progress"])
        if document["status"] == "ready" and words:
            seconds = time.perf_counter() - begun
            return Read(words, seconds, server.cpu_seconds() - cpu, progress, document["chunkCount"])


def _ok(response: httpx2.Response) -> Any:
    if response.is_error:
        raise RuntimeError(f"{response.request.method} {response.request.url}: {response.status_code} {response.text}")
    return response.json()


if __name__ == "__main__":
    print(*measure(), sep="\n")
