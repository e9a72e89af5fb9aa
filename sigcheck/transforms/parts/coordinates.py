"""Coordinates: a spec as a point, and which of its coordinates a kind of step reads, changes and is asked for.

They are nearly independent. Steps that touch none of each other's may change places, so that a search need not
walk through every order of them; and what leads nowhere near a difference need not be asked for steps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeAlias, get_args

from sigcheck.schema.agreement import conflicts
from sigcheck.schema.shape import is_subshape
from sigcheck.schema.tensor_spec import SpecKind, TensorSpec
from sigcheck.transforms.parts.channels import axes_of_numbers
from sigcheck.transforms.parts.encoded import axes_before_decoding
from sigcheck.transforms.parts.kernels import MOVED

Coordinate: TypeAlias = Literal[
    "kind",
    "sizes",
    "axes",
    "numbers",
    "colours",
    "kernels",
    "dtype",
    "encoding",
    "meaning",
    "ids",
    "boxes",
    "features",
    "padding",
]
Coordinates: TypeAlias = frozenset[Coordinate]
# What a spec is, in words that kinds of steps are told apart by.
Form: TypeAlias = Literal["dense", "ragged", "sparse", "text"]
Forms: TypeAlias = frozenset[Form]


def _kind_of(spec: TensorSpec) -> tuple[Any, ...]:
    return spec.kind, spec.ragged_rank, spec.row_splits_dtype


# `numbers` are the axes whose entries have means or scales of their own, and `kernels` is whether TensorFlow can
# move values of the dtype at all, or whether they are texts. Both are parts of the encoding, the sizes and the
# dtype, and change less often.
READINGS: Mapping[Coordinate, Callable[[TensorSpec], Any]] = {
    "kind": _kind_of,
    "sizes": lambda spec: spec.shape,
    "axes": lambda spec: spec.facts.axes,
    "numbers": axes_of_numbers,
    "colours": lambda spec: spec.facts.channel_order,
    "kernels": lambda spec: "text" if spec.dtype == "string" else spec.dtype in MOVED,
    "dtype": lambda spec: spec.dtype,
    "encoding": lambda spec: (spec.facts.range, spec.facts.normalization, spec.facts.quantization),
    "meaning": lambda spec: spec.facts.meaning,
    "ids": lambda spec: spec.facts.id_count,
    "boxes": lambda spec: spec.facts.boxes,
    "features": lambda spec: spec.facts.features,
    "padding": lambda spec: spec.facts.padding,
}

# What the conversion of single values may change.
OF_VALUES: Coordinates = frozenset({"dtype", "encoding", "meaning", "ids", "padding"})

_OF_FACT: Mapping[str, Coordinate] = {
    "axes": "axes",
    "quantization": "encoding",
    "normalization": "encoding",
    "range": "encoding",
    "id_count": "ids",
    "channel_order": "colours",
    "boxes": "boxes",
    "features": "features",
    "padding": "padding",
}


def forms_of(spec: TensorSpec) -> Forms:
    """The kind of a spec, and whether it holds texts.

    >>> from sigcheck.schema.notation import parse_spec
    >>> sorted(forms_of(parse_spec("string[?]"))), sorted(forms_of(parse_spec("ragged int32[?, None]")))
    (['dense', 'text'], ['ragged'])
    """
    return _FORMS[spec.kind, spec.dtype == "string"]


# The same objects each time: a search asks it of every spec.
_FORMS: Mapping[tuple[str, bool], Forms] = {
    (kind, is_text): frozenset({kind, "text"} if is_text else {kind})
    for kind in get_args(SpecKind)
    for is_text in (False, True)
}

# Coordinates that follow from others.
_PARTS: Mapping[Coordinate, Coordinates] = {
    "numbers": frozenset({"encoding", "sizes", "axes"}),
    "kernels": frozenset({"dtype"}),
}


def touched(written: Coordinates) -> Coordinates:
    """The coordinates that may be others where these are: with those that follow from them.

    >>> sorted(touched(frozenset({"dtype"})))
    ['dtype', 'kernels']
    """
    return written | {name for name, whole in _PARTS.items() if not whole.isdisjoint(written)}


def differences(spec: TensorSpec, required: TensorSpec) -> Coordinates:
    """The coordinates in which a spec is not yet what is required.

    >>> from sigcheck.schema.notation import parse_spec
    >>> sorted(differences(parse_spec("uint8[?, 8, 1]"), parse_spec("float32[?, 8]")))
    ['dtype', 'sizes']
    """
    found: set[Coordinate] = {_OF_FACT[name] for name in conflicts(spec, required) if name != "meaning"}
    if spec.dtype != required.dtype:
        found.add("dtype")
    # Of a text that holds a picture, what is there before it is decoded.
    if not is_subshape(spec.shape, required.shape and axes_before_decoding(spec, required.shape, required.dtype)):
        found.add("sizes")
    if _kind_of(spec) != _kind_of(required):
        found.add("kind")
    # A meaning that only one side has may be what is asked for: a mask of whatever is filled up.
    if spec.facts.meaning != required.facts.meaning:
        found.add("meaning")
    return frozenset(found)
