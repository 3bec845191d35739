"""The wide windows: how much one key, one token or one address may ask of the whole server."""

import hashlib
from ipaddress import IPv6Address, ip_address

from conduet.errors import RateLimited
from conduet.kit.clock import milliseconds, now
from conduet.kit.exchange import Exchange, Window
from conduet.limits.counter import Counter, LocalCounter, SharedCounter
from conduet.limits.rate import Rate, retry_after

PER_CREDENTIAL = Rate(count=3_000, seconds=60)
PER_ADDRESS = Rate(count=300, seconds=60)
PER_DOOR = Rate(count=100, seconds=300)
PER_LOGIN = Rate(count=100, seconds=3_600)
PER_LOGIN_AND_ADDRESS = Rate(count=10, seconds=300)
# A widget key is everybody's: an address has this many users' worth of it.
USERS_AN_ADDRESS = 20
# A widget key is everybody's, and a file is large.
PER_UPLOADER = Rate(count=60, seconds=3_600)


class WideLimits:
    """Counts by credential, by address, and by both; in this process, or in Redis when `redis_url` is given.

    Each method counts one request, writes the window into the exchange, for the response's headers, and raises
    `RateLimited` when it was one too many. `user_rate` is what one user of a project may send.
    """

    def __init__(self, user_rate: Rate, *, redis_url: str | None = None) -> None:
        self._widget_rate = user_rate.times(USERS_AN_ADDRESS)
        self._counter: Counter = SharedCounter(redis_url) if redis_url else LocalCounter()

    async def count_credential(self, exchange: Exchange, credential_id: str) -> None:
        """A request by a project key, a developer token or a session: 3,000 a minute."""
        await self._count(exchange, f"credential:{credential_id}", PER_CREDENTIAL)

    async def count_address(self, exchange: Exchange) -> None:
        """A request that shows no valid credential: 300 a minute from its address."""
        await self._count(exchange, f"address:{_network(exchange.address)}", PER_ADDRESS)

    async def count_widget(self, exchange: Exchange, key_id: str) -> None:
        """A turn by a widget key: 20 users' worth from its address."""
        await self._count(exchange, f"widget:{key_id}:{_network(exchange.address)}", self._widget_rate)

    async def count_upload(self, exchange: Exchange, key_id: str) -> None:
        """A file by a widget key: 60 an hour from its address."""
        await self._count(exchange, f"upload:{key_id}:{_network(exchange.address)}", PER_UPLOADER)

    async def count_sign_in(self, exchange: Exchange, login: str) -> None:
        """A try at a password or passkey: 100 an hour for a sign-in name, 10 in 5 minutes from one address.

        An address has 100 tries in 5 minutes at all names together: it may not try one password at each.
        """
        await self._count(exchange, f"door:{_network(exchange.address)}", PER_DOOR)
        name = hashlib.sha256(login.encode()).hexdigest()
        await self._count(exchange, f"sign-in:{name}", PER_LOGIN)
        await self._count(exchange, f"sign-in:{name}:{_network(exchange.address)}", PER_LOGIN_AND_ADDRESS)

    async def close(self) -> None:
        """Lets go of the connections."""
        await self._counter.close()

    async def _count(self, exchange: Exchange, name: str, rate: Rate) -> None:
        moment = milliseconds(now())
        count = await self._counter.count(name, rate.seconds, now_ms=moment)
        length = rate.seconds * 1000
        reset_at = (moment // length + 1) * length
        exchange.window = Window(limit=rate.count, remaining=max(0, rate.count - count), reset_at=reset_at)
        if count > rate.count:
            raise RateLimited(headers={"Retry-After": str(retry_after(reset_at, moment))})


def _network(address: str) -> str:
    """The address; of IPv6 its /64, because one customer has at least that many (RFC 6177)."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(IPv6Address(int(parsed) >> 64 << 64)) if isinstance(parsed, IPv6Address) else address
