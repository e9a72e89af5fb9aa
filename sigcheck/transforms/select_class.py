"""Select class: of two columns of probabilities the one for yes.

## What it does
Takes the second of two classes where both sides declare probabilities and the consumer wants
one column. Of logits this would be wrong: their single column is the difference of the two.

## Example
    x[:, 1:2]    float32[?, 2], meaning probabilities -> float32[?, 1], meaning probabilities

## What it loses or assumes
Truncating: the other column, which is no more than the rest to 1 where the two exclude each
other. That the second class is the one that is meant is an assumption.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.cost import Cost
from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Tensor, dense
from sigcheck.transforms.parts.channels import has_one_number
from sigcheck.transforms.parts.classes import class_axis
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.effort import bytes_moved
from sigcheck.transforms.parts.kernels import MOVED
from sigcheck.transforms.parts.transform import Code

NAME = "select_class"
ORDER = 220
SETTLES: Coordinates = frozenset({"sizes"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "numbers", "kernels", "meaning"})
WRITES: Coordinates = frozenset({"sizes"})

MEANINGS = frozenset({"probabilities", "log_probabilities"})
# No and yes, and of these the class that a single column is about.
_ANSWERS, YES = 2, 1


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """Yields the column of the second class, where one column of two is required.

    >>> from sigcheck.schema.facts import Facts
    >>> two, one = (TensorSpec(dtype="float32", shape=(8, n), facts=Facts(meaning="probabilities")) for n in (2, 1))
    >>> [str(step) for step in propose(two, one)]
    ['select_class(axis=1, index=1)']
    """
    if spec.facts.meaning not in MEANINGS or required.facts.meaning != spec.facts.meaning or spec.kind != "dense":
        return
    if spec.dtype not in MOVED or spec.shape is None or required.shape is None or _ANSWERS not in spec.shape:
        return
    found = class_axis(spec)
    if found is None or found.is_doubtful or spec.shape[found.axis] != _ANSWERS:
        return
    if not has_one_number(spec.facts) or not _is_wanted(spec, required, found.axis):
        return
    assumptions = ["the second class is the one that is meant", *([found.assumption] if found.assumption else [])]
    result = spec.replace(shape=(*spec.shape[: found.axis], 1, *spec.shape[found.axis + 1 :]))
    yield Step(
        transform=NAME,
        arguments={"axis": found.axis, "index": YES},
        result=result,
        loss="truncating",
        assumption="; ".join(assumptions),
        cost=Cost(truncating=1, assumptions=len(assumptions), bytes_moved=bytes_moved(result, result), steps=1),
        reach="axis",
    )


def _is_wanted(spec: TensorSpec, required: TensorSpec, axis: int) -> bool:
    """Whether the required shape has one column for the two, or no axis for them at all."""
    shape, wanted = spec.shape or (), required.shape or ()
    return len(wanted) == len(shape) - 1 or (len(wanted) == len(shape) and wanted[axis] == 1)


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """A slice."""
    return Code(f"{value}[{':, ' * step.arguments['axis']}{YES}:{YES + 1}]")


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The second column."""
    import numpy as np

    return np.take(dense(value), [step.arguments["index"]], step.arguments["axis"])
