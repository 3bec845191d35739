"""scripts/pytest.sh: what fails among the others gets one more try by itself."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "pytest.sh"
# Fails the first time, as on a machine that stalls.
ONCE = """
from pathlib import Path

def test_once():
    seen = Path(__file__).with_name("seen")
    if not seen.exists():
        seen.touch()
        assert False
"""
ALWAYS = """
import pytest

@pytest.mark.parametrize("number", range({count}))
def test_always(number):
    assert False
"""
FINE = "def test_fine(): pass\n"


def run(folder: Path, *files: str, workers: int = 0) -> tuple[int, str, list[str]]:
    """How the tests of these files come out: the exit code, what is printed, what passed only alone."""
    for number, text in enumerate(files):
        (folder / f"test_{number}.py").write_text(text)
    (folder / "pytest.ini").touch()
    alone = folder / "alone"
    done = subprocess.run(
        ["sh", SCRIPT, sys.executable, "-q", "-n", str(workers), str(folder)],
        cwd=folder,
        # Of the plugins only the one that it uses: the others take a second to load, each time.
        env={
            **os.environ,
            "CONDUET_ALONE": str(alone),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "PYTEST_PLUGINS": "xdist.plugin",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr, alone.read_text().splitlines() if alone.exists() else []


@pytest.mark.slow
def test_what_passes_by_itself_is_named_and_does_no_harm(tmp_path: Path) -> None:
    code, told, alone = run(tmp_path, ONCE, FINE, workers=2)
    assert (code, alone) == (0, ["test_0.py::test_once"]), told
    assert "1 failed, 1 passed" in told
    assert "PASSED ONLY ALONE: test_0.py::test_once" in told


@pytest.mark.slow
@pytest.mark.parametrize(
    ("files", "tries"),
    [
        ((ONCE, ALWAYS.format(count=4), FINE), 2),
        # So many fail for a reason.
        ((ALWAYS.format(count=6),), 1),
    ],
)
def test_what_fails_again_or_fails_in_numbers_fails_the_run(tmp_path: Path, files: tuple[str, ...], tries: int) -> None:
    code, told, alone = run(tmp_path, *files)
    assert (code, alone) == (1, []), told
    assert told.count("short test summary") == tries
