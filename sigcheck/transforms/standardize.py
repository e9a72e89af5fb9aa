"""Standardize: subtract the mean and divide by the standard deviation that the consumer declares.

## What it does
Applies one mean and deviation, or one for each channel, to values that are known to be in
the range that these numbers were computed on. Computed in float32 or float64. Numbers of
colours wait for the order of the colours.

## Example
    (x - tf.constant([123.7, 116.8, 103.9])) / tf.constant([58.4, 57.1, 57.4])
    float32[?, 8, 8, 3], range [0, 255] -> float32[?, 8, 8, 3], normalization

## What it loses or assumes
Rounding. Where several axes have as many entries as there are numbers and none is named
channel, which one holds the channels is an assumption.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import partial

from sigcheck.schema.agreement import conflicts, raw_range
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.schema.value_range import as_range, normalized
from sigcheck.transforms.parts.array import Array, Tensor, map_values
from sigcheck.transforms.parts.casting import COMPUTE_DTYPES
from sigcheck.transforms.parts.channels import CHANNEL_NAMES, NO_CHANNELS, channel_axes
from sigcheck.transforms.parts.computed_filling import filled_as_computed
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.line import Line, line
from sigcheck.transforms.parts.line_form import per_channel
from sigcheck.transforms.parts.padding import forgets_padding, is_filled_last
from sigcheck.transforms.parts.per_channel import along, per_channel_steps
from sigcheck.transforms.parts.transform import Code, over_values, values_code

NAME = "standardize"
ORDER = 90
SETTLES: Coordinates = frozenset({"encoding"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "colours", "dtype", "encoding", "meaning", "padding", "boxes"})
WRITES: Coordinates = frozenset({"encoding", "padding"})


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the normalization that the consumer declares, once the values are in its raw range.

    >>> from sigcheck.schema.facts import Facts, Normalization
    >>> from sigcheck.schema.tensor_spec import TensorSpec
    >>> raw = TensorSpec(dtype="float32", shape=(None, 3), facts=Facts(range=(0, 255)))
    >>> facts = Facts(normalization=Normalization(mean=127.5, std=127.5, raw_range=(0, 255)))
    >>> [str(step) for step in propose(raw, TensorSpec(dtype="float32", shape=(None, 3), facts=facts))]
    ['standardize(mean=[127.5], std=[127.5])']
    """
    wanted = required.facts.normalization
    if not is_filled_last(spec, required) or spec.dtype not in COMPUTE_DTYPES:
        return
    if wanted is None or spec.facts.normalization:
        return
    pending = conflicts(spec, required)
    if "normalization" not in pending or "meaning" in pending or spec.facts.quantization is not None:
        return
    if spec.facts.range != raw_range(spec.facts, required.facts):
        return
    if "channel_order" in pending and len(wanted.mean) > 1:
        return
    # Known ends say whether a narrower float holds the values.
    after = None if spec.facts.range is None else normalized(spec.facts.range, wanted)
    highest = DTYPES[spec.dtype].highest
    if after is not None and highest is not None and max(map(abs, after)) > highest:
        # A deviation so small that the values leave the dtype.
        return
    facts = spec.facts.replace(
        # Said with the range that it was computed on, so that nobody takes the new ends for it.
        normalization=wanted if wanted.raw_range else wanted.model_copy(update={"raw_range": spec.facts.range}),
        range=as_range(after),
    )
    result = filled_as_computed(spec, spec.replace(facts=facts), required, partial(_line, wanted.mean, wanted.std))
    if not forgets_padding(spec, result, required):
        places = _places(spec, required, len(wanted.mean))
        yield from per_channel_steps(NAME, spec, result, wanted, places)


def _places(spec: TensorSpec, required: TensorSpec, count: int) -> tuple[int, ...]:
    """The axes that may be the channels: where the consumer names its own and the producer none, only that one."""
    axes, theirs = channel_axes(spec, count), required.facts.axes
    named = [] if theirs is None else [theirs.index(name) for name in CHANNEL_NAMES if name in theirs]
    if spec.facts.axes is None and theirs is not None and NO_CHANNELS.issuperset(theirs):
        return ()
    if spec.facts.axes is not None or not named:
        return axes
    return tuple(axis for axis in axes if axis == named[0] and len(spec.shape or ()) == len(theirs or ()))


def line_of(spec: TensorSpec, step: Step) -> Line:
    """What it does to each number."""
    return _line(step.arguments["mean"], step.arguments["std"], step.arguments.get("axis"))


def _line(mean: Sequence[float], std: Sequence[float], axis: int | None = None) -> Line:
    factor = [1 / Fraction(one) for one in std]
    shift = [-Fraction(one) * scale for one, scale in zip(mean, factor, strict=True)]
    return line(factor, shift, axis)


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`(x - mean) / std`, leaving out what changes nothing."""
    axis = step.arguments.get("axis")
    mean, std = step.arguments["mean"], step.arguments["std"]
    code = values_code(spec, value) if spec.kind == "sparse" else value
    if any(mean):
        code = f"{code} - {per_channel(spec, mean, spec.dtype or 'float32', axis)}"
    if any(number != 1 for number in std):
        code = (
            f"({code}) / {per_channel(spec, std, spec.dtype or 'float32', axis)}"
            if any(mean)
            else f"{code} / {per_channel(spec, std, spec.dtype or 'float32', axis)}"
        )
    return over_values(spec, step.result, value, code)


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """(value - mean) / std in float64, rounded once."""
    import numpy as np

    axis, mean, std = step.arguments.get("axis"), step.arguments["mean"], step.arguments["std"]

    def normalized(array: Array) -> Array:
        with np.errstate(over="ignore", invalid="ignore"):
            centred = array.astype(np.float64) - along(array, mean, axis)
            return np.asarray(centred / along(array, std, axis)).astype(array.dtype, copy=False)

    return map_values(value, normalized)
