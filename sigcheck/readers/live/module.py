"""Modules: a `tf.Module` or a loaded SavedModel, by its signatures, else by its functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sigcheck.readers.live.parts.functions import is_concrete, is_polymorphic, read_concrete, read_function
from sigcheck.readers.live.parts.specs import loaded_tensorflow
from sigcheck.schema.signature import Model, Note, Signature

NAME = "tf_module"
ORDER = 40
ACCEPTS = "a tf.Module or a loaded SavedModel"

# Modules may hold each other, and a deep tree has more functions than anyone names.
_MAX_MODULES = 1_000


def recognizes(value: object) -> bool:
    """Whether it is a module, or what `tf.saved_model.load` gives."""
    tensorflow = loaded_tensorflow()
    if tensorflow is None:
        return False
    return isinstance(value, tensorflow.Module) or (
        isinstance(value, tensorflow.__internal__.tracking.Trackable) and isinstance(_signatures(value), Mapping)
    )


def read(value: object) -> Model:
    """Its signatures under their keys; without any, its traced functions under their names.

    A function of a child module is named `child.function`. Functions that have no trace
    and no input signature are noted.
    """
    name = str(getattr(value, "name", type(value).__name__))
    signatures: list[Signature] = []
    notes: list[Note] = []
    saved = _signatures(value)
    for key in sorted(saved) if isinstance(saved, Mapping) else ():
        signature, found = read_concrete(saved[key], str(key))
        signatures.append(signature)
        notes.extend(found)
    if not signatures:
        for key, function in _functions(value):
            read_one = read_function(function, key, key)
            if read_one is None:
                notes.append(Note(place=key, message="never called and without an input_signature: not known"))
                continue
            signatures.extend(read_one[0])
            notes.extend(read_one[1])
    return Model(source=name, reader=NAME, signatures=tuple(signatures), notes=tuple(notes))


def _signatures(value: object) -> Any:
    return getattr(value, "signatures", None)


def _functions(module: object) -> Iterator[tuple[str, Any]]:
    """Yields the functions of a module and of the modules in it, each once, under its dotted name."""
    waiting: list[tuple[str, Any]] = [("", module)]
    seen = {id(module)}
    while waiting:
        prefix, holder = waiting.pop(0)
        for name, member in _members(holder):
            if is_concrete(member) or is_polymorphic(member):
                yield prefix + name, member
            elif _is_module(member) and id(member) not in seen and len(seen) < _MAX_MODULES:
                seen.add(id(member))
                waiting.append((f"{prefix}{name}.", member))


def _members(holder: object) -> list[tuple[str, Any]]:
    """Attributes by name. Properties are left alone: reading one runs code of the module."""
    own = getattr(holder, "__dict__", {})
    names = set(own)
    for kind in type(holder).__mro__:
        names |= {name for name, member in vars(kind).items() if is_polymorphic(member)}
    return [(name, getattr(holder, name)) for name in sorted(names) if not name.startswith("_self_")]


def _is_module(member: object) -> bool:
    tensorflow = loaded_tensorflow()
    return tensorflow is not None and isinstance(member, tensorflow.Module)
