"""Ensure shape: a guard that fails loudly where a size, unknown until the run, turns out not to fit.

## What it does
Fills unknown sizes with the required ones, where the known ones agree. XLA compiles for known
sizes and keeps this check at trace time.

## Example
    tf.ensure_shape(x, [1, 16])    float32[?, 16] -> float32[1, 16]

## What it loses or assumes
Nothing: every size that is filled in is a guard. Where the consumer declares the padding of rows they
are filled up by `pad`, which refuses long rows only.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.axis_agreement import has_other_axis
from sigcheck.schema.cost import Cost
from sigcheck.schema.facts import Facts
from sigcheck.schema.plan import Step
from sigcheck.schema.shape import Shape, format_shape, is_subshape
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import GuardError, RaggedArray, Tensor, dense
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.layout import whole_axes
from sigcheck.transforms.parts.sizes import examples_axis, is_within_entry
from sigcheck.transforms.parts.transform import Code

NAME = "ensure_shape"
ORDER = 420
SETTLES: Coordinates = frozenset({"sizes"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "numbers", "meaning", "padding", "boxes"})
WRITES: Coordinates = frozenset({"sizes"})


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the guard that fills unknown sizes with the required ones, where the known ones agree.

    >>> from sigcheck.schema.notation import parse_spec
    >>> [str(step) for step in propose(parse_spec("int32[?, ?]"), parse_spec("int32[?, 128]"))]
    ['ensure_shape(shape=[?, 128])']
    """
    if required.shape is None or is_subshape(spec.shape, required.shape) or not _is_shaped(spec, required):
        return
    if spec.shape is None:
        # Ragged and sparse results have other ways to their shape; here only the rank is filled in.
        shape: Shape | None = required.shape
    else:
        shape = _fill(spec.shape, required.shape)
    if shape is None or (spec.facts.axes is not None and len(spec.facts.axes) != len(shape)):
        return
    if not _has_scales(spec.facts, shape):
        return
    # Each axis that the guard may fail on is a guard of its own.
    filled = [] if spec.shape is None else [i for i, (a, b) in enumerate(zip(spec.shape, shape, strict=True)) if a != b]
    # A guard is no way round another axis: that its size agrees would be chance.
    if any(has_other_axis(spec, required, axis) for axis in (range(len(shape)) if spec.shape is None else filled)):
        return
    # Short rows that the consumer declares how to fill are refused too: `pad` asserts less.
    examples = examples_axis(spec, required)
    rows = [axis for axis in filled if axis != examples and not is_within_entry(spec, required, axis)]
    refused = len(rows) if required.facts.padding is not None else 0
    yield Step(
        transform=NAME,
        arguments={"shape": shape},
        result=spec.replace(shape=shape),
        guard=f"the shape is {format_shape(shape)}",
        cost=Cost(guards=max(len(filled), 1) + refused, steps=1),
        layout=None if spec.shape is None else whole_axes([i] for i in range(len(spec.shape))),
    )


def _is_shaped(spec: TensorSpec, required: TensorSpec) -> bool:
    """Whether the sizes are those of a tensor, or of one whose rows stay as ragged as they are."""
    is_ragged = spec.kind == required.kind == "ragged" and spec.ragged_rank == required.ragged_rank
    return spec.kind == "dense" or (is_ragged and spec.shape is not None)


def _has_scales(facts: Facts, shape: Shape) -> bool:
    """Whether the axis of the scales is there, and may have as many entries: else the guard could only fail."""
    stored = facts.quantization
    if stored is None or stored.axis is None:
        return True
    return -len(shape) <= stored.axis < len(shape) and shape[stored.axis] in {None, len(stored.scale)}


def _fill(shape: Shape, required: Shape) -> Shape | None:
    if len(shape) != len(required):
        return None
    filled: list[int | None] = []
    for size, wanted in zip(shape, required, strict=True):
        if size is not None and wanted is not None and size != wanted:
            return None
        filled.append(size if wanted is None else wanted)
    return tuple(filled)


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.ensure_shape`, of a ragged tensor of its values and its row splits."""
    if spec.kind == "ragged":
        return _of_ragged(spec, tuple(step.arguments["shape"]), value)
    return Code(f"tf.ensure_shape({value}, {list(step.arguments['shape'])})")


def _of_ragged(spec: TensorSpec, shape: Shape, value: str) -> Code:
    inner = (spec.ragged_rank or 0) + 1
    checked = value
    if shape[inner:] != (spec.shape or ())[inner:]:
        checked = f"{value}.with_flat_values(tf.ensure_shape({value}.flat_values, {[None, *shape[inner:]]}))"
    if shape[0] is None or shape[:1] == (spec.shape or ())[:1]:
        return Code(checked)
    splits = f"tf.ensure_shape(rows.row_splits, [{shape[0] + 1}])"
    return Code(f"tf.RaggedTensor.from_row_splits(rows.values, {splits}, validate=False)", (f"rows = {checked}",))


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The value itself. Raises GuardError where its shape is another."""
    shape = tuple(step.arguments["shape"])
    if isinstance(value, RaggedArray):
        sizes = (len(value.row_splits[0]) - 1, *(None for _ in value.row_splits), *value.values.shape[1:])
        if not is_subshape(sizes, shape):
            raise GuardError(f"the shape is {format_shape(sizes)}, not {format_shape(shape)}")
        return value
    array = dense(value)
    if not is_subshape(array.shape, shape):
        raise GuardError(f"the shape is {list(array.shape)}, not {format_shape(shape)}")
    return array
