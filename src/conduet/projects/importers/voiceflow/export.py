"""An export as it is read: its parts by id, and values that may be of any shape."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from conduet.errors import BadRequest
from conduet.kit.json import Json

Object = Mapping[str, Json]
NOTHING: Object = {}

SYSTEM: Mapping[str, str] = {
    "user_id": "sys.userId",
    "last_utterance": "sys.lastUserMessage",
    "platform": "sys.platform",
    "last_event": "sys.lastAction",
    "timestamp": "sys.now",
    "vf_now": "sys.now",
}
"""Voiceflow's own variables that have a twin here, as long as no step writes them."""

LAYOUT = frozenset({"start", "block", "actions", "markup_text", "markup_image", "goToNode"})
"""Nodes that are no steps: drawing, and connections."""

_WRITERS = ("set", "capture", "interaction", "api", "integrations", "ai_", "function", "component", "flow", "intent")


def obj(value: Json) -> Object:
    """The value as an object; an empty one when it is none."""
    return value if isinstance(value, dict) else {}


def items(value: Json) -> list[Json]:
    """The value as a list; an empty one when it is none."""
    return value if isinstance(value, list) else []


def objects(value: Json) -> list[Object]:
    """The objects in a list."""
    return [each for each in items(value) if isinstance(each, dict)]


def text(value: Json) -> str:
    """The value as text; nothing for what is neither text nor number."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)


@dataclass(frozen=True)
class Node:
    """A node of a diagram."""

    id: str
    type: str
    data: Object
    coords: tuple[float, float] | None

    @property
    def name(self) -> str:
        """What its author called it, or nothing."""
        return text(self.data.get("name"))

    @cached_property
    def steps(self) -> list[str]:
        """The ids of what a block holds."""
        return [text(each) for each in items(self.data.get("steps"))]

    @property
    def is_step(self) -> bool:
        """Whether it is counted: it does something in a conversation."""
        return self.type not in LAYOUT and not (self.type == "command" and not text(self.data.get("intent")))


@dataclass(frozen=True)
class Diagram:
    """A drawing: a topic, a component, or the root."""

    id: str
    name: str
    kind: str
    nodes: Mapping[str, Node]

    @cached_property
    def block_of(self) -> Mapping[str, Node]:
        """The block that each step lies in."""
        return {step: block for block in self.nodes.values() for step in block.steps}

    @cached_property
    def place_of(self) -> Mapping[str, int]:
        """The place of each node among all."""
        return {key: place for place, key in enumerate(self.nodes)}

    @cached_property
    def row_of(self) -> Mapping[str, int]:
        """The place of each step in its block."""
        return {step: row for block in self.nodes.values() for row, step in enumerate(block.steps)}

    @property
    def starts(self) -> list[Node]:
        """Its nodes of type `start`."""
        return [node for node in self.nodes.values() if node.type == "start"]


class Export:
    """A Voiceflow export. Raises `BadRequest`, naming the path, for what is none."""

    def __init__(self, whole: Object) -> None:
        self.whole = whole
        self._groups: dict[tuple[str, str], dict[str, list[Object]]] = {}
        self.project, self.version = obj(whole.get("project")), obj(whole.get("version"))
        self.root_id = text(self.version.get("rootDiagramID"))
        given = obj(whole.get("diagrams"))
        if not given:
            raise BadRequest.at("diagrams", "A Voiceflow export holds its diagrams here.")
        named = {text(each.get("diagramID")): text(each.get("name")) for each in self._flows()}
        self.diagrams = {key: _diagram(key, obj(value), named.get(key, "")) for key, value in given.items()}
        if self.root_id not in self.diagrams:
            raise BadRequest.at("version.rootDiagramID", "There is no such diagram in `diagrams`.")
        self.variable_names = {text(each.get("id")): text(each.get("name")) for each in self.rows("variables")}
        self.written = frozenset(self._written())

    @property
    def generation(self) -> str | None:
        """`version._version`, where there is one."""
        return text(self.version.get("_version")) or None

    @property
    def platform_data(self) -> Object:
        """Where intents and slots stood until 2023."""
        return obj(self.version.get("platformData"))

    @property
    def prototype(self) -> Object:
        """The language lies here."""
        return obj(obj(self.version.get("prototype")).get("data"))

    def rows(self, name: str) -> list[Object]:
        """The rows of a list beside the diagrams."""
        return objects(self.whole.get(name))

    def row(self, name: str, key: Json) -> Object:
        """The row of that id, or an empty one."""
        return next(iter(self.rows_of(name, "id", key)), NOTHING)

    def rows_of(self, name: str, field: str, key: Json) -> Sequence[Object]:
        """The rows of a list whose `field` is that key."""
        return self._grouped(self.whole, name, field).get(text(key), ())

    def old(self, name: str, key: Json) -> Object:
        """An intent or slot of until 2023, or an empty one."""
        return next(iter(self._grouped(self.platform_data, name, "key").get(text(key), ())), NOTHING)

    def _grouped(self, holder: Object, name: str, field: str) -> Mapping[str, Sequence[Object]]:
        found = self._groups.get((name, field))
        if found is None:
            found = self._groups[name, field] = {}
            for row in objects(holder.get(name)):
                found.setdefault(text(row.get(field)), []).append(row)
        return found

    @cached_property
    def kept(self) -> Mapping[str, Diagram]:
        """The diagrams that conversations can reach; templates of the editor are not among them."""
        template = text(self.version.get("templateDiagramID"))
        return {
            key: diagram
            for key, diagram in self.diagrams.items()
            if diagram.kind != "TEMPLATE" and (key != template or key == self.root_id)
        }

    @cached_property
    def compared_with_zero(self) -> list[str]:
        """The variables that a condition compares with 0."""
        whole: list[Json] = [dict(node.data) for each in self.kept.values() for node in each.nodes.values()]
        return [*dict.fromkeys(self.name_of(name) for name in _compared_with_zero(whole))]

    def variable(self, key: Json) -> str:
        """The path of a variable here, by its id or name there; what stands in `{{ }}`."""
        name = self.name_of(key)
        return SYSTEM[name] if name in SYSTEM and name not in self.written else name

    def name_of(self, key: Json) -> str:
        """A variable's name, by its id or its name."""
        return self.variable_names.get(text(key), text(key))

    def _flows(self) -> Iterator[Object]:
        yield from self.rows("workflows")
        yield from self.rows("flows")

    def _written(self) -> Iterator[str]:
        for diagram in self.diagrams.values():
            for node in diagram.nodes.values():
                if node.type.startswith(_WRITERS):
                    yield from (self.name_of(key) for key in _targets(dict(node.data)))


