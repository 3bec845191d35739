"""Whether a document that a model wrote is finished, and what is left of it without what is not."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Final, cast

from conduet.engine.check import Problem
from conduet.engine.document import compile_document
from conduet.engine.plugins import Plugins
from conduet.errors import At, BadRequest
from conduet.kit.json import Json
from conduet.projects.document import DEFAULTS, JsonObject, complete
from conduet.projects.generating.mending import cut
from conduet.projects.problems import problems_of

CUTS: Final = 50
"""How often what stays wrong is taken out; each time may show something that hung on it."""

LEAST_STEPS: Final = 3
"""A flow with fewer steps does nothing for anybody."""


class Useless(Exception):
    """Nothing that a project could be made of."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A document with what is wrong with it; `is_whole` when its shape is right."""

    document: JsonObject
    mistakes: Sequence[At | Problem]
    is_whole: bool

    @property
    def errors(self) -> Sequence[At | Problem]:
        """The mistakes that keep it from being published."""
        return [each for each in self.mistakes if isinstance(each, At) or each.severity == "error"]

    @property
    def weight(self) -> tuple[bool, int, int]:
        """Less is better."""
        return not self.is_whole, len(self.errors), len(self.mistakes)


def judge(document: JsonObject, plugins: Plugins) -> Judged:
    """What is wrong with a document, which may be any JSON object."""
    try:
        filled = complete(document)
        return Judged(filled, problems_of(compile_document(filled, plugins)), is_whole=True)
    except BadRequest as error:
        return Judged(document, error.details or (At("", error.message),), is_whole=False)


def mend(judged: Judged, plugins: Plugins) -> JsonObject:
    """The document without what is wrong with it: it can be published. Raises `Useless` when nothing is left."""
    for _ in range(CUTS):
        if not judged.errors:
            break
        document = deepcopy(judged.document)
        if not cut(document, [each.path for each in judged.errors]):
            raise Useless
        judged = judge(document, plugins)
    if judged.errors or not _does_something(judged.document):
        raise Useless
    return judged.document


def _does_something(document: JsonObject) -> bool:
    """Whether there is a flow, or somebody who was told what to do."""
    if document["framework"] == "agentic":
        return document["behaviourConfig"] != DEFAULTS["behaviourConfig"]
    workflows = cast(list[dict[str, Json]], document["workflows"])
    return any(len(cast(list[Json], each["steps"])) >= LEAST_STEPS for each in workflows)
