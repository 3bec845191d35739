"""The size limits of scripts/check_sizes.py, on files made for it."""

from pathlib import Path

import pytest

from scripts.check_sizes import main


def function_of(*, lines: int) -> str:
    return "async def wander():\n" + "    pass\n" * (lines - 1)


def test_files_and_functions_at_the_limit_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "module.py").write_text(function_of(lines=60) + "\n" * 340)
    (tmp_path / "component.ts").write_text("\n" * 400)

    assert main([str(tmp_path)]) == 0
    assert capsys.readouterr().out == "2 files, none too long.\n"


def test_a_file_that_is_too_long_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "module.ts").write_text("\n" * 401)

    assert main([str(tmp_path)]) == 1
    assert capsys.readouterr().out == f"{tmp_path}/module.ts: 401 lines, at most 400\n"


def test_a_function_that_is_too_long_is_named_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "module.py").write_text("\n" + function_of(lines=61))

    assert main([str(tmp_path)]) == 1
    assert capsys.readouterr().out == f"{tmp_path}/module.py:2: wander has 61 lines, at most 60\n"


def test_what_others_wrote_is_not_measured(tmp_path: Path) -> None:
    package = tmp_path / "node_modules" / "package"
    package.mkdir(parents=True)
    (package / "index.ts").write_text("\n" * 401)

    assert main([str(tmp_path)]) == 0
