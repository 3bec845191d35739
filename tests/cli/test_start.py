"""What a first start makes, once."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from conduet.accounts.store import find_owner
from conduet.cli.start import FirstStart, first_start, link_command
from conduet.kit.db import Tx, open_database
from conduet.migrations import migrate
from tests.conftest import DIALECTS, new_database

HEAD_START_SECONDS = 0.5


@pytest.fixture(params=DIALECTS)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with new_database(request.param, tmp_path) as url:
        yield url


@pytest.mark.parametrize("demo", [True, False])
def test_two_that_start_at_once_on_an_empty_database_make_one_owner(
    empty_database_url: str, tmp_path: Path, demo: bool
) -> None:
    migrate(empty_database_url)
    made, other_is_done = threading.Event(), threading.Event()

    def begin_slowly(tx: Tx) -> FirstStart | None:
        first = first_start(tx, demo=demo)
        made.set()
        # Whoever did not wait for this one to end would be done by then.
        other_is_done.wait(HEAD_START_SECONDS)
        return first

    def start_too() -> FirstStart | None:
        made.wait()
        try:
            return other.write_now(lambda tx: first_start(tx, demo=demo))
        finally:
            other_is_done.set()

    one, other = (open_database(empty_database_url, run_dir=tmp_path / name) for name in ("one", "other"))
    with ThreadPoolExecutor(1) as machine:
        second = machine.submit(start_too)
        first = one.write_now(begin_slowly)
        assert first is not None
        assert (first.demo_key is not None) == demo
        assert second.result() is None
    assert one.read_now(find_owner) is not None
    one.close_now()
    other.close_now()


def test_a_server_elsewhere_prints_the_command_for_a_link_with_its_folder() -> None:
    assert link_command(Path("data")) == "conduet link"
    assert link_command(Path("/srv/my shop")) == "conduet link --data '/srv/my shop'"
