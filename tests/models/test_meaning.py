"""What people say, and what the built-in embedding model takes it for: bounds on what decision 24 has measured."""

import pytest

from benchmarks.intent_sentences import CHECKED
from benchmarks.meaning import Heard, hear, share
from conduet.engine.run import UNASKED
from conduet.providers.minilm import MiniLm


@pytest.mark.slow
async def test_hardly_anything_is_taken_for_an_intent_that_means_none() -> None:
    model = MiniLm()
    try:
        heard = await hear(model)
        asked, unasked = model.intent_threshold, model.intent_threshold + UNASKED
    finally:
        model.close()
    for checked in (False, True):
        here = [each for each in heard if (each.desk in CHECKED) is checked]
        assert taken(here, asked) <= 0.08
        assert taken(here, unasked) <= 0.02
        assert share(here, kind="meant", threshold=asked, right=True) >= 0.68
        assert share(here, kind="meant", threshold=unasked, right=True) >= 0.65
        assert share(here, kind="meant", threshold=unasked, right=False) <= 0.03


def taken(heard: list[Heard], threshold: float) -> float:
    """Of all sentences that are about nothing of the kind, those that are taken for an intent."""
    kinds = ("small talk", "answers", "elsewhere")
    count = {kind: sum(each.kind == kind for each in heard) for kind in kinds}
    return sum(share(heard, kind=kind, threshold=threshold) * count[kind] for kind in kinds) / sum(count.values())