def _targets(value: Json) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in ("variable", "variableID", "var") and isinstance(inner, str):
                yield inner
            elif name not in ("lhs", "rhs", "value", "content", "prompt"):
                yield from _targets(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _targets(inner)


def _compared_with_zero(value: Json) -> Iterator[str]:
    if isinstance(value, list):
        for inner in value:
            yield from _compared_with_zero(inner)
    elif isinstance(value, dict):
        sides = objects(value.get("value"))
        if len(sides) == 2 and text(sides[0].get("type")) == "variable" and text(sides[1].get("value")) == "0":
            yield text(sides[0].get("value"))
        for inner in value.values():
            yield from _compared_with_zero(inner)


def _diagram(key: str, given: Object, name: str) -> Diagram:
    nodes = {at: _node(at, obj(value)) for at, value in obj(given.get("nodes")).items()}
    shown = name or text(given.get("name")) or "Workflow"
    return Diagram(key, "Home" if shown == "ROOT" else shown, text(given.get("type")), nodes)


def _node(key: str, given: Object) -> Node:
    numbers = [each for each in items(given.get("coords")) if isinstance(each, int | float)]
    coords = (float(numbers[0]), float(numbers[1])) if len(numbers) == 2 else None
    return Node(key, text(given.get("type")), obj(given.get("data")), coords)
