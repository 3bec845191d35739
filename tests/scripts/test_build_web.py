"""The build of the dashboard: only when it is stale, with the Node that there is."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

NODE = "#!/bin/sh\necho v{version}\n"
# Notes what it was asked for; a build leaves a page.
NPM = """#!/bin/sh
echo "$*" >>"$LOG"
case "$1" in
ci) mkdir -p node_modules ;;
run) mkdir -p ../src/conduet/app/static && echo "<html>" >../src/conduet/app/static/index.html ;;
esac
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A repository that holds only what the build looks at."""
    (tmp_path / "scripts").mkdir()
    shutil.copy("scripts/build_web.py", tmp_path / "scripts")
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "package-lock.json").write_text("{}")
    (tmp_path / "web" / "main.ts").write_text("1")
    (tmp_path / "src" / "conduet" / "app").mkdir(parents=True)
    return tmp_path


def build(tree: Path, *, node: str = "22.1.0", **more: str) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """Runs the script where this Node is; what it answered, and what npm was asked for meanwhile."""
    programs, log = tree / "bin", tree / "log"
    programs.mkdir(exist_ok=True)
    log.write_text("")
    for name, text in (("node", NODE.format(version=node)), ("npm", NPM)):
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    # Without site-packages of others: no Node from a wheel.
    environment = {"PATH": f"{programs}:/usr/bin:/bin", "LOG": str(log), **more}
    done = subprocess.run(
        [sys.executable, "scripts/build_web.py"],
        cwd=tree,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done, log.read_text().splitlines()


def test_it_is_built_once_and_again_after_a_change(tree: Path) -> None:
    assert build(tree)[1] == ["ci", "run build"]
    assert build(tree)[1] == []
    (tree / "web" / "node_modules" / "installed.js").write_text("no source")
    assert build(tree)[1] == []
    (tree / "web" / "main.ts").write_text("2")
    assert build(tree)[1] == ["run build"]
    (tree / "web" / "package-lock.json").write_text("{ }")
    assert build(tree)[1] == ["ci", "run build"]
    (tree / "web" / "main.ts").rename(tree / "web" / "other.ts")
    assert build(tree)[1] == ["run build"]


def test_it_can_be_left_out(tree: Path) -> None:
    done, asked = build(tree, CONDUET_SKIP_WEB="1")
    assert (done.returncode, asked) == (0, [])
    assert "left out" in done.stdout
    assert not (tree / "src" / "conduet" / "app" / "static").exists()


def test_a_node_that_is_too_old_is_not_asked(tree: Path) -> None:
    done, asked = build(tree, node="18.20.4")
    # The development environment has one from a wheel, whose npm finds no package here.
    assert asked == []
    assert done.returncode != 0


def test_a_build_that_fails_says_why_and_is_tried_again(tree: Path) -> None:
    build(tree)
    (tree / "web" / "main.ts").write_text("broken")
    failing = tree / "failing"
    failing.mkdir()
    (failing / "npm").write_text("#!/bin/sh\necho 'main.ts: no good'\nexit 1\n")
    (failing / "npm").chmod(0o755)
    done, _ = build(tree, PATH=f"{failing}:{tree / 'bin'}:/usr/bin:/bin")
    assert done.returncode == 1
    assert "main.ts: no good" in done.stderr
    assert build(tree)[1] == ["run build"]
