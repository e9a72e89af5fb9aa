"""Words: what may stand at a place of a config: its keys and choices, the names of models, tensors, links and rules."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from inspect import getdoc
from typing import Any

from sigcheck.config.editor_schema import write_editor_schema
from sigcheck.config.lines import Keys
from sigcheck.editor.cursor import entry_value
from sigcheck.schema.passed import INPUT
from sigcheck.schema.signature import Endpoint, Signature


@dataclass(frozen=True)
class Word:
    """A word, in a few words what it is, and the page about it where there is one."""

    text: str
    detail: str
    page: str = ""


@dataclass(frozen=True)
class Known:
    """What is known of the project: of each model its signature, as far as it could be read, and the names of links."""

    signatures: Mapping[str, Signature | None]
    links: tuple[str, ...] = ()


def keys_at(text: str, root: Keys, path: Keys, known: Known) -> list[Word]:
    """The keys of the table at this path."""
    node = _node(path)
    fields = [Word(name, _summary(one)) for name, one in node.get("properties", {}).items()]
    return [*fields, *_named_keys(text, root, path, known)]


def values_at(text: str, root: Keys, path: Keys, known: Known) -> list[Word]:
    """The values that the key at this path may have, as far as they can be listed."""
    named = [*_named_values(text, root, path, known)]
    node = _node(path)
    if named:
        return named
    if node.get("type") == "boolean":
        return [Word("true", "boolean"), Word("false", "boolean")]
    return [Word(str(one), str(path[-1])) for one in node.get("enum", _items(node).get("enum", ()))]


def is_text(path: Keys) -> bool:
    """Whether values there are written in quotes."""
    return _node(path).get("type") != "boolean"


def _named_keys(text: str, root: Keys, path: Keys, known: Known) -> Iterator[Word]:
    match path:
        case ("models",):
            yield from _models(known)
        case ("models", str(model), "inputs" | "outputs" as side):
            yield from _tensors(known, model, side)
        case ("models", str(model), "state"):
            yield from _tensors(known, model, "outputs")
        case ("models", str(model), "initial"):
            yield from _tensors(known, model, "inputs")
        case ("rules",):
            yield from _rules()
        case ("links", int(), "bind"):
            producer = entry_value(text, (*root, *path[:2]), "from")
            yield from _tensors(known, producer, "outputs")
            yield from (Word(f"{INPUT}.{one.text}", one.detail) for one in _tensors(known, producer, "inputs"))
        case ("links", int(), "const") | ("links", int(), "policy", "losses"):
            yield from _tensors(known, entry_value(text, (*root, *path[:2]), "to"), "inputs")


def _named_values(text: str, root: Keys, path: Keys, known: Known) -> Iterator[Word]:
    match path:
        case ("links", int(), "from" | "to") | ("chains", int(), "models") | ("ignore", int(), "model"):
            yield from _models(known)
        case ("ignore", int(), "link"):
            yield from (Word(name, "link") for name in known.links)
        case ("ignore", int(), "rule"):
            yield from _rules()
        case ("links", int(), "bind", str()):
            yield from _tensors(known, entry_value(text, (*root, *path[:2]), "to"), "inputs")
        case ("models", str(model), "state", str()):
            yield from _tensors(known, model, "inputs")
        case (*_, "policy", "deny" | "allow"):
            yield from _transforms()


def _models(known: Known) -> Iterator[Word]:
    for name, signature in known.signatures.items():
        yield Word(name, "model", "" if signature is None else signature_page(name, signature))


def _tensors(known: Known, model: str, side: str) -> Iterator[Word]:
    signature = known.signatures.get(model)
    ends: Iterable[Endpoint] = () if signature is None else getattr(signature, side)
    for end in ends:
        yield Word(end.name, str(end.spec), tensor_page(end))


def _rules() -> Iterator[Word]:
    from sigcheck import rules

    for name, rule in rules.RULES.items():
        yield Word(name, f"{rule.LEVEL}: {rules.summary(name)}", rules.explain(name))


def _transforms() -> Iterator[Word]:
    from sigcheck.transforms import BY_NAME

    for name, one in BY_NAME.items():
        page = getdoc(one) or ""
        yield Word(name, page.partition("\n")[0], page)


def tensor_page(end: Endpoint) -> str:
    """A tensor with all that is known of its values."""
    known = end.spec.facts.model_dump(mode="json", exclude_none=True, exclude={"origins"})
    lines = [f"{end.name}: {end.spec}", *(f"{name} = {json.dumps(value)}" for name, value in known.items())]
    return "\n".join(lines)


def signature_page(name: str, signature: Signature) -> str:
    """What a model takes and gives."""
    sides = (("takes", signature.inputs), ("gives", signature.outputs))
    return "\n".join(
        [f"{name}#{signature.key}", *(f"{word}  {one.name}: {one.spec}" for word, all_ in sides for one in all_)]
    )


@cache
def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(write_editor_schema())
    return schema


def _node(path: Keys) -> dict[str, Any]:
    """The schema of what stands at the path; an empty one where nothing is known to."""
    node = _resolved(_schema())
    for part in path:
        fields = node.get("properties", {})
        if isinstance(part, int):
            node = _items(node)
        elif part in fields:
            node = fields[part]
        else:
            more = node.get("additionalProperties")
            node = more if isinstance(more, dict) else {}
        node = _resolved(node)
    return node


def _items(node: Mapping[str, Any]) -> dict[str, Any]:
    items = node.get("items")
    return _resolved(items) if isinstance(items, dict) else {}


def _resolved(node: dict[str, Any]) -> dict[str, Any]:
    """The node itself: behind its reference, and of what may be left out the one that says most."""
    while "$ref" in node or "anyOf" in node:
        if "$ref" in node:
            node = _schema()["$defs"][node["$ref"].rpartition("/")[2]]
            continue
        kinds = [one for one in node["anyOf"] if one.get("type") != "null"]
        node = max(kinds, key=lambda one: ("$ref" in one, "enum" in one, one.get("type") == "boolean"), default={})
    return node


def _summary(node: dict[str, Any]) -> str:
    resolved = _resolved(node)
    told = str(resolved.get("description", "")).partition("\n")[0]
    return told or str(resolved.get("type", "")) or "one of several"
