"""The weights in models/minilm: what is committed is what NOTICE says."""

import hashlib
import re
from importlib.metadata import requires, version
from pathlib import Path

import numpy as np

from conduet.providers.minilm import MODEL_SHA256, TOKENIZER_SHA256, MiniLm
from conduet_minilm import MODEL, TOKENIZER

FOLDER = Path(__file__).parents[2] / "models/minilm"


def test_the_committed_files_have_the_checksums_that_the_notice_tells_and_the_server_knows() -> None:
    told: dict[str, str] = dict(re.findall(r"(\S+)\s+SHA-256 ([0-9a-f]{64})", (FOLDER / "NOTICE").read_text()))

    for path in (MODEL, TOKENIZER):
        assert path.is_relative_to(FOLDER), "the installed package is not the one of this repository"
        assert hashlib.sha256(path.read_bytes()).hexdigest() == told[path.name]
    assert (told[MODEL.name], told[TOKENIZER.name]) == (MODEL_SHA256, TOKENIZER_SHA256)


def test_the_version_that_is_pinned_is_the_one_in_the_repository() -> None:
    pinned = [requirement for requirement in requires("conduet") or () if requirement.startswith("conduet-minilm")]

    assert pinned == [f"conduet-minilm=={version('conduet-minilm')}"]


async def test_its_vectors_are_those_of_the_model_before_it_was_made_small() -> None:
    reference = np.load(FOLDER / "reference.npz")
    sentences: list[str] = reference["sentences"].tolist()
    model = MiniLm()

    vectors = await model.embed(sentences, query=False)
    model.close()

    assert sentences == (FOLDER / "sentences.txt").read_text(encoding="utf-8").splitlines()
    assert len(sentences) == 20
    cosines = (vectors * reference["vectors"]).sum(axis=1)
    assert cosines.min() >= 0.98
    assert cosines.mean() >= 0.99
