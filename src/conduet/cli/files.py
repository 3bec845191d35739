"""A project as files: one JSON document, or a folder with a file for each part, the same bytes for the same project."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, cast
from urllib.parse import quote

from conduet.cli.say import stop
from conduet.engine.check import READ_ONLY
from conduet.errors import ConduetError
from conduet.kit.json import DOCUMENT_LEVELS, Json, parse
from conduet.projects.document import DEFAULTS, JsonObject

ROOT: Final = "project.json"
"""The file of a folder that holds what is in no other, and the ids of those that are, in their order."""

PARTS: Final = ("workflows", "playbooks", "tools", "tests")
PROMPTS: Final = "prompts"
BOM: Final = b"\xef\xbb\xbf"

_ORDER: Final[Mapping[str, Sequence[str]]] = {
    "": ("name", *DEFAULTS),
    "workflows": ("id", "name", "primary", "steps", "connections", "notes"),
    "steps": ("id", "type", "name", "config", "position"),
    "connections": ("id", "source", "sourcePort", "target", "targetPort"),
    "notes": ("id", "kind", "text", "position", "size", "color"),
    "playbooks": ("id", "name", "description", "instructions"),
    "tools": ("id", "name", "description", "type", "enabled", "approval", "parameters", "config"),
    "tests": ("id", "name", "start", "variables", "mocks", "turns"),
}
_SAFE_LENGTH: Final = 100


def settled(document: Mapping[str, Json]) -> JsonObject:
    """A document without what differs from server to server and from save to save, its keys in one order."""
    kept = {name: value for name, value in document.items() if name not in READ_ONLY}
    told = _ordered("", kept)
    for name in PARTS:
        told[name] = [_settled_part(name, part) for part in _list(told.get(name))]
    return {name: value for name, value in told.items() if name not in PARTS or name in document}


def is_folder(path: Path) -> bool:
    """Whether a project is kept there as a folder: what is not there yet is one unless it ends in `.json`."""
    return path.is_dir() or (not path.exists() and path.suffix != ".json")


def read_project(path: Path) -> JsonObject:
    """The document in a file or folder. Ends the command at what is none, with exit code 2."""
    if path.is_dir():
        return _read_folder(path)
    whole = _read_json(path)
    if not isinstance(whole, dict):
        stop(f"{path}: a project is a JSON object.")
    return whole


def read_bytes(path: Path) -> bytes:
    """What a file holds. Ends the command when it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        stop(f"there is no file {path}{_near(path)}.")
    except OSError as error:
        stop(f"{path} cannot be read ({error.strerror}).")


def written(document: Json) -> str:
    """JSON as it stands in files."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def write_project(path: Path, document: JsonObject) -> Sequence[Path]:
    """Writes the settled document to a file or folder; which files are new, changed or gone."""
    try:
        if not is_folder(path):
            return [path] if _write(path, written(document)) else []
        if path.is_dir() and any(path.iterdir()) and not (path / ROOT).exists():
            stop(f"{path} is not empty, and no project's folder: there is no {ROOT} in it.")
        files = dict(_files(document))
        changed = [path / name for name, text in files.items() if _write(path / name, text)]
        return [*changed, *_clear(path, files)]
    except OSError as error:
        stop(f"{path} cannot be written ({error.strerror}).")


def _settled_part(kind: str, part: Json) -> Json:
    if not isinstance(part, dict):
        return part
    told = _ordered(kind, part)
    for name in ("steps", "connections", "notes"):
        if kind == "workflows" and name in told:
            told[name] = [_ordered(name, each) if isinstance(each, dict) else each for each in _list(told[name])]
    return told


def _ordered(kind: str, part: Mapping[str, Json]) -> JsonObject:
    """The fields that every such part has in their order; others, whose order may mean something, as they came."""
    known = {name: part[name] for name in _ORDER[kind] if name in part}
    return {**known, **{name: value for name, value in part.items() if name not in known}}


def _files(document: JsonObject) -> Iterator[tuple[str, str]]:
    """The files of a folder by their paths in it."""
    root = dict(document)
    for kind in PARTS:
        parts = _objects_by_id(document.get(kind))
        if parts is not None:
            root[kind] = [*parts]
            yield from ((f"{kind}/{name}.json", written(parts[key])) for key, name in _names(parts).items())
    prompts = document.get(PROMPTS)
    if isinstance(prompts, dict) and all(isinstance(text, str) for text in prompts.values()):
        root[PROMPTS] = [*prompts]
        yield from ((f"{PROMPTS}/{name}.md", str(prompts[key])) for key, name in _names(prompts).items())
    yield ROOT, written(root)


def _objects_by_id(parts: Json) -> Mapping[str, Json] | None:
    """Parts by their ids; nothing for what are no parts with ids of their own, which then stay together."""
    found = {str(each["id"]): each for each in _list(parts) if isinstance(each, dict) and "id" in each}
    return found if len(found) == len(_list(parts)) else None


def _names(keys: Mapping[str, Json]) -> dict[str, str]:
    """A file's name for each key: the key itself where every file system takes it, with a hash where it does not."""
    names: dict[str, str] = {}
    for key in keys:
        plain = quote(key, safe=" ")[:_SAFE_LENGTH]
        taken = plain != key or plain.casefold() in {name.casefold() for name in names.values()}
        names[key] = f"{plain}-{hashlib.sha256(key.encode()).hexdigest()[:8]}" if taken else plain
    return names


