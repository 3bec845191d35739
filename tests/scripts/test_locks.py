"""The lock files: hashes for everything, an address for nothing, one resolution."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted(ROOT.glob("requirements*.lock"))


def pins(lock: Path) -> dict[str, str]:
    """Each requirement with its version and marker → its hashes."""
    blocks = re.split(r"\n(?=\S)", lock.read_text().strip())
    return {head: rest for head, _, rest in (block.partition(" \\\n") for block in blocks)}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_pins_every_package_by_hash(lock: Path) -> None:
    for requirement, hashes in pins(lock).items():
        assert re.match(r"[a-z0-9._-]+==\S+", requirement)
        assert re.fullmatch(r"(\s+--hash=sha256:[0-9a-f]{64}( \\)?)+", hashes), requirement


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_records_no_address(lock: Path) -> None:
    assert not re.search(r"://|--index|--extra-index|--find-links|@ ", lock.read_text())


def test_what_runs_is_what_was_tested() -> None:
    assert pins(ROOT / "requirements.lock").items() <= pins(ROOT / "requirements-dev.lock").items()
