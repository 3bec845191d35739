"""Accounts and what their scopes tell."""

import pytest

from conduet.accounts.principal import AccountScope, Principal
from conduet.accounts.store import find_owner
from tests.accounts.conftest import Door
from tests.accounts.owners import an_owner


async def test_whoever_sits_at_the_machine_is_the_owner_of_the_first_account(door: Door) -> None:
    await an_owner(door.database)
    first = await door.database.read(find_owner)
    assert first is not None
    assert first.role == "owner"
    await an_owner(door.database)
    assert await door.database.read(find_owner) == first


def test_a_principal_that_is_about_no_project_has_no_scope() -> None:
    principal = Principal(kind="token", credential_id="tok_1", account=AccountScope("acc_1"))
    with pytest.raises(LookupError):
        _ = principal.scope
