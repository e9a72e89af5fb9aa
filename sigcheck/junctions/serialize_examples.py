"""Serialize examples: outputs become the features of serialized `tf.train.Example`s.

## What it does
Writes an Example for each row of the batch, a feature for each output. A feature is called as its output is, or as
somebody names it. Where the graph of the consumer says which features it parses, each output is brought to the dtype
and the shape of its feature first.

## Example
    --bind 'serialize_examples(age, words=ids)=examples'    float32[?, 3], ragged int64[?, None] -> string[?]

## What it loses or assumes
Nothing: `tf.io.parse_example` gives the values back. `tf.io` has no call that writes a batch; the adapter composes the
messages by `tf.io.encode_proto`, which a SavedModel can hold, and `tf.py_function` around `tf.train.Example` is not.
Outputs of other batches are refused when it is run. Nothing is made up for a feature that no output is.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import prod
from typing import Any

from sigcheck.junctions.parts.examples import LISTS, feature_of, goal_of, literal
from sigcheck.junctions.parts.junction import JunctionError
from sigcheck.schema.cost import Cost
from sigcheck.schema.example_features import Features
from sigcheck.schema.facts import Facts
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array, GuardError, RaggedArray, Tensor, dense
from sigcheck.transforms.parts.effort import bytes_of
from sigcheck.transforms.parts.example_message import write_example
from sigcheck.transforms.parts.transform import Code

NAME = "serialize_examples"
ORDER = 80
# Of the values of a part nothing holds for the bytes that they become.
VALUE_PARTS: tuple[int, ...] | None = ()
HAS_KERAS = False
HAS_NUMPY = False

# Each list as a feature, and each feature beside its name.
_WRAPPED = """
named = [
    (name, tf.io.encode_proto(one, [of[:, None]], [field], "tensorflow.Feature"))
    for name, field, of in listed
]
entries = [
    tf.io.encode_proto(
        tf.tile(one, [1, 2]),
        [tf.fill([count, 1], name), feature[:, None]],
        ["key", "value"],
        "tensorflow.Features.FeatureEntry",
    )
    for name, feature in named
]
entries = tf.stack(entries, axis=1)
""".strip().splitlines()


def ways(parts: Sequence[TensorSpec], required: Sequence[TensorSpec]) -> Sequence[int | None]:
    """None: which output is which feature its name says, and no shape.

    >>> from sigcheck.schema.notation import parse_spec
    >>> ways([parse_spec("float32[?]")] * 2, [parse_spec("string[?]")])
    []
    """
    return []


def goals(parts: Sequence[TensorSpec], required: TensorSpec, names: Any) -> Sequence[TensorSpec]:
    """What each output must be for its feature, as far as the features are known."""
    wanted = required.facts.features
    return [
        goal_of(part, None if wanted is None else wanted.get(name), is_single=required.shape == ())
        for part, name in zip(parts, names, strict=True)
    ]


def join(parts: Sequence[TensorSpec], required: Sequence[TensorSpec], names: Any) -> tuple[Step, ...]:
    """The serialized Examples. Raises JunctionError where an output is no feature, or not the one that is parsed."""
    (spec,) = required
    if spec.kind != "dense" or spec.dtype != "string":
        raise JunctionError(f"{spec} is required, expected a dense tensor of strings")
    if spec.facts.meaning not in {None, "serialized_example"}:
        raise JunctionError(f"{spec.facts.meaning} is required, expected serialized_example")
    is_single = spec.shape == ()
    wanted, named = spec.facts.features, {}
    for part, name in zip(parts, names, strict=True):
        feature = feature_of(part, is_single=is_single)
        own = None if wanted is None else wanted.get(name)
        if own is not None and (own.dtype != feature.dtype or own.count not in {None, feature.count}):
            raise JunctionError(f"{name} is {part}, and {own} is parsed of each Example")
        named[name] = feature
    batches = {size for part in parts if not is_single for size in (part.shape or (None,))[:1]} - {None}
    if len(batches) > 1:
        raise JunctionError(f"the outputs have other batches: {', '.join(map(str, parts))}")
    facts = Facts(meaning="serialized_example", features=Features(named=tuple(sorted(named.items()))))
    result = TensorSpec(dtype="string", shape=() if is_single else (next(iter(batches), None),), facts=facts)
    moved = 4 * sum(map(bytes_of, parts))
    return (
        Step(transform=NAME, arguments={"names": tuple(names)}, result=result, cost=Cost(bytes_moved=moved, steps=1)),
    )


def emit(parts: Sequence[TensorSpec], step: Step, values: Sequence[str]) -> Code:
    """`tf.io.encode_proto` of each list, of each feature, of the map of them, and of the Examples."""
    is_single = step.result.shape == ()
    lines = [f"count = {_count(parts[0], values[0], is_single=is_single)}", "one = tf.ones([count, 1], tf.int32)"]
    listed: dict[str, str] = {}
    for number, (part, value, name) in enumerate(zip(parts, values, step.arguments["names"], strict=True), start=1):
        message, field = LISTS[part.dtype or ""]
        rows, sizes = _rows(part, value, f"rows_{number}", is_single=is_single)
        if part.kind == "ragged":
            lines.append(f"rows_{number} = {value}.to_tensor()")
        lines += [f"list_{number} = tf.io.encode_proto(", f"    {sizes},", f"    [{rows}],", '    ["value"],']
        lines += [f'    "{message}",', ")"]
        listed[name] = f'    ({literal(name)}, "{field}", list_{number}),'
    # In the order of the names, as deterministic writers of protocol buffers have it.
    lines += ["listed = [", *(listed[name] for name in sorted(listed)), "]", *_WRAPPED]
    lines.append(f'all_of = tf.io.encode_proto({len(parts)} * one, [entries], ["feature"], "tensorflow.Features")')
    code = 'tf.io.encode_proto(one, [all_of[:, None]], ["features"], "tensorflow.Example")'
    if is_single:
        return Code(f"{code}[0]", tuple(lines))
    (size,) = step.result.shape or (None,)
    return Code(code if size is None else f"tf.ensure_shape({code}, [{size}])", tuple(lines))


def _count(part: TensorSpec, value: str, *, is_single: bool) -> str:
    if is_single:
        return "1"
    return f"{value}.nrows(tf.int32)" if part.kind == "ragged" else f"tf.shape({value})[0]"


def _rows(part: TensorSpec, value: str, padded: str, *, is_single: bool) -> tuple[str, str]:
    """The code of a matrix of the values, a row for each Example, and of how many there are in each row.

    `padded` has ragged rows as a dense tensor.
    """
    if part.kind == "ragged":
        width = prod(size or 0 for size in (part.shape or ())[2:])
        lengths = f"tf.cast({value}.row_lengths(), tf.int32)[:, None]"
        if len(part.shape or ()) == 2:  # noqa: PLR2004  # rows of values
            return padded, lengths
        return f"tf.reshape({padded}, [count, tf.shape({padded})[1] * {width}])", f"{lengths} * {width}"
    shape = (part.shape or ()) if is_single else (part.shape or ())[1:]
    start = 0 if is_single else 1
    if None not in shape:
        width_code = str(prod(size or 0 for size in shape))
    else:
        width_code = f"tf.reduce_prod(tf.shape({value})[{start}:])" if start else f"tf.size({value})"
    matrix = value if not is_single and len(shape) == 1 else f"tf.reshape({value}, [count, {width_code}])"
    return matrix, "one" if width_code == "1" else f"{width_code} * one"


def reference(parts: Sequence[TensorSpec], step: Step, values: Sequence[Tensor]) -> Tensor:
    """The bytes of each Example, by the encoding of protocol buffers. Raises GuardError where batches differ."""
    import numpy as np

    is_single = step.result.shape == ()
    columns = [_columns(value, is_single=is_single) for value in values]
    counts = {len(column) for column in columns}
    if len(counts) > 1:
        raise GuardError(f"batches of {' and '.join(map(str, sorted(counts)))} rows")
    made: Array = np.empty(len(columns[0]), object)
    for row in range(len(made)):
        made[row] = write_example(
            {
                name: (part.dtype or "", column[row].reshape(-1).tolist())
                for name, part, column in zip(step.arguments["names"], parts, columns, strict=True)
            }
        )
    return np.asarray(made[0], object) if is_single else made


def _columns(value: Tensor, *, is_single: bool) -> Sequence[Array]:
    """The values of each row."""
    if isinstance(value, RaggedArray):
        splits = value.row_splits[0]
        return [value.values[start:end] for start, end in pairwise(splits)]
    array = dense(value)
    return [array] if is_single else [array[row : row + 1] for row in range(len(array))]


def agree(step: Step, values: Sequence[Tensor]) -> Sequence[Tensor]:
    """As many rows of each: those that the signatures fix, else those that all have."""
    if step.result.shape == ():
        return values
    counts = [len(one.row_splits[0]) - 1 if isinstance(one, RaggedArray) else len(dense(one)) for one in values]
    known = (step.result.shape or (None,))[0]
    count = min(counts) if known is None else known
    return [value if own == count else _rows_of(value, own, count) for own, value in zip(counts, values, strict=True)]


def _rows_of(value: Tensor, own: int, count: int) -> Tensor:
    """The first rows, and again from the first where there are fewer; of none, rows of zeros."""
    import numpy as np

    places = np.arange(count) % max(own, 1)
    if isinstance(value, RaggedArray):
        splits = value.row_splits[0] if own else np.zeros(2, value.row_splits[0].dtype)
        rows = [value.values[splits[at] : splits[at + 1]] for at in places]
        ends = np.cumsum([0, *map(len, rows)]).astype(splits.dtype)
        return RaggedArray(np.concatenate([value.values[:0], *rows]), (ends,))
    array = dense(value)
    if not own:
        array = np.full((1, *array.shape[1:]), b"" if array.dtype.kind == "O" else 0, array.dtype)
    return array[places]
