"""Specs of Keras: a `keras.KerasTensor`, a `keras.InputSpec`, or nested dicts and lists of these.

They say what is wanted or what exists, so the same endpoints stand on both sides. What an `InputSpec` leaves open,
or says of several ranks at once, no spec says: such a tensor is unknown, and a check of it undecided.
"""

from __future__ import annotations

import sys
from typing import Any

from sigcheck.readers.live.parts.keras_tensor import layer_name, spec_of
from sigcheck.readers.live.parts.specs import Leaf, find_leaves
from sigcheck.schema.distinct import distinct_names
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.signature import DEFAULT_KEY, Endpoint, Model, Note, Signature
from sigcheck.schema.tensor_spec import TensorSpec

NAME = "keras_spec"
ORDER = 44
ACCEPTS = "keras.KerasTensors or InputSpecs"


def recognizes(value: object) -> bool:
    """Whether all leaves of the structure are such, and there is one."""
    kinds = (*_kinds("KerasTensor"), *_kinds("InputSpec"))
    if not kinds:
        return False
    try:
        leaves = list(find_leaves(value))
    except ValueError:
        return False
    return bool(leaves) and all(isinstance(leaf.type_spec, kinds) for leaf in leaves)


def read(value: object) -> Model:
    """One signature under the key `default` with the same endpoints on both sides."""
    leaves = list(find_leaves(value))
    notes: list[Note] = []
    sides = [_read(leaves, prefix, notes) for prefix in ("args", "output")]
    signature = Signature(key=DEFAULT_KEY, inputs=sides[0], outputs=sides[1])
    return Model(source=type(value).__name__, reader=NAME, signatures=(signature,), notes=tuple(notes))


def _kinds(name: str) -> tuple[type, ...]:
    """The classes of this name, of Keras 3 and of tf_keras, where either was imported."""
    found = (getattr(sys.modules.get(module), name, None) for module in ("keras", "tf_keras"))
    layers = (getattr(getattr(sys.modules.get(module), "layers", None), name, None) for module in ("keras", "tf_keras"))
    return tuple(dict.fromkeys(one for one in (*found, *layers) if isinstance(one, type)))


def _read(leaves: list[Leaf], prefix: str, notes: list[Note]) -> tuple[Endpoint, ...]:
    names = distinct_names(_name(leaf, f"{prefix}_{index}") for index, leaf in enumerate(leaves))
    ends = []
    for name, leaf in zip(names, leaves, strict=True):
        if isinstance(leaf.type_spec, _kinds("InputSpec")):
            spec, left_open = _wanted(leaf.type_spec)
            notes.extend(
                Note(place=name, message=one) for one in left_open if Note(place=name, message=one) not in notes
            )
        else:
            spec = spec_of(leaf.type_spec)
        ends.append(Endpoint(name=name, spec=spec, optional=bool(getattr(leaf.type_spec, "optional", False))))
    return tuple(ends)


def _name(leaf: Leaf, otherwise: str) -> str:
    last = leaf.path[-1] if leaf.path else None
    if isinstance(last, str):
        return last
    if isinstance(leaf.type_spec, _kinds("KerasTensor")):
        return layer_name(leaf.type_spec)
    return str(leaf.type_spec.name or otherwise)


def _wanted(spec: Any) -> tuple[TensorSpec, list[str]]:
    """The spec of an `InputSpec`, and what of it no spec says."""
    dtype = spec.dtype if spec.dtype in DTYPES else None
    left_open = [] if dtype else ["no dtype: a layer casts what is fed to its own"]
    shape = spec.shape if spec.shape is not None else None if spec.ndim is None else (None,) * spec.ndim
    if shape is None and (spec.axes or spec.min_ndim is not None or spec.max_ndim is not None):
        # A shape that is not known would take any.
        return TensorSpec(dtype=None, shape=None), ["sizes of axes, or bounds of the rank, without a rank: not known"]
    if getattr(spec, "allow_last_axis_squeeze", False):
        return TensorSpec(dtype=None, shape=None), ["of one rank or the next (allow_last_axis_squeeze): not known"]
    sizes = None if shape is None else list(shape)
    for axis, size in spec.axes.items():
        if sizes is not None and size is not None:
            sizes[axis] = int(size)
    return TensorSpec(dtype=dtype, shape=None if sizes is None else tuple(sizes)), left_open
