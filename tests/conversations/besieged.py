"""Which of the attacks on outgoing calls an `api` step can be made to try: those that lie in the address."""

from typing import Final

from tests.kit.http import attacks

METHODS: Final = ("GET", "POST", "PUT")
ATTACKS: Final = [attack for attack in attacks.ATTACKS if attack.method in METHODS and not attack.headers]
