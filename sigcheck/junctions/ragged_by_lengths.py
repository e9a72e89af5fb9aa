"""Ragged by lengths: rows from values and the length of each row.

## What it does
Makes a ragged tensor of two outputs: values that stand behind one another, or rows that are
filled up to one size, and how long each row is. What is behind the end of a row is left out. Where a dense tensor is
required the rows are filled up to it.

## Example
    --bind 'ragged_by_lengths(values, lengths)=x'
    tf.RaggedTensor.from_row_lengths(values, lengths)    int32[?], int64[?] -> ragged int32[?, None]
    tf.RaggedTensor.from_tensor(rows, lengths=lengths)   int32[?, 128], int64[?] -> ragged int32[?, None]

## What it loses or assumes
Nothing. Lengths that are negative, beyond the rows, or do not add up to the values are refused
when it is run.
"""

from __future__ import annotations

from collections.abc import Sequence

from sigcheck.junctions.parts import carried
from sigcheck.junctions.parts.flat_rows import check_counts, check_rows, check_values, flat_result, ragged
from sigcheck.junctions.parts.junction import JunctionError
from sigcheck.schema.cost import Cost
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import GuardError, RaggedArray, Tensor, dense
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.transform import Code

NAME = "ragged_by_lengths"
ORDER = 30
# The lengths are no values of the result.
VALUE_PARTS: tuple[int, ...] | None = (0,)


def ways(parts: Sequence[TensorSpec], required: Sequence[TensorSpec]) -> Sequence[int | None]:
    """None, once, where rows are required, or a tensor that they fill, and the parts are values and their lengths.

    >>> from sigcheck.schema.notation import parse_spec
    >>> ways([parse_spec("int32[?]"), parse_spec("int64[?]")], [parse_spec("ragged int32[?, None]")])
    [None]
    """
    try:
        form = _form(parts, required[0])
    except JunctionError:
        return []
    # A dense tensor is filled from rows only where somebody says that these are their lengths.
    is_told = form == "flat" and parts[1].facts.meaning == "lengths"
    return [None] if required[0].kind == "ragged" or is_told else []


def join(parts: Sequence[TensorSpec], required: Sequence[TensorSpec], axis: int | None) -> tuple[Step, ...]:
    """The rows. Raises JunctionError where the parts are not values and lengths."""
    values, lengths = parts
    form = _form(parts, required[0])
    shape = values.shape or ()
    rows = (lengths.shape or (None,))[0]
    if form == "flat":
        named = lengths.facts.axes
        result = flat_result(values, required[0], rows, None if named is None else named[0])
    else:
        result = ragged(values, required[0], (shape[0] if rows is None else rows, None, *shape[2:]))
        result = result.replace(facts=carried.without_origins(values.facts).replace(padding=None))
    step = Step(
        transform=NAME,
        arguments={"form": form},
        result=result,
        guard="the lengths add up to the values" if form == "flat" else "each length is within its row",
        cost=Cost(guards=1, bytes_moved=bytes_moved(values, result), steps=1),
    )
    return (step,)


def _form(parts: Sequence[TensorSpec], required: TensorSpec) -> str:
    """`flat` or `padded`. Raises JunctionError where the parts are neither."""
    if len(parts) != 2:  # noqa: PLR2004  # values and lengths
        raise JunctionError(f"{len(parts)} parts, expected values and lengths")
    values, lengths = parts
    check_values(values)
    check_counts(lengths, "lengths", values)
    if lengths.facts.meaning not in {None, "lengths"}:
        raise JunctionError(f"the lengths are declared as {lengths.facts.meaning}")
    check_rows(required)
    shape = values.shape or ()
    rank = len(shape)
    wanted = len(required.shape or ())
    if rank not in {wanted, wanted - 1}:
        raise JunctionError(f"the values are {values}, which is neither the rows of {required} nor their values")
    if rank < wanted:
        return "flat"
    rows = (lengths.shape or (None,))[0]
    if None not in {shape[0], rows} and shape[0] != rows:
        raise JunctionError(f"{values} has {shape[0]} rows, there are {rows} lengths")
    return "padded"


def emit(parts: Sequence[TensorSpec], step: Step, values: Sequence[str]) -> Code:
    """`tf.RaggedTensor.from_row_lengths`, or `from_tensor` behind assertions: it would cut lengths to what there is."""
    rows, given = values
    given = f"tf.cast({given}, tf.int64)" if parts[1].dtype == "int32" else given
    size, known = (step.result.shape or (None,))[0], (parts[1].shape or (None,))[0]
    if size is not None and known is None:
        given = f"tf.ensure_shape({given}, [{size}])"
    is_flat = step.arguments["form"] == "flat"
    most = f"tf.shape({rows}, tf.int64)[{0 if is_flat else 1}]"
    # Each is compared too: a sum of very long ones could wrap to the right one.
    lines = [
        f"by_row = {given}",
        'tf.debugging.assert_non_negative(by_row, "a length is negative")',
        f'tf.debugging.assert_less_equal(by_row, {most}, "a length is beyond what there is")',
    ]
    if is_flat:
        message = "the lengths do not add up to the values"
        lines.append(f'tf.debugging.assert_equal(tf.reduce_sum(by_row), {most}, "{message}")')
    else:
        counts = f"tf.shape(by_row, tf.int64)[0], tf.shape({rows}, tf.int64)[0]"
        lines.append(f'tf.debugging.assert_equal({counts}, "there are not as many lengths as rows")')
    is_narrow = step.result.row_splits_dtype == "int32"
    if is_flat:
        lengths = "tf.cast(by_row, tf.int32)" if is_narrow else "by_row"
        return Code(f"tf.RaggedTensor.from_row_lengths({rows}, {lengths})", tuple(lines))
    tail = ", row_splits_dtype=tf.int32" if is_narrow else ""
    return Code(f"tf.RaggedTensor.from_tensor({rows}, lengths=by_row{tail})", tuple(lines))


def reference(parts: Sequence[TensorSpec], step: Step, values: Sequence[Tensor]) -> Tensor:
    """The rows one after another. Raises GuardError where lengths and values do not agree."""
    import numpy as np

    array, lengths = dense(values[0]), dense(values[1]).astype(object)
    if any(length < 0 for length in lengths):
        raise GuardError("a length is negative")
    splits = np.cumsum(np.array([0, *lengths], object))
    if step.arguments["form"] == "flat":
        if splits[-1] != len(array):
            raise GuardError(f"the lengths add up to {splits[-1]}, there are {len(array)} values")
        return RaggedArray(array, (splits.astype(step.result.row_splits_dtype),))
    if len(lengths) != len(array):
        raise GuardError(f"{len(lengths)} lengths for {len(array)} rows")
    if any(length > array.shape[1] for length in lengths):
        raise GuardError(f"a length is beyond its row of {array.shape[1]}")
    kept = [row[:length] for row, length in zip(array, lengths, strict=True)]
    flat = np.concatenate(kept) if kept else array.reshape(0, *array.shape[2:])
    return RaggedArray(flat, (splits.astype(step.result.row_splits_dtype),))


def agree(step: Step, values: Sequence[Tensor]) -> Sequence[Tensor]:
    """The same values with lengths that fit: as even as they can be, or of all that a row may have."""
    import numpy as np

    array, lengths = dense(values[0]), dense(values[1])
    count = len(lengths)
    if step.arguments["form"] == "flat":
        even, rest = divmod(len(array), count) if count else (0, 0)
        made = np.array([even + (at < rest) for at in range(count)])
    else:
        made = np.arange(count) * 2 % (array.shape[1] + 1)
    return [values[0], made.astype(lengths.dtype)]
