"""scripts/check.sh: what passed passes again at once, until something changes."""

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "check.sh"
PROGRAMS = ("ruff", "pyright", "lint-imports", "python")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository whose programs write down that they ran, and fail where a source says so."""
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "check.sh").write_bytes(SCRIPT.read_bytes())
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "one.py").write_text("fine")
    (tmp_path / ".gitignore").write_text(".venv/\n")
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name in PROGRAMS:
        (programs / name).write_text('#!/bin/sh\necho "$0" >>.venv/ran\n! grep -rq wrong src\n')
        (programs / name).chmod(0o755)
    git(tmp_path, "init", "--quiet")
    return tmp_path


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)


def check(folder: Path) -> tuple[int, bool]:
    """The exit code, and whether anything was looked at."""
    ran = folder / ".venv" / "ran"
    ran.unlink(missing_ok=True)
    environment = {**os.environ, "CONDUET_SKIP_WEB": "1"}
    done = subprocess.run(["sh", "scripts/check.sh", "src"], cwd=folder, env=environment, check=False)
    return done.returncode, ran.exists()


def test_what_passed_is_not_looked_at_again_until_a_file_changes_comes_or_goes(checkout: Path) -> None:
    one, two = checkout / "src" / "one.py", checkout / "src" / "two.py"
    assert [check(checkout), check(checkout)] == [(0, True), (0, False)]
    one.write_text("fine too")
    assert [check(checkout), check(checkout)] == [(0, True), (0, False)]
    two.write_text("fine")
    assert [check(checkout), check(checkout)] == [(0, True), (0, False)]
    git(checkout, "add", "--all")
    assert check(checkout) == (0, False)
    two.unlink()
    assert [check(checkout), check(checkout)] == [(0, True), (0, False)]


def test_what_is_installed_anew_is_checked_with(checkout: Path) -> None:
    check(checkout)
    (checkout / ".venv" / "requirements-dev.lock.stamp").write_text("another")
    assert [check(checkout), check(checkout)] == [(0, True), (0, False)]


def test_what_failed_fails_again(checkout: Path) -> None:
    (checkout / "src" / "one.py").write_text("wrong")
    assert [check(checkout), check(checkout)] == [(1, True), (1, True)]


def test_without_git_everything_is_looked_at_each_time(checkout: Path) -> None:
    (checkout / ".git").rename(checkout / "elsewhere")
    assert [check(checkout), check(checkout)] == [(0, True), (0, True)]
