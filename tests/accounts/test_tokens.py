"""Secrets that open something."""

import hashlib
import re

import pytest

from conduet.accounts.tokens import DEVELOPER, PROJECT, digest, mint


@pytest.mark.parametrize("family", [PROJECT, DEVELOPER, ""])
def test_a_secret_is_its_family_and_43_letters_and_digits(family: str) -> None:
    minted = mint(family)
    assert re.fullmatch(family + "[0-9A-Za-z]{43}", minted.secret)
    assert minted.prefix == minted.secret[: len(family) + 6]
    assert minted.hash == hashlib.sha256(minted.secret.encode()).digest() == digest(minted.secret)


def test_no_project_key_looks_like_a_developer_token() -> None:
    assert not any(mint(PROJECT).secret.startswith(DEVELOPER) for _ in range(1000))


def test_secrets_differ_in_every_place() -> None:
    made = [mint().secret for _ in range(500)]
    assert len(set(made)) == 500
    assert all(len({secret[place] for secret in made}) > 10 for place in range(1, 43))


def test_a_secret_does_not_show_when_printed() -> None:
    minted = mint(PROJECT)
    assert minted.secret not in repr(minted)
