"""What an operation asks for to know who calls: secrets of the project, in the place where it looks for them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from conduet.kit.json import Json
from conduet.projects.importers.openapi.schemas import Elsewhere, References

LETTERS: Final = re.compile(r"[^A-Z0-9]+", re.ASCII)


@dataclass(slots=True)
class Proof:
    """Headers and query parameters that hold secrets, the names of those, and what there is to know of them."""

    headers: dict[str, str] = field(default_factory=dict[str, str])
    query: dict[str, str] = field(default_factory=dict[str, str])
    secrets: list[str] = field(default_factory=list[str])
    notes: list[str] = field(default_factory=list[str])


class Security:
    """The security schemes of a document whose secrets' names begin with `prefix`."""

    def __init__(self, references: References, schemes: Mapping[str, Json], *, prefix: str) -> None:
        self._references = references
        self._schemes = schemes
        self._prefix = prefix

    def proof(self, required: Json) -> Proof:
        """What satisfies the first of the alternatives that can be; nothing where nothing is asked for.

        Raises `Elsewhere` when none of them can be.
        """
        alternatives = [each for each in required if isinstance(each, dict)] if isinstance(required, list) else []
        failed: list[str] = []
        for alternative in sorted(alternatives, key=lambda each: not each):
            try:
                return self._together(alternative)
            except Elsewhere as error:
                failed.append(str(error))
        if failed:
            raise Elsewhere(failed[0])
        return Proof()

    def _together(self, names: Mapping[str, Json]) -> Proof:
        proof = Proof()
        for name in names:
            self._add(proof, name, self._references.resolved(self._schemes.get(name)))
        return proof

    def _add(self, proof: Proof, name: str, scheme: Mapping[str, Json]) -> None:
        secret = f"{self._prefix}_{constant(name)}".strip("_")[:200]
        value = "{{secrets." + secret + "}}"
        match scheme.get("type"), scheme.get("in"), str(scheme.get("scheme", "")).lower():
            case "apiKey", "header", _:
                proof.headers[str(scheme.get("name"))] = value
            case "apiKey", "query", _:
                proof.query[str(scheme.get("name"))] = value
            case "http", _, "bearer":
                proof.headers["Authorization"] = f"Bearer {value}"
            case "http", _, "basic":
                proof.headers["Authorization"] = f"Basic {value}"
                proof.notes.append(f"{secret} is the base64 of `user:password`.")
            case (("oauth2" | "openIdConnect"), _, _):
                proof.headers["Authorization"] = f"Bearer {value}"
                proof.notes.append(f"{secret} is an access token of {name}: it is not renewed by itself.")
            case kind, place, how:
                told = " ".join(str(each) for each in (kind, place, how) if each)
                raise Elsewhere(f"it is secured in a way that no tool can follow ({name}: {told or 'not declared'})")
        proof.secrets.append(secret)


def constant(text: str) -> str:
    """A text as the name of a secret is written: `petStore key` as `PET_STORE_KEY`."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text)
    return LETTERS.sub("_", words.upper()).strip("_")
