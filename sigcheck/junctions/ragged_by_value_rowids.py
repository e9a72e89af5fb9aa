"""Ragged by value rowids: rows from values, the row that each belongs to, and how many rows there are.

## What it does
Makes a ragged tensor of three outputs: values that stand behind one another, for each of them the
number of its row, and the count of the rows. Where the consumer says how many rows it takes, the
count may be left out.

## Example
    --bind 'ragged_by_value_rowids(values, rowids, rows)=x'
    tf.RaggedTensor.from_value_rowids(values, rowids, rows)    int32[?], int64[?], int64[] -> ragged int32[?, None]

## What it loses or assumes
Nothing. Without a count the rows behind that of the last value would be lost, so that it is never
left out of a batch of any size. Row numbers that fall, are negative or beyond the count, and a count
of more than 65,536, are refused when it is run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sigcheck.junctions.parts.flat_rows import COUNTED, check_counts, check_flat, check_values, flat_result
from sigcheck.junctions.parts.junction import JunctionError
from sigcheck.schema.cost import Cost
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import GuardError, RaggedArray, Tensor, dense
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.transform import Code

NAME = "ragged_by_value_rowids"
ORDER = 34
# Neither the row numbers nor their count are values of the result.
# A count of more rows is a mistake: a wrong one could ask for more than all memory.
MOST_ROWS = 2**16
_TOO_MANY = "the count of rows is too large"
VALUE_PARTS: tuple[int, ...] | None = (0,)


def ways(parts: Sequence[TensorSpec], required: Sequence[TensorSpec]) -> Sequence[int | None]:
    """None, once, where rows are required and the parts are values, what may be their rows, and a count.

    >>> from sigcheck.schema.notation import parse_spec
    >>> parts = [parse_spec(text) for text in ("int32[?]", "int64[?]", "int64[]")]
    >>> ways(parts, [parse_spec("ragged int32[?, None]")])
    [None]
    """
    # Dense rows are joined of these only where somebody says so.
    if required[0].kind != "ragged":
        return []
    try:
        _check(parts, required[0])
    except JunctionError:
        return []
    return [None]


def join(parts: Sequence[TensorSpec], required: Sequence[TensorSpec], argument: Any) -> tuple[Step, ...]:
    """The rows. Raises JunctionError where the parts are not values and row numbers, or nobody counts the rows."""
    _check(parts, required[0])
    values = parts[0]
    rows = (required[0].shape or (None,))[0]
    result = flat_result(values, required[0], rows, None)
    step = Step(
        transform=NAME,
        result=result,
        guard="each value is in a row that is there, in their order",
        cost=Cost(guards=1, bytes_moved=bytes_moved(values, result), steps=1),
    )
    return (step,)


def _check(parts: Sequence[TensorSpec], required: TensorSpec) -> None:
    if len(parts) not in {2, 3}:
        raise JunctionError(f"{len(parts)} parts, expected values, row numbers and their count")
    values, rowids = parts[:2]
    check_values(values)
    check_counts(rowids, "row numbers", values)
    if rowids.facts.meaning is not None:
        raise JunctionError(f"the row numbers are declared as {rowids.facts.meaning}")
    check_flat(values, required)
    sizes = ((values.shape or (None,))[0], (rowids.shape or (None,))[0])
    if None not in sizes and sizes[0] != sizes[1]:
        raise JunctionError(f"{values} has {sizes[0]} values, there are {sizes[1]} row numbers")
    if len(parts) == 2:  # noqa: PLR2004  # no count
        if (required.shape or (None,))[0] is None:
            raise JunctionError(
                "nothing says how many rows there are, and those behind the last value would be lost",
                cure="name the output that counts the rows third, or use ragged_by_row_splits or ragged_by_lengths",
            )
        return
    count = parts[2]
    if count.kind != "dense" or count.dtype not in COUNTED or count.shape != ():
        raise JunctionError(f"the count of rows is {count}, expected an int32 or int64 without axes")


def emit(parts: Sequence[TensorSpec], step: Step, values: Sequence[str]) -> Code:
    """`tf.RaggedTensor.from_value_rowids` behind assertions."""
    given, rowids, *counted = values
    rowids = f"tf.cast({rowids}, tf.int64)" if parts[1].dtype == "int32" else rowids
    size = (step.result.shape or (None,))[0]
    lines = [f"rowids = {rowids}"]
    for count in counted:
        lines.append(f"rows = tf.cast({count}, tf.int64)" if parts[2].dtype == "int32" else f"rows = {count}")
        if size is None:
            lines += [
                'tf.debugging.assert_non_negative(rows, "the count of rows is negative")',
                f'tf.debugging.assert_less_equal(rows, tf.constant({MOST_ROWS}, tf.int64), "{_TOO_MANY}")',
                # TensorFlow counts the rows while it looks whether there are so many.
                f"rows = tf.clip_by_value(rows, 0, {MOST_ROWS})",
            ]
        else:
            lines.append(f'tf.debugging.assert_equal(rows, tf.constant({size}, tf.int64), "there are not {size} rows")')
    lines += [] if size is None else [f"rows = tf.constant({size}, tf.int64)"]
    lines += [
        'tf.debugging.assert_non_negative(rowids, "a row number is negative")',
        'tf.debugging.assert_less(rowids, rows, "a row number is beyond the count of rows")',
        'tf.debugging.assert_less_equal(rowids[:-1], rowids[1:], "the row numbers fall")',
        f'tf.debugging.assert_equal(tf.shape(rowids)[0], tf.shape({given})[0], "not as many row numbers as values")',
    ]
    if step.result.row_splits_dtype == "int32":
        lines += ["rowids = tf.cast(rowids, tf.int32)", "rows = tf.cast(rows, tf.int32)"]
    return Code(f"tf.RaggedTensor.from_value_rowids({given}, rowids, rows, validate=False)", tuple(lines))


def reference(parts: Sequence[TensorSpec], step: Step, values: Sequence[Tensor]) -> Tensor:
    """The values of each row behind one another. Raises GuardError where a row number is none of a row."""
    import numpy as np

    array, rowids = dense(values[0]), [int(one) for one in dense(values[1])]
    size = (step.result.shape or (None,))[0]
    count = int(dense(values[2])) if len(values) > 2 else size or 0  # noqa: PLR2004  # with a count
    if count > MOST_ROWS:
        raise GuardError(f"there are {count} rows, more than {MOST_ROWS}")
    if len(rowids) != len(array):
        raise GuardError(f"{len(rowids)} row numbers for {len(array)} values")
    if rowids != sorted(rowids) or any(not 0 <= one < count for one in rowids):
        raise GuardError(f"the row numbers {rowids[:8]} are not those of {count} rows in their order")
    if count < 0 or (size is not None and count != size):
        raise GuardError(f"there are {count} rows")
    counted = np.bincount(np.asarray(rowids, np.int64), minlength=count)
    return RaggedArray(array, (np.concatenate([[0], np.cumsum(counted)]).astype(step.result.row_splits_dtype),))


def agree(step: Step, values: Sequence[Tensor]) -> Sequence[Tensor]:
    """The same values in rows that are there, the last of them empty where the count is given."""
    import numpy as np

    array, rowids = dense(values[0]), dense(values[1])
    size = (step.result.shape or (None,))[0]
    filled = max(len(array) // 2, 1) if size is None else size
    made = (np.arange(len(rowids)) * filled // max(len(rowids), 1)).astype(rowids.dtype)
    if len(values) == 2:  # noqa: PLR2004  # no count
        return [values[0], made]
    return [values[0], made, np.asarray(filled + 1 if size is None else size, dense(values[2]).dtype)]


def refused(parts: Sequence[TensorSpec], step: Step, values: Sequence[Tensor]) -> Iterator[Sequence[Tensor]]:
    """Yields row numbers that are negative, beyond the count or out of order, and counts that do not agree."""
    array, rowids = dense(values[0]), dense(values[1])
    rest, size = list(values[2:]), (step.result.shape or (None,))[0]
    is_open = all((spec.shape or (0,))[0] is None for spec in parts[:2])
    for told in rest:
        if is_open:
            yield [array[:0], rowids[:0], dense(told) * 0 - 1]
        if size is not None:
            yield [array, rowids, dense(told) + 1]
    count = int(dense(rest[0])) if rest else size or 0
    if len(rowids) > 1 and count > 1:
        if is_open:
            yield [array, rowids[:-1], *rest]
        for at, row in ((0, -1), (0, count - 1), (-1, count)):
            changed = rowids * 0
            changed[at] = row
            yield [array, changed, *rest]
