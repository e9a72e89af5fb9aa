"""Ragged to dense: write rows of varying length into an array of one length.

## What it does
Fills short rows with the consumer's declared padding; else as the policy prefers it, without a
preference with the zero of the dtype, behind: of quantized numbers with the zero point. Rows that
are too long are cut only where the policy allows truncation; else a guard refuses them. `to_tensor`
by itself would cut them silently. Rows in rows that the consumer wants as one are not filled up: what fills
the inner ones would stand between values.

## Example
    x.to_tensor(default_value=0, shape=[None, 128])    ragged int32[?, None] -> int32[?, 128]

## What it loses or assumes
Nothing behind the guard; truncating without it. What fills the rows, and on which side, is an
assumption where no padding is declared: the values are made up, and the plan passes where the
policy says what fills short rows, and is shown else.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.agreement import VALUE_FACTS, conflicts
from sigcheck.schema.axis_agreement import has_other_axis, is_one_axis
from sigcheck.schema.cost import Cost
from sigcheck.schema.plan import Atom, Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.alignment import align_in_order, axed, pairs_by_name
from sigcheck.transforms.parts.array import Array, GuardError, RaggedArray, Tensor, numpy_dtype
from sigcheck.transforms.parts.coordinates import Coordinates, Forms
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.filling import choose_filling, declared_padding, filler_code
from sigcheck.transforms.parts.padding import ZEROS_BEHIND, Filling
from sigcheck.transforms.parts.transform import Code

NAME = "ragged_to_dense"
ORDER = 230
SETTLES: Coordinates = frozenset({"kind"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "dtype", "encoding", "meaning", "ids", "padding", "boxes"})
WRITES: Coordinates = frozenset({"kind", "sizes", "padding"})
TAKES: Forms = frozenset({"ragged"})
MEETS: Forms = frozenset({"dense"})
HAS_KERAS = False


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the dense form: behind a guard on the length of rows, and with a cut.

    >>> from sigcheck.schema.notation import parse_spec
    >>> [(step.loss, step.guard) for step in propose(parse_spec("ragged int32[?, None]"), parse_spec("int32[?, 9]"))]
    [('exact', 'no row is longer than 9'), ('truncating', None)]
    """
    return propose_filled(spec, required, ZEROS_BEHIND)


def propose_filled(spec: TensorSpec, required: TensorSpec, filling: Filling) -> Iterator[Step]:
    """Yields the dense form with the declared filling, else with this one."""
    if spec.kind != "ragged" or required.kind != "dense" or spec.shape is None or not spec.ragged_rank:
        return
    declared = declared_padding(spec, required)
    value, side = choose_filling(spec, required, filling)
    # A fill belongs to the encoding of the consumer: values are converted first.
    if VALUE_FACTS.intersection(conflicts(spec, required)):
        return
    if value is None or (side == "pre" and spec.ragged_rank > 1):
        return
    # Of rows in rows the filling of the inner ones would stand between values, once both are one axis.
    if spec.ragged_rank > 1 and required.shape is not None and len(required.shape) < len(spec.shape):
        return
    wanted = (_target(spec, required, axis) for axis in range(len(spec.shape)))
    # Of no rows nothing else says how long each is where all are of one length.
    known = (size if 0 < axis <= spec.ragged_rank else None for axis, size in enumerate(spec.shape))
    sizes = tuple(own if to is None else to for to, own in zip(wanted, known, strict=True))
    shape = tuple(size if to is None else to for size, to in zip(spec.shape, sizes, strict=True))
    stored = spec.facts.quantization
    if stored is not None and stored.axis is not None and shape[stored.axis] not in {None, len(stored.scale)}:
        # Rows of other lengths than there are scales.
        return
    result = TensorSpec(
        dtype=spec.dtype,
        shape=shape,
        facts=spec.facts.replace(padding=declared) if declared is not None else spec.facts,
    )
    where = "behind" if side == "post" else "in front of"
    assumption = None if declared is not None else f"{value!r} {where} a row means no value"
    cost = Cost(
        inventions=int(declared is None),
        assumptions=int(declared is None),
        bytes_moved=bytes_moved(spec, result),
        steps=1,
    )
    arguments = {"sizes": sizes, "value": value, "side": side}
    if not any(size is not None and spec.shape[axis] != size for axis, size in enumerate(sizes)):
        yield Step(transform=NAME, arguments=arguments, result=result, assumption=assumption, cost=cost, reach="axis")
        return
    most = " and ".join(str(size) for size in sizes if size is not None)
    yield Step(
        transform=NAME,
        arguments={**arguments, "check": True},
        result=result,
        assumption=assumption,
        guard=f"no row is longer than {most}",
        cost=cost + Cost(guards=1),
        reach="axis",
        instead_of="truncating",
    )
    yield Step(
        transform=NAME,
        arguments=arguments,
        result=result,
        loss="truncating",
        assumption=assumption,
        cost=cost + Cost(truncating=1),
        reach="axis",
    )


