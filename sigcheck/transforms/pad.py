"""Pad: fill an axis up to the required size with a value.

## What it does
Fills with the consumer's declared padding, else with the producer's, else as the policy prefers
it, without a preference with the zero of the dtype, behind: of quantized numbers with the zero
point. An axis of unknown size is padded behind a guard: one that is longer already is refused, not cut.
Pictures are resized instead, unless padding is declared.

## Example
    tf.pad(x, [[0, 0], [0, 28]])    int32[?, 100] -> int32[?, 128]

## What it loses or assumes
Nothing is lost. That the value means "nothing", and that it belongs behind, is an assumption
unless padding is declared. Without it the values are made up: the plan passes where the policy
says what fills short rows, and is shown else.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from sigcheck.schema.agreement import VALUE_FACTS, conflicts
from sigcheck.schema.axis_agreement import is_one_axis
from sigcheck.schema.cost import Cost
from sigcheck.schema.facts import Filler
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array, GuardError, Tensor, dense, numpy_dtype
from sigcheck.transforms.parts.channels import axes_of_numbers
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.filling import choose_filling, declared_padding, filler_code
from sigcheck.transforms.parts.forms import NumpyCall
from sigcheck.transforms.parts.padding import ZEROS_BEHIND, Filling
from sigcheck.transforms.parts.sizes import changed_axes, examples_axis, picture_axes
from sigcheck.transforms.parts.transform import Code

NAME = "pad"
ORDER = 370
SETTLES: Coordinates = frozenset({"sizes"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "dtype", "encoding", "meaning", "ids", "padding", "boxes"})
WRITES: Coordinates = frozenset({"sizes", "padding"})

# What _pad does, which NumPy has no function for.
_PAD = '''
def _pad(x, paddings, value):
    """The array with this many of the value before and behind it on each axis."""
    shape, places = [], []
    for (before, behind), size in zip(paddings, x.shape):
        if before < 0 or behind < 0:
            raise ValueError(f"the shape {list(x.shape)} is longer than wanted")
        shape.append(before + size + behind)
        places.append(slice(before, before + size))
    padded = np.empty(shape, x.dtype)
    padded.fill(value)
    padded[tuple(places)] = x
    return padded
'''


def _in_numpy(given: Mapping[str, str]) -> str | Code:
    """An array of the filling with the value in its place; amounts that the run decides are a function's matter."""
    x, paddings, value = given["x"], given["paddings"], given["constant_values"]
    try:
        amounts = ast.literal_eval(paddings)
    except ValueError:
        return f"_pad({x}, {paddings}, {value})"
    sizes, places = [], []
    for axis, (before, behind) in enumerate(amounts):
        sizes.append(f"{x}.shape[{axis}]{f' + {before + behind}' if before or behind else ''}")
        places.append(f"{before or ''}:{-behind if behind else ''}")
    shape = f"({', '.join(sizes)}{',' if len(sizes) == 1 else ''})"
    made = f"np.zeros({shape}, {x}.dtype)" if value == "0" else f"np.full({shape}, {value}, {x}.dtype)"
    return Code("padded", (f"padded = {made}", f"padded[{', '.join(places)}] = {x}"))


NUMPY_CALLS = {"tf.pad": NumpyCall(("x", "paddings", "constant_values"), _in_numpy, {"_pad": _PAD})}
KERAS_CALLS = {"tf.pad": lambda keras: partial(_pad_in_keras, keras)}


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the padding of all axes that are, or may be, shorter than required.

    >>> from sigcheck.schema.notation import parse_spec
    >>> [str(step) for step in propose(parse_spec("int32[?, 100]"), parse_spec("int32[?, 128]"))]
    ['pad(sizes=[?, 128], value=0, side=post)']
    """
    return propose_filled(spec, required, ZEROS_BEHIND)


def propose_filled(spec: TensorSpec, required: TensorSpec, filling: Filling) -> Iterator[Step]:
    """Yields the padding with the declared value, else with this filling."""
    if spec.kind != "dense" or spec.shape is None or required.shape is None or len(spec.shape) != len(required.shape):
        return
    declared = declared_padding(spec, required)
    known = [
        axis
        for axis in changed_axes(spec.shape, required.shape)
        if (size := spec.shape[axis] or 0) < (required.shape[axis] or 0) and _is_offered(spec, required, axis, size)
    ]
    unknown = [
        axis
        for axis, (size, wanted) in enumerate(zip(spec.shape, required.shape, strict=True))
        if size is None
        and wanted is not None
        and (axis > 0 or declared is not None)
        and axis != examples_axis(spec, required)
        and is_one_axis(spec, required, axis)
    ]
    if not known and not unknown:
        return
    value, side = choose_filling(spec, required, filling)
    # Rows that are filled up with another value already would have two.
    if declared is not None and "padding" in conflicts(spec, required):
        return
    # A pad value belongs to the encoding of the consumer: values are converted first.
    if value is None or VALUE_FACTS.intersection(conflicts(spec, required)):
        return
    for axes in filter(None, (known, unknown)):
        # Entries that nobody has numbers for are no filling.
        if axes_of_numbers(spec).isdisjoint(axes):
            yield _step(spec, required, axes, value, side)


def _is_offered(spec: TensorSpec, required: TensorSpec, axis: int, size: int) -> bool:
    if not is_one_axis(spec, required, axis) or _is_named_batch(spec, required, axis):
        return False
    if declared_padding(spec, required) is not None:
        return True
    # An axis of size 1 broadcasts: padding it is never what is meant unless it is said. Nor is it of a picture.
    return size != 1 and axis not in picture_axes(spec, required)


def _is_named_batch(spec: TensorSpec, required: TensorSpec, axis: int) -> bool:
    """Whether a side says that these are examples: those that are not there are nobody's to make up."""
    return any(facts.axes is not None and facts.axes[axis] == "batch" for facts in (spec.facts, required.facts))


