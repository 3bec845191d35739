"""What `conduet doctor` says of the model that embeds knowledge bases: it is asked for a vector."""

import asyncio
from collections.abc import Mapping
from typing import Final

from conduet.cli.finding import Finding
from conduet.kit.plugin import discover
from conduet.knowledge.embedders import Embedders
from conduet.llm.errors import ModelError
from conduet.llm.provider import Provider, configured
from conduet.llm.transport import Direct
from conduet.providers.minilm import MODEL, MiniLm, missing_packages

NAME: Final = "embedding model"
QUESTION: Final = "Does it run?"


def embedding_finding(chosen: str | None, environment: Mapping[str, str]) -> Finding:
    """The finding; `chosen` is `CONDUET_EMBEDDING_MODEL`."""
    if chosen is not None and chosen != MODEL:
        return asyncio.run(_asked(chosen, environment))
    if missing := missing_packages():
        return Finding(
            NAME, "note", f"search goes by words alone, as there is no {' and '.join(missing)} on this system"
        )
    return asyncio.run(_run())


async def _run() -> Finding:
    model = MiniLm()
    try:
        await model.embed([QUESTION], query=True)
    except ModelError as error:
        return Finding(NAME, "wrong", error.message)
    finally:
        model.close()
    return Finding(NAME, "ok", f"{model.model} runs here")


async def _asked(chosen: str, environment: Mapping[str, str]) -> Finding:
    opener = Direct()
    try:
        providers = configured(discover("conduet.providers", Provider), environment, opener)
        model = await Embedders(None, chosen=chosen, providers=providers).chosen()
    except ValueError as error:
        return Finding(NAME, "wrong", f"CONDUET_EMBEDDING_MODEL: {error}")
    except ModelError as error:
        said = f" ({error.said})" if error.said else ""
        return Finding(NAME, "wrong", f"{chosen}: {error.message}{said} Until it answers, search goes by words alone.")
    finally:
        await opener.close()
    return Finding(NAME, "ok", f"{model.model} answers, with vectors of {model.dim} numbers")
