"""Last: the last entry of an axis. By permission only.

## What it does
Takes the last entry of an axis that the consumer has no place for, or one entry: the last step of a sequence.
Which axis that is its name says (`axes` of both sides), else the places that the consumer has for the others. Where
rows are filled up behind, the last entry may be no value, and nothing is proposed.

## Example
    x[:, -1:]    float32[?, 40, 32] -> float32[?, 1, 32]

## What it loses or assumes
Truncating: the other entries are gone, which the permission allows. That the last one is meant is an
assumption. An axis of unknown size is guarded to have an entry.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.schema.plan import Step
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.array import Tensor
from sigcheck.transforms.parts.coordinates import Coordinates
from sigcheck.transforms.parts.end_entry import End, emit_end, propose_end, take_end
from sigcheck.transforms.parts.transform import Code

NAME = "last"
ORDER = 399
END: End = "last"
BY_PERMISSION = True
REDUCES = True
SETTLES: Coordinates = frozenset({"sizes"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "numbers", "colours", "kernels", "meaning", "padding"})
WRITES: Coordinates = frozenset({"sizes"})


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """The last entry of each axis that the consumer has no place for.

    >>> from sigcheck.schema.notation import parse_spec
    >>> [str(step) for step in propose(parse_spec("float32[?, 40, 32]"), parse_spec("float32[?, 32]"))]
    ['last(axis=1)']
    """
    return propose_end(END, spec, required)


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """A slice, of an axis of unknown size with its size asserted."""
    return emit_end(END, step, value)


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The last entry. Raises GuardError where there is none."""
    return take_end(END, step, value)
