"""Describe: what a config has wrong, each thing with its line and the nearest valid name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from sigcheck.config.config import name_keys
from sigcheck.config.entries import ChainEntry, Entries, IgnoreEntry, LinkEntry, ModelEntry
from sigcheck.config.lines import Keys, line_of
from sigcheck.encodings.toml_text import write_key
from sigcheck.schema.errors import SeveralMistakesError, UsageError
from sigcheck.schema.facts import FACT_NAMES, Boxes, Normalization, Padding, Quantization
from sigcheck.schema.near_name import near_names
from sigcheck.schema.policy import Policy

_TABLES: dict[str, type[BaseModel]] = {
    "models": ModelEntry,
    "links": LinkEntry,
    "chains": ChainEntry,
    "ignore": IgnoreEntry,
    "policy": Policy,
}
_FACTS: dict[str, type[BaseModel]] = {
    "boxes": Boxes,
    "normalization": Normalization,
    "quantization": Quantization,
    "padding": Padding,
}
# What pydantic calls them, what they are in TOML, and how one is written.
_KINDS = {
    "tuple_type": ("a list", "Write it in brackets."),
    "dict_type": ("a table", "Write it as one."),
    "model_type": ("a table", "Write it as one."),
    "model_attributes_type": ("a table", "Write it as one."),
}
# What joins a link to several models.
_ENDS: Mapping[Keys, str] = {
    ("from",): 'Name one, and take what others give with bind = { "MODEL.OUT" = "IN" }.',
    ("to",): "Write a [[links]] entry for each.",
}
_LISTED: frozenset[Keys] = frozenset({("links",), ("chains",), ("ignore",)})
# Who has more wrong than this has one thing wrong, over and over.
MOST_TOLD = 20
# Names listed where none is near.
_MOST_NAMES = 20


def describe(error: ValidationError, path: Path, lines: Mapping[Keys, int], root: Keys) -> UsageError:
    """Everything that it says, mistyped names first, and both in the order of the file.

    What else is wrong may follow from such a name; what it leaves missing does, and is not told.
    """
    problems = error.errors(include_url=False)
    mistyped = {tuple(one["loc"]) for one in problems if one["type"] == "extra_forbidden"}
    told: dict[str, tuple[bool, int, UsageError]] = {}
    for problem in problems:
        # A name that is none is told at its own place: pydantic says besides that it is one.
        keys: Keys = tuple(problem["loc"][:-1] if problem["loc"][-1:] == ("[key]",) else problem["loc"])
        if problem["type"] == "missing" and _is_mistyped(keys, mistyped):
            continue
        line = line_of(lines, (*root, *keys))
        message = _message(problem["type"], problem["msg"], problem["input"], problem.get("ctx", {}), keys, root)
        mistake = UsageError(f"{path}:{line}", f"{name_keys(keys)}: {message}")
        told.setdefault(str(mistake), (keys not in mistyped, line, mistake))
    return together([mistake for *_, mistake in sorted(told.values(), key=lambda one: one[:2])])


def together(mistakes: Iterable[UsageError]) -> UsageError:
    """All of them as one error; of a great many the first."""
    found = [*islice(mistakes, MOST_TOLD + 1)]
    shown = found[:MOST_TOLD]
    return shown[0] if len(found) == 1 else SeveralMistakesError(shown, has_more=len(found) > MOST_TOLD)


def _is_mistyped(missing: Keys, mistyped: Collection[Keys]) -> bool:
    """Whether a field that is not known stands where this one is missing, and is near it."""
    *table, name = missing
    return any([*keys[:-1]] == table and near_names(str(keys[-1]), [str(name)]) for keys in mistyped)


def _message(kind: str, text: str, found: Any, context: Mapping[str, Any], keys: Keys, root: Keys) -> str:
    if kind == "extra_forbidden":
        return _unknown(keys, found, root)
    if kind == "missing":
        return "is missing. Write it."
    if kind == "value_error":
        return f"{text.removeprefix('Value error, ').rstrip('.')}. Correct it."
    if kind == "literal_error":
        expected = str(context["expected"]).replace("'", "")
        close = near_names(str(found), expected.replace(" or ", ", ").split(", "))
        cure = f"Did you mean {close[0]!r}?" if close else "Write one of these."
        return f"found {found!r:.80}, expected {expected}. {cure}"
    if kind in _KINDS or (isinstance(found, list) and keys[:1] == ("links",) and keys[2:] in _ENDS):
        return _other_kind(kind, found, keys, root)
    wanted = text.replace("Input should be", "expected").rstrip(".")
    return f"found {found!r:.80}, {wanted[:1].lower()}{wanted[1:]}. Correct it."


def _unknown(keys: Keys, found: Any, root: Keys) -> str:
    """What is said of a field that is not known.

    A key of the whole config may stand below a table: TOML takes it as one of the table's.
    """
    if len(keys) == 1 or keys[-1] not in Entries.model_fields:
        return f"no such field; {nearest(str(keys[-1]), _fields(keys[:-1]))}"
    taken = f"taken as a field of {name_keys(keys[:-1])}, which it stands below"
    if not isinstance(found, dict | list):
        return f"{taken}. Write it above the first table of the config."
    own: Keys = keys[-1:]
    # Down to the tensor that a fact is of, as in models.NAME.inputs.NAME.
    while isinstance(found, dict) and len(found) == 1 and len(own) < len(("models", "name", "inputs", "name")):
        (name,) = found
        if not isinstance(found[name], dict):
            break
        own, found = (*own, name), found[name]
    return f"{taken}. Write {_header(own, root)}, and its keys below that."


def _header(keys: Keys, root: Keys) -> str:
    """The line in front of a table, in a pyproject.toml as there."""
    path = ".".join(write_key(str(key)) for key in (*root, *keys))
    return f"[[{path}]]" if keys in _LISTED else f"[{path}]"


def _other_kind(kind: str, found: Any, keys: Keys, root: Keys) -> str:
    """What is said of a value of another kind, with how the one that is meant is written."""
    if isinstance(found, dict) and kind == "tuple_type" and keys[-1:] in _LISTED:
        return f"one table, expected a list of them. Write {_header(keys[-1:], root)}, with two brackets."
    if isinstance(found, list) and kind != "tuple_type" and found and isinstance(found[0], dict):
        return f"a list of tables, expected one. Write [{name_keys((*root, *keys))}], with one bracket."
    # models.NAME.outputs.range
    if len(keys) == len(("models", "name", "outputs", "fact")) and keys[2] in {"inputs", "outputs"}:
        meant = near_names(str(keys[3]), FACT_NAMES)
        if meant:
            return f"found {found!r:.80}, expected the facts of {keys[3]!r}. Did you mean {keys[2]}.NAME.{meant[0]}?"
    if kind not in _KINDS:
        return f"found {found!r:.80}, expected one model. {_ENDS[keys[2:]]}"
    expected, cure = _KINDS[kind]
    return f"found {found!r:.80}, expected {expected}. {cure}"


def nearest(name: str, names: Iterable[str]) -> str:
    """`did you mean 'x'?` where a name is close, else the names there are."""
    known = sorted(names)
    if not known:
        return "there is none. Write one, or leave this out."
    close = near_names(name, known)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"there is {', '.join(map(repr, known[:_MOST_NAMES]))}. Name one of these."


def _fields(table: Keys) -> list[str]:
    """The fields that may stand in the table of this path, such as models.NAME.inputs.NAME."""
    if table[:1] == ("models",) and table[2:3] in {("inputs",), ("outputs",)}:
        fact = _FACTS.get(str(table[-1])) if len(table) > len(("models", "name", "inputs", "name")) else None
        return list(FACT_NAMES if fact is None else fact.model_fields)
    named = [str(key) for key in table if key in _TABLES]
    fields = (_TABLES[named[-1]] if named else Entries).model_fields
    return [info.alias or name for name, info in fields.items()]
