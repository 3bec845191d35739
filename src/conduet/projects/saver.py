"""Who saves a project, as others who work on it are told."""

from dataclasses import dataclass
from typing import Final

from conduet.accounts.principal import Principal
from conduet.accounts.store import list_member_names
from conduet.kit.db import Tx
from conduet.kit.json import Json

CLIENT: Final = "X-Client-Id"
"""The header that names a page, which so knows its own saves among those that it hears of."""

CLIENT_LETTERS: Final = 64


@dataclass(frozen=True, slots=True)
class Saver:
    """A member at one of their pages; nobody where the server saves by itself."""

    principal: Principal | None = None
    client_id: str | None = None

    def told(self, tx: Tx) -> dict[str, Json]:
        """Who it is."""
        member_id = self.principal and self.principal.member_id
        names = list_member_names(tx, self.principal.account) if self.principal and member_id else {}
        return {"memberId": member_id, "memberName": names.get(member_id or ""), "clientId": self.client_id}


NOBODY: Final = Saver()


def saver(principal: Principal, client_id: str | None) -> Saver:
    """The member behind a request, and what its header says of the page."""
    return Saver(principal, client_id[:CLIENT_LETTERS] if client_id else None)
