"""Per channel: numbers of which each is for one index of an axis."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import Any

from sigcheck.schema.cost import Cost
from sigcheck.schema.facts import Normalization
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Array
from sigcheck.transforms.parts.channels import can_lie_along, is_named
from sigcheck.transforms.parts.effort import bytes_moved


def per_channel_steps(
    name: str, spec: TensorSpec, result: TensorSpec, numbers: Normalization, axes: tuple[int, ...]
) -> Iterator[Step]:
    """One step where the numbers have one place to go, one for each of these axes where they have several."""
    arguments = {"mean": numbers.mean, "std": numbers.std}
    cost = Cost(rounding=1, bytes_moved=bytes_moved(spec, result), steps=1)
    if len(numbers.mean) == 1:
        yield Step(transform=name, arguments=arguments, result=result, loss="rounding", cost=cost, reach="element")
        return
    for axis in axes:
        if not can_lie_along(spec, axis):
            continue
        is_assumed = len(axes) > 1 and not is_named(spec, axis)
        yield Step(
            transform=name,
            arguments={**arguments, "axis": axis},
            result=result,
            loss="rounding",
            assumption=f"the channels are axis {axis}" if is_assumed else None,
            cost=cost + Cost(assumptions=int(is_assumed)),
            reach="element",
        )


def along(array: Array, numbers: tuple[Any, ...], axis: int | None) -> Array:
    """The numbers as a float64 array that meets its axis of the array, which may be the values of rows: the last."""
    import numpy as np

    shape = [1] * array.ndim
    if axis is not None:
        shape[min(axis, array.ndim - 1)] = len(numbers)
    return np.asarray(numbers, np.float64).reshape(shape if prod(shape) == len(numbers) else -1)
