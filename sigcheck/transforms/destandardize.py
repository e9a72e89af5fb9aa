"""Destandardize: undo the producer's normalization, back to the raw values.

## What it does
Multiplies by the standard deviation and adds the mean, one or one for each channel, where the
consumer wants another encoding and the producer declares the raw range, or another meaning, such
as probabilities of normalized logits.

## Example
    x * 127.5 + 127.5    float32[?, 8], normalization -> float32[?, 8], range [0, 255]

## What it loses or assumes
Rounding. Where several axes have as many entries as there are numbers and none is named
channel, which one holds the channels is an assumption.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from sigcheck.schema.agreement import conflicts
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.schema.value_range import own_raw_range
from sigcheck.transforms.parts.array import Array, Tensor, map_values
from sigcheck.transforms.parts.casting import COMPUTE_DTYPES, holds
from sigcheck.transforms.parts.channels import channel_axes
from sigcheck.transforms.parts.computed_filling import filled_as_computed
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.line import Line, line
from sigcheck.transforms.parts.line_form import per_channel
from sigcheck.transforms.parts.padding import forgets_padding, is_filled_last
from sigcheck.transforms.parts.per_channel import along, per_channel_steps
from sigcheck.transforms.parts.transform import Code, over_values, values_code

NAME = "destandardize"
ORDER = 100
SETTLES: Coordinates = frozenset({"encoding", "meaning"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "dtype", "encoding", "meaning", "padding", "boxes"})
WRITES: Coordinates = frozenset({"encoding", "padding"})


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the way back to raw values where the consumer wants another encoding of them.

    >>> from sigcheck.schema.facts import Facts, Normalization
    >>> from sigcheck.schema.tensor_spec import TensorSpec
    >>> facts = Facts(normalization=Normalization(mean=127.5, std=127.5, raw_range=(0, 255)))
    >>> encoded = TensorSpec(dtype="float32", shape=(None, 3), facts=facts)
    >>> raw = TensorSpec(dtype="float32", shape=(None, 3), facts=Facts(range=(0, 255)))
    >>> [str(step) for step in propose(encoded, raw)]
    ['destandardize(mean=[127.5], std=[127.5])']
    """
    given = spec.facts.normalization
    if not is_filled_last(spec, required) or spec.dtype not in COMPUTE_DTYPES or given is None:
        return
    pending = conflicts(spec, required)
    ends = own_raw_range(spec.facts)
    # Of raw values of an unknown range none can be made; functions of what they mean take them as they are.
    is_wanted = "meaning" in pending or ("normalization" in pending and ends is not None)
    if spec.facts.quantization is None and is_wanted and (ends is None or holds(DTYPES[spec.dtype], *ends)):
        raw = spec.replace(facts=spec.facts.replace(normalization=None, range=ends))
        result = filled_as_computed(spec, raw, required, partial(line, given.std, given.mean))
        if not forgets_padding(spec, result, required):
            yield from per_channel_steps(NAME, spec, result, given, channel_axes(spec, len(given.mean)))


def line_of(spec: TensorSpec, step: Step) -> Line:
    """What it does to each number."""
    return line(step.arguments["std"], step.arguments["mean"], step.arguments.get("axis"))


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """`x * std + mean`, leaving out what changes nothing."""
    axis = step.arguments.get("axis")
    mean, std = step.arguments["mean"], step.arguments["std"]
    code = values_code(spec, value) if spec.kind == "sparse" else value
    if any(number != 1 for number in std):
        code = f"{code} * {per_channel(spec, std, spec.dtype or 'float32', axis)}"
    if any(mean):
        code = f"{code} + {per_channel(spec, mean, spec.dtype or 'float32', axis)}"
    return over_values(spec, step.result, value, code)


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """Value * std + mean in float64, rounded once."""
    import numpy as np

    axis, mean, std = step.arguments.get("axis"), step.arguments["mean"], step.arguments["std"]

    def raw(array: Array) -> Array:
        with np.errstate(over="ignore", invalid="ignore"):
            made: Array = array.astype(np.float64) * along(array, std, axis) + along(array, mean, axis)
            return made.astype(array.dtype, copy=False)

    return map_values(value, raw)
