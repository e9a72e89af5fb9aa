"""The structure of a model's inputs and outputs, and the names that people know them by."""

from __future__ import annotations

from typing import Any, NamedTuple

from sigcheck.readers.keras.config.layer import Ref, find_refs, parse_ref, parse_structure
from sigcheck.schema.distinct import distinct_names


class Named(NamedTuple):
    """A tensor of a model's input or output with its name."""

    name: str
    ref: Ref


def parse_ends(value: Any) -> Any:
    """The structure that `input_layers` or `output_layers` writes, tensors as Refs.

    It comes as `["x", 0, 0]`, as a list of those, as a dict of those, or nested. Raises
    ValueError where it is none of these.
    """
    if isinstance(value, list) and value and parse_ref(value) is None and all(isinstance(item, str) for item in value):
        raise ValueError(f"no tensor in {str(value)[:80]}")
    return parse_structure(value)


def name_ends(structure: Any) -> list[Named]:
    """The tensors in Keras' order, each with the name that it is fed or given by.

    That is the key of a dict of tensors, else the name of the layer, as in
    `model.input_names` and `model.output_names`; names that occur again get `_1`, `_2`.
    """
    if isinstance(structure, dict):
        pairs = [
            (key if isinstance(structure[key], Ref) else ref.layer, ref)
            for key in sorted(structure)
            for ref in find_refs(structure[key])
        ]
    else:
        pairs = [(ref.layer, ref) for ref in find_refs(structure)]
    names = distinct_names(name for name, _ in pairs)
    return [Named(name, ref) for name, (_, ref) in zip(names, pairs, strict=True)]
