"""Ragged by row splits: rows from values and the places where each row begins and ends.

## What it does
Makes a ragged tensor of two outputs: values that stand behind one another, and row splits: the
place of the first value of each row, and behind the last one how many values there are.

## Example
    --bind 'ragged_by_row_splits(values, splits)=x'
    tf.RaggedTensor.from_row_splits(values, splits)    int32[?], int64[?] -> ragged int32[?, None]

## What it loses or assumes
Nothing. Row splits that do not begin at 0, that fall, or that do not end at the count of the
values are refused when it is run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sigcheck.junctions.parts.flat_rows import check_counts, check_flat, check_values, flat_result
from sigcheck.junctions.parts.junction import JunctionError
from sigcheck.schema.cost import Cost
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import GuardError, RaggedArray, Tensor, dense
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.transform import Code

NAME = "ragged_by_row_splits"
ORDER = 32
# The splits are no values of the result.
VALUE_PARTS: tuple[int, ...] | None = (0,)


def ways(parts: Sequence[TensorSpec], required: Sequence[TensorSpec]) -> Sequence[int | None]:
    """None, once, where rows are required and the parts are values and what may be their row splits.

    >>> from sigcheck.schema.notation import parse_spec
    >>> ways([parse_spec("int32[?]"), parse_spec("int64[?]")], [parse_spec("ragged int32[?, None]")])
    [None]
    """
    # Dense rows are joined of these only where somebody says so.
    if required[0].kind != "ragged":
        return []
    try:
        rows = _rows(parts, required[0])
    except JunctionError:
        return []
    wanted = (required[0].shape or (None,))[0]
    return [None] if None in {rows, wanted} or rows == wanted else []


def join(parts: Sequence[TensorSpec], required: Sequence[TensorSpec], argument: Any) -> tuple[Step, ...]:
    """The rows. Raises JunctionError where the parts are not values and row splits."""
    values, _ = parts
    result = flat_result(values, required[0], _rows(parts, required[0]), None)
    step = Step(
        transform=NAME,
        result=result,
        guard="the row splits run from 0 to the count of the values",
        cost=Cost(guards=1, bytes_moved=bytes_moved(values, result), steps=1),
    )
    return (step,)


def _rows(parts: Sequence[TensorSpec], required: TensorSpec) -> int | None:
    """How many rows there are, where it is known. Raises JunctionError where the parts make none."""
    if len(parts) != 2:  # noqa: PLR2004  # values and splits
        raise JunctionError(f"{len(parts)} parts, expected values and row splits")
    values, splits = parts
    check_values(values)
    check_counts(splits, "row splits", values)
    if splits.facts.meaning is not None:
        raise JunctionError(f"the row splits are declared as {splits.facts.meaning}")
    check_flat(values, required)
    (count,) = splits.shape or (None,)
    if count == 0:
        raise JunctionError(f"the row splits are {splits}, expected one more than there are rows")
    return None if count is None else count - 1


def emit(parts: Sequence[TensorSpec], step: Step, values: Sequence[str]) -> Code:
    """`tf.RaggedTensor.from_row_splits` behind assertions: its own subtract, and very large splits wrap."""
    given, splits = values
    splits = f"tf.cast({splits}, tf.int64)" if parts[1].dtype == "int32" else splits
    size, known = (step.result.shape or (None,))[0], (parts[1].shape or (None,))[0]
    if size is not None and known is None:
        splits = f"tf.ensure_shape({splits}, [{size + 1}])"
    count = f"tf.shape({given}, tf.int64)[0]"
    lines = (
        f"splits = {splits}",
        'tf.debugging.assert_equal(splits[0], tf.constant(0, tf.int64), "the row splits do not begin at 0")',
        'tf.debugging.assert_less_equal(splits[:-1], splits[1:], "the row splits fall")',
        f'tf.debugging.assert_equal(splits[-1], {count}, "the row splits do not end at the count of the values")',
    )
    narrow = "tf.cast(splits, tf.int32)" if step.result.row_splits_dtype == "int32" else "splits"
    return Code(f"tf.RaggedTensor.from_row_splits({given}, {narrow}, validate=False)", lines)


def reference(parts: Sequence[TensorSpec], step: Step, values: Sequence[Tensor]) -> Tensor:
    """The values with the splits. Raises GuardError where they do not agree."""
    array, splits = dense(values[0]), [int(one) for one in dense(values[1])]
    if not splits or splits[0] != 0 or splits[-1] != len(array) or splits != sorted(splits):
        raise GuardError(f"the row splits {splits[:8]} do not run from 0 to {len(array)}")
    return RaggedArray(array, (dense(values[1]).astype(step.result.row_splits_dtype),))


def agree(step: Step, values: Sequence[Tensor]) -> Sequence[Tensor]:
    """The same values with splits that fit: rows as even as they can be, an empty one among the first."""
    import numpy as np

    array, splits = dense(values[0]), dense(values[1])
    if len(splits) <= 1:
        return [array, np.zeros_like(splits)]
    made = np.linspace(0, len(array), len(splits)).astype(splits.dtype)
    if len(made) > 2:  # noqa: PLR2004  # more rows than one
        made[1] = 0
    return [array, made]


def refused(parts: Sequence[TensorSpec], step: Step, values: Sequence[Tensor]) -> Iterator[Sequence[Tensor]]:
    """Yields splits that begin later, that end earlier, and that fall between."""
    import numpy as np

    array, splits = dense(values[0]), dense(values[1])
    if len(splits) > 2 and len(array):  # noqa: PLR2004  # one between the ends
        yield [array, np.maximum(splits, 1)]
        yield [array, np.minimum(splits, len(array) - 1)]
        yield [array, np.asarray([0, len(array) + 1, *splits[2:]], splits.dtype)]
