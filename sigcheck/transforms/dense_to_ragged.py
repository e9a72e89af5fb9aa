"""Dense to ragged: rows without what fills them up.

## What it does
Takes off the end of each row, or its beginning, every value that the producer declares as
padding. A value in the middle of a row stays, even if it equals the padding. Rows of entries of
several values each end where all values of an entry are padding. Where the producer declares no
padding, every row is taken whole.

It also leads from one padding to another, and through a conversion that would change the padding:
rows are freed of the one, then filled with the other. Rows of entries of several values lie along an axis
behind the batch that alone is named time, step, position, token, frame or word, or along the one that
numbers of channels leave beside the batch.

## Example
    tf.RaggedTensor.from_tensor(x, padding=tf.constant(0, tf.int32))
    int32[?, 128], padding 0 -> ragged int32[?, None]

## What it loses or assumes
Nothing where padding is declared; where it is the last id, and the one that the consumer has not, that it stands in no
row is a guard. Else that every row is full is an assumption. So is that rows of entries
lie along the second axis, where the consumer wants no rows and no name says so, or a name says that they lie elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.agreement import VALUE_FACTS, conflicts
from sigcheck.schema.axis_agreement import WITHIN_EXAMPLE
from sigcheck.schema.cost import Cost
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts import rows
from sigcheck.transforms.parts.array import Array, GuardError, RaggedArray, Tensor, dense
from sigcheck.transforms.parts.channels import CHANNEL_NAMES, axes_of_numbers, channel_axes
from sigcheck.transforms.parts.coordinates import Coordinates, Forms
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.filling import is_other_sense, pad_value
from sigcheck.transforms.parts.kernels import MOVED
from sigcheck.transforms.parts.transform import Code

NAME = "dense_to_ragged"
ORDER = 260
SETTLES: Coordinates = frozenset({"kind", "dtype", "encoding", "meaning", "padding"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "dtype", "encoding", "meaning", "ids", "padding", "boxes"})
WRITES: Coordinates = frozenset({"kind", "sizes", "ids", "padding"})
TAKES: Forms = frozenset({"dense"})
HAS_KERAS = False
HAS_NUMPY = False

# A batch, and the values of each row.
_ROWS_OF_VALUES = 2


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the rows, where rows are required or other padding is.

    >>> from sigcheck.schema.notation import parse_spec
    >>> [step.assumption for step in propose(parse_spec("int32[?, 9]"), parse_spec("ragged int32[?, None]"))]
    ['every row is full']
    """
    if spec.kind != "dense" or spec.dtype not in MOVED or spec.shape is None:
        return
    padding = spec.facts.padding
    if required.kind == "ragged":
        # Rows of rows, each with its own end, are in no padding that can be declared.
        if required.ragged_rank != 1 or len(spec.shape) <= 1:
            return
    elif padding is None or not _is_other(spec, required) or is_other_sense(spec, required):
        return
    # Rows that are cut have other numbers at each place.
    if 1 in axes_of_numbers(spec):
        return
    value = None if padding is None else pad_value(spec.dtype, padding.value)
    is_stripped = padding is not None
    if is_stripped and not (_has_rows(spec, required) and rows.is_found(value)):
        return
    if rows.is_marked_by_filling(spec):
        return
    assumption, last = _assumption(spec, required), rows.only_fills(spec, required)
    result = TensorSpec(
        kind="ragged",
        dtype=spec.dtype,
        shape=(spec.shape[0], None, *spec.shape[2:]),
        ragged_rank=1,
        row_splits_dtype=required.row_splits_dtype or "int64",
        facts=spec.facts.replace(padding=None, **({} if last is None else {"id_count": last})),
    )
    arguments = {"value": value, "side": padding.side} if padding is not None else {}
    yield Step(
        transform=NAME,
        arguments=arguments if last is None else {**arguments, "check": True},
        result=result,
        assumption=assumption,
        guard=None if last is None else f"{last} only fills rows",
        cost=Cost(
            assumptions=int(assumption is not None),
            guards=int(last is not None),
            bytes_moved=bytes_moved(spec, result),
            steps=1,
        ),
        reach="axis",
    )


def _has_rows(spec: TensorSpec, required: TensorSpec) -> bool:
    """Whether rows lie along the second axis: of single values, or of entries of one size.

    That they are of entries the consumer says who wants them ragged, or the names of the axes, or the channels, which
    leave one axis beside the batch. Neither the examples of a batch nor channels are such entries, whatever the
    consumer takes them for.
    """
    if spec.rank == _ROWS_OF_VALUES:
        return rows.row_axis(spec) == 1
    if spec.shape is None or len(spec.shape) < _ROWS_OF_VALUES or None in spec.shape[2:]:
        return False
    if required.rank not in {None, spec.rank}:
        return False
    names = spec.facts.axes
    if names is not None and ("batch" in names[1:] or names[1] in CHANNEL_NAMES):
        return False
    if required.kind == "ragged":
        return True
    return required.kind == "dense" and (rows.are_named(spec) or _leaves_rows(spec, required))


