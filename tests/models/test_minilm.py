"""The weights in models/minilm: what is committed is what NOTICE says."""

import hashlib
import re
from importlib.metadata import requires, version
from pathlib import Path

from conduet_minilm import MODEL, TOKENIZER

FOLDER = Path(__file__).parents[2] / "models/minilm"


def test_the_committed_files_have_the_checksums_of_the_notice() -> None:
    told = dict(re.findall(r"(\S+)\s+SHA-256 ([0-9a-f]{64})", (FOLDER / "NOTICE").read_text()))

    for path in (MODEL, TOKENIZER):
        assert path.is_relative_to(FOLDER), "the installed package is not the one of this repository"
        assert hashlib.sha256(path.read_bytes()).hexdigest() == told[path.name]


def test_the_version_that_is_pinned_is_the_one_in_the_repository() -> None:
    pinned = [requirement for requirement in requires("conduet") or () if requirement.startswith("conduet-minilm")]

    assert pinned == [f"conduet-minilm=={version('conduet-minilm')}"]
