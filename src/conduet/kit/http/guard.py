"""The address check at work: a host's addresses, once all of them are found to be allowed."""

from dataclasses import dataclass

from conduet.kit.http.address import Address, AllowPrivate, Place, parse_address, parse_host
from conduet.kit.http.errors import InvalidCall, Refused, Unreachable
from conduet.kit.http.resolver import Resolver


@dataclass(frozen=True, slots=True)
class Guard:
    """Whoever opens a connection asks here for the addresses, and connects to one of these and to nothing else."""

    allow: AllowPrivate
    resolver: Resolver

    def check(self, address: Address, place: Place) -> None:
        """Raises `Refused` when a call to `place` may not be connected to `address`."""
        if not self.allow.admits(address, place):
            raise Refused.host(place.host)

    def check_literal(self, place: Place) -> None:
        """Raises `Refused` when `place` is an address, and not an open one. A name is checked when it is looked up."""
        parsed = parse_host(place.host)
        if not isinstance(parsed, str):
            self.check(parsed, place)

    async def addresses(self, host: str, port: int) -> tuple[Address, ...]:
        """The addresses of `host`, the preferred first: one when it is an address itself.

        A name is refused when only one of its addresses is: whoever mixes them means to be connected to the other.
        Raises `Refused`, `Unreachable` for an unknown name, `InvalidCall`.
        """
        if not 0 < port < 65536:
            raise InvalidCall(f"{port} is not a port: they go from 1 to 65535.")
        parsed = parse_host(host)
        place = Place(str(parsed), port)
        addresses = await self._lookup(parsed) if isinstance(parsed, str) else (parsed,)
        for address in addresses:
            self.check(address, place)
        return addresses

    async def _lookup(self, name: str) -> tuple[Address, ...]:
        try:
            addresses = tuple(parse_address(text) for text in await self.resolver.lookup(name))
        except (OSError, ValueError):
            addresses = ()
        if not addresses:
            raise Unreachable(f"{name} could not be found.")
        return addresses

    def admitting(self, place: Place) -> "Guard":
        """The same guard, and `place` is open to its caller."""
        return Guard(self.allow.admitting(place), self.resolver)
