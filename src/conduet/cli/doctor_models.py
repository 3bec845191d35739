"""What `conduet doctor` says of models: each one that is configured is asked once, and what runs nearby is told."""

import asyncio
import http.client
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Final

from conduet.cli.finding import Finding
from conduet.errors import ConduetError
from conduet.kit.json import parse
from conduet.kit.plugin import discover
from conduet.llm.errors import EmptyAnswer, ModelError
from conduet.llm.look import look_list, look_text
from conduet.llm.message import ModelRequest, User
from conduet.llm.models import Models, Patience
from conduet.llm.name import Chain, ModelName, parse_chain
from conduet.llm.provider import Provider, configured
from conduet.llm.transport import Direct

GREETING: Final = ModelRequest((User("Answer with the word: ready"),), max_tokens=64)
PATIENCE: Final = Patience(first_token_seconds=15.0, total_seconds=20.0, retries=0)

LOOPBACK: Final = "127.0.0.1"
NEARBY: Final[Mapping[int, str]] = {11434: "Ollama", 8080: "llama.cpp", 1234: "LM Studio"}
"""The ports at which servers of models listen on one's own machine, by what they are when nothing is changed."""

PROBE_SECONDS: Final = 0.3
LISTING_BYTES: Final = 1024 * 1024

BUILT_IN: Final = (
    "none configured: local:extractive answers, which quotes and asks by fixed rules and is no language model; "
    "set OPENAI_API_KEY, ANTHROPIC_API_KEY or GEMINI_API_KEY for a better one (docs/guides/models.md)"
)


def model_findings(chosen: str | None, environment: Mapping[str, str]) -> Iterator[Finding]:
    """The models that are configured, each asked for a word; `chosen` is `CONDUET_MODEL`."""
    try:
        named = parse_chain(chosen)
    except ValueError as error:
        yield Finding("model", "wrong", f"CONDUET_MODEL: {error}")
        return
    yield from asyncio.run(_asked(named, environment))


def nearby_findings(
    environment: Mapping[str, str], *, own_port: int, ports: Mapping[int, str] = NEARBY
) -> Iterator[Finding]:
    """Servers of models on this machine, which are never used unless somebody says so."""
    in_use = environment.get("OPENAI_BASE_URL", "")
    for port, name in ports.items():
        names = [] if port == own_port or f":{port}" in in_use else _listed(port)
        if names:
            line = f"OPENAI_BASE_URL=http://{LOOPBACK}:{port}/v1 CONDUET_MODEL=openai:{names[0]}"
            told = f"found at {LOOPBACK}:{port}, not used; to use it, start the server with {line}"
            yield Finding(name, "note", told)


async def _asked(named: Chain, environment: Mapping[str, str]) -> list[Finding]:
    opener = Direct()
    kinds = discover("conduet.providers", Provider)
    try:
        try:
            providers = configured(kinds, environment, opener)
        except ValueError as error:
            return [Finding("model", "wrong", str(error))]
        models = Models(providers, patience=PATIENCE)
        local = [name for name in named if name.provider in kinds and not kinds[name.provider].converses]
        asked = tuple(dict.fromkeys(name for name in (*named, *models.offered()) if name not in local))
        found = [Finding("model", "ok", f"{name} is built in") for name in local]
        found += await asyncio.gather(*(_answers(models, name) for name in asked))
        return [*found, *_unnamed(providers, {name.provider for name in asked})] or [Finding("model", "note", BUILT_IN)]
    finally:
        await opener.close()


async def _answers(models: Models, name: ModelName) -> Finding:
    try:
        answer = await models.answer((name,), GREETING)
    except EmptyAnswer:
        return Finding("model", "ok", f"{name} answers")
    except ModelError as error:
        said = f" It says: {error.said[:200]!r}." if error.said else ""
        return Finding("model", "wrong", f"{name}: {error.message} ({error.code}).{said}")
    return Finding("model", "ok", f"{name} answered in {answer.duration_seconds:.1f} s")


def _unnamed(providers: Mapping[str, Provider], asked: set[str]) -> Iterator[Finding]:
    """Providers of which no model is named; two that share a key are told of once."""
    told = {variable for name in asked if name in providers for variable in _variables(providers[name])}
    for name, provider in providers.items():
        if name not in asked and not told & _variables(provider):
            told |= _variables(provider)
            example = f"CONDUET_MODEL={name}:MODEL"
            yield Finding(
                "model", "note", f"{name} is configured; name a model of it, such as {example}, to have it used"
            )


def _variables(provider: Provider) -> set[str]:
    return {name for setting in provider.settings() for name in setting.names if not name.endswith("_MAX_CONCURRENCY")}


def _listed(port: int) -> list[str]:
    """The models that a server on this machine has; empty when none listens, or it is no server of models."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=PROBE_SECONDS)
    try:
        connection.request("GET", "/v1/models", headers={"Accept": "application/json"})
        answer = connection.getresponse()
        body = answer.read(LISTING_BYTES) if answer.status == http.client.OK else b""
    except (OSError, http.client.HTTPException):
        return []
    finally:
        connection.close()
    with suppress(ConduetError):
        names = (look_text(each, "id") for each in look_list(parse(body), "data"))
        return [name for name in names if name and name.isprintable()]
    return []
