"""The project's tools that look something up: which one is meant, and what it is called with."""

from collections.abc import Iterator
from typing import Final

from conduet.kit.json import Json, dumps
from conduet.llm.look import look_text
from conduet.llm.message import ToolCall, ToolSpec
from conduet.providers.local.nearness import LEAD, SURE, Nearness
from conduet.providers.local.scene import Scene
from conduet.providers.local.values import CODE, question_for, read_argument, spoken_name

BUILTINS: Final = frozenset(
    {
        "set_variables", "advance_phase", "handoff", "take_exit", "escalate", "resolve", "kb_search", "show_buttons",
        "show_card", "show_carousel", "show_badge", "show_image",
    }
)  # fmt: skip
"""What the agent itself can do; none of it is a tool of the project."""


async def answered(scene: Scene) -> ToolCall | None:
    """The call whose one lacking argument the user was asked for, and has told."""
    for name in sorted(scene.tools.keys() & scene.brief.reads - BUILTINS):
        spec = scene.tools[name]
        if asked := _asked(spec, scene):
            arguments = await _arguments(spec, scene, asked)
            return None if _lacking(spec, arguments) else _call(spec, arguments, scene)
    return None


async def called_for(scene: Scene, nearness: Nearness) -> ToolCall | str | None:
    """The call that the user's words ask for, the question for what is lacking to it, or `None`.

    Only a tool that changes nothing is called, and only when it is the nearest of all and plainly so.
    """
    tools = {spec.name: spec for spec in scene.tools.values() if spec.name not in BUILTINS}
    options = {name: (spec.description, spoken_name(name)) for name, spec in tools.items()}
    # A number says which order, not what about it, and leads the comparison astray.
    ranked = await nearness.rank_by_best(CODE.sub("", scene.said), options)
    if not ranked or ranked[0][1] < SURE or (len(ranked) > 1 and ranked[0][1] - ranked[1][1] < LEAD):
        return None
    best = tools[ranked[0][0]]
    if best.name not in scene.brief.reads:
        return None
    arguments = await _arguments(best, scene, None)
    lacking = _lacking(best, arguments)
    if not lacking:
        return _call(best, arguments, scene)
    return _question(best, lacking[0], scene) if len(lacking) == 1 else None


async def _arguments(spec: ToolSpec, scene: Scene, asked: str | None) -> dict[str, Json]:
    """What the user's words give; `asked` is the argument that they answer a question for."""
    found: dict[str, Json] = {}
    earlier = scene.heard[-2][1] if asked and len(scene.heard) > 1 else ""
    for name, schema in _properties(spec):
        words = scene.said if asked in (None, name) else earlier
        value = await read_argument(name, schema, words, brief=scene.brief, whole=asked == name)
        if value is not None:
            found[name] = value
    return found


def _lacking(spec: ToolSpec, arguments: dict[str, Json]) -> list[str]:
    required = spec.schema.get("required")
    names = [name for name in required if isinstance(name, str)] if isinstance(required, list) else []
    return [name for name in names if name not in arguments]


def _asked(spec: ToolSpec, scene: Scene) -> str | None:
    return next((name for name in _lacking(spec, {}) if scene.before.endswith(_question(spec, name, scene))), None)


def _question(spec: ToolSpec, name: str, scene: Scene) -> str:
    described = look_text(dict(_properties(spec)).get(name), "description")
    return question_for(name, described, scene.brief.language)


def _properties(spec: ToolSpec) -> Iterator[tuple[str, Json]]:
    properties = spec.schema.get("properties")
    if isinstance(properties, dict):
        yield from properties.items()


def _call(spec: ToolSpec, arguments: dict[str, Json], scene: Scene) -> ToolCall:
    return ToolCall(f"call_{len(scene.heard) * 100 + 1}", spec.name, dumps(arguments).decode())
