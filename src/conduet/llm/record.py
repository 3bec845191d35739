"""Answers as JSON, for the journal of a turn: what is read back is what was written."""

from functools import cache

from pydantic import TypeAdapter

from conduet.kit.json import Json
from conduet.llm.answer import ModelAnswer


@cache
def _adapter() -> TypeAdapter[ModelAnswer]:
    return TypeAdapter(ModelAnswer)


def write_answer(answer: ModelAnswer) -> Json:
    """The answer as JSON; what has its default is left out."""
    return _adapter().dump_python(answer, mode="json", exclude_defaults=True)


def read_answer(value: Json) -> ModelAnswer:
    """The answer that `write_answer` wrote; raises `ValueError` for anything else."""
    return _adapter().validate_python(value, strict=False)
