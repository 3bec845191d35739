"""Numbers over several processes."""

import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from prometheus_client import values

from conduet.app.metrics import FOLDER, Metrics, share

COUNT = """
from conduet.app.metrics import Metrics
metrics = Metrics()
for _ in range(3):
    metrics.observe("/a/{b}", "GET", status=200, seconds=0.002)
print(metrics.text().decode())
"""


def count(folder: Path) -> str:
    environment = {**os.environ, FOLDER: str(folder)}
    return subprocess.run(
        [sys.executable, "-c", COUNT], env=environment, capture_output=True, check=True, text=True
    ).stdout


def test_processes_that_share_a_folder_tell_the_sum_of_all(tmp_path: Path) -> None:
    line = 'conduet_http_request_duration_seconds_count{method="GET",route="/a/{b}",status="200"} '
    assert line + "3.0" in count(tmp_path)
    assert line + "6.0" in count(tmp_path)


def test_a_gauge_shows_what_it_was_last_set_to() -> None:
    metrics = Metrics()
    show = metrics.gauge("conduet_things", "Things.")
    for number in (2, 3):
        show(number)
        assert b"conduet_things %d.0" % number in metrics.text()


SHOW = """
import sys
from conduet.app.metrics import Metrics
metrics = Metrics()
metrics.gauge("conduet_things", "Things.")(int(sys.argv[1]))
for _ in sys.stdin:
    print([line for line in metrics.text().decode().splitlines() if line.startswith("conduet_things ")], flush=True)
"""


def test_a_gauge_is_the_sum_over_the_processes_that_live(tmp_path: Path) -> None:
    with showing(tmp_path, 2) as first, showing(tmp_path, 3) as second:
        assert seen(first) == seen(second) == "['conduet_things 5.0']"
        first.kill()
        first.wait()
        assert seen(second) == "['conduet_things 3.0']"


def seen(process: "subprocess.Popen[str]") -> str:
    """What the process tells of the gauge when it is asked."""
    assert process.stdin
    assert process.stdout
    process.stdin.write("\n")
    process.stdin.flush()
    return process.stdout.readline().strip()


@contextmanager
def showing(folder: Path, number: int) -> "Generator[subprocess.Popen[str]]":
    """A process that shows `number` on its gauge."""
    environment = {**os.environ, FOLDER: str(folder)}
    command = [sys.executable, "-c", SHOW, str(number)]
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        # Until it has answered once, its gauge may not be there.
        seen(process)
        yield process
        process.kill()


def test_sharing_begins_from_zero(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER, "elsewhere")
    # What it has the library do is for processes that start others: this one goes on counting for itself.
    monkeypatch.setattr(values, "ValueClass", values.ValueClass)
    folder = tmp_path / "metrics"
    for _ in range(2):
        share(folder)
        assert os.environ[FOLDER] == str(folder)
        assert list(folder.iterdir()) == []
        (folder / "histogram_1.db").touch()