def _leaves_rows(spec: TensorSpec, required: TensorSpec) -> bool:
    """Whether the channels, which are the last axis and no other, leave one axis beside the batch."""
    numbers, names = required.facts.normalization, spec.facts.axes
    if spec.rank != _ROWS_OF_VALUES + 1 or numbers is None or len(numbers.mean) == 1:
        return False
    is_batch = spec.shape is not None and spec.shape[0] is None if names is None else names[0] == "batch"
    is_other = names is not None and names[1] in WITHIN_EXAMPLE
    return is_batch and not is_other and channel_axes(spec, len(numbers.mean)) == (_ROWS_OF_VALUES,)


def _assumption(spec: TensorSpec, required: TensorSpec) -> str | None:
    """What is taken for granted of where the rows are, and of where they end."""
    if spec.facts.padding is None:
        return "every row is full"
    # Words of sentences are filled up along the words: that sentences are too nobody says.
    is_elsewhere = not rows.ROW_NAMES.isdisjoint((spec.facts.axes or ())[_ROWS_OF_VALUES:])
    is_wanted = required.kind == "ragged" and not is_elsewhere
    is_said = spec.rank == _ROWS_OF_VALUES or is_wanted or rows.are_named(spec)
    return None if is_said else "rows lie along axis 1"


def _is_other(spec: TensorSpec, required: TensorSpec) -> bool:
    """Whether rows have to be free of their filling, to be filled otherwise, converted apart from it, or left open."""
    if required.kind == "sparse":
        # What is not written is zero, and a row of a sparse tensor is read from its beginning.
        padding = spec.facts.padding
        is_zero_behind = padding is not None and not padding.value and padding.side == "post"
        return not is_zero_behind or bool(VALUE_FACTS.intersection(conflicts(spec, required)))
    pending = conflicts(spec, required)
    if spec.dtype == "string" != required.dtype:
        return True
    is_repadded = spec.rank == _ROWS_OF_VALUES and _is_long_enough(spec, required)
    if "padding" in pending and not VALUE_FACTS.intersection(pending) and is_repadded:
        # repad leaves the rows as long as they are.
        return False
    return "padding" in pending or (required.facts.padding is not None and bool(VALUE_FACTS.intersection(pending)))


def _is_long_enough(spec: TensorSpec, required: TensorSpec) -> bool:
    """Whether rows need not be made shorter than they are filled up to be."""
    if spec.shape is None or required.shape is None or len(required.shape) != len(spec.shape):
        return False
    if len(spec.shape) <= 1:
        return False
    size, wanted = spec.shape[1], required.shape[1]
    return wanted is None or (size is not None and size <= wanted)


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.RaggedTensor.from_tensor`; rows padded in front are turned round before and after."""
    arguments = step.arguments
    splits = ", row_splits_dtype=tf.int32" if step.result.row_splits_dtype == "int32" else ""
    if "value" not in arguments:
        return Code(f"tf.RaggedTensor.from_tensor({value}{splits})")
    # TensorFlow compares whole entries, each with a filling of its shape.
    entry = (spec.shape or ())[2:]
    shape = f", shape={list(entry)}" if entry else ""
    padding = f"padding=tf.constant({arguments['value']!r}, tf.{spec.dtype}{shape})"
    freed = f"tf.RaggedTensor.from_tensor({value}, {padding}{splits})"
    if arguments["side"] == "pre":
        freed = f"tf.RaggedTensor.from_tensor(tf.reverse({value}, axis=[1]), {padding}{splits})[:, ::-1]"
    if not arguments.get("check"):
        return Code(freed)
    last = f'tf.constant({arguments["value"]}, tf.{spec.dtype}), message="{arguments["value"]} stands in a row"'
    return Code("freed", (f"freed = {freed}", f"tf.debugging.assert_less(freed.flat_values, {last})"))


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """Each row up to its last value that is not padding, or from its first."""
    import numpy as np

    array, arguments = dense(value), step.arguments
    count, size = array.shape[:2]
    starts, stops = np.zeros(count, np.int64), np.full(count, size, np.int64)
    if "value" in arguments:
        filler = arguments["value"].encode() if isinstance(arguments["value"], str) else arguments["value"]
        kept: Array = (array != np.asarray(filler, array.dtype)).any(axis=tuple(range(2, array.ndim)))
        if arguments["side"] == "post":
            stops = np.where(kept, np.arange(1, size + 1), 0).max(axis=1, initial=0)
        else:
            starts = np.where(kept, np.arange(size), size).min(axis=1, initial=size)
    kept_rows = [array[row, start:stop] for row, (start, stop) in enumerate(zip(starts, stops, strict=True))]
    values = np.concatenate(kept_rows) if kept_rows else array.reshape(0, *array.shape[2:])
    if arguments.get("check") and (values == arguments["value"]).any():
        raise GuardError(f"{arguments['value']} stands in a row")
    splits = np.concatenate([[0], np.cumsum(stops - starts)]).astype(step.result.row_splits_dtype)
    return RaggedArray(values, (splits,))
