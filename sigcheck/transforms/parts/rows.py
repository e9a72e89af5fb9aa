"""Rows: where a row that is filled up ends.

A row ends behind its last value that is not the padding, or begins before its first where the
filling is in front. What stands inside a row is part of it, even if it equals the padding.
"""

from __future__ import annotations

import math
from functools import partial
from string import ascii_lowercase
from typing import Any

from sigcheck.schema.facts import Axes, Filler, PaddingSide
from sigcheck.schema.id_agreement import id_limits, limits_as_ids
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array
from sigcheck.transforms.parts.filling import filler_code, pad_value
from sigcheck.transforms.parts.forms import NumpyCall
from sigcheck.transforms.parts.kernels import MOVED, ORDERED

# Rows of single values: rows of rows, each with its own end, are in no padding that can be declared.
_RANK = 2

# Names of an axis along which the entries of an example follow one another, and of which one may have fewer.
ROW_NAMES = frozenset({"frame", "frames", "position", "step", "steps", "time", "token", "tokens", "word", "words"})

NUMPY_CALLS = {
    "tf.cumsum": NumpyCall(
        ("x", "axis", "reverse"),
        "np.flip(np.cumsum(np.flip({x}, {axis}), {axis}), {axis}) if {reverse} else np.cumsum({x}, {axis})",
    ),
}
KERAS_CALLS = {"tf.cumsum": lambda keras: partial(_cumsum_in_keras, keras)}


def places_of_rows(required: TensorSpec, rank: int) -> tuple[int, ...] | None:
    """The axes of what is required that are those of a tensor of this rank: all but some of one entry; None if others.

    >>> from sigcheck.schema.notation import parse_spec
    >>> places_of_rows(parse_spec("bool[?, 1, 1, 8]"), 2), places_of_rows(parse_spec("bool[?, 4, 8]"), 2)
    ((0, 3), None)
    """
    if required.shape is None or rank < 1 or len(required.shape) < rank:
        return None
    ones = [axis for axis, size in enumerate(required.shape) if size == 1 and axis]
    left_out = ones[: len(required.shape) - rank]
    places = tuple(axis for axis in range(len(required.shape)) if axis not in left_out)
    return places if len(places) == rank else None


def row_axis(spec: TensorSpec) -> int | None:
    """The axis along which the rows of a dense tensor lie: the second, unless it is named as the batch.

    None where it has no rows of single values.

    >>> from sigcheck.schema.facts import Facts
    >>> shape, turned = (None, 9), Facts(axes=("time", "batch"))
    >>> row_axis(TensorSpec(dtype="int32", shape=shape)), row_axis(TensorSpec(dtype="int32", shape=shape, facts=turned))
    (1, 0)
    """
    if spec.kind != "dense" or spec.rank != _RANK:
        return None
    return 0 if spec.facts.axes is not None and spec.facts.axes[1] == "batch" else 1


def named_row_axis(axes: Axes) -> int | None:
    """The axis along which rows lie by their names: the one that is named so, else the first in front of a batch.

    >>> named_row_axis(("batch", "feature", "time")), named_row_axis(("seq", "batch")), named_row_axis(("batch", "seq"))
    (2, 0, None)
    """
    named = [at for at, name in enumerate(axes) if name in ROW_NAMES]
    if len(named) == 1:
        return named[0]
    return 0 if axes[1:_RANK] == ("batch",) else None


def are_named(spec: TensorSpec) -> bool:
    """Whether names say that rows of entries lie along the second axis, and along no other.

    Of words of tokens nothing says which of the two are filled up.

    >>> from sigcheck.schema.facts import Facts
    >>> steps, words = (Facts(axes=("batch", *names)) for names in (("time", "channel"), ("word", "token")))
    >>> named = TensorSpec(dtype="float32", shape=(None, 9, 3), facts=steps)
    >>> are_named(named), are_named(named.replace(facts=words))
    (True, False)
    """
    names = spec.facts.axes
    if names is None or len(names) <= 1 or names[0] not in {"batch", None}:
        return False
    return names[1] in ROW_NAMES and ROW_NAMES.isdisjoint(names[2:])


def takes_counts(required: TensorSpec, size: int | None) -> bool:
    """Whether what is counted of rows up to this long, or tells their places, is wanted as it is, and not normalized.

    Lengths whose range ends at 1 may be shares of the longest row.

    >>> from sigcheck.schema.facts import Facts
    >>> wanted = TensorSpec(dtype="float32", shape=(None,), facts=Facts(meaning="lengths", range=(0, 1)))
    >>> [takes_counts(wanted, size) for size in (8, 1, None)]
    [False, True, False]
    """
    facts = required.facts
    if facts.normalization is not None:
        return False
    is_share = facts.meaning == "lengths" and facts.range is not None and facts.range[1] <= 1
    return not is_share or (size is not None and size <= 1)


