"""First: the first entry of an axis. By permission only.

## What it does
Takes the first entry of an axis that the consumer has no place for, or one entry: the best of the beams of a
decoder. Which axis that is its name says (`axes` of both sides), else the places that the consumer has for the
others. Where rows are filled up in front, the first entry may be no value, and nothing is proposed.

## Example
    x[:, :1]    int32[?, 4, 20] -> int32[?, 1, 20]

## What it loses or assumes
Truncating: the other entries are gone, which the permission allows. That the first one is meant is an
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

NAME = "first"
ORDER = 398
END: End = "first"
BY_PERMISSION = True
REDUCES = True
SETTLES: Coordinates = frozenset({"sizes"})
READS: Coordinates = frozenset({"kind", "sizes", "axes", "numbers", "colours", "kernels", "meaning", "padding"})
WRITES: Coordinates = frozenset({"sizes"})


def propose(spec: TensorSpec, required: TensorSpec) -> Iterator[Step]:
    """The first entry of each axis that the consumer has no place for.

    >>> from sigcheck.schema.notation import parse_spec
    >>> [str(step) for step in propose(parse_spec("int32[?, 4, 20]"), parse_spec("int32[?, 20]"))]
    ['first(axis=1)']
    """
    return propose_end(END, spec, required)


def emit(spec: TensorSpec, step: Step, value: str) -> Code:
    """A slice, of an axis of unknown size with its size asserted."""
    return emit_end(END, step, value)


def reference(spec: TensorSpec, step: Step, value: Tensor) -> Tensor:
    """The first entry. Raises GuardError where there is none."""
    return take_end(END, step, value)