def _target(spec: TensorSpec, required: TensorSpec, axis: int) -> int | None:
    """The required size of a ragged axis, wherever names say that it is, or axes of size 1 come or go beside it.

    None where the names say that the consumer has another axis in its place.
    """
    if spec.shape is None or required.shape is None or not 0 < axis <= (spec.ragged_rank or 0):
        return None
    partners = dict(pairs_by_name(spec.facts.axes, required.facts.axes))
    if axis in partners:
        return required.shape[partners[axis]]
    if len(spec.shape) == len(required.shape):
        is_there = is_one_axis(spec, required, axis) and not has_other_axis(spec, required, axis)
        return required.shape[axis] if is_there else None
    for layout in align_in_order(axed(spec), axed(required), tuple(range(len(spec.shape)))):
        if (Atom(axis),) in layout:
            return required.shape[layout.index((Atom(axis),))]
    return None


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`to_tensor`; rows padded in front are turned round, padded behind, and turned back."""
    arguments = step.arguments
    sizes = list(arguments["sizes"])
    lines = []
    if arguments.get("check"):
        lines += [
            f"tf.debugging.assert_less_equal({value}.bounding_shape(axis={axis}), "
            f'tf.constant({size}, {value}.row_splits.dtype), message="a row is longer than {size}")'
            for axis, size in enumerate(sizes)
            if size is not None
        ]
    is_behind = arguments["side"] == "post"
    rows = value if is_behind else f"{value}[:, ::-1]"
    padded = f"{rows}.to_tensor(default_value={filler_code(spec.dtype, arguments['value'])}, shape={sizes})"
    return Code(padded if is_behind else f"tf.reverse({padded}, axis=[1])", tuple(lines))


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """Row after row copied into a filled array. Raises GuardError where a checked row is too long."""
    import numpy as np

    if not isinstance(value, RaggedArray):
        raise TypeError(f"a ragged array is wanted here, not a {type(value).__name__}")
    arguments = step.arguments
    filler = arguments["value"].encode() if isinstance(arguments["value"], str) else arguments["value"]
    longest = [int(np.diff(splits).max(initial=0)) for splits in value.row_splits]
    sizes = [longest[axis] if to is None else to for axis, to in enumerate(arguments["sizes"][1 : 1 + len(longest)])]
    if arguments.get("check") and any(most > size for most, size in zip(longest, sizes, strict=True)):
        raise GuardError(f"a row of length {max(longest)} is longer than {sizes}")
    count = len(value.row_splits[0]) - 1
    result: Array = np.full((count, *sizes, *value.values.shape[1:]), filler, numpy_dtype(spec.dtype or ""))
    _write_rows(result, value, 0, slice(0, count), is_behind=arguments["side"] == "post")
    return result


def _write_rows(result: Array, value: RaggedArray, level: int, rows: slice, *, is_behind: bool) -> None:
    splits = value.row_splits[level]
    for at, row in enumerate(range(rows.start, rows.stop)):
        start, stop = int(splits[row]), int(splits[row + 1])
        size = result.shape[1]
        if stop - start > size:
            start, stop = (start, start + size) if is_behind else (stop - size, stop)
        place = slice(0, stop - start) if is_behind else slice(size - (stop - start), size)
        if level + 1 == len(value.row_splits):
            result[at][place] = value.values[start:stop]
        else:
            _write_rows(result[at][place], value, level + 1, slice(start, stop), is_behind=is_behind)
