"""Texts of an export, in every shape that they have had, as our templates."""

import re

from conduet.kit.json import Json
from conduet.projects.importers.voiceflow.export import Export, Object, items, obj, objects, text

_OLD = re.compile(r"\{\{\[([^\][{}]*)\]\.([^{}\s]*)\}\}")
_BRACED = re.compile(r"(?<!\{)\{([A-Za-z_][A-Za-z0-9_]*)\}(?!\})")
_TAG = re.compile(r"<[^<>]*>")


def template(export: Export, value: Json) -> str:
    """A text of any generation: a string, slate (`children`) or markup (`text`), with references as `{{name}}`."""
    if isinstance(value, str):
        return referring(export, value)
    if isinstance(value, list):
        return _lines(export, value)
    if isinstance(value, dict):
        return _piece(export, value)
    return text(value)


def referring(export: Export, said: str) -> str:
    """A string whose `{name}` and `{{[name].id}}` become `{{name}}`."""
    said = _OLD.sub(lambda found: _reference(export.variable(found[1] or found[2])), said)
    return _BRACED.sub(lambda found: _reference(export.variable(found[1])), said)


def plain(said: str) -> str:
    """What is spoken of SSML."""
    return re.sub(r"\s+", " ", _TAG.sub(" ", said)).strip()


def messages(export: Export, message_id: Json) -> tuple[list[str], bool]:
    """The variants of what a `messageID` says, and whether one is said under a condition only."""
    found: list[str] = []
    conditional = False
    for discriminator in export.rows_of("responseDiscriminators", "responseID", message_id):
        for key in items(discriminator.get("variantOrder")):
            row = export.row("responseMessages", key) or export.row("responseVariants", key)
            said = template(export, row.get("text"))
            conditional = conditional or bool(row.get("condition") or row.get("conditionID"))
            if said.strip():
                found.append(said)
    return found, conditional


def said_by(export: Export, data: Object) -> list[str]:
    """What older steps say: their `texts` or `dialogs`, each a variant."""
    rows = [*objects(data.get("texts")), *objects(data.get("dialogs"))]
    found = [template(export, row.get("content") or row.get("text") or "") for row in rows]
    return [each for each in found if each.strip()]


def reprompt(export: Export, value: Json) -> str:
    """The first text of a `noMatch`, old or new; nothing when it has none."""
    given = obj(value)
    said = [template(export, each.get("content") or each.get("text") or "") for each in objects(given.get("reprompts"))]
    if given.get("repromptID"):
        said += messages(export, given["repromptID"])[0]
    return next((each for each in said if each.strip()), "")


def _reference(path: str) -> str:
    return "{{" + path + "}}" if path else ""


def _lines(export: Export, value: list[Json]) -> str:
    slate = all(isinstance(each, dict) and "children" in each for each in value)
    pieces = [_piece(export, each) if isinstance(each, dict) else template(export, each) for each in value]
    whole = all(isinstance(each, dict) and "text" in each for each in value)
    return ("\n" if slate or whole else "").join(pieces)


def _piece(export: Export, piece: Object) -> str:
    if piece.get("type") == "variable" and "children" in piece:
        return _reference(export.variable(text(piece.get("name")) or piece.get("id")))
    for key, kind in (("variableID", "variables"), ("entityID", "entities")):
        if isinstance(piece.get(key), str):
            named = export.row(kind, piece[key])
            return _reference(export.variable(text(named.get("name")) or piece[key]))
    if isinstance(piece.get("secretID"), str):
        return _reference("secrets." + text(export.row("secrets", piece["secretID"]).get("name")))
    inner = items(piece.get("children")) or piece.get("text")
    said = "".join(template(export, each) for each in inner) if isinstance(inner, list) else template(export, inner)
    return _marked(piece, said)


def _marked(piece: Object, said: str) -> str:
    if not said.strip():
        return said
    if piece.get("type") == "link" and text(piece.get("url")):
        return f"[{said}]({text(piece['url'])})"
    if text(piece.get("fontWeight")) == "700":
        said = f"**{said.strip()}**" + (" " if said.endswith(" ") else "")
    return f"*{said}*" if piece.get("italic") is True else said