def row_names(rank: int) -> str:
    """Names of so many axes that say so.

    >>> row_names(3), row_names(4)
    ('batch,time,channel', 'batch,time,a,b')
    """
    entry = ("channel",) if rank == _RANK + 1 else tuple(ascii_lowercase[: rank - _RANK])
    return ",".join(("batch", "time", *entry))


def is_found(filler: Filler | None) -> bool:
    """Whether a filling can be told by equality: a float that was computed may be off by its last digits."""
    return filler is not None and (isinstance(filler, bool | str) or float(filler).is_integer())


def only_fills(spec: TensorSpec, required: TensorSpec) -> int | None:
    """The last id, where it fills rows and is the one that the consumer has not; else None.

    That it stands in no row besides is for the run to tell.

    >>> from sigcheck.schema.facts import Facts, Padding
    >>> blank = Facts(meaning="token_ids", id_count=11, padding=Padding(value=10))
    >>> ids = TensorSpec(dtype="int32", shape=(None, 9), facts=blank)
    >>> [only_fills(ids, ids.replace(facts=blank.replace(id_count=count))) for count in (10, 9, 11)]
    [10, None, None]
    """
    ours, theirs = id_limits(spec.facts), limits_as_ids(required.facts)
    value = None if spec.facts.padding is None else spec.facts.padding.value
    if ours is None or theirs is None or spec.facts.range is not None or spec.dtype not in ORDERED:
        return None
    is_last = value == ours[1] == theirs[1] + 1 and theirs[0] <= ours[0]
    return ours[1] if is_last else None


def is_told(filler: Filler | None) -> bool:
    """Whether a filling can be told from the values: by equality, or as no number, which equals nothing.

    >>> is_told(-1), is_told(float("nan")), is_told(0.1)
    (True, True, False)
    """
    return is_found(filler) or _is_no_number(filler)


def is_marked_by_filling(spec: TensorSpec) -> bool:
    """Whether what fills the rows of a mask is what marks its values, so that neither is told from the other."""
    padding = spec.facts.padding
    return spec.facts.meaning == "mask" and padding is not None and padding.value != 0


def _is_no_number(filler: Filler | None) -> bool:
    return isinstance(filler, float) and math.isnan(filler)


def row_ends(spec: TensorSpec) -> dict[str, Any] | None:
    """The arguments of a step that say where the rows of a dense tensor end; None where nothing tells."""
    padding, axis = spec.facts.padding, row_axis(spec)
    value = None if padding is None else pad_value(spec.dtype, padding.value)
    if padding is None or axis is None or not is_told(value) or spec.dtype not in MOVED:
        return None
    return {"padding": value, "side": padding.side, **along(axis)}


def along(axis: int) -> dict[str, int]:
    """The argument of a step that says along which axis rows lie, where it is not the second."""
    return {} if axis == 1 else {"axis": axis}


def told_ends(step: Step) -> tuple[Filler, PaddingSide, int]:
    """The filling of rows, its side and their axis, as the arguments of a step have them."""
    arguments = step.arguments
    return arguments["padding"], arguments["side"], arguments.get("axis", 1)


def is_row_code(spec: TensorSpec, value: str, filler: Filler, side: PaddingSide, axis: int) -> tuple[str, str]:
    """The lines after which `is_row` says of each place whether it is in its row."""
    is_value = f"tf.cast(tf.not_equal({value}, {filler_code(spec.dtype, filler)}), tf.int32)"
    if _is_no_number(filler):
        is_value = f"1 - tf.cast(tf.not_equal({value}, {value}), tf.int32)"
    return (
        f"is_value = {is_value}",
        f"is_row = tf.cumsum(is_value, axis={axis}, reverse={side == 'post'}) > 0",
    )


def differs(array: Array, filler: Filler) -> Array:
    """Whether each value is another one than the filling: of no number, whether it is a number."""
    import numpy as np

    if _is_no_number(filler):
        return np.asarray(array == array)  # noqa: PLR0124  # what is no number equals not even itself
    return np.asarray(array != (filler.encode() if isinstance(filler, str) else np.asarray(filler, array.dtype)))


def is_row(array: Array, filler: Filler, side: PaddingSide, axis: int) -> Array:
    """Whether each place is in its row, by the place of its last value, or of its first."""
    import numpy as np

    size = array.shape[axis]
    is_value = differs(array, filler)
    places = np.arange(size)[:, np.newaxis] if axis == 0 else np.arange(size)
    if side == "post":
        ends: Array = np.where(is_value, places, -1).max(axis=axis, keepdims=True, initial=-1)
        return np.asarray(places <= ends)
    starts: Array = np.where(is_value, places, size).min(axis=axis, keepdims=True, initial=size)
    return np.asarray(places >= starts)


def _cumsum_in_keras(keras: Any, x: Any, axis: int, *, reverse: bool) -> Any:
    if not reverse:
        return keras.ops.cumsum(x, axis)
    return keras.ops.flip(keras.ops.cumsum(keras.ops.flip(x, axis), axis), axis)