def _read_folder(folder: Path) -> JsonObject:
    root = _read_json(folder / ROOT)
    if not isinstance(root, dict):
        stop(f"{folder / ROOT}: a project is a JSON object.")
    document = dict(root)
    for kind in PARTS:
        order = root.get(kind)
        if _is_order(order) or (kind not in root and (folder / kind).is_dir()):
            found = {path: _read_json(path) for path in _listed(folder / kind, "*.json")}
            parts = {_id_of(path, part): part for path, part in found.items()}
            document[kind] = _in_order(parts, cast("list[str]", order or []), folder / kind)
    if _is_order(root.get(PROMPTS)):
        document[PROMPTS] = _read_prompts(folder, cast("list[str]", root[PROMPTS]))
    return document


def _read_prompts(folder: Path, order: Sequence[str]) -> JsonObject:
    names = _names(dict.fromkeys(order))
    texts: JsonObject = {key: _text(folder / PROMPTS / f"{name}.md") for key, name in names.items()}
    known = {f"{name}.md" for name in names.values()}
    new = [path for path in _listed(folder / PROMPTS, "*.md") if path.name not in known]
    return texts | {path.stem: _text(path) for path in new}


def _in_order(parts: Mapping[str, Json], order: Sequence[str], folder: Path) -> list[Json]:
    """The parts in the order that the root tells; new ones, of which it does not, by their files' names."""
    for name in order:
        if name not in parts:
            stop(f"{folder.parent / ROOT} names {folder.name} {name!r}, of which there is no file in {folder}.")
    return [parts[name] for name in [*order, *(name for name in parts if name not in order)]]


def _is_order(value: Json) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _id_of(path: Path, part: Json) -> str:
    if not isinstance(part, dict) or not isinstance(part.get("id"), str):
        stop(f"{path}: it needs an `id`, a text.")
    return str(part["id"])


def _listed(folder: Path, pattern: str) -> Sequence[Path]:
    return sorted(folder.glob(pattern))


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _read_json(path: Path) -> Json:
    try:
        return parse(read_bytes(path).removeprefix(BOM), levels=DOCUMENT_LEVELS)
    except ConduetError as error:
        stop(f"{path}: {error.message}")


def _text(path: Path) -> str:
    try:
        return read_bytes(path).decode()
    except UnicodeDecodeError:
        stop(f"{path} is no UTF-8 text.")


def _write(path: Path, text: str) -> bool:
    """Writes a file unless it holds this already; tells whether it did."""
    data = text.encode()
    if path.is_file() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return True


def _clear(folder: Path, kept: Mapping[str, str]) -> Iterator[Path]:
    """Removes the files of parts that are no longer there."""
    for kind, pattern in (*((kind, "*.json") for kind in PARTS), (PROMPTS, "*.md")):
        for path in _listed(folder / kind, pattern):
            if f"{kind}/{path.name}" not in kept:
                path.unlink()
                yield path


def _near(path: Path) -> str:
    from difflib import get_close_matches

    there = [each.name for each in path.parent.iterdir()] if path.parent.is_dir() else []
    near = get_close_matches(path.name, there, n=1)
    return f"; did you mean {path.parent / near[0]}?" if near else ""
