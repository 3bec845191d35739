"""Numbers over several processes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from conduet.app.metrics import FOLDER, Metrics, share

COUNT = """
from conduet.app.metrics import Metrics
metrics = Metrics()
for _ in range(3):
    metrics.observe("/a/{b}", "GET", status=200, seconds=0.002)
metrics.gauge("conduet_things", "Things.", lambda: 1)
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


def test_a_gauge_shows_what_is_so_when_somebody_asks() -> None:
    things = [1, 2]
    metrics = Metrics()
    metrics.gauge("conduet_things", "Things.", lambda: len(things))
    assert b"conduet_things 2.0" in metrics.text()
    things.append(3)
    assert b"conduet_things 3.0" in metrics.text()


def test_sharing_begins_from_zero(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER, "elsewhere")
    folder = tmp_path / "metrics"
    for _ in range(2):
        share(folder)
        assert os.environ[FOLDER] == str(folder)
        assert list(folder.iterdir()) == []
        (folder / "histogram_1.db").touch()
