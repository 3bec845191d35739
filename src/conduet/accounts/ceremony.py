"""WebAuthn: what an authenticator is asked, and whether it answered that. The library is imported at first use."""

import hashlib
from base64 import urlsafe_b64decode
from binascii import Error as Base64Error
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from conduet.accounts.passkey_store import FoundPasskey
from conduet.errors import BadRequest, PayloadTooLarge
from conduet.kit.json import Json, parse

RELYING_PARTY: Final = "Conduet"
Credential = dict[str, Json]


class CeremonyError(Exception):
    """The answer is not one to what was asked, of this server and by this authenticator."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a browser hands its authenticator, and the hash of the challenge in it."""

    options: dict[str, Any]
    digest: bytes


@dataclass(frozen=True, slots=True)
class Party:
    """Who asks: the page's origin, and its host, which passkeys are bound to."""

    origin: str
    host: str


@dataclass(frozen=True, slots=True)
class Made:
    """A new credential of an authenticator."""

    credential: bytes
    public_key: bytes
    sign_count: int


def ask_to_make(party: Party, *, member_id: str, login: str, name: str, known: Sequence[bytes]) -> Asked:
    """Asks for a passkey that its authenticator finds by itself; not one of those that hold a `known` one."""
    from webauthn import generate_registration_options
    from webauthn.helpers import options_to_json_dict, structs

    asked = generate_registration_options(
        rp_id=party.host,
        rp_name=RELYING_PARTY,
        user_id=member_id.encode(),
        user_name=login,
        user_display_name=name,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=each) for each in known],
    )
    return Asked(options_to_json_dict(asked), hashlib.sha256(asked.challenge).digest())


def ask_to_sign(party: Party) -> Asked:
    """Asks for any passkey of this server."""
    from webauthn import generate_authentication_options
    from webauthn.helpers import options_to_json_dict

    asked = generate_authentication_options(rp_id=party.host)
    return Asked(options_to_json_dict(asked), hashlib.sha256(asked.challenge).digest())


def challenge_of(credential: Credential) -> bytes:
    """The challenge that an answer says it is to; nothing is checked yet. Raises `CeremonyError`."""
    try:
        told = parse(_bytes(_response(credential), "clientDataJSON"))
    except (BadRequest, PayloadTooLarge) as error:
        raise CeremonyError(error.message) from None
    return _bytes(told, "challenge")


def credential_of(credential: Credential) -> bytes:
    """Which credential an answer says it is of. Raises `CeremonyError`."""
    return _bytes(credential, "rawId")


def member_of(credential: Credential) -> str:
    """Whom the authenticator keeps the passkey for. Raises `CeremonyError`."""
    return _bytes(_response(credential), "userHandle").decode("utf-8", "replace")


def check_made(credential: Credential, party: Party, challenge: bytes) -> Made:
    """The new credential. Raises `CeremonyError`."""
    from webauthn import verify_registration_response

    try:
        made = verify_registration_response(
            credential=cast("dict[str, Any]", credential),
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
        )
    except Exception as error:  # noqa: BLE001  # the library lets through what its decoders raise
        raise CeremonyError(str(error)) from None
    return Made(made.credential_id, made.credential_public_key, made.sign_count)


def check_signed(credential: Credential, party: Party, challenge: bytes, passkey: FoundPasskey) -> int:
    """What the authenticator counted. Raises `CeremonyError`, also where that is not more than last time."""
    from webauthn import verify_authentication_response

    try:
        signed = verify_authentication_response(
            credential=cast("dict[str, Any]", credential),
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
        )
    except Exception as error:  # noqa: BLE001  # the library lets through what its decoders raise
        raise CeremonyError(str(error)) from None
    return signed.new_sign_count


def _response(credential: Credential) -> Json:
    return credential.get("response")


def _bytes(told: Json, name: str) -> bytes:
    text = told.get(name) if isinstance(told, dict) else None
    if not isinstance(text, str):
        raise CeremonyError(f"{name} is missing")
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (Base64Error, ValueError):
        raise CeremonyError(f"{name} is no base64url") from None
