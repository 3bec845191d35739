"""Questions with their answers from files of other hands, as articles without a title."""

from importlib import import_module
from pathlib import Path
from typing import Any, cast

from benchmarks.knowledge_articles import Articles


def pairs(path: Path) -> Articles:
    """The answers of a file of `chatterbot-corpus`, each with its questions; of a question's answers, the first."""
    # It has no types.
    yaml = cast(Any, import_module("yaml"))
    said: list[list[object]] = yaml.safe_load(path.read_text("utf-8"))["conversations"]
    first: dict[str, str] = {}
    for question, answer in (map(str, each) for each in said if len(each) == 2):
        first.setdefault(question, answer)
    questions: dict[str, list[str]] = {}
    for question, answer in first.items():
        questions.setdefault(answer, []).append(question)
    return tuple((f"Answer {number}", answer, tuple(asked)) for number, (answer, asked) in enumerate(questions.items()))
