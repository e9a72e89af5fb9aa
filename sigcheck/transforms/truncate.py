"""Truncate: cut an axis down to the required size. What is cut is lost.

The rest of an axis that is declared to be padded in front is its end; else its beginning.

    x[:, :100]    int32[?, 128] -> int32[?, 100]
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.cost import Cost
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.array import Tensor, dense
from sigcheck.transforms.effort import bytes_moved
from sigcheck.transforms.sizes import changed_axes
from sigcheck.transforms.transform import Code

NAME = "truncate"


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the cut of all axes that are longer than required.

    >>> from sigcheck.schema.notation import parse_spec
    >>> [str(step) for step in propose(parse_spec("int32[?, 128]"), parse_spec("int32[?, 100]"))]
    ['truncate(sizes=[?, 100], side=post)']
    """
    if spec.kind != "dense" or spec.shape is None or required.shape is None or len(spec.shape) != len(required.shape):
        return
    cut = [
        axis
        for axis in changed_axes(spec.shape, required.shape)
        if (spec.shape[axis] or 0) > (required.shape[axis] or 0)
    ]
    sizes = tuple(wanted if axis in cut else None for axis, wanted in enumerate(required.shape))
    if not cut:
        return
    side = required.facts.padding.side if required.facts.padding is not None else "post"
    result = spec.replace(shape=tuple(s if to is None else to for s, to in zip(spec.shape, sizes, strict=True)))
    kept = "first" if side == "post" else "last"
    yield Step(
        transform=NAME,
        arguments={"sizes": sizes, "side": side},
        result=result,
        loss="truncating",
        assumption=f"the {kept} {' and '.join(str(sizes[axis]) for axis in cut)} of axis "
        f"{' and '.join(map(str, cut))} are what is wanted",
        cost=Cost(truncating=1, assumptions=len(cut), bytes_moved=bytes_moved(result, result), steps=1),
        reach="axis",
    )


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """A slice."""
    is_behind = step.arguments["side"] == "post"
    parts = [
        ":" if to is None else (f":{to}" if is_behind else f"{(size or 0) - to}:")
        for size, to in zip(spec.shape or (), step.arguments["sizes"], strict=True)
    ]
    return Code(f"{value}[{', '.join(parts)}]")


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The first, or the last, values of each axis that is cut."""
    array = dense(value)
    is_behind = step.arguments["side"] == "post"
    return array[
        tuple(
            slice(None) if to is None else slice(0, to) if is_behind else slice(n - to, n)
            for n, to in zip(array.shape, step.arguments["sizes"], strict=True)
        )
    ]
