"""Lengths to mask: where the rows have values whose lengths are given.

## What it does
Gives 1 up to the length of each row and 0 behind it, where the producer declares lengths and the
consumer a mask. Where that leaves its size open, it is the greatest length of the batch. A length below 0 is one of 0.
Floats, which detectors count in, are lengths too where they are whole, and the size is known; those of a range that
ends at 1 may be shares of the longest row.

## Example
    tf.cast(tf.expand_dims(x, 1) > tf.range(5), tf.int32)    int32[?], lengths -> int32[?, 5], mask

## What it loses or assumes
Nothing: a length that is greater than the size, or no whole number, is refused. That rows are as long as the
longest, where no size says it, is an assumption: rows may be filled up further.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from sigcheck.schema.cost import Cost
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.facts import Facts
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts import sequence_mask
from sigcheck.transforms.parts.array import Array, GuardError, Tensor, dense, numpy_dtype
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.filling import mask_padding
from sigcheck.transforms.parts.forms import NumpyCall
from sigcheck.transforms.parts.kernels import CAST, ORDERED
from sigcheck.transforms.parts.rows import places_of_rows, takes_counts
from sigcheck.transforms.parts.transform import Code

NAME = "lengths_to_mask"
ORDER = 305
SETTLES: Coordinates = frozenset({"meaning"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "dtype", "encoding", "meaning", "padding"})
WRITES: Coordinates = frozenset({"sizes", "axes", "colours", "dtype", "encoding", "meaning", "ids", "padding"})

NUMPY_CALLS = {
    "tf.expand_dims": NumpyCall(("x", "axis"), "np.expand_dims({x}, {axis})"),
    "tf.range": NumpyCall(("count",), "np.arange({count})"),
    **sequence_mask.NUMPY_CALLS,
}
KERAS_CALLS = {
    "tf.expand_dims": lambda keras: keras.ops.expand_dims,
    "tf.range": lambda keras: keras.ops.arange,
}

# Lengths are written into an adapter as one number: the least int32 that all of them are compared with.
MOST = 2**31 - 1
_MOST_COUNTED = 2**63 - 1
_BATCH = "batch"


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the mask of rows of these lengths.

    >>> lengths = TensorSpec(dtype="int32", shape=(None,), facts=Facts(meaning="lengths"))
    >>> [str(step) for step in propose(lengths, TensorSpec(dtype="bool", shape=(None, 9), facts=Facts(meaning="mask")))]
    ['lengths_to_mask(size=9, dtype=bool)']
    """
    if spec.facts.meaning != "lengths" or required.facts.meaning != "mask" or {spec.kind, required.kind} != {"dense"}:
        return
    # A mask of rows, but for axes of one entry.
    places = places_of_rows(required, 2)
    if spec.shape is None or len(spec.shape) != 1 or required.shape is None or places is None:
        return
    is_float = DTYPES[spec.dtype or "variant"].kind == "float"
    if spec.dtype not in ORDERED or _stand_for_others(spec) or not takes_counts(required, None):
        return
    names, wanted = spec.facts.axes, required.facts.axes
    if wanted is not None and wanted[places[1]] == _BATCH:
        # Each length is of an example, and the rows of a consumer that has its batch behind them lie in front of it.
        places, names = places[::-1], names or (_BATCH,)
    dtype, size = required.dtype or "", required.shape[places[1]]
    if dtype not in CAST or dtype.startswith("float8") or (size or 0) > MOST:
        return
    # A float has all places of a row up to where its digits end: of one behind it the next may be meant.
    if is_float and (size is None or size >= 1 << DTYPES[spec.dtype or ""].digits or _are_shares(spec, size)):
        return
    if size is None and (DTYPES[spec.dtype or "variant"].highest or 0) > _MOST_COUNTED:
        # A row is counted in int64: what is cast to it from more would be negative, and no row at all.
        return
    name = None if wanted is None else wanted[places[1]]
    axes = None if names is None else (names[0], None if name in names else name)
    facts = Facts(meaning="mask", axes=axes, padding=mask_padding(required, "post"))
    result = TensorSpec(dtype=dtype, shape=(spec.shape[0], size), facts=facts)
    # Not all sizes are numbers of the type that the lengths have: then none of them is greater.
    is_guarded = size is not None and size < (DTYPES[spec.dtype or "variant"].highest or 0)
    told = f"every length is a whole number up to {size}"
    yield Step(
        transform=NAME,
        arguments={"size": size, "dtype": dtype},
        result=result,
        assumption="rows are as long as the longest of their batch" if size is None else None,
        guard=None if not is_guarded else told if is_float else f"no length is greater than {size}",
        cost=Cost(
            assumptions=int(size is None), guards=int(is_guarded), bytes_moved=bytes_moved(spec, result), steps=1
        ),
    )


def _stand_for_others(spec: TensorSpec) -> bool:
    """Whether the numbers are not the lengths themselves, but what these were stored as or normalized to."""
    return spec.facts.quantization is not None or spec.facts.normalization is not None


def _are_shares(spec: TensorSpec, size: int) -> bool:
    """Whether floats end at 1 where rows do not: they may be shares of the longest row, and that of it is whole."""
    return spec.facts.range is not None and spec.facts.range[1] <= 1 < size


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """The places before each length, behind an assertion that there are as many."""
    size, dtype = step.arguments["size"], step.arguments["dtype"]
    if size is None:
        lengths = value if spec.dtype in {"int32", "int64"} else f"tf.cast({value}, tf.int64)"
        is_row = f"tf.sequence_mask({lengths}, maxlen=None)"
        return Code(is_row if dtype == "bool" else f"tf.cast({is_row}, tf.{dtype})")
    lines: tuple[str, ...] = ()
    if step.guard is not None:
        message = f'message="a length is greater than {size}"'
        lines = (f"tf.debugging.assert_less_equal({value}, tf.constant({size}, tf.{spec.dtype}), {message})",)
    if DTYPES[spec.dtype or "variant"].kind == "float":
        lines += (f'tf.debugging.assert_equal(tf.floor({value}), {value}, message="a length is no whole number")',)
    # A narrow type has not all of the places, and a wide one more lengths than an int32.
    is_narrow = (DTYPES[spec.dtype or "variant"].highest or 0) < MOST
    lengths = f"tf.cast({value}, tf.int32)" if is_narrow else value
    places = (
        f"tf.range({size})" if is_narrow or spec.dtype == "int32" else f"tf.cast(tf.range({size}), tf.{spec.dtype})"
    )
    mask = f"tf.expand_dims({lengths}, 1) > {places}"
    return Code(mask if dtype == "bool" else f"tf.cast({mask}, tf.{dtype})", lines)


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """Whether each place is before the length of its row. Raises GuardError where a length is greater than the size."""
    import numpy as np

    lengths, size = dense(value).astype(object), step.arguments["size"]
    if size is None:
        size = max(0, *lengths) if len(lengths) else 0
    if any(not length <= size for length in lengths):
        raise GuardError(f"a length is greater than {size}")
    if any(math.isfinite(length) and length != int(length) for length in lengths):
        raise GuardError("a length is no whole number")
    # None is greater than the size: all are of one type that has both.
    ends = np.array(lengths.tolist()).reshape(-1, 1)
    is_before: Array = np.arange(size) < ends
    return is_before.astype(numpy_dtype(step.arguments["dtype"]))
