"""Decode CSV: numbers from lines of comma-separated values.

## What it does
Splits each string that the producer declares to be a line of CSV (`csv`) into as many numbers as the last axis of the
consumer has. Columns of several dtypes are inputs of their own: `--bind "csv_columns(line)=age"` for each.

## Example
    tf.stack(tf.io.decode_csv(x, [tf.constant([], tf.float32)] * 3), axis=-1)
    string[?], meaning csv -> float32[?, 3]

## What it loses or assumes
Rounding, where floats are read: not every decimal fraction is one. That the columns stand in the order of the
consumer's entries is an assumption. A line of another number of columns, or one with a text or an empty field, is
refused when the adapter runs.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.cost import Cost
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.facts import Facts
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array, GuardError, Tensor, dense
from sigcheck.transforms.parts.coordinates import Coordinates, Forms
from sigcheck.transforms.parts.csv_line import UnreadCsvError, read_fields
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.kernels import ORDERED
from sigcheck.transforms.parts.numerals import parse_number
from sigcheck.transforms.parts.transform import Code

NAME = "decode_csv"
ORDER = 354
SETTLES: Coordinates = frozenset({"dtype"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "dtype", "meaning"})
WRITES: Coordinates = frozenset({"sizes", "axes", "dtype", "meaning", "padding", "ids", "encoding", "colours", "boxes"})
TAKES: Forms = frozenset({"dense", "text"})
HAS_KERAS = False
HAS_NUMPY = False

# What tf.io.decode_csv reads.
_READ = frozenset({"float32", "float64", "int32", "int64"})


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the numbers of strings that are declared to be lines of CSV.

    >>> lines = TensorSpec(dtype="string", shape=(None,), facts=Facts(meaning="csv"))
    >>> [str(step) for step in propose(lines, TensorSpec(dtype="float32", shape=(None, 3)))]
    ['decode_csv(columns=3, dtype=float32)']
    """
    shape, wanted = spec.shape, required.shape
    if spec.kind != "dense" or spec.dtype != "string" or spec.facts.meaning != "csv" or shape is None:
        return
    if required.kind != "dense" or required.dtype not in ORDERED or required.facts.meaning is not None:
        return
    if wanted is None or len(wanted) != len(shape) + 1 or not wanted[-1]:
        return
    count = wanted[-1]
    is_whole = DTYPES[required.dtype or "variant"].kind != "float"
    dtype = required.dtype if required.dtype in _READ else "int64" if is_whole else "float32"
    names = spec.facts.axes
    result = TensorSpec(dtype=dtype, shape=(*shape, count), facts=Facts(axes=None if names is None else (*names, None)))
    yield Step(
        transform=NAME,
        arguments={"columns": count, "dtype": dtype},
        result=result,
        loss="exact" if is_whole else "rounding",
        assumption="the columns stand in the order of the consumer's entries",
        guard=f"every string is a line of {count} number{'' if count == 1 else 's'} of {dtype}",
        cost=Cost(rounding=int(not is_whole), assumptions=1, guards=1, bytes_moved=bytes_moved(spec, result), steps=1),
    )


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.io.decode_csv`, in which no field has a default."""
    count, dtype = step.arguments["columns"], step.arguments["dtype"]
    return Code(f"tf.stack(tf.io.decode_csv({value}, [tf.constant([], tf.{dtype})] * {count}), axis=-1)")


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The number of each field. Raises GuardError for a line of others."""
    import numpy as np

    lines, count, dtype = dense(value), step.arguments["columns"], DTYPES[step.arguments["dtype"]]
    try:
        rows = [read_fields(line) for line in lines.reshape(-1).tolist()]
    except UnreadCsvError as error:
        raise GuardError(str(error)) from None
    if any(len(row) != count for row in rows):
        raise GuardError("a line of another number of fields")
    numbers = [[parse_number(field, dtype) for field in row] for row in rows]
    is_whole = dtype.kind != "float"
    with np.errstate(over="ignore"):
        made: Array = np.asarray(numbers, np.int64 if is_whole else np.float64).astype(dtype.name)
    return made.reshape((*lines.shape, count))
