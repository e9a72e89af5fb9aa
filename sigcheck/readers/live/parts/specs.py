"""Specs of live TensorFlow objects: a `tf.TypeSpec` as a spec, a structure of them as endpoints.

Nothing here imports TensorFlow: an object of it exists only where the caller has imported it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from sigcheck.schema.distinct import distinct_names
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.signature import Endpoint, Note
from sigcheck.schema.tensor_spec import TensorSpec

# Deeper structures than any that `tf.nest` meets in practice; a cyclic list has no end.
_MAX_DEPTH = 50


class Leaf(NamedTuple):
    """A tensor of a structure: the keys and positions that lead to it, and its `tf.TypeSpec`."""

    path: tuple[str | int, ...]
    type_spec: Any


class LiveEndpoints(NamedTuple):
    """The endpoints of a structure, and notes on what in it is no tensor."""

    endpoints: tuple[Endpoint, ...]
    notes: tuple[Note, ...]


def loaded_tensorflow() -> Any | None:
    """The `tensorflow` module, if the process has imported it whole; None otherwise."""
    module = sys.modules.get("tensorflow")
    return module if hasattr(module, "TypeSpec") and hasattr(module, "Module") else None


def spec_from_type(type_spec: Any) -> TensorSpec | None:
    """The spec of a `tf.TypeSpec`, or None for one that is no dense, ragged or sparse tensor."""
    tensorflow = loaded_tensorflow()
    if tensorflow is None:
        return None
    if isinstance(type_spec, tensorflow.TensorSpec):
        return TensorSpec(dtype=dtype_name(type_spec.dtype), shape=shape_of(type_spec.shape))
    if isinstance(type_spec, tensorflow.SparseTensorSpec):
        return TensorSpec(kind="sparse", dtype=dtype_name(type_spec.dtype), shape=shape_of(type_spec.shape))
    if isinstance(type_spec, tensorflow.RaggedTensorSpec):
        return TensorSpec(
            kind="ragged",
            dtype=dtype_name(type_spec.dtype),
            shape=shape_of(type_spec.shape),
            ragged_rank=type_spec.ragged_rank,
            row_splits_dtype="int32" if type_spec.row_splits_dtype == tensorflow.int32 else "int64",
        )
    return None


def dtype_name(dtype: Any) -> str | None:
    """The name of a `tf.DType`, without the reference that old variables have."""
    name = dtype.base_dtype.name
    return name if name in DTYPES else None


def shape_of(shape: Any) -> tuple[int | None, ...] | None:
    """The sizes of a `tf.TensorShape`, or None where its rank is unknown."""
    return None if shape.rank is None else tuple(shape.as_list())


def find_leaves(structure: Any, path: tuple[str | int, ...] = ()) -> Iterator[Leaf]:
    """Yields the leaves of nested dicts, lists, tuples and dataclasses, dicts by sorted key as `tf.nest` does.

    None stands for nothing. Raises ValueError where the structure is nested too deep.
    """
    if len(path) > _MAX_DEPTH:
        raise ValueError(f"a structure nested more than {_MAX_DEPTH} deep")
    if structure is None:
        return
    if isinstance(structure, Mapping):
        for key in sorted(structure, key=str):
            yield from find_leaves(structure[key], (*path, str(key)))
    elif isinstance(structure, tuple) and hasattr(structure, "_fields"):
        for name, item in zip(structure._fields, structure, strict=True):
            yield from find_leaves(item, (*path, str(name)))
    elif isinstance(structure, list | tuple):
        for index, item in enumerate(structure):
            yield from find_leaves(item, (*path, index))
    else:
        yield Leaf(path, structure)


def read_endpoints(
    leaves: Iterable[Leaf], prefix: str, spec_of: Callable[[Any], TensorSpec | None] | None = None
) -> LiveEndpoints:
    """The endpoints of the leaves, named as `name_leaf` says, and a note on each that is no tensor.

    `spec_of` gives the spec of a leaf; unless it is given, leaves are `tf.TypeSpec`s.
    """
    found = list(leaves)
    names = distinct_names(name_leaf(leaf, prefix, index) for index, leaf in enumerate(found))
    endpoints: list[Endpoint] = []
    notes: list[Note] = []
    for name, leaf in zip(names, found, strict=True):
        spec = (spec_of or spec_from_type)(leaf.type_spec)
        if spec is None:
            kind = type(leaf.type_spec).__name__
            notes.append(Note(place=name, message=f"{kind} is no dense, ragged or sparse tensor: not known"))
            spec = TensorSpec(dtype=None, shape=None)
        endpoints.append(Endpoint(name=name, spec=spec))
    return LiveEndpoints(tuple(endpoints), tuple(notes))


def name_leaf(leaf: Leaf, prefix: str, index: int) -> str:
    """What the tensor is known by: its key in a dict, else the name of its spec, else a number behind the prefix.

    TensorFlow exports results without a key as output_0, output_1.
    """
    last = leaf.path[-1] if leaf.path else None
    if isinstance(last, str):
        return last
    named = getattr(leaf.type_spec, "name", None)
    return named if isinstance(named, str) and named else f"{prefix}_{index}"
