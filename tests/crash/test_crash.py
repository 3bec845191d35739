"""`kill -9` at any moment: afterwards every answered turn is there whole, every other whole or not at all."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.served import POSTGRES, Place, postgres_url
from tests.cli.forked import Forked
from tests.crash.killing import Counts, kill_often

# In every run a few: `make crash` kills 200 times.
KILLS = 5
pytestmark = pytest.mark.slow


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    if request.param == "sqlite":
        yield None
    elif POSTGRES not in os.environ:
        pytest.skip(f"{POSTGRES} is not set")
    else:
        with postgres_url() as url:
            yield url


def test_no_kill_under_load_loses_or_halves_a_turn(database_url: str | None, tmp_path: Path):
    _kill(Place(tmp_path / "data", database_url, popen=Forked))


def test_no_kill_of_one_or_all_of_two_workers_loses_or_halves_a_turn(tmp_path: Path):
    _kill(Place(tmp_path / "data", workers=2, popen=Forked), kills=3)


def _kill(place: Place, *, kills: int = KILLS) -> None:
    counts = Counts()
    for counts in kill_often(place, kills=kills):
        assert counts.damage == []
    assert counts.kills == kills
    assert counts.answered > 32 * kills, "there was no load"
    assert counts.stored >= counts.answered