def _step(spec: TensorSpec, required: TensorSpec, axes: list[int], value: Filler, side: str) -> Step:
    shape, wanted, declared = spec.shape or (), required.shape or (), declared_padding(spec, required)
    sizes = tuple(wanted[axis] if axis in axes else None for axis in range(len(shape)))
    result = spec.replace(
        shape=tuple(size if to is None else to for size, to in zip(shape, sizes, strict=True)),
        facts=spec.facts.replace(padding=declared) if declared is not None else spec.facts,
    )
    guarded = [axis for axis in axes if shape[axis] is None]
    where = "at the end" if side == "post" else "at the start"
    named = " and ".join(str(axis) for axis in axes)
    return Step(
        transform=NAME,
        arguments={"sizes": sizes, "value": value, "side": side},
        result=result,
        assumption=None if declared is not None else f"{value!r} {where} of axis {named} means no value",
        guard=f"axis {' and '.join(map(str, guarded))} is no longer than required" if guarded else None,
        cost=Cost(
            inventions=0 if declared is not None else len(axes),
            assumptions=0 if declared is not None else len(axes),
            guards=len(guarded),
            bytes_moved=bytes_moved(spec, result),
            steps=1,
        ),
        reach="axis",
    )


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`tf.pad`; it fails by itself where a size is above the required one."""
    arguments = step.arguments
    amounts = []
    for axis, (size, to) in enumerate(zip(spec.shape or (), arguments["sizes"], strict=True)):
        amount = "0" if to is None else str(to - size) if size is not None else f"{to} - tf.shape({value})[{axis}]"
        amounts.append(f"[0, {amount}]" if arguments["side"] == "post" else f"[{amount}, 0]")
    filler = arguments["value"]
    constant = (
        "" if not filler and not isinstance(filler, str) else f", constant_values={filler_code(spec.dtype, filler)}"
    )
    padded = f"tf.pad({value}, [{', '.join(amounts)}]{constant})"
    if step.guard is None:
        return Code(padded)
    return Code(f"tf.ensure_shape({padded}, {list(step.result.shape or ())})")


def _pad_in_keras(keras: Any, x: Any, paddings: Sequence[Sequence[int]], constant_values: Any = 0) -> Any:
    amounts = tuple((int(before), int(behind)) for before, behind in paddings)
    number = getattr(constant_values, "item", lambda: constant_values)()
    if number == 0 and x.dtype.startswith("float") and amounts[0] == amounts[-1] == (0, 0):
        if len(amounts) == 3:  # noqa: PLR2004  # batch, steps, features
            return keras.layers.ZeroPadding1D(amounts[1], dtype=x.dtype)(x)
        if len(amounts) == 4:  # noqa: PLR2004  # batch, height, width, channels
            layer = keras.layers.ZeroPadding2D(amounts[1:3], data_format="channels_last", dtype=x.dtype)
            return layer(x)
    return keras.ops.pad(x, amounts, mode="constant", constant_values=number)


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The value placed in an array of the padding value. Raises GuardError where it is too long."""
    import numpy as np

    array, arguments = dense(value), step.arguments
    shape = tuple(size if to is None else to for size, to in zip(array.shape, arguments["sizes"], strict=True))
    if any(size > to for size, to in zip(array.shape, shape, strict=True)):
        raise GuardError(f"the shape {list(array.shape)} is longer than {list(shape)}")
    filler = arguments["value"]
    padded: Array = np.full(
        shape, filler.encode() if isinstance(filler, str) else filler, numpy_dtype(spec.dtype or "")
    )
    is_behind = arguments["side"] == "post"
    padded[tuple(slice(0, n) if is_behind else slice(to - n, to) for n, to in zip(array.shape, shape, strict=True))] = (
        array
    )
    return padded
