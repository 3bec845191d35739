"""The loader of docs/extend/ works from a wheel of its own, found by its entry point."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.test_extend import install

READ = """
import asyncio, json, sys
from pathlib import Path
from conduet.knowledge.parsing.reader import Reader, Unreadable

async def main(path):
    try:
        told = [[*one.chunk.headings, one.chunk.content] async for one in Reader().chunks(Path(path), name="film.srt")]
    except Unreadable as error:
        told = error.message
    print(json.dumps(told))

asyncio.run(main(sys.argv[1]))
"""

FILM = """1
00:00:58,000 --> 00:01:00,000
Is it yours?

2
00:01:02,500 --> 00:01:04,000
The bicycle?
No.
"""


def read(site: Path, path: Path, text: str) -> object:
    path.write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path)],
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
def test_a_loader_comes_from_a_package_of_its_own(tmp_path: Path) -> None:
    site = install("loader.md", "subtitles.py", tmp_path)
    told = [["Minute 0:00", "Is it yours?"], ["Minute 0:01", "The bicycle?\n\nNo."]]
    assert read(site, tmp_path / "upload", FILM) == told
    assert read(site, tmp_path / "upload", "Hello") == "The subtitles do not begin with a time: save them anew as SRT."
